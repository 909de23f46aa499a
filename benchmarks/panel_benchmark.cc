// Forecasts and scenarios on the two daily panels, from the last origins of each:
//   RESTOCK_DATA=FOLDER panel_benchmark freshretail|online_retail|censoring [--models=lstm,count_regression,...]
//     [--training] [--calibration=PERIODS] [--fits=1] [--origins=5] [--scenarios=PATHS] [--forms]
//     [--fewest-scores=28] [--seeds=1] [key=value ...]
// Prints point and quantile scores with an interval for the difference to the best classical model, how demand lay in
// the forecasts (randomised transform), and with --scenarios how good paths are by each method that draws them. With
// --training all origins lie before those of the test, which are then not read. --forms: paths of the
// copula with fixed shares of its further factors, too. key=value changes the configuration.

#include <string>
#include <vector>

#include <fmt/format.h>

#include "benchmarks/hidden_demand.h"
#include "benchmarks/panel_forecasts.h"
#include "common/config_node.h"
#include "common/progress.h"
#include "common/text.h"
#include "forecasting/demand_table.h"
#include "forecasting/forecaster_config.h"

namespace restock {
namespace {

constexpr int kTestOrigins = 5;

PanelOptions ReadOptions(int argc, char** argv) {
  PanelOptions options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto value = argument.substr(argument.find('=') + 1);
    if (argument == "--training")
      options.training = true;
    else if (argument.starts_with("--models="))
      options.models = Split(value, ',');
    else if (argument.starts_with("--calibration="))
      options.calibration = std::stoi(value);
    else if (argument.starts_with("--fits="))
      options.fits = std::stoi(value);
    else if (argument.starts_with("--origins="))
      options.origins = std::stoi(value);
    else if (argument.starts_with("--seeds="))
      options.seeds = std::stoi(value);
    else if (argument == "--forms")
      options.forms = true;
    else if (argument.starts_with("--fewest-scores="))
      options.fewest_scores = std::stoi(value);
    else if (argument.starts_with("--scenarios="))
      options.scenarios = std::stoi(value);
    else if (argument.find('=') != std::string::npos)
      options.overrides.push_back(argument);
    else
      options.panel = argument;
  }
  if (options.panel.empty()) options.panel = "freshretail";
  if (options.panel == "censoring") return options;
  options.horizon = options.panel == "freshretail" ? 7 : 14;
  if (options.models.empty())
    options.models = {"count_regression",
                      "exponential_smoothing",
                      "seasonal_naive",
                      "moving_average",
                      "simple_smoothing",
                      "sba",
                      "tsb",
                      "adida"};
  return options;
}

int Run(int argc, char** argv) {
  PanelOptions options = ReadOptions(argc, argv);
  Progress::SetQuiet(true);
  if (options.panel == "censoring") {
    JudgeHiddenDemand(ReadDataConfig(LoadConfig("configs/freshretail.yaml").Child("data")), options.training);
    return 0;
  }
  std::vector<std::string> overrides = {options.panel == "freshretail" ? "data.censoring.cap=1"
                                                                       : "data.select.num_skus=0"};
  overrides.insert(overrides.end(), options.overrides.begin(), options.overrides.end());
  ConfigNode root = LoadConfig("configs/" + options.panel + ".yaml", overrides);
  DemandHistory history = ReadDemand(ReadDataConfig(root.Child("data")), Random(1));
  const ForecasterConfig base = ReadForecasterConfig(root.Child("forecaster"));
  if (options.training) history = history.Until(history.num_periods() - kTestOrigins * options.horizon);

  std::vector<int> origins;
  for (int i = options.origins; i > 0; --i) origins.push_back(history.num_periods() - i * options.horizon);
  fmt::print("{}: {} series, {} periods, origins from {} to {}, {} ahead\n", options.panel, history.num_series(),
             history.num_periods(), origins.front(), origins.back(), options.horizon);
  JudgeForecasts(options, base, history, origins);
  return 0;
}

}  // namespace
}  // namespace restock

int main(int argc, char** argv) {
  try {
    return restock::Run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
