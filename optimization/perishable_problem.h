#pragma once

#include <vector>

#include "common/count_probabilities.h"
#include "optimization/dynamic_program.h"

namespace restock {

/// One perishable item with lost sales. In a period: order; goods of a lane without lead time arrive; demand is met,
/// first that of customers who get the oldest units, then that of customers who take the newest; of what is left, units
/// at the end of their life are wasted and the others held; all grow older; the order of L - 1 periods ago arrives as
/// new.
struct PerishableSettings {
  int shelf_life = 2;                    // m: periods in which a unit can be sold
  int lead_time = 1;                     // L  [period]
  double holding_cost = 0;               // h: per unit held at period end, wasted ones not  [money/unit/period]
  double stockout_cost = 0;              // p: per unit short  [money/unit]
  double unit_cost = 0;                  // c: per unit ordered  [money/unit]
  double waste_cost = 0;                 // per unit wasted  [money/unit]
  int max_order = 10;                    // [unit]
  CountProbabilities fifo_demand = {1};  // of a period, served from the oldest units; {1}: none
  CountProbabilities lifo_demand = {1};  // of a period, served from the newest
};

/// The item as a Markov decision problem: Haijema & Minner 2019 and De Moor, Gijsbrechts, Boute 2022, whose states
/// these are, as env/period_step.h simulates it.
///
/// A state tells the units by the periods that they have left, the oldest innermost, and then what is on its way, the
/// next to arrive first: each at most max_order, so a state is a number with that many digits. State 0 is empty.
/// Choice q orders q units.
class PerishableProblem : public SmallProblem {
 public:
  /// Throws ConfigError where shelf life, lead time and largest order make too many states for memory.
  explicit PerishableProblem(PerishableSettings settings);

  int num_states() const override { return num_states_; }
  const std::vector<Chance>& chances() const override { return chances_; }
  void Choices(int state, std::vector<Choice>& choices) const override;

  /// Units on hand and on their way.
  int PositionOf(int state) const;

 private:
  Chance AfterDemand(const std::vector<int>& stock) const;

  PerishableSettings settings_;
  int radix_ = 0;  // max_order + 1
  int num_states_ = 0;
  int stock_size_ = 0;           // number of stocks that demand can meet: radix ^ shelf_life
  std::vector<Chance> chances_;  // by stock
};

}  // namespace restock
