#include "optimization/scenario_reduction.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/check.h"

namespace restock {
namespace {

/// Squared distances are sums over series; a series without variance tells nothing apart.
Eigen::MatrixXd Distances(const Eigen::MatrixXd& demand, int num_scenarios) {
  const Eigen::Index num_series = demand.cols() / num_scenarios;
  Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(num_scenarios, num_scenarios);
  for (Eigen::Index series = 0; series < num_series; ++series) {
    const Eigen::MatrixXd of_series = demand(Eigen::all, Eigen::seqN(series, num_scenarios, num_series));
    const double variance =
        (of_series.colwise() - of_series.rowwise().mean()).squaredNorm() / static_cast<double>(of_series.size());
    if (variance <= 0) continue;
    const Eigen::VectorXd norms = of_series.colwise().squaredNorm();
    squares += ((-2 * of_series.transpose() * of_series).colwise() + norms) / variance;
    squares.rowwise() += norms.transpose() / variance;
  }
  squares.diagonal().setZero();
  return squares.cwiseMax(0).cwiseSqrt();
}

}  // namespace

ReducedScenarios ReduceScenarios(const Eigen::MatrixXd& demand, int num_scenarios, int num_kept) {
  RESTOCK_CHECK_GE(num_kept, 1);
  RESTOCK_CHECK_LE(num_kept, num_scenarios);
  const Eigen::MatrixXd distance = Distances(demand, num_scenarios);
  const int count = num_scenarios;
  ReducedScenarios reduced;
  Eigen::VectorXd nearest = Eigen::VectorXd::Constant(count, std::numeric_limits<double>::infinity());
  std::vector<bool> is_chosen(static_cast<size_t>(count), false);
  for (int round = 0; round < num_kept; ++round) {
    int best = -1;
    double least = std::numeric_limits<double>::infinity();
    for (int candidate = 0; candidate < count; ++candidate) {
      if (is_chosen[static_cast<size_t>(candidate)]) continue;
      const double sum = nearest.cwiseMin(distance.col(candidate)).sum();
      if (sum >= least) continue;
      least = sum;
      best = candidate;
    }
    is_chosen[static_cast<size_t>(best)] = true;
    reduced.chosen.push_back(best);
    nearest = nearest.cwiseMin(distance.col(best));
  }

  // every scenario gives its weight to the nearest one that is kept
  reduced.weight.assign(reduced.chosen.size(), 0);
  for (int scenario = 0; scenario < count; ++scenario) {
    size_t stands_for_it = 0;
    for (size_t i = 1; i < reduced.chosen.size(); ++i) {
      if (distance(scenario, reduced.chosen[i]) < distance(scenario, reduced.chosen[stands_for_it])) stands_for_it = i;
    }
    reduced.weight[stands_for_it] += 1.0 / count;
  }
  reduced.distance = nearest.mean();
  return reduced;
}

}  // namespace restock
