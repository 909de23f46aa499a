#pragma once

#include <span>
#include <vector>

namespace restock {

/// A Markov decision problem small enough to keep a number per state. A period has two halves. A choice costs something
/// and leads to a chance; the chance costs something in expectation and leads to the next state. Many choices share a
/// chance: what demand does to ten units on hand is the same whatever is on its way, which only shifts the states.
class SmallProblem {
 public:
  struct Chance {
    double cost = 0;                  // expected
    std::vector<int> offset;          // of the next states from the choice's base
    std::vector<double> probability;  // they sum to 1
  };
  struct Choice {
    double cost = 0;
    int chance = 0;  // index into chances()
    int base = 0;    // the next state is base + offset
  };

  virtual ~SmallProblem() = default;
  virtual int num_states() const = 0;
  virtual const std::vector<Chance>& chances() const = 0;
  /// What can be chosen in `state`, at least one.
  virtual void Choices(int state, std::vector<Choice>& choices) const = 0;
};

/// Which of its choices each state takes, by index.  (num_states)
using StatePolicy = std::vector<int>;

struct DynamicProgramConfig {
  double tolerance = 1e-6;   // on the cost: the bounds come as close as this, in units or in parts of the cost
  int max_sweeps = 100'000;  // where they do not suffice the bounds stay apart
};

/// What a policy costs, between proven bounds.
struct PolicyCost {
  double lower_bound = 0;  // of the average cost per period; of the discounted cost: see the functions
  double upper_bound = 0;
  std::vector<double> value;  // by state: discounted or total cost; for average costs relative to state 0  (num_states)
  int num_sweeps = 0;

  double cost() const { return (lower_bound + upper_bound) / 2; }
};

struct OptimalPolicy : PolicyCost {
  StatePolicy policy;
};

/// The policy of least average cost per period, by value iteration. Before each sweep of the Bellman operator T the
/// smallest and the largest change of a value, TV - V, bound the optimum (Odoni 1969; Puterman 1994, section 8.5), so
/// the cost is exact within its bounds. From any state the optimum must be the same; every chain that a policy makes
/// may be periodic, because values move by half a step once they stop getting closer (Schweitzer 1971).
OptimalPolicy MinimizeAverageCost(const SmallProblem& problem, const DynamicProgramConfig& config = {});
/// Average cost per period of a given policy, in the same way.
PolicyCost AverageCost(const SmallProblem& problem, const StatePolicy& policy, const DynamicProgramConfig& config = {});

/// The policy of least expected cost over all time, a period later counting `discount` < 1 times as much. Values are
/// exact within config.tolerance (MacQueen 1966); the bounds are those of state 0.
OptimalPolicy MinimizeDiscountedCost(const SmallProblem& problem, double discount,
                                     const DynamicProgramConfig& config = {});

/// The least expected cost of `num_periods` periods and of `final_value` after them, by backward induction; `policy` is
/// that of the first period.
OptimalPolicy MinimizeFiniteHorizonCost(const SmallProblem& problem, int num_periods, double discount,
                                        std::vector<double> final_value);
/// The same of a policy that never changes: values by state.
std::vector<double> FiniteHorizonCost(const SmallProblem& problem, const StatePolicy& policy, int num_periods,
                                      double discount, std::vector<double> final_value);
/// What `value` is expected to be after `num_periods` periods, by the state at the start: a warm-up without costs.
std::vector<double> ExpectedAfter(const SmallProblem& problem, const StatePolicy& policy, int num_periods,
                                  std::vector<double> value);

/// How often a policy is in each state in the long run from state `start`, within 1e-10 in total.
std::vector<double> StationaryDistribution(const SmallProblem& problem, const StatePolicy& policy, int start);

}  // namespace restock
