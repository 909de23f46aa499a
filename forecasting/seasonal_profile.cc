#include "forecasting/seasonal_profile.h"

#include <cmath>
#include <limits>
#include <vector>

#include "forecasting/known_values.h"

namespace restock {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr double kLeastIndex = 0.01;        // a multiplicative index is not less
constexpr double kOneInTwenty = 1.6448536;  // normal quantile of 0.95

/// Mean over one season around `period`; an even season takes half of both ends. NaN where one is not known.
double CentredMean(const Eigen::VectorXd& demand, Eigen::Index period, int season) {
  const Eigen::Index half = season / 2;
  if (period < half || period + half >= demand.size()) return kUnknown;
  double sum = demand.segment(period - half, 2 * half + 1).sum();
  if (season % 2 == 0) sum -= (demand[period - half] + demand[period + half]) / 2;
  return sum / season;
}

double Correlation(const Eigen::VectorXd& demand, double mean, Eigen::Index lag) {
  double product = 0, square = 0;
  for (Eigen::Index period = 0; period < demand.size(); ++period) {
    if (std::isnan(demand[period])) continue;
    square += (demand[period] - mean) * (demand[period] - mean);
    if (period < lag || std::isnan(demand[period - lag])) continue;
    product += (demand[period] - mean) * (demand[period - lag] - mean);
  }
  return square > 0 ? product / square : 0;
}

}  // namespace

Eigen::VectorXd SeasonalProfile(const Eigen::VectorXd& demand, int season, SeasonKind kind) {
  const double nothing = kind == SeasonKind::kMultiplicative ? 1 : 0;
  Eigen::VectorXd profile = Eigen::VectorXd::Constant(season, nothing);
  if (kind == SeasonKind::kNone || demand.size() < 2 * season) return profile;

  // average what is left of the trend, by phase
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(season), count = sum;
  for (Eigen::Index period = 0; period < demand.size(); ++period) {
    const double trend = CentredMean(demand, period, season);
    const double left = kind == SeasonKind::kAdditive ? demand[period] - trend : demand[period] / trend;
    if (!std::isfinite(left)) continue;
    sum[period % season] += left;
    count[period % season] += 1;
  }
  for (Eigen::Index phase = 0; phase < season; ++phase) {
    if (count[phase] > 0) profile[phase] = sum[phase] / count[phase];
  }

  // no level in the season
  if (kind == SeasonKind::kAdditive) return (profile.array() - profile.mean()).matrix();
  profile = profile.cwiseMax(kLeastIndex);
  return profile / profile.mean();
}

bool IsSeasonal(const Eigen::VectorXd& demand, int season) {
  if (season < 2 || NumKnown(demand) < 3 * season) return false;
  const double mean = MeanOfKnown(demand);
  double squares = 1;
  for (Eigen::Index lag = 1; lag < season; ++lag) squares += 2 * std::pow(Correlation(demand, mean, lag), 2);
  const double limit = kOneInTwenty * std::sqrt(squares / static_cast<double>(NumKnown(demand)));
  return Correlation(demand, mean, season) > limit;
}

bool IsPositive(const Eigen::VectorXd& demand) { return !(demand.array() <= 0).any(); }

}  // namespace restock
