#pragma once

#include <span>
#include <vector>

#include "env/problem_file.h"
#include "optimization/dynamic_program.h"

namespace restock {

/// Whether `network` is one that JointReplenishment knows.
bool IsJointReplenishment(const Network& network);

/// Several sites that order together from outside supply, each on one lane whose goods are there at once; shortages
/// wait. What they share is the vehicles. As the Markov decision problem that env/period_step.h simulates: a state is
/// the inventory level (on hand minus backorders) of each site after demand, a choice the levels that orders lead to.
class JointReplenishment : public SmallProblem {
 public:
  /// The levels that are kept of a site; what falls below `low` is put there, and no order leads above `high`.
  struct Levels {
    int low = 0;   // [unit]
    int high = 0;  // [unit]
  };

  /// `demand[site][d]`: probability that d units are asked for in a period, independent among sites. Throws ConfigError
  /// where the network is another, or where there are too many states for memory.
  JointReplenishment(const Network& network, std::span<const std::vector<double>> demand, std::vector<Levels> levels);

  /// Levels that hold a few periods' demand either way, or a lot that spreads the fixed cost of its order and vehicle:
  /// a guess, for SolveJointReplenishment() to check.
  static std::vector<Levels> DefaultLevels(const Network& network, std::span<const std::vector<double>> demand);

  int num_states() const override { return static_cast<int>(chances_.size()); }
  const std::vector<Chance>& chances() const override { return chances_; }
  void Choices(int state, std::vector<Choice>& choices) const override;

  int StateOf(std::span<const int> level) const;
  std::vector<int> LevelOf(int state) const;
  /// Units by site of a choice.
  std::vector<int> OrdersOf(int state, int choice) const;

 private:
  template <class Visit>
  void ForEachOrder(int state, Visit visit) const;  // the first site innermost
  double OrderCost(std::span<const int> orders) const;
  Chance AfterDemand(std::span<const std::vector<double>> demand, int state) const;

  const Network& network_;
  std::vector<Levels> levels_;      // by site
  std::vector<int> stride_;         // of the state, by site
  std::vector<int> most_;           // largest order  [unit]  (num_sites)
  std::vector<int> order_stride_;   // of the code of orders, by site
  std::vector<double> order_cost_;  // by code of orders
  std::vector<Chance> chances_;     // by state that orders lead to
};

struct JointReplenishmentSolution {
  OptimalPolicy optimum;
  std::vector<JointReplenishment::Levels> levels;
};

/// The policy of least average cost, or with `discount` < 1 of least discounted cost. Levels are widened until a policy
/// that is optimal within them has no use for more room.
JointReplenishmentSolution SolveJointReplenishment(const Network& network, std::span<const std::vector<double>> demand,
                                                   double discount, const DynamicProgramConfig& config = {});

}  // namespace restock
