#include "optimization/dynamic_program.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/check.h"

namespace restock {
namespace {

using Chance = SmallProblem::Chance;
using Choice = SmallProblem::Choice;

size_t Index(int i) { return static_cast<size_t>(i); }

/// One sweep over all states. `of_period` is 1, or 0 where costs do not count.
class Sweep {
 public:
  Sweep(const SmallProblem& problem, double discount, double of_period = 1)
      : problem_(problem), discount_(discount), of_period_(of_period) {}

  // the Bellman operator: the best of all choices, the first where several are
  void Minimize(const std::vector<double>& value, std::vector<double>& better, StatePolicy& policy) const {
    std::vector<Choice> choices;
    // where states lead to the same chance at the same base it is looked at once: without lead times always
    struct Known {
      int base = -1;
      double expected = 0;
    };
    std::vector<Known> known(problem_.chances().size());
    for (int state = 0; state < problem_.num_states(); ++state) {
      problem_.Choices(state, choices);
      double least = std::numeric_limits<double>::infinity();
      for (size_t i = 0; i < choices.size(); ++i) {
        const Choice& choice = choices[i];
        Known& after = known[Index(choice.chance)];
        if (after.base != choice.base) after = {choice.base, ExpectedAfter(choice, value)};
        const double cost = of_period_ * choice.cost + after.expected;
        if (cost >= least) continue;
        least = cost;
        policy[Index(state)] = static_cast<int>(i);
      }
      better[Index(state)] = least;
    }
  }

  void Follow(const std::vector<Choice>& taken, const std::vector<double>& value, std::vector<double>& result) const {
    for (size_t state = 0; state < taken.size(); ++state)
      result[state] = of_period_ * taken[state].cost + ExpectedAfter(taken[state], value);
  }

 private:
  // the chance and all that follows
  double ExpectedAfter(const Choice& choice, const std::vector<double>& value) const {
    const Chance& chance = problem_.chances()[Index(choice.chance)];
    const double* from_base = value.data() + choice.base;
    double expected = 0;
    for (size_t i = 0; i < chance.offset.size(); ++i) expected += chance.probability[i] * from_base[chance.offset[i]];
    return of_period_ * chance.cost + discount_ * expected;
  }

