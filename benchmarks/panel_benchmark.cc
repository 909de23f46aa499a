// Forecasts and scenarios on the two daily panels, from the last origins of each:
//   RESTOCK_DATA=FOLDER panel_benchmark freshretail|online_retail|censoring [--models=lstm,count_regression,...]
//   [--training]
//     [--calibration=PERIODS] [--fits=1] [--origins=5] [--scenarios=PATHS] [key=value ...]
// Prints point and quantile scores with an interval for the difference to the best classical model, how demand lay in
// the forecasts (randomised transform), and with --scenarios how good paths are by each method that draws them. With
// --training all origins lie before those of the test, which are then not read. key=value changes the configuration.

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/config_node.h"
#include "common/cpu_time.h"
#include "common/csv.h"
#include "common/parallel.h"
#include "common/progress.h"
#include "common/text.h"
#include "forecasting/backtest.h"
#include "forecasting/censoring.h"
#include "forecasting/demand_table.h"
#include "forecasting/forecaster_config.h"
#include "forecasting/scenarios.h"
#include "forecasting/score_functions.h"

namespace restock {
namespace {

constexpr int kNumIntervalDraws = 2000;
constexpr int kTestOrigins = 5;
constexpr float kPitLevels[] = {0.5f, 0.8f, 0.9f, 0.95f, 0.975f};

struct Options {
  std::string panel;
  std::vector<std::string> models;
  std::vector<std::string> overrides;
  int horizon = 7, origins = 5, calibration = 0, fits = 1, scenarios = 0;
  bool training = false;
};

/// Sums of one model by series, so that differences can be drawn again over series.
struct SeriesSums {
  Eigen::ArrayXd absolute_error, quantile_loss, error, absolute, demand;
  explicit SeriesSums(Eigen::Index num_series)
      : absolute_error(Eigen::ArrayXd::Zero(num_series)),
        quantile_loss(absolute_error),
        error(absolute_error),
        absolute(absolute_error),
        demand(absolute_error) {}
  double wape() const { return absolute_error.sum() / absolute.sum(); }
  double loss() const { return 2 * quantile_loss.sum() / absolute.sum(); }
};

constexpr int kPathPeriods = 14;
const std::pair<const char*, PathMethod> kMethods[] = {{"independent", PathMethod::kIndependent},
                                                       {"day blocks", PathMethod::kDayBlocks},
                                                       {"copula", PathMethod::kCopula},
                                                       {"ancestral", PathMethod::kAncestral}};

/// Sums of scores of paths: smaller is better. Demand counts in units of its series' mean absolute demand.
struct PathScores {
  double energy_days = 0, energy_skus = 0, variogram_days = 0, variogram_skus = 0;
  double crps_7 = 0, crps_14 = 0, crps_warehouse = 0;
  double count = 0, days = 0, skus = 0, sums_7 = 0, sums_14 = 0, warehouses = 0;
};

void AddSumCrps(const ScenarioSet& paths, const Eigen::MatrixXf& actual, const std::vector<int>& columns, int periods,
                double scale, double& score, double& count) {
  Eigen::VectorXd sums = Eigen::VectorXd::Zero(paths.num_scenarios);
  double truth = 0;
  for (int period = 0; period < periods; ++period) {
    for (const int series : columns) {
      if (std::isnan(actual(period, series))) continue;
      truth += actual(period, series);
      sums += paths.Demand(period, series).matrix().cast<double>();
    }
  }
  score += FairCrps(sums, truth) / scale;
  count += 1;
}

/// The mean demand of each series, at least a fifth of the median series': new products have none to speak of.
Eigen::VectorXd Scales(const Eigen::MatrixXf& demand) {
  Eigen::VectorXd scale(demand.cols());
  for (Eigen::Index series = 0; series < demand.cols(); ++series) {
    const auto column = demand.col(series).array();
    const auto known = static_cast<double>((column == column).count());
    scale[series] = static_cast<double>((column == column).select(column, 0.f).sum()) / std::max(known, 1.0);
  }
  std::vector<double> sorted(scale.begin(), scale.end());
  std::nth_element(sorted.begin(), sorted.begin() + scale.size() / 2, sorted.end());
  return scale.cwiseMax(0.2 * sorted[sorted.size() / 2]);
}

void JudgePaths(const ScenarioSet& paths, const Eigen::MatrixXf& actual, const Eigen::VectorXd& scale,
                const SeriesGroups& groups, PathScores& scores) {
  const int num_periods = static_cast<int>(actual.rows());
  const auto value = [&](int period, int series) {
    return Eigen::VectorXd(paths.Demand(period, series).matrix().cast<double>() / scale[series]);
  };
  // each series over the days
  for (int series = 0; series < paths.num_series; ++series) {
    std::vector<int> known;
    for (int period = 0; period < num_periods; ++period) {
      if (!std::isnan(actual(period, series))) known.push_back(period);
    }
    if (known.size() < 7) continue;
    Eigen::MatrixXd sample(paths.num_scenarios, static_cast<Eigen::Index>(known.size()));
    Eigen::VectorXd truth(static_cast<Eigen::Index>(known.size()));
    for (size_t i = 0; i < known.size(); ++i) {
      sample.col(static_cast<Eigen::Index>(i)) = value(known[i], series);
      truth[static_cast<Eigen::Index>(i)] = actual(known[i], series) / scale[series];
    }
    scores.energy_days += EnergyScore(sample, truth);
    scores.variogram_days += VariogramScore(sample, truth);
    scores.days += 1;
    AddSumCrps(paths, actual, {series}, 7, scale[series], scores.crps_7, scores.sums_7);
    AddSumCrps(paths, actual, {series}, 14, scale[series], scores.crps_14, scores.sums_14);
  }
  // each warehouse over its series, day by day
  for (int warehouse = 0; warehouse < groups.num_warehouses; ++warehouse) {
    std::vector<int> members;
    double total = 0;
    for (int series = 0; series < paths.num_series; ++series) {
      if (groups.warehouse[static_cast<size_t>(series)] == warehouse) {
        members.push_back(series);
        total += scale[series];
      }
    }
    AddSumCrps(paths, actual, members, 14, total, scores.crps_warehouse, scores.warehouses);
    for (int period = 0; period < num_periods; ++period) {
      std::vector<int> known;
      for (const int series : members) {
        if (!std::isnan(actual(period, series)) && known.size() < 80) known.push_back(series);
      }
      if (known.size() < 10) continue;
      Eigen::MatrixXd sample(paths.num_scenarios, static_cast<Eigen::Index>(known.size()));
      Eigen::VectorXd truth(static_cast<Eigen::Index>(known.size()));
      for (size_t i = 0; i < known.size(); ++i) {
        sample.col(static_cast<Eigen::Index>(i)) = value(period, known[i]);
        truth[static_cast<Eigen::Index>(i)] = actual(period, known[i]) / scale[known[i]];
      }
      scores.energy_skus += EnergyScore(sample, truth);
      scores.variogram_skus += VariogramScore(sample, truth) / static_cast<double>(known.size());
      scores.skus += 1;
    }
  }
}

/// Adds the scores of paths drawn by each method from one origin.
void AddPaths(const Options& options, const DemandHistory& history, int origin, CalibratedForecaster& forecaster,
              std::map<std::string, PathScores>& scores) {
  if (origin + kPathPeriods > history.num_periods()) return;
  const DemandHistory past = history.Until(origin);
  const Eigen::VectorXd scale = Scales(past.demand);
  for (const auto& [name, method] : kMethods) {
    forecaster.set_path_method(method);
    ScenarioSet paths;
    paths.Resize(options.scenarios, kPathPeriods, history.num_series(), {});
    paths.origin.assign(static_cast<size_t>(options.scenarios), origin);
    forecaster.Sample(past, Random(7), paths);
    JudgePaths(paths, history.demand.middleRows(origin, kPathPeriods), scale, SeriesGroups(history.series),
               scores[name]);
  }
}

void PrintPaths(const Options& options, const std::map<std::string, PathScores>& scores) {
  fmt::print("{} paths of {}, means, smaller is better\n", options.scenarios, options.models.front());
  fmt::print("{:<14}{:>12}{:>12}{:>12}{:>12}{:>12}{:>12}{:>12}\n", "paths", "ES days", "VS days", "ES SKUs", "VS SKUs",
             "CRPS 7", "CRPS 14", "CRPS wh.");
  for (const auto& [name, method] : kMethods) {
    const PathScores& all = scores.at(name);
    fmt::print("{:<14}{:>12.4f}{:>12.4f}{:>12.4f}{:>12.4f}{:>12.4f}{:>12.4f}{:>12.4f}\n", name,
               all.energy_days / all.days, all.variogram_days / all.days, all.energy_skus / all.skus,
               all.variogram_skus / all.skus, all.crps_7 / all.sums_7, all.crps_14 / all.sums_14,
               all.crps_warehouse / all.warehouses);
  }
}

struct ModelResult {
  SeriesSums sums;
  std::vector<double> below = std::vector<double>(std::size(kPitLevels), 0.0);  // as corrected
  std::vector<double> own_below = below;                                        // as the model says
  double count = 0, seconds = 0;
  std::map<std::string, PathScores> paths = {};  // by method, where they are judged
};

ForecasterConfig ConfigFor(const Options& options, const ForecasterConfig& base, const std::string& model) {
  ForecasterConfig config = base;
  config.model = model;
  config.horizon = std::max(base.horizon, options.horizon);
  config.calibration = {.periods = options.calibration, .fits = options.fits, .paths = PathMethod::kCopula};
  return config;
}

/// How often the randomised transform of what came lies below each level, as corrected by the calibration.
void AddTransforms(const CalibratedForecaster& forecaster, const DemandHistory& history, int origin, int horizon,
                   ModelResult& result) {
  const Eigen::MatrixXf scores = CollectScores(forecaster.model(), history, origin, origin + 1, horizon).front();
  for (Eigen::Index series = 0; series < scores.cols(); ++series) {
    for (int step = 0; step < horizon; ++step) {
      if (std::isnan(scores(step, series))) continue;
      const double transform = std::erfc(-static_cast<double>(scores(step, series)) / std::numbers::sqrt2) / 2;
      for (size_t i = 0; i < std::size(kPitLevels); ++i) {
        const float own = forecaster.calibration().OwnLevel(step, kPitLevels[i]);
        result.below[i] += transform <= static_cast<double>(own) ? 1 : 0;
        result.own_below[i] += transform <= static_cast<double>(kPitLevels[i]) ? 1 : 0;
      }
      ++result.count;
    }
  }
}

ModelResult Judge(const Options& options, const ForecasterConfig& base, const std::string& model,
                  const DemandHistory& history, const std::vector<int>& origins) {
  ModelResult result{SeriesSums(history.num_series())};
  const double start = ProgramCpuSeconds();
  for (const int origin : origins) {
    const DemandHistory past = history.Until(origin);
    const auto forecaster =
        MakeForecaster(ConfigFor(options, base, model), Random(1).Stream(model).Child(static_cast<uint64_t>(origin)));
    forecaster->Fit(past);
    const Forecast forecast = forecaster->Predict(past, options.horizon);
    const Eigen::MatrixXf actual = UncensoredSales(history, origin, options.horizon);
    const size_t median =
        static_cast<size_t>(std::find(forecast.levels.begin(), forecast.levels.end(), 0.5f) - forecast.levels.begin());
    auto& calibrated = dynamic_cast<CalibratedForecaster&>(*forecaster);
    AddTransforms(calibrated, history, origin, options.horizon, result);
    if (options.scenarios > 0 && model == options.models.front())
      AddPaths(options, history, origin, calibrated, result.paths);
    for (int series = 0; series < history.num_series(); ++series) {
      for (int step = 0; step < options.horizon; ++step) {
        const float demand = actual(step, series);
        if (std::isnan(demand)) continue;
        result.sums.absolute_error[series] += std::abs(demand - forecast.quantiles[median](step, series));
        result.sums.error[series] += forecast.mean(step, series) - demand;
        result.sums.absolute[series] += std::abs(demand);
        double loss = 0, deciles = 0;
        for (size_t i = 0; i < forecast.levels.size(); ++i) {
          const float level = forecast.levels[i];
          if (level < 0.09f || level > 0.91f) continue;
          loss += PinballLoss(level, demand, forecast.quantiles[i](step, series));
          ++deciles;
        }
        result.sums.quantile_loss[series] += loss / deciles;
      }
    }
  }
  result.seconds = ProgramCpuSeconds() - start;
  return result;
}

/// 95 % interval of the relative gain of `of` over `rival`, series drawn with replacement.
std::pair<double, double> GainInterval(const Eigen::ArrayXd& of, const Eigen::ArrayXd& rival) {
  RandomStream stream = Random(1).Stream("interval").At(0);
  std::vector<double> gains;
  for (int draw = 0; draw < kNumIntervalDraws; ++draw) {
    double own = 0, other = 0;
    for (Eigen::Index i = 0; i < of.size(); ++i) {
      const int series = stream.UniformInt(static_cast<int>(of.size()));
      own += of[series];
      other += rival[series];
    }
    gains.push_back(1 - own / other);
  }
  std::sort(gains.begin(), gains.end());
  return {gains[gains.size() / 40], gains[gains.size() - 1 - gains.size() / 40]};
}

void JudgeForecasts(const Options& options, const ForecasterConfig& base, const DemandHistory& history,
                    const std::vector<int>& origins) {
  std::map<std::string, ModelResult> results;
  const std::vector<std::string> floors = {
      "seasonal_naive", "exponential_smoothing", "moving_average", "simple_smoothing", "croston", "sba", "tsb",
      "adida"};
  for (const std::string& model : options.models) results.emplace(model, Judge(options, base, model, history, origins));
  std::string best_wape, best_loss;
  for (const std::string& floor : floors) {
    if (results.count(floor) == 0) continue;
    if (best_wape.empty() || results.at(floor).sums.wape() < results.at(best_wape).sums.wape()) best_wape = floor;
    if (best_loss.empty() || results.at(floor).sums.loss() < results.at(best_loss).sums.loss()) best_loss = floor;
  }
  fmt::print("{:<22} {:>7} {:>7} {:>7}  share of demand below q0.5, 0.8, 0.9, 0.95, 0.975   CPU s\n", "model", "WAPE",
             "bias", "WQL");
  for (const std::string& model : options.models) {
    const ModelResult& result = results.at(model);
    fmt::print("{:<22} {:6.2f}% {:+6.1f}% {:7.4f}  ", model, 100 * result.sums.wape(),
               100 * result.sums.error.sum() / result.sums.absolute.sum(), result.sums.loss());
    for (const double below : result.below) fmt::print("{:6.1f}%", 100 * below / result.count);
    fmt::print("   {:.0f}", result.seconds);
    if (options.calibration > 0) {
      fmt::print("\n{:<48}", "    without calibration");
      for (const double below : result.own_below) fmt::print("{:6.1f}%", 100 * below / result.count);
    }
    if (!best_wape.empty() && model != best_wape && std::find(floors.begin(), floors.end(), model) == floors.end()) {
      const auto wape = GainInterval(result.sums.absolute_error, results.at(best_wape).sums.absolute_error);
      const auto loss = GainInterval(result.sums.quantile_loss, results.at(best_loss).sums.quantile_loss);
      fmt::print(
          "\n    against {}: WAPE {:.1f}% lower [{:.1f}, {:.1f}]; against {}: WQL {:.1f}% lower [{:.1f}, {:.1f}]",
          best_wape, 100 * (1 - result.sums.wape() / results.at(best_wape).sums.wape()), 100 * wape.first,
          100 * wape.second, best_loss, 100 * (1 - result.sums.loss() / results.at(best_loss).sums.loss()),
          100 * loss.first, 100 * loss.second);
    }
    fmt::print("\n");
  }
  if (options.scenarios > 0) PrintPaths(options, results.at(options.models.front()).paths);
}

/// How much of what was hidden the estimate of demand gives back: on days that had stock throughout, the sales after a
/// random hour are hidden with probability 0.4, as if shelves had run empty.
void JudgeCensoring(const DataConfig& config, bool training) {
  CsvReader csv(FindDataFile("data/freshretail/hourly_2_warehouses.csv", "censoring"));
  const int first_hour = csv.RequireColumn("s00"), stockout = csv.RequireColumn("stockout24");
  const int date = csv.RequireColumn("date"), warehouse = csv.RequireColumn("warehouse"),
            sku = csv.RequireColumn("sku");
  constexpr int kOpen = 6, kClose = 22;
  struct Day {
    std::string date;
    std::vector<double> hours;
    double stockout_hours;
  };
  std::map<std::string, std::vector<Day>> all;
  while (csv.NextRow()) {
    Day day{std::string(csv.Text(date)), {}, 0};
    for (int hour = kOpen; hour < kClose; ++hour) {
      day.hours.push_back(csv.Number(first_hour + hour) / config.unit_size);
      day.stockout_hours += csv.Text(stockout)[static_cast<size_t>(hour)] == '1' ? 1 : 0;
    }
    // the profile of the configuration is of days up to 30 April: what chose settings, and what judges
    if ((day.date <= "2024-04-30") == training)
      all[std::string(csv.Text(warehouse)) + "/" + std::string(csv.Text(sku))].push_back(day);
  }
  fmt::print("Demand behind hidden hours, {} series, days {} 30 April\n", all.size(), training ? "up to" : "after");
  fmt::print("{:<24}{:>14}{:>14}{:>14}{:>16}\n", "estimate", "seed", "bias before", "bias after", "recovered");
  for (const char* method : {"share", "expected"}) {
    for (const double cap : {1.6, 3.0}) {
      if (std::string(method) == "expected" && cap > 2) continue;
      for (uint64_t seed = 1; seed <= 3; ++seed) {
        double truth = 0, seen = 0, estimated = 0, absolute = 0;
        uint64_t number = 0;
        for (const auto& [name, days] : all) {
          RandomStream stream = Random(seed).Stream("hidden hours").At(number++);
          const auto num_days = static_cast<Eigen::Index>(days.size());
          DemandHistory history;
          history.calendar.closed.assign(days.size(), false);
          history.calendar.holiday = history.calendar.closed;
          history.series.push_back({"", name, ""});
          history.sales.resize(num_days, 1);
          history.in_stock_share.resize(num_days, 1);
          std::vector<std::pair<Eigen::Index, double>> hidden;  // day, true demand
          for (Eigen::Index i = 0; i < num_days; ++i) {
            const Day& day = days[static_cast<size_t>(i)];
            double stockout_hours = day.stockout_hours, sale = 0, all_day = 0;
            if (stockout_hours == 0 && stream.Uniform() < 0.4)
              stockout_hours = kClose - kOpen - 1 - stream.UniformInt(kClose - kOpen);
            for (size_t hour = 0; hour < day.hours.size(); ++hour) {
              all_day += day.hours[hour];
              const bool is_hidden =
                  day.stockout_hours == 0 && static_cast<double>(hour) >= kClose - kOpen - stockout_hours;
              if (!is_hidden) sale += day.hours[hour];
            }
            if (day.stockout_hours == 0 && stockout_hours > 0) hidden.emplace_back(i, all_day);
            history.sales(i, 0) = static_cast<float>(std::round(sale));
            history.in_stock_share(i, 0) =
                static_cast<float>(InStockShare(stockout_hours, kClose - kOpen, config.censoring.hourly_profile));
          }
          CensoringConfig censoring = config.censoring;
          censoring.method = method;
          censoring.cap = cap;
          EstimateDemand(censoring, history);
          for (const auto& [i, demand] : hidden) {
            truth += demand;
            seen += history.sales(i, 0);
            estimated += history.demand(i, 0);
            absolute += std::abs(history.demand(i, 0) - demand);
          }
        }
        const double before = (seen - truth) / truth, after = (estimated - truth) / truth;
        fmt::print("{:<24}{:>14}{:>13.1f}%{:>13.1f}%{:>16.3f}   WAPE {:.3f}\n",
                   std::string(method) == "share" ? fmt::format("share, cap {}", cap) : method, seed, 100 * before,
                   100 * after, 1 - std::abs(after) / std::abs(before), absolute / truth);
      }
    }
  }
}

Options ReadOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto value = argument.substr(argument.find('=') + 1);
    if (argument == "--training")
      options.training = true;
    else if (argument.starts_with("--models=")) {
      for (size_t begin = 0; begin <= value.size();) {
        const size_t end = std::min(value.find(',', begin), value.size());
        options.models.push_back(value.substr(begin, end - begin));
        begin = end + 1;
      }
    } else if (argument.starts_with("--calibration="))
      options.calibration = std::stoi(value);
    else if (argument.starts_with("--fits="))
      options.fits = std::stoi(value);
    else if (argument.starts_with("--origins="))
      options.origins = std::stoi(value);
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
  Options options = ReadOptions(argc, argv);
  Progress::SetQuiet(true);
  if (options.panel == "censoring") {
    JudgeCensoring(ReadDataConfig(LoadConfig("configs/freshretail.yaml").Child("data")), options.training);
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
