#include "forecasting/arima_order.h"

#include <cmath>

#include "forecasting/seasonal_profile.h"

namespace restock {
namespace {

constexpr double kSeasonalStrength = 0.64;
constexpr double kKpssLimit = 0.463;
constexpr int kMostDifferences = 2;

Eigen::VectorXd Difference(const Eigen::VectorXd& values, Eigen::Index lag) {
  if (values.size() <= lag) return {};
  return values.tail(values.size() - lag) - values.head(values.size() - lag);
}

double Variance(const Eigen::VectorXd& values) {
  return (values.array() - values.mean()).square().sum() / static_cast<double>(values.size());
}

/// 1 - variance of the remainder over that of season and remainder, after a moving average took the trend out.
double SeasonalStrength(const Eigen::VectorXd& demand, int season) {
  const Eigen::VectorXd profile = SeasonalProfile(demand, season, SeasonKind::kAdditive);
  const Eigen::Index half = season / 2;
  Eigen::VectorXd detrended(demand.size() - 2 * half), remainder = detrended;
  for (Eigen::Index i = 0; i < detrended.size(); ++i) {
    double sum = demand.segment(i, 2 * half + 1).sum();
    if (season % 2 == 0) sum -= (demand[i] + demand[i + 2 * half]) / 2;
    detrended[i] = demand[i + half] - sum / season;
    remainder[i] = detrended[i] - profile[(i + half) % season];
  }
  const double all = Variance(detrended);
  return all > 0 ? 1 - Variance(remainder) / all : 0;
}

bool IsConstant(const Eigen::VectorXd& values) {
  return values.size() == 0 || values.maxCoeff() - values.minCoeff() <= 1e-9 * (1 + std::abs(values[0]));
}

}  // namespace

Eigen::VectorXd Differences::Apply(const Eigen::VectorXd& demand, int season) const {
  Eigen::VectorXd values = demand;
  for (int i = 0; i < seasonal; ++i) values = Difference(values, season);
  for (int i = 0; i < ordinary; ++i) values = Difference(values, 1);
  return values;
}

Differences ChooseDifferences(const Eigen::VectorXd& demand, int season) {
  Differences differences;
  if (season > 1 && demand.size() >= 3 * season && SeasonalStrength(demand, season) > kSeasonalStrength)
    differences.seasonal = 1;
  while (differences.ordinary < kMostDifferences) {
    const Eigen::VectorXd values = differences.Apply(demand, season);
    if (values.size() < 10 || IsConstant(values) || KpssStatistic(values) <= kKpssLimit) break;
    ++differences.ordinary;
  }
  return differences;
}

double KpssStatistic(const Eigen::VectorXd& values) {
  const auto count = static_cast<double>(values.size());
  const Eigen::VectorXd errors = values.array() - values.mean();
  double sum = 0, squares = 0;
  for (const double error : errors) {
    sum += error;
    squares += sum * sum;
  }

  // long-run variance with Bartlett's weights
  const auto most_lags = static_cast<Eigen::Index>(3 * std::sqrt(count) / 13);
  double variance = errors.squaredNorm();
  for (Eigen::Index lag = 1; lag <= most_lags; ++lag) {
    const double weight = 1 - static_cast<double>(lag) / static_cast<double>(most_lags + 1);
    variance += 2 * weight * errors.head(errors.size() - lag).dot(errors.tail(errors.size() - lag));
  }
  return squares / (count * variance);
}

}  // namespace restock
