#include "forecasting/forecast_comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/distributions/students_t.hpp>

#include "common/check.h"
#include "forecasting/score_functions.h"

namespace restock {

Eigen::VectorXd LossByPeriod(const Forecast& forecast, const Eigen::MatrixXf& actual) {
  Eigen::VectorXd loss = Eigen::VectorXd::Zero(actual.rows());
  double num_levels = 0;
  for (size_t i = 0; i < forecast.levels.size(); ++i) {
    if (forecast.levels[i] < 0.09f || forecast.levels[i] > 0.91f) continue;
    ++num_levels;
    for (Eigen::Index step = 0; step < actual.rows(); ++step) {
      for (Eigen::Index series = 0; series < actual.cols(); ++series) {
        if (std::isnan(actual(step, series))) continue;
        loss[step] +=
            2 * PinballLoss(static_cast<double>(forecast.levels[i]), static_cast<double>(actual(step, series)),
                            static_cast<double>(forecast.quantiles[i](step, series)));
      }
    }
  }
  return loss / std::max(1.0, num_levels);
}

ForecastComparison CompareLosses(const Eigen::VectorXd& first, const Eigen::VectorXd& second, int horizon,
                                 double confidence) {
  RESTOCK_CHECK_EQ(first.size(), second.size());
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  ForecastComparison comparison{.low = -kInfinity, .high = kInfinity};
  const Eigen::Index count = first.size();
  if (count == 0) return comparison;
  const Eigen::VectorXd difference = second - first;
  comparison.mean = difference.mean();
  comparison.relative = first.mean() > 0 ? comparison.mean / first.mean() : 0;
  if (count < 2) return comparison;

  // variance of the mean
  const Eigen::VectorXd rest = difference.array() - comparison.mean;
  const auto n = static_cast<double>(count);
  const Eigen::Index num_lags = std::min<Eigen::Index>(horizon - 1, count - 1);
  double variance = rest.squaredNorm() / n;
  for (Eigen::Index lag = 1; lag <= num_lags; ++lag) {
    const double covariance = rest.head(count - lag).dot(rest.tail(count - lag)) / n;
    variance += 2 * (1 - static_cast<double>(lag) / static_cast<double>(num_lags + 1)) * covariance;
  }
  const double correction = (n - 1) / n;  // of Harvey, Leybourne & Newbold for one step: the weights above see to more
  const double deviation = std::sqrt(std::max(0.0, variance) / (n * correction));
  const boost::math::students_t student(n - 1);
  const double width = boost::math::quantile(student, (1 + confidence) / 2) * deviation;
  comparison.low = comparison.mean - width;
  comparison.high = comparison.mean + width;
  if (deviation > 1e-12 * std::abs(comparison.mean)) {
    comparison.chance = boost::math::cdf(student, comparison.mean / deviation);
  } else {
    comparison.chance = comparison.mean < 0 ? 0 : 1;
  }
  return comparison;
}

}  // namespace restock
