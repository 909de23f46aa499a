#pragma once

#include <span>
#include <vector>

#include "env/network.h"
#include "optimization/dynamic_program.h"

namespace restock {

/// How much of the infinite state space is kept. Orders that would lead beyond it cannot be chosen.
struct OneSiteBounds {
  int max_position = 0;        // inventory position after ordering  [unit]
  std::vector<int> max_order;  // [unit] (num_lanes)
  int min_level = 0;           // lowest inventory level, what falls below is put there; lost sales: 0  [unit]
};

/// One site that orders from outside supply on one lane or several, with lost sales or backorders, as the Markov
/// decision problem that env/period_step.h simulates: lost sales with lead time, dual sourcing, fixed order costs.
///
/// A state is what is known at the decision: the inventory level (on hand minus backorders) and what arrives 1, 2, ...
/// periods from now, together on all lanes. Levels are innermost, so that demand moves between neighbouring states.
class OneSiteProblem : public SmallProblem {
 public:
  /// `demand[d]`: probability that d units are asked for in a period. Throws ConfigError where the network is no such
  /// site: several sites, order calendars, a shortage that waits in part, or too many states for memory.
  OneSiteProblem(const Network& network, std::span<const double> demand, const OneSiteBounds& bounds);

  /// Bounds that keep an optimal policy. With lost sales, one lane and no order cost they are proven: a single order
  /// need not exceed the p/(p+h) fractile of demand of a period, and the position after it not that of L + 1 periods
  /// (Zipkin 2008). Otherwise they are a generous guess, for SolveOneSite() to check.
  static OneSiteBounds DefaultBounds(const Network& network, std::span<const double> demand);

  int num_states() const override { return static_cast<int>(pipeline_of_state_.size()); }
  const std::vector<Chance>& chances() const override { return chances_; }
  void Choices(int state, std::vector<Choice>& choices) const override;

  /// The state with `level` and `arriving[k]` units that arrive k + 1 periods from now, k + 1 < the longest lead time.
  int StateOf(int level, std::span<const int> arriving) const;
  int LevelOf(int state) const;
  std::vector<int> ArrivingOf(int state) const;
  int PositionOf(int state) const;
  /// Units per lane of a choice, and the choice that orders so much.
  std::vector<int> OrdersOf(int state, int choice) const;
  int ChoiceOf(int state, std::span<const int> orders) const;
  const OneSiteBounds& bounds() const { return bounds_; }

 private:
  struct Lane {
    int lead_time = 0;
    double unit_cost = 0;
    double order_cost = 0;
  };
  /// All states with the same goods on their way.
  struct Pipeline {
    int code = 0;  // what arrives when, in one number
    int first_state = 0;
    int total = 0;  // units
  };

  void AddLanes(const Network& network);
  void AddChances(const Network& network, std::span<const double> demand);
  void AddStates();
  int Arriving(int code, int periods_ahead) const;
  template <class Visit>
  void ForEachOrder(int state, Visit visit) const;

  OneSiteBounds bounds_;
  int longest_lead_time_ = 0;
  std::vector<Lane> lanes_;
  std::vector<Chance> chances_;     // by level after what comes at once
  std::vector<int> most_arriving_;  // periods_ahead - 1  (longest_lead_time - 1)
  std::vector<int> stride_;         // of the code, the same
  std::vector<Pipeline> pipelines_;
  std::vector<int> pipeline_of_code_;  // -1: beyond max_position
  std::vector<int> pipeline_of_state_;
};

struct OneSiteSolution {
  OptimalPolicy optimum;
  OneSiteBounds bounds;
};

/// The policy of least average cost. Where the default bounds are a guess they are widened until a policy that is
/// optimal within them has no use for more room.
OneSiteSolution SolveOneSite(const Network& network, std::span<const double> demand,
                             const DynamicProgramConfig& config = {});

}  // namespace restock
