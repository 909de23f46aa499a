#include "forecasting/forecaster_config.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/text.h"
#include "forecasting/automatic_choice.h"
#include "forecasting/cleaned_forecaster.h"
#include "forecasting/count_regression.h"
#include "forecasting/exponential_smoothing.h"
#include "forecasting/forecast_blend.h"
#include "forecasting/linear_regression.h"
#include "forecasting/neural/forecaster.h"
#include "forecasting/seasonal_naive.h"
#include "forecasting/series_forecaster.h"
#include "forecasting/series_models.h"
#include "forecasting/similar_periods.h"

namespace restock {
namespace {

bool IsNetwork(const std::string& model) {
  const std::vector<std::string> networks = NetworkNames();
  return std::find(networks.begin(), networks.end(), model) != networks.end();
}

std::unique_ptr<PathForecaster> MakeNeural(const ForecasterConfig& config, [[maybe_unused]] const Random& random) {
#ifdef RESTOCK_WITH_TORCH
  const auto settings = config.neural.find(config.model);
  return std::make_unique<NeuralForecaster>(
      settings != config.neural.end() ? settings->second : DefaultNeuralConfig(config.model), config.horizon, random);
#else
  throw ConfigError("forecaster.model: " + config.model +
                    " needs LibTorch, and this program was built without it. Use count_regression, or build with "
                    "-DRESTOCK_WITH_TORCH=ON.");
#endif
}

/// The response to prices and promotions by a line and by what happened in similar periods.
std::unique_ptr<PathForecaster> MakeResponseBlend(int horizon) {
  std::vector<std::unique_ptr<PathForecaster>> members;
  members.push_back(std::make_unique<LinearRegression>(horizon));
  members.push_back(std::make_unique<SimilarPeriods>(horizon));
  return std::make_unique<ForecastBlend>("response_blend", std::move(members), horizon);
}

std::unique_ptr<PathForecaster> MakeModel(const ForecasterConfig& config, const Random& random);

/// The mean of the members, each with random numbers of its own.
std::unique_ptr<PathForecaster> MakeBlend(const ForecasterConfig& config, const Random& random) {
  std::vector<std::unique_ptr<PathForecaster>> members;
  ForecasterConfig of_member = config;
  for (const std::string& model : config.members) {
    of_member.model = model;
    members.push_back(MakeModel(of_member, random.Child(members.size())));
  }
  return std::make_unique<ForecastBlend>("blend", std::move(members), config.horizon);
}

std::unique_ptr<PathForecaster> MakeModel(const ForecasterConfig& config, const Random& random) {
  if (config.model == "seasonal_naive") return std::make_unique<SeasonalNaive>(config.horizon);
  if (config.model == "exponential_smoothing") return std::make_unique<ExponentialSmoothing>(config.horizon);
  if (config.model == "count_regression") return std::make_unique<CountRegression>(config.horizon);
  if (config.model == "linear_regression") return std::make_unique<LinearRegression>(config.horizon);
  if (config.model == "similar_periods") return std::make_unique<SimilarPeriods>(config.horizon);
  if (config.model == "response_blend") return MakeResponseBlend(config.horizon);
  if (config.model == "blend") return MakeBlend(config, random);
  if (config.model == "automatic") return std::make_unique<AutomaticChoice>(config.horizon, config.transform);
  if (IsNetwork(config.model)) return MakeNeural(config, random);
  if (MakeSeriesModel(config.model))
    return std::make_unique<SeriesForecaster>(config.model, config.horizon, config.transform);
  throw ConfigError("forecaster.model: there is no model " + config.model + ".");
}

}  // namespace

std::vector<std::string> ForecasterModels() {
  std::vector<std::string> models = NetworkNames();
  for (const char* model : {"exponential_smoothing", "seasonal_naive", "count_regression", "linear_regression",
                            "similar_periods", "response_blend", "blend", "automatic"})
    models.emplace_back(model);
  for (std::string& model : SeriesModelNames()) models.push_back(std::move(model));
  return models;
}

namespace {

void ReadMembers(ConfigNode& forecaster, std::vector<std::string>& members) {
  forecaster.Read("members", members);
  if (members.empty()) forecaster.Fail("members", "is empty; a blend needs the name of a model, or of several.");
  const std::vector<std::string> models = ForecasterModels();
  for (const std::string& member : members) {
    if (member == "blend") forecaster.Fail("members", "names blend itself; name what it is made of.");
    if (std::find(models.begin(), models.end(), member) == models.end())
      forecaster.Fail("members",
                      fmt::format("names {}, which is no model.{}", Quote(member), Suggestion(member, models)));
  }
}

}  // namespace

ForecasterConfig ReadForecasterConfig(ConfigNode forecaster) {
  ForecasterConfig config;
  std::vector<std::pair<std::string, std::string>> models;
  for (const std::string& model : ForecasterModels()) models.emplace_back(model, model);
  forecaster.ReadChoice("model", config.model, models);
  ReadMembers(forecaster, config.members);
  forecaster.Read("horizon", config.horizon, Between(1, 365));
  forecaster.Read("calibration_periods", config.calibration.periods, Between(0, 1000));
  forecaster.Read("calibration_fits", config.calibration.fits, Between(1, 50));
  forecaster.ReadChoice<PathMethod>("paths", config.calibration.paths,
                                    {{"ancestral", PathMethod::kAncestral},
                                     {"independent", PathMethod::kIndependent},
                                     {"copula", PathMethod::kCopula},
                                     {"day_blocks", PathMethod::kDayBlocks}});
  forecaster.ReadChoice("transform", config.transform, TransformNames());
  if (config.transform != TransformKind::kNone && config.model != "automatic" && !MakeSeriesModel(config.model))
    forecaster.Fail("transform",
                    "is for automatic and the models of one series; " + config.model + " has its own scale.");
  ConfigNode cold_start = forecaster.Child("cold_start");
  cold_start.Read("periods", config.cold_start.periods, Between(0, 365));
  cold_start.Read("num_analogues", config.cold_start.num_analogues, Between(1, 1000));
  cold_start.ExpectNoMoreKeys();
  for (const std::string& network : NetworkNames()) {
    const bool is_named = network == config.model || forecaster.Has(network);
    config.neural[network] =
        is_named ? ReadNeuralConfig(network, forecaster.Child(network)) : DefaultNeuralConfig(network);
  }
  forecaster.ExpectNoMoreKeys();
  return config;
}

std::unique_ptr<Forecaster> MakeForecaster(const ForecasterConfig& config, const Random& random) {
  std::unique_ptr<PathForecaster> model = MakeModel(config, random);
  if (config.cold_start.periods > 0) model = std::make_unique<ColdStartForecaster>(std::move(model), config.cold_start);
  if (config.cleaning.ChangesAnything()) model = std::make_unique<CleanedForecaster>(std::move(model), config.cleaning);
  if (config.calibration.periods == 0 && config.calibration.paths == PathMethod::kAncestral) return model;
  return std::make_unique<CalibratedForecaster>(std::move(model), config.calibration, config.horizon);
}

}  // namespace restock
