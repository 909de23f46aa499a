#include "benchmarks/panel_forecasts.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "benchmarks/gain_interval.h"
#include "benchmarks/panel_paths.h"
#include "common/cpu_time.h"
#include "common/distributions.h"
#include "forecasting/backtest.h"
#include "forecasting/neural/network_body.h"
#include "forecasting/score_functions.h"

namespace restock {
namespace {

constexpr float kPitLevels[] = {0.5f, 0.8f, 0.9f, 0.95f, 0.975f};
const std::vector<std::string> kClassical = {
    "seasonal_naive", "exponential_smoothing", "moving_average", "simple_smoothing", "croston", "sba", "tsb", "adida"};

bool IsIn(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Sums of one model by series, so that differences can be drawn again over series.
struct SeriesSums {
  Eigen::ArrayXd absolute_error, quantile_loss, error, absolute;
  explicit SeriesSums(Eigen::Index num_series)
      : absolute_error(Eigen::ArrayXd::Zero(num_series)),
        quantile_loss(absolute_error),
        error(absolute_error),
        absolute(absolute_error) {}
  void Add(const SeriesSums& other) {
    for (const auto sum :
         {&SeriesSums::absolute_error, &SeriesSums::quantile_loss, &SeriesSums::error, &SeriesSums::absolute})
      this->*sum += other.*sum;
  }
  void Scale(double factor) {
    for (const auto sum :
         {&SeriesSums::absolute_error, &SeriesSums::quantile_loss, &SeriesSums::error, &SeriesSums::absolute})
      this->*sum *= factor;
  }
  double wape() const { return absolute_error.sum() / absolute.sum(); }
  double loss() const { return 2 * quantile_loss.sum() / absolute.sum(); }
};

/// A model, and for networks one of several seeds.
struct Contender {
  std::string model;
  uint64_t seed = 1;
};

struct ModelResult {
  SeriesSums sums;
  std::vector<double> below = std::vector<double>(std::size(kPitLevels), 0.0);  // as corrected
  std::vector<double> own_below = below;                                        // as the model says
  double count = 0, seconds = 0;
  std::map<std::string, PathScores> paths = {};  // by method, where they are judged
};

ForecasterConfig ConfigFor(const PanelOptions& options, const ForecasterConfig& base, const std::string& model) {
  ForecasterConfig config = base;
  config.model = model;
  config.horizon = std::max(base.horizon, options.horizon);
  config.calibration = {.periods = options.calibration,
                        .fits = options.fits,
                        .paths = PathMethod::kCopula,
                        .fewest_scores = options.fewest_scores};
  return config;
}

/// How often the randomised transform of what came lies below each level, as corrected by the calibration.
void AddTransforms(const CalibratedForecaster& forecaster, const DemandHistory& history, int origin, int horizon,
                   ModelResult& result) {
  const Eigen::MatrixXf scores = CollectScores(forecaster.model(), history, origin, origin + 1, horizon).front();
  for (Eigen::Index series = 0; series < scores.cols(); ++series) {
    for (int step = 0; step < horizon; ++step) {
      if (std::isnan(scores(step, series))) continue;
      const double transform = NormalProbability(scores(step, series));
      for (size_t i = 0; i < std::size(kPitLevels); ++i) {
        const float own = forecaster.calibration().OwnLevel(step, kPitLevels[i]);
        result.below[i] += transform <= static_cast<double>(own) ? 1 : 0;
        result.own_below[i] += transform <= static_cast<double>(kPitLevels[i]) ? 1 : 0;
      }
      ++result.count;
    }
  }
}

ModelResult Judge(const PanelOptions& options, const ForecasterConfig& base, const Contender& contender,
                  const DemandHistory& history, const std::vector<int>& origins) {
  const std::string& model = contender.model;
  ModelResult result{SeriesSums(history.num_series())};
  const double start = ProgramCpuSeconds();
  for (const int origin : origins) {
    const DemandHistory past = history.Until(origin);
    const auto forecaster = MakeForecaster(ConfigFor(options, base, model),
                                           Random(contender.seed).Stream(model).Child(static_cast<uint64_t>(origin)));
    forecaster->Fit(past);
    const Forecast forecast = forecaster->Predict(past, options.horizon);
    const Eigen::MatrixXf actual = UncensoredSales(history, origin, options.horizon);
    const size_t median =
        static_cast<size_t>(std::find(forecast.levels.begin(), forecast.levels.end(), 0.5f) - forecast.levels.begin());
    auto& calibrated = dynamic_cast<CalibratedForecaster&>(*forecaster);
    AddTransforms(calibrated, history, origin, options.horizon, result);
    if (options.scenarios > 0 && model == options.models.front() && contender.seed == 1)
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

/// The best classical models so far, which gains are measured against.
struct Floor {
  std::string wape_model, loss_model;
  std::vector<SeriesSums> wape, loss;  // none or one

  void Offer(const std::string& model, const SeriesSums& sums) {
    if (wape.empty() || sums.wape() < wape.front().wape()) {
      wape_model = model;
      wape = {sums};
    }
    if (loss.empty() || sums.loss() < loss.front().loss()) {
      loss_model = model;
      loss = {sums};
    }
  }
};

void PrintGain(const SeriesSums& sums, const Floor& floor) {
  if (floor.wape.empty()) return;
  const auto wape = GainInterval(sums.absolute_error, floor.wape.front().absolute_error);
  const auto loss = GainInterval(sums.quantile_loss, floor.loss.front().quantile_loss);
  fmt::print("    against {}: WAPE {:.1f}% lower [{:.1f}, {:.1f}]; against {}: WQL {:.1f}% lower [{:.1f}, {:.1f}]\n",
             floor.wape_model, 100 * (1 - sums.wape() / floor.wape.front().wape()), 100 * wape.first, 100 * wape.second,
             floor.loss_model, 100 * (1 - sums.loss() / floor.loss.front().loss()), 100 * loss.first,
             100 * loss.second);
}

void PrintResult(const PanelOptions& options, const std::string& label, const ModelResult& result) {
  fmt::print("{:<22} {:6.2f}% {:+6.1f}% {:7.4f}  ", label, 100 * result.sums.wape(),
             100 * result.sums.error.sum() / result.sums.absolute.sum(), result.sums.loss());
  for (const double below : result.below) fmt::print("{:6.1f}%", 100 * below / result.count);
  fmt::print("   {:.0f}\n", result.seconds);
  if (options.calibration == 0) return;
  fmt::print("{:<48}", "    without calibration");
  for (const double below : result.own_below) fmt::print("{:6.1f}%", 100 * below / result.count);
  fmt::print("\n");
}

}  // namespace

void JudgeForecasts(const PanelOptions& options, const ForecasterConfig& base, const DemandHistory& history,
                    const std::vector<int>& origins) {
  std::vector<std::string> models = options.models;
  std::stable_partition(models.begin(), models.end(), [](const auto& model) { return IsIn(kClassical, model); });
  fmt::print("{:<22} {:>7} {:>7} {:>7}  share of demand below q0.5, 0.8, 0.9, 0.95, 0.975   CPU s\n", "model", "WAPE",
             "bias", "WQL");
  Floor floor;
  std::map<std::string, PathScores> paths;
  for (const std::string& model : models) {
    const int num_seeds = IsIn(NetworkNames(), model) ? options.seeds : 1;
    SeriesSums all(history.num_series());
    for (int seed = 1; seed <= num_seeds; ++seed) {
      const ModelResult result = Judge(options, base, {model, static_cast<uint64_t>(seed)}, history, origins);
      PrintResult(options, num_seeds > 1 ? fmt::format("{}, seed {}", model, seed) : model, result);
      if (!result.paths.empty()) paths = result.paths;
      if (IsIn(kClassical, model))
        floor.Offer(model, result.sums);
      else
        PrintGain(result.sums, floor);
      all.Add(result.sums);
      std::fflush(stdout);
    }
    if (num_seeds == 1) continue;
    fmt::print("{:<22} {:6.2f}% {:+6.1f}% {:7.4f}\n", model + ", all seeds", 100 * all.wape(),
               100 * all.error.sum() / all.absolute.sum(), all.loss());
    all.Scale(1.0 / num_seeds);
    PrintGain(all, floor);
  }
  if (options.scenarios > 0) PrintPaths(options, paths);
}

}  // namespace restock
