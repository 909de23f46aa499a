#pragma once

#include <memory>
#include <span>
#include <vector>

#include "common/demand.h"
#include "env/network.h"
#include "optimization/lp_model.h"
#include "optimization/simplex/simplex_solver.h"

namespace restock {

/// What a plan starts from: stock and pipeline at the moment of decision.
struct ReplenishmentStart {
  std::vector<double> on_hand;     // (num_sites)
  std::vector<double> backorders;  // (num_sites)
  std::vector<double>
      in_transit;  // units on lane that arrive `ahead` periods from now, at [lane * max_lead_time + ahead - 1]
  int phase = 0;   // of the order calendars in the first period
  /// Network::initial_on_hand, nothing under way.
  static ReplenishmentStart Initial(const Network& network, int phase);
};

struct ReplenishmentLpOptions {
  int num_periods = 14;
  bool credit_leftovers = true;  // stock on hand and in transit at the end pays back unit_value
  bool safety_stock =
      false;  // adds a row per site and period: stock at period end reaches the safety stock, or the shortfall costs
  double tie_break = 0;  // relative size of a fixed perturbation of the order costs that makes the optimum unique
};

/// The replenishment problem of a network with known demand, as a linear program: a relaxation of exactly the
/// simulator's dynamics (docs/model.md). Whole units are dropped, rationing is replaced by free choice, the cost per
/// order is left out, so the optimum is a lower bound on what any policy pays.
///
/// Per site i and period t, with stock I, shortage S, and per lane a and period t the order Q:
///   I[i,t] = I[i,t-1] + arrivals[i,t] - sum over lanes out of i of Q[a,t] - (wanted[i,t] - S[i,t]),
///   wanted[i,t] = demand[i,t] + backorder_share * S[i,t-1],   0 <= S[i,t] <= wanted[i,t],
/// and per location with limited storage: overflow[l,t] >= sum of volume * I - capacity.
/// Start, demand and calendar phase only move bounds and right-hand sides, so a re-solve can start from the last basis.
class ReplenishmentLp {
 public:
  /// `sites`: plan for these only; the lanes among them and from outside come along. A lane to or from a site that is
  /// not among them is left out.
  ReplenishmentLp(const Network& network, std::vector<int> sites, const ReplenishmentLpOptions& options);

  const LpModel& model() const { return model_; }
  const std::vector<int>& sites() const { return sites_; }
  const std::vector<int>& lanes() const { return lanes_; }

  /// Column of the order on lanes()[lane] in `period`.
  int OrderColumn(int lane, int period) const {
    return order_column_[static_cast<size_t>(lane * options_.num_periods + period)];
  }

  /// Sets what the plan starts from and meets, in `target` (the model itself, or a solver that holds a copy of it).
  /// `demand` is (num_periods, sites().size()), `safety_stock` (sites().size()) or empty.
  void Apply(const ReplenishmentStart& start, const Eigen::MatrixXd& demand, std::span<const double> safety_stock,
             SimplexSolver& target) const;

 private:
  const Network& network_;
  ReplenishmentLpOptions options_;
  std::vector<int> sites_;
  std::vector<int> lanes_;
  LpModel model_;
  std::vector<int> order_column_;
};

/// Sites that have nothing to do with each other: no lane between them and no storage limit in common. Each set
/// ascending.
std::vector<std::vector<int>> IndependentComponents(const Network& network);

/// What the episode of `num_periods` periods from Network::initial_on_hand would cost at least if its demand were known
/// from the start: a lower bound on the simulated cost of every policy on that scenario, and minus infinity where the
/// linear program is unbounded (leftovers worth more than they cost).  [money]
double PerfectInformationBound(const Network& network, const ScenarioSet& scenarios, int scenario, int num_periods,
                               bool credit_leftovers);

}  // namespace restock