  const SmallProblem& problem_;
  double discount_;
  double of_period_;
};

std::vector<Choice> ChoicesOf(const SmallProblem& problem, const StatePolicy& policy) {
  RESTOCK_CHECK_EQ(policy.size(), Index(problem.num_states()));
  std::vector<Choice> taken;
  std::vector<Choice> choices;
  for (int state = 0; state < problem.num_states(); ++state) {
    problem.Choices(state, choices);
    taken.push_back(choices.at(Index(policy[Index(state)])));
  }
  return taken;
}

/// Repeats `sweep`(value, swept) until the bounds on the average cost meet.
template <class SweepOnce>
void IterateAverageCost(const DynamicProgramConfig& config, SweepOnce sweep, PolicyCost& result) {
  constexpr int kPatience = 50;  // sweeps without a closer bound, after which steps are halved
  std::vector<double>& value = result.value;
  std::vector<double> swept(value.size());
  double step = 1;
  double least_span = std::numeric_limits<double>::infinity();
  int last_progress = 0;
  for (result.num_sweeps = 1; result.num_sweeps <= config.max_sweeps; ++result.num_sweeps) {
    sweep(value, swept);

    // the bounds
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (size_t state = 0; state < value.size(); ++state) {
      low = std::min(low, swept[state] - value[state]);
      high = std::max(high, swept[state] - value[state]);
    }
    result.lower_bound = low;
    result.upper_bound = high;
    if (high - low <= config.tolerance * std::max(1.0, std::abs(low))) return;

    // the step
    if (high - low < 0.99 * least_span) {
      least_span = high - low;
      last_progress = result.num_sweeps;
    } else if (result.num_sweeps - last_progress > kPatience) {
      step = 0.5;
    }
    const double origin = value[0] + step * (swept[0] - value[0]);
    for (size_t state = 0; state < value.size(); ++state) value[state] += step * (swept[state] - value[state]) - origin;
  }
}

}  // namespace

OptimalPolicy MinimizeAverageCost(const SmallProblem& problem, const DynamicProgramConfig& config) {
  OptimalPolicy result;
  result.value.resize(Index(problem.num_states()));
  result.policy.resize(result.value.size());
  const Sweep sweep(problem, /*discount=*/1);
  IterateAverageCost(
      config, [&](const auto& value, auto& better) { sweep.Minimize(value, better, result.policy); }, result);
  return result;
}

PolicyCost AverageCost(const SmallProblem& problem, const StatePolicy& policy, const DynamicProgramConfig& config) {
  PolicyCost result;
  result.value.resize(Index(problem.num_states()));
  const std::vector<Choice> taken = ChoicesOf(problem, policy);
  const Sweep sweep(problem, /*discount=*/1);
  IterateAverageCost(
      config, [&](const auto& value, auto& swept) { sweep.Follow(taken, value, swept); }, result);
  return result;
}

OptimalPolicy MinimizeDiscountedCost(const SmallProblem& problem, double discount, const DynamicProgramConfig& config) {
  RESTOCK_CHECK(discount >= 0 && discount < 1);
  OptimalPolicy result;
  result.value.resize(Index(problem.num_states()));
  result.policy.resize(result.value.size());
  const Sweep sweep(problem, discount);
  std::vector<double> better(result.value.size());
  for (result.num_sweeps = 1; result.num_sweeps <= config.max_sweeps; ++result.num_sweeps) {
    sweep.Minimize(result.value, better, result.policy);
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (size_t state = 0; state < better.size(); ++state) {
      low = std::min(low, better[state] - result.value[state]);
      high = std::max(high, better[state] - result.value[state]);
    }

    // all that is still to come lies between a change of `low` and one of `high` in every period
    const double periods = discount / (1 - discount);
    result.lower_bound = better[0] + periods * low;
    result.upper_bound = better[0] + periods * high;
    const bool is_done = periods * (high - low) <= config.tolerance * std::max(1.0, std::abs(result.lower_bound));
    const double middle = is_done ? periods * (low + high) / 2 : 0;
    for (size_t state = 0; state < better.size(); ++state) result.value[state] = better[state] + middle;
    if (is_done) break;
  }
  return result;
}

OptimalPolicy MinimizeFiniteHorizonCost(const SmallProblem& problem, int num_periods, double discount,
                                        std::vector<double> final_value) {
  RESTOCK_CHECK_EQ(final_value.size(), Index(problem.num_states()));
  OptimalPolicy result;
  result.value = std::move(final_value);
  result.policy.resize(result.value.size());
  const Sweep sweep(problem, discount);
  std::vector<double> better(result.value.size());
  for (; result.num_sweeps < num_periods; ++result.num_sweeps) {
    sweep.Minimize(result.value, better, result.policy);
    result.value.swap(better);
  }
  result.lower_bound = result.upper_bound = result.value[0];
  return result;
}

std::vector<double> FiniteHorizonCost(const SmallProblem& problem, const StatePolicy& policy, int num_periods,
                                      double discount, std::vector<double> final_value) {
  RESTOCK_CHECK_EQ(final_value.size(), Index(problem.num_states()));
  const std::vector<Choice> taken = ChoicesOf(problem, policy);
  const Sweep sweep(problem, discount);
  std::vector<double> earlier(final_value.size());
  for (int period = 0; period < num_periods; ++period) {
    sweep.Follow(taken, final_value, earlier);
    final_value.swap(earlier);
  }
  return final_value;
}

std::vector<double> ExpectedAfter(const SmallProblem& problem, const StatePolicy& policy, int num_periods,
                                  std::vector<double> value) {
  RESTOCK_CHECK_EQ(value.size(), Index(problem.num_states()));
  const std::vector<Choice> taken = ChoicesOf(problem, policy);
  const Sweep sweep(problem, /*discount=*/1, /*of_period=*/0);
  std::vector<double> earlier(value.size());
  for (int period = 0; period < num_periods; ++period) {
    sweep.Follow(taken, value, earlier);
    value.swap(earlier);
  }
  return value;
}

std::vector<double> StationaryDistribution(const SmallProblem& problem, const StatePolicy& policy, int start) {
  constexpr double kTolerance = 1e-10;
  constexpr int kMaxSweeps = 100'000;
  const std::vector<Choice> taken = ChoicesOf(problem, policy);
  std::vector<double> share(taken.size());
  std::vector<double> next(taken.size());
  share[Index(start)] = 1;
  for (int sweep = 0; sweep < kMaxSweeps; ++sweep) {
    // half of the mass stays, so that periodic chains settle too
    for (size_t state = 0; state < share.size(); ++state) next[state] = share[state] / 2;
    for (size_t state = 0; state < share.size(); ++state) {
      if (share[state] == 0) continue;
      const Chance& chance = problem.chances()[Index(taken[state].chance)];
      for (size_t i = 0; i < chance.offset.size(); ++i)
        next[Index(taken[state].base + chance.offset[i])] += share[state] / 2 * chance.probability[i];
    }
    double change = 0;
    for (size_t state = 0; state < share.size(); ++state) change += std::abs(next[state] - share[state]);
    share.swap(next);
    if (change < kTolerance) break;
  }
  return share;
}

}  // namespace restock
