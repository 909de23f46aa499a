#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "common/check.h"
#include "common/distributions.h"
#include "common/parallel.h"
#include "forecasting/path_forecaster.h"

namespace restock {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
constexpr float kLargestError = 5;  // standardised errors beyond it count as so large
constexpr int kStepsOfSum = 7;      // what is common to series is estimated on sums of so many periods
constexpr float kLeastVariance = 1e-4f;

/// Forecast errors at one origin.
struct OriginErrors {
  Eigen::MatrixXf errors;      // standardised  (num_steps, num_series)
  Eigen::MatrixXf deviations;  // (num_steps, num_series)
};

/// Sum of the first errors over its standard deviation; NaN where one of them is not known.
Eigen::RowVectorXf ErrorsOfSums(const OriginErrors& origin, const ErrorDependence& dependence) {
  const int num_steps = std::min<int>(kStepsOfSum, static_cast<int>(origin.errors.rows()));
  Eigen::RowVectorXf of_sums(origin.errors.cols());
  for (Eigen::Index series = 0; series < of_sums.size(); ++series) {
    float sum = 0, variance = 0;
    for (int step = 0; step < num_steps; ++step) {
      const float deviation = origin.deviations(step, series);
      sum += origin.errors(step, series) * deviation;
      for (int other = 0; other < num_steps; ++other) {
        variance += dependence.Correlation(step, other) * deviation * origin.deviations(other, series);
      }
    }
    of_sums[series] = std::clamp(sum / std::sqrt(std::max(variance, kLeastVariance)), -kLargestError, kLargestError);
    if (std::isnan(sum)) of_sums[series] = kUnknown;
  }
  return of_sums;
}

}  // namespace

void PathForecaster::FitDependence(const DemandHistory& history, int num_origins, int num_steps) {
  const int num_periods = history.num_periods();
  const int num_series = history.num_series();
  const int first = std::max(1, num_periods - num_origins);
  const auto model = Start(history, first, 1);

  // forecast at each past period as if it were the present, and compare with what came
  std::vector<OriginErrors> origins;
  Eigen::MatrixXf scores = Eigen::MatrixXf::Constant(num_periods - first, num_series, kUnknown);
  const Random random = Random(0).Stream("randomised probability transform");
  for (int origin = first; origin < num_periods; ++origin) {
    OriginErrors at;
    at.errors = Eigen::MatrixXf::Constant(num_steps, num_series, kUnknown);
    at.deviations = Eigen::MatrixXf::Zero(num_steps, num_series);
    ParallelFor(num_series, 0, [&](int series) {
      StepDistributions steps;
      model->Predict(series, num_steps, steps);
      for (int step = 0; step < std::min(num_steps, num_periods - origin); ++step) {
        const float demand = history.demand(origin + step, series);
        const float deviation = std::sqrt(std::max(steps.variance(0, step), kLeastVariance));
        at.deviations(step, series) = deviation;
        if (std::isnan(demand)) continue;
        at.errors(step, series) = std::clamp((demand - steps.mean(0, step)) / deviation, -kLargestError, kLargestError);
      }
      const float demand = history.demand(origin, series);
      if (std::isnan(demand)) return;
      RandomStream stream = random.Child(static_cast<uint64_t>(origin)).At(static_cast<uint64_t>(series));
      const double below = demand > 0 ? model->Probability(steps, series, 0, 0, demand - 1) : 0;
      const double up_to = model->Probability(steps, series, 0, 0, demand);
      const double uniform = below + stream.Uniform() * (up_to - below);
      scores(origin - first, series) = static_cast<float>(NormalQuantile(std::clamp(uniform, 1e-4, 1 - 1e-4)));
    });
    origins.push_back(std::move(at));
    if (origin + 1 < num_periods) model->Observe(history.demand.row(origin));
  }

  // steps of one series, then series of one period
  std::vector<Eigen::MatrixXf> errors;
  for (const OriginErrors& at : origins) errors.push_back(at.errors);
  dependence_.step_correlation = EstimateStepCorrelation(errors);
  dependence_.step_scale = Eigen::VectorXf::Ones(num_steps);
  for (int step = 0; step < num_steps; ++step) {
    double squares = 0, count = 0;
    for (const Eigen::MatrixXf& at : errors) {
      const auto known = (at.row(step).array() == at.row(step).array());
      squares += known.select(at.row(step).array().square(), 0.f).sum();
      count += static_cast<double>(known.count());
    }
    if (count > 0) dependence_.step_scale[step] = static_cast<float>(std::clamp(std::sqrt(squares / count), 0.7, 1.5));
  }
  Eigen::MatrixXf of_sums(static_cast<Eigen::Index>(origins.size()), num_series);
  for (size_t i = 0; i < origins.size(); ++i) {
    of_sums.row(static_cast<Eigen::Index>(i)) = ErrorsOfSums(origins[i], dependence_);
  }
  const SeriesGroups groups(history.series);
  dependence_.of_sums = EstimateCommonShares(of_sums, groups);
  dependence_.of_draws = EstimateCommonShares(scores, groups);
}

void PathForecaster::AddDependence(SectionFileWriter& file) const {
  file.AddValues("dependence/step_correlation", dependence_.step_correlation.data(),
                 static_cast<size_t>(dependence_.step_correlation.size()));
  file.AddValues("dependence/step_scale", dependence_.step_scale.data(),
                 static_cast<size_t>(dependence_.step_scale.size()));
  file.AddValues("dependence/of_sums", &dependence_.of_sums, 1);
  file.AddValues("dependence/of_draws", &dependence_.of_draws, 1);
}

void PathForecaster::LoadDependence(const SectionFileReader& file) {
  const auto scale = file.GetValues<float>("dependence/step_scale");
  const auto correlation = file.GetValues<float>("dependence/step_correlation");
  const auto num_steps = static_cast<Eigen::Index>(scale.size());
  RESTOCK_CHECK_EQ(static_cast<Eigen::Index>(correlation.size()), num_steps * num_steps);
  dependence_.step_scale = Eigen::Map<const Eigen::VectorXf>(scale.data(), num_steps);
  dependence_.step_correlation = Eigen::Map<const Eigen::MatrixXf>(correlation.data(), num_steps, num_steps);
  dependence_.of_sums = file.GetValues<CommonShares>("dependence/of_sums").at(0);
  dependence_.of_draws = file.GetValues<CommonShares>("dependence/of_draws").at(0);
}

}  // namespace restock
