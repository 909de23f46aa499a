#include "forecasting/cold_start.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <vector>

#include "forecasting/analogues.h"
#include "forecasting/count_quantiles.h"
#include "forecasting/known_values.h"
#include "forecasting/series_clusters.h"

namespace restock {
namespace {

/// Series of which fewer periods are known at the origin.
std::vector<bool> NewSeries(const ColdStartConfig& config, const DemandHistory& history, int origin) {
  std::vector<bool> is_new;
  for (const auto demand : history.demand.topRows(origin).colwise())
    is_new.push_back(NumKnown(demand) < config.periods);
  return is_new;
}

/// Analogues by series, none for those that are not new. `known`: what is known at the origin.
std::vector<std::vector<Analogue>> AnaloguesOfNew(const ColdStartConfig& config, const DemandHistory& known,
                                                  const std::vector<bool>& is_new) {
  std::vector<std::vector<Analogue>> analogues(is_new.size());
  const AnalogueFinder finder(known, is_new, ClusterSeries({}, known, Random(1)).label);
  for (int series = 0; series < known.num_series(); ++series) {
    if (!is_new[static_cast<size_t>(series)]) continue;
    auto& of_series = analogues[static_cast<size_t>(series)];
    of_series = finder.Find(series, config.num_analogues);

    // the level moves towards what little is known
    double mean = 0;
    for (const Analogue& analogue : of_series)
      mean += analogue.scale * MeanOfKnown(known.demand.col(analogue.series)) / static_cast<double>(of_series.size());
    const auto weight = static_cast<double>(NumKnown(known.demand.col(series)));
    if (weight == 0 || mean <= 0) continue;
    const double level =
        (weight * MeanOfKnown(known.demand.col(series)) + config.periods * mean) / (weight + config.periods);
    for (Analogue& analogue : of_series) analogue.scale *= level / mean;
  }
  return analogues;
}

/// A model, and a second one that new series ask about their analogues, one after the other.
class ColdStartPathModel final : public PathModel {
 public:
  ColdStartPathModel(std::unique_ptr<PathModel> model, std::unique_ptr<PathModel> asked,
                     std::vector<std::vector<Analogue>> analogues)
      : model_(std::move(model)), asked_(std::move(asked)), analogues_(std::move(analogues)) {}

  void Observe(const Eigen::MatrixXf& demand) override {
    model_->Observe(demand);
    asked_->Observe(demand);
  }

  void Predict(int series, int num_steps, StepDistributions& steps) const override {
    const auto& analogues = analogues_[static_cast<size_t>(series)];
    if (analogues.empty()) return model_->Predict(series, num_steps, steps);
    const std::lock_guard<std::mutex> lock(mutex_);
    Eigen::MatrixXf mean, square;
    for (const Analogue& analogue : analogues) {
      StepDistributions of_analogue;
      asked_->Predict(analogue.series, num_steps, of_analogue);
      const auto scale = static_cast<float>(analogue.scale);
      const Eigen::MatrixXf first = scale * of_analogue.mean;
      const Eigen::MatrixXf second = scale * scale * of_analogue.variance + first.cwiseAbs2();
      mean = mean.size() == 0 ? first : (mean + first).eval();
      square = square.size() == 0 ? second : (square + second).eval();
    }
    const auto count = static_cast<float>(analogues.size());
    steps.mean = mean / count;
    steps.variance = (square / count - steps.mean.cwiseAbs2()).cwiseMax(0);
    steps.point = steps.mean;
    steps.parameters.clear();
  }

  float Quantile(const StepDistributions& steps, int series, int path, int step, float probability) const override {
    if (!IsNew(series)) return model_->Quantile(steps, series, path, step, probability);
    float quantile = 0;
    MatchedQuantiles(steps.mean(path, step), steps.variance(path, step), {&probability, 1}, {&quantile, 1});
    return quantile;
  }

  float Probability(const StepDistributions& steps, int series, int path, int step, float demand) const override {
    if (!IsNew(series)) return model_->Probability(steps, series, path, step, demand);
    const double mean = steps.mean(path, step), excess = steps.variance(path, step) - mean;
    if (mean <= 0) return demand >= 0 ? 1.f : 0.f;
    const double dispersion = excess > 1e-6 * mean ? mean * mean / excess : 1e6 * mean;
    return static_cast<float>(CountProbability(mean, dispersion, demand));
  }

 private:
  bool IsNew(int series) const { return !analogues_[static_cast<size_t>(series)].empty(); }

  std::unique_ptr<PathModel> model_, asked_;
  std::vector<std::vector<Analogue>> analogues_;  // by series
  mutable std::mutex mutex_;
};

}  // namespace

std::unique_ptr<PathModel> ColdStartForecaster::Start(const DemandHistory& history, int origin, int num_paths) const {
  auto own = model().Start(history, origin, num_paths);
  const std::vector<bool> is_new = NewSeries(config_, history, origin);
  if (std::find(is_new.begin(), is_new.end(), true) == is_new.end()) return own;
  return std::make_unique<ColdStartPathModel>(std::move(own), model().Start(history, origin, num_paths),
                                              AnaloguesOfNew(config_, history.Until(origin), is_new));
}

}  // namespace restock
