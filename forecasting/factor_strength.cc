#include "forecasting/factor_strength.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "forecasting/score_copula.h"

namespace restock {
namespace {

constexpr int kFewestOrigins = 10;
constexpr float kStrengths[] = {0, 0.25f, 0.5f, 0.75f, 1};
constexpr size_t kMostNeighbours = 40;      // series of a warehouse that one is compared with
constexpr double kMeanRoot = 0.8221789587;  // of the absolute value of a standard normal number

/// Roots of the differences of two scores, over all times at which both are known.
struct DifferenceRoots {
  double count = 0, sum = 0;

  void Add(float one, float other) {
    if (std::isnan(one) || std::isnan(other)) return;
    ++count;
    sum += std::sqrt(std::abs(static_cast<double>(one) - static_cast<double>(other)));
  }
  /// Their variogram score where the correlation is as said, up to what does not depend on it.
  double Score(double correlation) const {
    const double expected = kMeanRoot * std::pow(std::max(0.0, 2 - 2 * correlation), 0.25);
    return expected * (count * expected - 2 * sum);
  }
};

/// What was known of the scores of the first `num_origins` origins when the last of them was made.
PastScores KnownBy(const PastScores& scores, int num_origins) {
  PastScores known(scores.begin(), scores.begin() + num_origins);
  for (int origin = 0; origin < num_origins; ++origin) {
    Eigen::MatrixXf& at = known[static_cast<size_t>(origin)];
    const Eigen::Index num_steps = std::min<Eigen::Index>(at.rows(), num_origins - origin);
    at.bottomRows(at.rows() - num_steps).setConstant(std::numeric_limits<float>::quiet_NaN());
  }
  return known;
}

struct Pair {
  int one, other;
  DifferenceRoots roots;
};

/// Pairs of series of one warehouse, over the origins from `first` on and their steps.
std::vector<Pair> PairsAcross(const PastScores& scores, size_t first, const SeriesGroups& groups) {
  std::vector<std::vector<int>> members(static_cast<size_t>(groups.num_warehouses));
  std::vector<Pair> pairs;
  for (size_t series = 0; series < groups.warehouse.size(); ++series) {
    std::vector<int>& before = members[static_cast<size_t>(groups.warehouse[series])];
    const size_t num = std::min(before.size(), kMostNeighbours);
    for (size_t i = before.size() - num; i < before.size(); ++i) {
      Pair pair = {before[i], static_cast<int>(series), {}};
      for (size_t origin = first; origin < scores.size(); ++origin) {
        const Eigen::MatrixXf& at = scores[origin];
        for (Eigen::Index step = 0; step < at.rows(); ++step) pair.roots.Add(at(step, pair.one), at(step, pair.other));
      }
      pairs.push_back(pair);
    }
    before.push_back(static_cast<int>(series));
  }
  return pairs;
}

}  // namespace

float ChooseFactorStrength(const PastScores& scores, const SeriesGroups& groups) {
  float chosen = 0;
  if (scores.size() < kFewestOrigins) return chosen;
  const auto half = static_cast<int>(scores.size() / 2);
  const PastScores early = KnownBy(scores, half);
  const std::vector<Pair> pairs = PairsAcross(scores, static_cast<size_t>(half), groups);
  double least = std::numeric_limits<double>::infinity();
  for (const float strength : kStrengths) {
    const ScoreCopula copula(early, groups, strength);
    double score = 0;
    for (const Pair& pair : pairs) score += pair.roots.Score(copula.Correlation(groups, pair.one, pair.other));
    if (score < least) chosen = strength;
    least = std::min(least, score);
  }
  return chosen;
}

}  // namespace restock
