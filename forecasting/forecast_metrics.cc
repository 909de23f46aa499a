#include "forecasting/forecast_metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/check.h"

namespace restock {
namespace {

bool IsLevel(float level, double wanted) { return std::abs(level - wanted) < 1e-4; }

/// 0.1, 0.2, ..., 0.9: the levels of the weighted quantile loss.
bool IsDecile(float level) {
  return level > 0.05f && level < 0.95f && std::abs(level * 10 - std::round(level * 10)) < 1e-3f;
}

size_t MedianIndex(const std::vector<float>& levels) {
  const auto found = std::find_if(levels.begin(), levels.end(), [](float level) { return IsLevel(level, 0.5); });
  RESTOCK_CHECK(found != levels.end());
  return static_cast<size_t>(found - levels.begin());
}

}  // namespace

double SeasonalDifference(const Eigen::Ref<const Eigen::VectorXd>& past, int season) {
  double sum = 0, count = 0;
  for (Eigen::Index period = season; period < past.size(); ++period) {
    const double difference = std::abs(past[period] - past[period - season]);
    if (std::isnan(difference)) continue;
    sum += difference;
    ++count;
  }
  return sum / count;
}

double SquaredDifference(const Eigen::Ref<const Eigen::VectorXd>& past) {
  double sum = 0, count = 0;
  bool started = false;
  for (Eigen::Index period = 0; period < past.size(); ++period) {
    const double difference = started ? past[period] - past[period - 1] : std::numeric_limits<double>::quiet_NaN();
    started = started || past[period] > 0;
    if (std::isnan(difference)) continue;
    sum += difference * difference;
    ++count;
  }
  return sum / count;
}

void ForecastScorer::Add(const Forecast& forecast, const Eigen::MatrixXf& actual, const Eigen::MatrixXf& past,
                         int season) {
  RESTOCK_CHECK_EQ(forecast.mean.rows(), actual.rows());
  RESTOCK_CHECK_EQ(forecast.mean.cols(), actual.cols());
  const Eigen::MatrixXf& median = forecast.quantiles[MedianIndex(forecast.levels)];
  covered_.resize(forecast.levels.size());
  for (int series = 0; series < actual.cols(); ++series) {
    const Eigen::VectorXd past_demand = past.col(series).cast<double>();
    const double seasonal_difference = SeasonalDifference(past_demand, season);
    const double squared_difference = SquaredDifference(past_demand);
    double squares = 0, scored = 0;
    for (int step = 0; step < actual.rows(); ++step) {
      const float value = actual(step, series);
      if (std::isnan(value)) continue;
      const double absolute_error = std::abs(value - median(step, series));
      const double error = forecast.mean(step, series) - value;
      absolute_error_ += absolute_error;
      error_ += error;
      absolute_sum_ += std::abs(value);
      sum_ += value;
      squares += error * error;
      ++scored;
      ++count_;
      if (seasonal_difference > 0) {
        scaled_error_ += absolute_error / seasonal_difference;
        ++scaled_count_;
      }
      AddQuantileLoss(forecast, step, series, value);
    }
    if (scored > 0 && squared_difference > 0) {
      root_scaled_square_ += std::sqrt(squares / scored / squared_difference);
      ++root_count_;
    }
  }
}

void ForecastScorer::AddQuantileLoss(const Forecast& forecast, int step, int series, float actual) {
  double loss = 0;
  int num_deciles = 0;
  for (size_t i = 0; i < forecast.levels.size(); ++i) {
    const float level = forecast.levels[i];
    const double difference = actual - forecast.quantiles[i](step, series);
    if (difference <= 0) covered_[i] += 1;
    if (!IsDecile(level)) continue;
    loss += std::max(level * difference, (level - 1) * difference);
    ++num_deciles;
  }
  if (num_deciles > 0) quantile_loss_ += loss / num_deciles;
}

ForecastScores ForecastScorer::Scores() const {
  ForecastScores scores;
  scores.wape = absolute_error_ / absolute_sum_;
  scores.bias = error_ / sum_;
  scores.mase = scaled_error_ / scaled_count_;
  scores.rmsse = root_scaled_square_ / root_count_;
  scores.weighted_quantile_loss = 2 * quantile_loss_ / absolute_sum_;
  for (const double covered : covered_) scores.coverage.push_back(covered / static_cast<double>(count_));
  scores.count = count_;
  return scores;
}

}  // namespace restock
