#pragma once

#include <vector>

#include <Eigen/Core>

namespace restock {

/// A few scenarios that stand for many.
struct ReducedScenarios {
  std::vector<int> chosen;     // indices of the scenarios that are kept, in the order in which they were chosen
  std::vector<double> weight;  // share of all scenarios that each stands for; they sum to 1
  double distance = 0;         // mean distance of a scenario to the one that stands for it
};

/// Keeps `num_kept` scenarios by fast forward selection (Heitsch & Roemisch 2003, algorithm 2.4): each time the one
/// that most reduces the mean distance of all to their nearest kept one. Distances are Euclidean over the demand of all
/// periods and series, each series in units of its own standard deviation.
/// `demand`: (num_periods, num_scenarios * num_series), scenario by scenario
ReducedScenarios ReduceScenarios(const Eigen::MatrixXd& demand, int num_scenarios, int num_kept);

}  // namespace restock
