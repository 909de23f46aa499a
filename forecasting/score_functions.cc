#include "forecasting/score_functions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "common/check.h"
#include "forecasting/forecast_metrics.h"

namespace restock {
namespace {

/// Mean of `term(i)` over those that are known; NaN where there is none.
template <class Term>
double MeanOfKnown(Eigen::Index count, const Term& term) {
  double sum = 0, known = 0;
  for (Eigen::Index i = 0; i < count; ++i) {
    const double value = term(i);
    if (std::isnan(value)) continue;
    sum += value;
    ++known;
  }
  return sum / known;
}

double OverScale(double score, double scale) {
  return scale > 0 ? score / scale : std::numeric_limits<double>::quiet_NaN();
}

/// From the first value above zero on.
Eigen::VectorXd FromFirstSale(const Values& past) {
  Eigen::Index first = 0;
  while (first < past.size() && !(past[first] > 0)) ++first;
  return past.tail(past.size() - first);
}

}  // namespace

double AbsoluteScaledError(const Values& actual, const Values& forecast, const Values& past, int season) {
  RESTOCK_CHECK_EQ(actual.size(), forecast.size());
  const double error = MeanOfKnown(actual.size(), [&](Eigen::Index i) { return std::abs(actual[i] - forecast[i]); });
  return OverScale(error, SeasonalDifference(past, season));
}

double RootSquaredScaledError(const Values& actual, const Values& forecast, const Values& past) {
  RESTOCK_CHECK_EQ(actual.size(), forecast.size());
  const double square =
      MeanOfKnown(actual.size(), [&](Eigen::Index i) { return std::pow(actual[i] - forecast[i], 2); });
  return std::sqrt(OverScale(square, SquaredDifference(past)));
}

double SymmetricPercentageError(const Values& actual, const Values& forecast) {
  RESTOCK_CHECK_EQ(actual.size(), forecast.size());
  return 200 * MeanOfKnown(actual.size(), [&](Eigen::Index i) {
           const double size = std::abs(actual[i]) + std::abs(forecast[i]);
           return size == 0 ? 0 : std::abs(actual[i] - forecast[i]) / size;
         });
}

double PercentageError(const Values& actual, const Values& forecast) {
  RESTOCK_CHECK_EQ(actual.size(), forecast.size());
  return 100 * MeanOfKnown(actual.size(), [&](Eigen::Index i) {
           return actual[i] == 0 ? std::numeric_limits<double>::quiet_NaN() : std::abs(forecast[i] / actual[i] - 1);
         });
}

double BestForPercentageError(const Values& levels, const Values& quantiles) {
  RESTOCK_CHECK_EQ(levels.size(), quantiles.size());
  // equally likely values, by straight lines between the logarithms of the quantiles
  constexpr int kGrid = 400;
  std::vector<double> values;
  for (int i = 0; i < kGrid; ++i) {
    const double level = std::clamp((i + 0.5) / kGrid, levels[0], levels[levels.size() - 1]);
    Eigen::Index above = 1;
    while (above + 1 < levels.size() && levels[above] < level) ++above;
    const double share = (level - levels[above - 1]) / (levels[above] - levels[above - 1]);
    const double low = std::log(std::max(quantiles[above - 1], 1e-9)),
                 high = std::log(std::max(quantiles[above], 1e-9));
    values.push_back(std::exp((1 - share) * low + share * high));
  }

  // in ascending order until half of the weight is reached
  double total = 0, sum = 0;
  for (const double value : values) total += 1 / value;
  for (const double value : values) {
    sum += 1 / value;
    if (2 * sum >= total) return value;
  }
  return values.back();
}

double OverallWeightedAverage(double smape, double mase, double naive_smape, double naive_mase) {
  return (smape / naive_smape + mase / naive_mase) / 2;
}

double PinballLoss(double level, double actual, double quantile) {
  return std::max(level * (actual - quantile), (level - 1) * (actual - quantile));
}

double ScaledPinballLoss(double level, const Values& actual, const Values& quantile, const Values& past) {
  RESTOCK_CHECK_EQ(actual.size(), quantile.size());
  // std::max passes a NaN of its second argument by
  const double loss = MeanOfKnown(actual.size(), [&](Eigen::Index i) {
    return std::isnan(actual[i]) ? actual[i] : PinballLoss(level, actual[i], quantile[i]);
  });
  return OverScale(loss, SeasonalDifference(FromFirstSale(past), 1));
}

double ScaledIntervalScore(double alpha, const Values& actual, const Values& low, const Values& high,
                           const Values& past, int season) {
  RESTOCK_CHECK_EQ(actual.size(), low.size());
  RESTOCK_CHECK_EQ(actual.size(), high.size());
  const double score = MeanOfKnown(actual.size(), [&](Eigen::Index i) {
    const double outside = std::max({low[i] - actual[i], actual[i] - high[i], 0.0});
    return std::isnan(actual[i]) ? actual[i] : high[i] - low[i] + 2 / alpha * outside;
  });
  return OverScale(score, SeasonalDifference(past, season));
}

double Coverage(const Values& actual, const Values& low, const Values& high) {
  return MeanOfKnown(actual.size(), [&](Eigen::Index i) {
    if (std::isnan(actual[i])) return actual[i];
    return low[i] <= actual[i] && actual[i] <= high[i] ? 1.0 : 0.0;
  });
}

double FairCrps(Eigen::VectorXd samples, double actual) {
  if (samples.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  // in order, the i-th of S is subtracted from S - 1 - i others and others are from it i times
  std::sort(samples.begin(), samples.end());
  const auto count = static_cast<double>(samples.size());
  double distances = 0;
  for (Eigen::Index i = 0; i < samples.size(); ++i) {
    distances += samples[i] * (2 * static_cast<double>(i) - count + 1);
  }
  return (samples.array() - actual).abs().mean() - distances / (count * (count - 1));
}

double EnergyScore(const Eigen::MatrixXd& paths, const Values& actual) {
  RESTOCK_CHECK_EQ(paths.cols(), actual.size());
  const auto count = static_cast<double>(paths.rows());
  double to_actual = 0, to_others = 0;
  for (Eigen::Index i = 0; i < paths.rows(); ++i) {
    to_actual += (paths.row(i).transpose() - actual).norm();
    for (Eigen::Index j = 0; j < i; ++j) to_others += (paths.row(i) - paths.row(j)).norm();
  }
  return to_actual / count - to_others / (count * count);
}

double VariogramScore(const Eigen::MatrixXd& paths, const Values& actual, double power) {
  RESTOCK_CHECK_EQ(paths.cols(), actual.size());
  double score = 0;
  for (Eigen::Index i = 0; i < actual.size(); ++i) {
    for (Eigen::Index j = i + 1; j < actual.size(); ++j) {
      const auto difference = (paths.col(i) - paths.col(j)).array().abs();
      const double expected = power == 0.5 ? difference.sqrt().mean() : difference.pow(power).mean();
      score += std::pow(std::pow(std::abs(actual[i] - actual[j]), power) - expected, 2);
    }
  }
  return score;
}

double RandomisedTransform(double below, double up_to, double uniform) { return below + uniform * (up_to - below); }

}  // namespace restock
