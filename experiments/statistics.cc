#include "experiments/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <boost/math/distributions/students_t.hpp>

#include "common/check.h"

namespace restock {

double Mean(std::span<const double> values) {
  RESTOCK_CHECK_GT(values.size(), 0u);
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double StandardDeviation(std::span<const double> values) {
  if (values.size() < 2) return 0;
  const double mean = Mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double StandardError(std::span<const double> values) {
  return StandardDeviation(values) / std::sqrt(static_cast<double>(values.size()));
}

double InterquartileMean(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const size_t cut = sorted.size() / 4;
  return Mean(std::span(sorted).subspan(cut, sorted.size() - 2 * cut));
}

double SortedQuantile(std::span<const double> sorted, double level) {
  RESTOCK_CHECK_GT(sorted.size(), 0u);
  const double place = level * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Interval BlockBootstrap(std::span<const double> blocks, double confidence, int num_resamples, const Random& random) {
  RESTOCK_CHECK_GT(blocks.size(), 0u);
  RandomStream stream = random.At(0);
  std::vector<double> means(static_cast<size_t>(num_resamples));
  for (double& mean : means) {
    double sum = 0;
    for (size_t i = 0; i < blocks.size(); ++i) sum += stream.Choice(blocks);
    mean = sum / static_cast<double>(blocks.size());
  }
  std::sort(means.begin(), means.end());
  return {SortedQuantile(means, (1 - confidence) / 2), SortedQuantile(means, (1 + confidence) / 2)};
}

double StandardError(const Groupings& groupings) {
  double squares = 0;
  for (const std::vector<double>& values : groupings) squares += std::pow(StandardError(std::span(values)), 2);
  return std::sqrt(squares);
}

std::optional<Interval> StudentInterval(const Groupings& groupings, double confidence) {
  RESTOCK_CHECK_GT(groupings.size(), 0u);
  const double mean = Mean(groupings[0]), error = StandardError(groupings);
  double uncertainty = 0;  // of the squared error
  bool is_known = false;
  for (const std::vector<double>& values : groupings) {
    if (values.size() < 2) continue;
    uncertainty += std::pow(StandardError(std::span(values)), 4) / static_cast<double>(values.size() - 1);
    is_known = true;
  }
  if (!is_known) return std::nullopt;
  if (uncertainty == 0) return Interval{mean, mean};
  const double freedom = std::pow(error, 4) / uncertainty;
  const double reach = error * boost::math::quantile(boost::math::students_t(freedom), (1 + confidence) / 2);
  return Interval{mean - reach, mean + reach};
}

std::optional<Interval> MeanInterval(const std::vector<double>& values, double confidence, int num_resamples,
                                     const Random& random) {
  constexpr size_t kFew = 30;
  if (values.size() < kFew) return StudentInterval({values}, confidence);
  return BlockBootstrap(values, confidence, num_resamples, random);
}

}  // namespace restock
