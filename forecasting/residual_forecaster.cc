#include "forecasting/residual_forecaster.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace restock {
namespace {

class ResidualPathModel final : public PathModel {
 public:
  ResidualPathModel(std::unique_ptr<PointModel> points, const ResidualTable& residuals)
      : points_(std::move(points)), residuals_(residuals) {}

  void Observe(const Eigen::MatrixXf& demand) override { points_->Observe(demand); }

  void Predict(int series, int num_steps, StepDistributions& steps) const override {
    points_->Predict(series, num_steps, steps.point);
    steps.mean.resizeLike(steps.point);
    steps.variance.resizeLike(steps.point);
    for (int step = 0; step < num_steps; ++step) {
      for (Eigen::Index path = 0; path < steps.point.rows(); ++path) {
        const auto moments = residuals_.MomentsAround(series, step, steps.point(path, step));
        steps.mean(path, step) = moments.mean;
        steps.variance(path, step) = moments.variance;
      }
    }
  }

  float Quantile(const StepDistributions& steps, int series, int path, int step, float probability) const override {
    return std::max(0.f, steps.point(path, step) + residuals_.Quantile(series, step, probability));
  }

  float Probability(const StepDistributions& steps, int series, int path, int step, float demand) const override {
    return residuals_.Probability(series, step, demand - steps.point(path, step));
  }

 private:
  std::unique_ptr<PointModel> points_;
  const ResidualTable& residuals_;
};

/// The first period from which errors count: two seasons are needed to get going, where there are as many.
int FirstOrigin(const DemandHistory& history) {
  return std::min(2 * history.calendar.season(), history.num_periods() / 2);
}

}  // namespace

void ResidualForecaster::Fit(const DemandHistory& history) {
  const int num_periods = history.num_periods();
  if (num_periods < 4)
    throw DataError(fmt::format("{} needs at least 4 periods of demand, but there are {}.", name(), num_periods));
  FitPoints(history);

  // forecast from every past period, and keep the errors
  const int season = history.calendar.season();
  residuals_ = ResidualTable(history.num_series(), season, (horizon_ + season - 1) / season);
  const auto points = StartPoints(history, 1);
  for (int origin = 0; origin < num_periods; ++origin) {
    Eigen::MatrixXf mean;
    const int num_steps = std::min(horizon_, num_periods - origin);
    for (int series = 0; origin >= FirstOrigin(history) && series < history.num_series(); ++series) {
      points->Predict(series, num_steps, mean);
      for (int step = 0; step < num_steps; ++step) {
        const float demand = history.demand(origin + step, series);
        if (!std::isnan(demand)) residuals_.Add(series, step, demand - mean(0, step));
      }
    }
    points->Observe(history.demand.row(origin));
  }
  residuals_.Finish();
  FitDependence(history, num_periods - FirstOrigin(history), horizon_);
}

std::unique_ptr<PathModel> ResidualForecaster::Start(const DemandHistory& history, int origin, int num_paths) const {
  auto points = StartPoints(history, num_paths);
  for (int period = 0; period < origin; ++period) {
    points->Observe(history.demand.row(period).replicate(num_paths, 1));
  }
  return std::make_unique<ResidualPathModel>(std::move(points), residuals_);
}

void ResidualForecaster::Save(const std::filesystem::path& file) const {
  SectionFileWriter writer(name() + " forecaster");
  SavePoints(writer);
  residuals_.Save(writer);
  AddDependence(writer);
  writer.Write(file);
}

void ResidualForecaster::Load(const std::filesystem::path& file) {
  const SectionFileReader reader(file, name() + " forecaster");
  LoadPoints(reader);
  residuals_.Load(reader);
  LoadDependence(reader);
}

}  // namespace restock
