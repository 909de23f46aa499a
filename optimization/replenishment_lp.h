#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

#include "common/demand.h"
#include "env/network.h"
#include "optimization/lp_model.h"
#include "optimization/simplex/simplex_solver.h"

namespace restock {

/// What a plan starts from: the moment of decision, before the orders of its first period.
struct ReplenishmentStart {
  int phase = 0;                   // of the order calendars in the first period
  std::vector<double> on_hand;     // [unit] (num_sites)
  std::vector<double> backorders;  // [unit] (num_sites)
  Eigen::MatrixXd in_transit;      // arriving 1, 2, ... periods from now  [unit] (longest lead time, num_lanes)

  /// Network::initial_on_hand, nothing on its way.
  static ReplenishmentStart Initial(const Network& network, int phase);
};

struct ReplenishmentLpOptions {
  int num_periods = 14;
  bool credit_leftovers = true;  // stock on hand and in transit at the end pays back its unit_value
  bool safety_stock = false;     // a row per site and period: a period's last stock below the safety stock costs
  double tie_break = 0;          // size of a fixed perturbation of the order costs, relative to |unit cost| + 1
};

/// The replenishment problem of a network with known demand as a linear program: a relaxation of exactly the
/// simulator's dynamics (docs/model.md). Units need not be whole, rationing is replaced by free choice and the cost per
/// order is left out, so the optimum is a lower bound on what any policy pays. It knows plain networks only: none of
/// Network::FirstFeature().
///
/// For site i and period t, with I what is on hand at the period's end, U unmet demand, W backorders that still wait, b
/// the share of unmet demand that waits, and Q[a,t] what lane a ships:
///
///   I[i,t] = I[i,t-1] + arrivals[i,t] - sum of Q[a,t] over the lanes a out of i - served_late[i,t] - sold[i,t]
///
///   sold[i,t]        = d[i,t] - U[i,t],                         0 <= U[i,t] <= d[i,t]
///   served_late[i,t] = W[i,t-1] + b U[i,t-1] - W[i,t] >= 0,     0 <= W[i,t]
///   overflow[l,t]   >= sum of volume I[i,t] over the sites i at l - storage capacity
///   0 <= I[i,t],  0 <= Q[a,t] <= lane capacity, 0 on closed days; what arrives at once is not shipped on at once
///
/// Start, demand and calendar only move bounds and right-hand sides, so the last basis stays dual feasible.
class ReplenishmentLp {
 public:
  /// For `sites` alone, with the lanes among them and from outside. `network` must outlive it.
  ReplenishmentLp(const Network& network, std::vector<int> sites, const ReplenishmentLpOptions& options);

  /// The structure, with nothing on hand and no demand: Apply() sets both.
  const LpModel& model() const { return model_; }
  const std::vector<int>& sites() const { return sites_; }
  const std::vector<int>& lanes() const { return lanes_; }
  /// Column of what lanes()[lane] ships in `period`.
  int ShipmentColumn(int lane, int period) const { return ColumnAt(shipment_, lane, period); }

  /// Sets start and demand in a solver made from model(). `demand`: [unit] (num_periods, sites().size());
  /// `safety_stock`: by site of the network, empty without safety stocks.
  void Apply(const ReplenishmentStart& start, const Eigen::MatrixXd& demand, std::span<const double> safety_stock,
             SimplexSolver& solver) const;

 private:
  void AddRows();
  void AddShipments();
  void AddStocks();
  void AddShortages();
  void AddOverflows();
  void AddSafetyStocks();
  void ApplyLanes(int phase, SimplexSolver& solver) const;

  /// Index of place (period, item) in one of the tables below.
  size_t At(int item, int period) const { return static_cast<size_t>(item * options_.num_periods + period); }
  int ColumnAt(const std::vector<int>& table, int item, int period) const { return table[At(item, period)]; }
  bool HasBackorders(int place) const;
  bool ShipsBeforeArrivals(int place) const;
  double ShortfallCost(int place) const;
  double MostShipped(int lane) const;

  const Network& network_;
  ReplenishmentLpOptions options_;
  std::vector<int> sites_;
  std::vector<int> lanes_;
  std::vector<int> locations_;      // with limited storage
  std::vector<int> place_of_site_;  // in sites_, -1: not among them  (num_sites)
  LpModel model_;

  // rows and columns by item and period, -1 where there is none
  std::vector<int> balance_, shippable_, waiting_, storage_, safety_;  // rows
  std::vector<int> shipment_, on_hand_, unmet_, still_waiting_;        // columns
};

/// Sites that have nothing to do with each other: no lane between them, no storage limit in common. Each set ascending.
std::vector<std::vector<int>> IndependentComponents(const Network& network);

/// What an episode of `num_periods` periods from Network::initial_on_hand costs at the least if its demand is known
/// from the start: a lower bound on the simulated cost of every policy on that scenario; minus infinity where it cannot
/// be computed.  [money]
double PerfectInformationBound(const Network& network, const ScenarioSet& scenarios, int scenario, int num_periods,
                               bool credit_leftovers);

}  // namespace restock
