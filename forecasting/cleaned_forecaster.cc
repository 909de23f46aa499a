#include "forecasting/cleaned_forecaster.h"

#include <utility>

namespace restock {
namespace {

/// A model together with the cleaned history that it refers to.
class CleanedPathModel final : public PathModel {
 public:
  CleanedPathModel(const PathForecaster& model, DemandHistory history, int origin, int num_paths)
      : history_(std::move(history)), model_(model.Start(history_, origin, num_paths)) {}

  void Observe(const Eigen::MatrixXf& demand) override { model_->Observe(demand); }
  void Predict(int series, int num_steps, StepDistributions& steps) const override {
    model_->Predict(series, num_steps, steps);
  }
  float Quantile(const StepDistributions& steps, int series, int path, int step, float probability) const override {
    return model_->Quantile(steps, series, path, step, probability);
  }
  float Probability(const StepDistributions& steps, int series, int path, int step, float demand) const override {
    return model_->Probability(steps, series, path, step, demand);
  }

 private:
  DemandHistory history_;
  std::unique_ptr<PathModel> model_;
};

}  // namespace

DemandHistory CleanedForecaster::Cleaned(const DemandHistory& history) const {
  DemandHistory cleaned = history;
  CleanDemand(config_, cleaned);
  return cleaned;
}

std::unique_ptr<PathModel> CleanedForecaster::Start(const DemandHistory& history, int origin, int num_paths) const {
  DemandHistory cleaned = Cleaned(history.Until(origin));
  if (origin < history.num_periods()) {
    // plans and the calendar go on, and so does what the model must not read
    DemandHistory whole = history;
    whole.demand.topRows(origin) = cleaned.demand;
    cleaned = std::move(whole);
  }
  return std::make_unique<CleanedPathModel>(model(), std::move(cleaned), origin, num_paths);
}

}  // namespace restock
