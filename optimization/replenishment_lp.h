#pragma once

#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "env/network.h"
#include "optimization/lp_model.h"
#include "optimization/lp_solution.h"
#include "optimization/replenishment_start.h"
#include "optimization/simplex/simplex_solver.h"

namespace restock {

/// Where demand scenarios part: orders from `after` periods after the present on may differ between `parts` groups of
/// those that shared their orders until then.
struct DemandBranching {
  int after = 1;  // [period]
  int parts = 2;
};

enum class ShortageRows { kNone, kTogether, kBySite };

struct ReplenishmentLpOptions {
  int num_periods = 14;
  int num_scenarios = 1;                         // of demand, equally likely until ApplyWeights(); neighbours are
                                                 // alike the longest
  std::vector<DemandBranching> branchings = {};  // in their order; empty: all scenarios share all orders
  bool moves_forward = false;    // the present may be any period: the plan of an episode, solved again as it goes on
  bool is_bound = false;         // what chance decides may be chosen; otherwise it is its mean
  bool credit_leftovers = true;  // stock on hand and in transit at the end pays back its unit_value
  bool safety_stock = false;     // a row per site and period: a period's last stock below the safety stock costs
  ShortageRows shortage_rows = ShortageRows::kNone;  // rows for the units short in the period they are asked for, from
                                                     // the first one that an order of the plan can reach
  bool shortage_is_free = false;  // who is short pays nothing in that period; customers who wait longer do
  bool within_storage = false;    // storage capacity is never exceeded, whatever it would cost
  bool has_names = false;         // of rows and columns, for people
  double discount = 1;            // what is paid a period later counts so many times as much
  int warm_up = 0;                // periods before, whose costs do not count
  double tie_break = 0;           // size of a fixed perturbation of the order costs, relative to |unit cost| + 1
};

/// Indices of rows or columns by scenario, item and period; -1 where there is none.
class IndexTable {
 public:
  void Resize(int num_scenarios, int num_items, int num_periods);
  int& operator()(int scenario, int item, int period) { return index_[Place(scenario, item, period)]; }
  int operator()(int scenario, int item, int period) const { return index_[Place(scenario, item, period)]; }

 private:
  size_t Place(int scenario, int item, int period) const {
    return static_cast<size_t>((scenario * num_items_ + item) * num_periods_ + period);
  }
  int num_items_ = 0;
  int num_periods_ = 0;
  std::vector<int> index_;
};

/// What a row or a column speaks of, for people.
struct LpLabel {
  std::string what;  // `capacity of milk from central to north`
  int period = 0;
};

/// The replenishment problem of a network as a linear program over a window of periods, for one demand or for several
/// equally likely ones: a sample average on a scenario tree (Birge & Louveaux 2011, chapters 2 and 9). Orders are the
/// same in all scenarios that have not parted when they are placed. One branching right after the present gives two
/// stages, in which everything but the present orders is chosen in hindsight; several give more, and a higher cost;
/// none a plan that is fixed ahead and answers to nothing.
///
/// With one known demand it is a relaxation of exactly the simulator's dynamics (docs/model.md), so its optimum is a
/// lower bound on what any policy pays: units need not be whole, rationing is a free choice, the cost per order, packs
/// and minimum orders are left out, a vehicle costs by its load, goods may be thrown away at their waste cost before
/// they are too old, and what yields and disruptions take away counts as not ordered. FirstUnknown() tells what it does
/// not know.
///
/// For site i and period t, with I what is on hand at the period's end, U unmet demand, W backorders that still wait, b
/// the share of unmet demand that waits, and Q[a,t] what lane a ships:
///
///   I[i,t] = I[i,t-1] + arrivals[i,t] - sum of Q[a,t] over the lanes a out of i - served_late[i,t] - sold[i,t]
///
///   sold[i,t]        = d[i,t] - U[i,t],                         0 <= U[i,t] <= d[i,t]
///   served_late[i,t] = W[i,t-1] + b U[i,t-1] - W[i,t] >= 0,     0 <= W[i,t]
///   overflow[l,t]   >= sum of volume I[i,t] over the sites i at l - storage capacity
///   sum of Q[a,t] over the lanes a out of i <= what is on hand at the decision, and <= shipping capacity of i
///   sum of weight q[a,t] over the lanes of a joint limit <= limit
///   q[a,t] = Q[a,t], or Q[a,t] + O[a,t] - O[a,t-1] >= 0 where orders O that are not filled wait
///   0 <= I[i,t],  0 <= q[a,t] <= lane capacity, 0 on closed days
///
/// A channel's U and W take from the balance of its host. Start, demand and calendar only move bounds and right-hand
/// sides, so the last basis stays dual feasible; so does moving the present through the plan.
class ReplenishmentLp {
 public:
  /// For `sites` alone, with the lanes among them and from outside. `network` must outlive it.
  ReplenishmentLp(const Network& network, std::vector<int> sites, const ReplenishmentLpOptions& options);

  /// The first feature of `network` that a linear program cannot tell: "goodwill"; empty: it knows them all.
  static std::string FirstUnknown(const Network& network);

  /// The structure, with nothing on hand and no demand: Apply() sets both.
  const LpModel& model() const { return model_; }
  const std::vector<int>& sites() const { return sites_; }
  const std::vector<int>& lanes() const { return lanes_; }
  const ReplenishmentLpOptions& options() const { return options_; }

  /// Sets start and demand in a solver made from model(). `demand`: [unit] (num_periods, num_scenarios * number of
  /// sites()), scenario by scenario; `safety_stock`: by site of the network, empty without safety stocks.
  void Apply(const ReplenishmentStart& start, const Eigen::MatrixXd& demand, std::span<const double> safety_stock,
             SimplexSolver& solver) const;
  /// Makes scenarios unequally likely. `weights`: their probabilities, which sum to 1 (num_scenarios). Costs change, so
  /// that the last basis is no more dual feasible.
  void ApplyWeights(std::span<const double> weights, SimplexSolver& solver) const;
  /// What the objective does not hold, since no decision changes it: what demand would earn if all were met, goods that
  /// are under way already.  [money]
  double FixedCost(const ReplenishmentStart& start, const Eigen::MatrixXd& demand) const;
  /// What a plan wants to order on lanes()[place] in `period`, the present or, with one scenario, any.  [unit]
  double Order(int place, int period, const ReplenishmentStart& start, const LpSolution& plan) const;

  // columns, and rows by scenario, that a plan is read by; -1 where there is none
  /// Of what lanes()[place] ships in `period`, where all scenarios share the order.
  int ShipmentColumn(int place, int period) const { return shipment_[0](0, place, period); }
  /// The same for each group of scenarios that may order apart.
  struct SharedColumn {
    int column;
    double share;  // of the scenarios
  };
  std::vector<SharedColumn> ShipmentColumns(int place, int period) const;
  /// Where orders wait, the row in which they meet the lane's capacity; elsewhere the column's bound is the capacity.
  const IndexTable& order_rows() const { return ordered_; }      // by place in lanes()
  const IndexTable& storage_rows() const { return storage_; }    // by limited location
  const IndexTable& joint_rows() const { return joint_; }        // by joint limit
  const IndexTable& capacity_rows() const { return capacity_; }  // by place in sites()
  const std::vector<int>& limited_locations() const { return locations_; }
  /// Of the unmet demand of sites()[place], or of all together, the mean over scenarios: without limits until they are
  /// set; -1: none.
  int shortage_row(int place) const { return shortage_row_[static_cast<size_t>(place)]; }
  /// Of what sites()[place] has on hand at the end of `period`, on the first path; -1: none of its own.
  int StockColumn(int place, int period) const { return on_hand_(0, place, period); }
  /// Of what it is short of in `period`, likewise.
  int ShortageColumn(int place, int period) const { return unmet_(0, place, period); }
  /// The first period in which sites()[place] can have what the plan orders.
  int FirstArrival(int place) const;
  /// With `has_names`, by row and by column.
  const std::vector<LpLabel>& row_labels() const { return row_labels_; }
  const std::vector<LpLabel>& column_labels() const { return column_labels_; }

 private:
  /// A lane of the program.
  struct LaneParts {
    int delay = 0;                // periods until an order takes effect
    int delay_entry = -1;         // of Network::order_delays
    int waiting_entry = -1;       // of Network::unfilled_orders, where they wait
    double unfilled_cost = 0;     // per unit that waits
    double unit_cost = 0;         // with the vehicles' cost by load
    double pipeline_cost = 0;     // g
    double yield = 1;             // share of an order that is good
    std::vector<LpEntry> limits;  // joint limits and the lane's weight in them
  };

  int num_places() const { return static_cast<int>(sites_.size()); }
  int num_lanes() const { return static_cast<int>(lanes_.size()); }
  double Weight(int period) const;
  double WeightOf(int first, int num_periods) const;
  void FindLanes();
  void FindLocations();
  void FindLevels();
  int LevelOf(int ahead) const;

  void AddRows(int scenario);
  void AddShipments();
  void AddShipmentsOf(int lane_place, int period, double tie_breaker);
  int AddShipment(int lane_place, int period, int level, int group, double tie_breaker);
  void AddShipmentEntries(int lane_place, int period, int scenario, std::vector<LpEntry>& entries) const;
  void AddWaitingOrders(int scenario);
  void AddStocks(int scenario);
  void AddShortages(int scenario);
  void AddShortageRows();
  void AddOverflows(int scenario);
  void AddWaste(int scenario);
  void AddSafetyStocks(int scenario);
  int AddRow(double lower, double upper, const char* what, const std::string& where, int period);
  int AddColumn(double cost, double upper, const std::vector<LpEntry>& entries, const char* what,
                const std::string& where, int period);
  std::string NameOfSite(int place) const;
  std::string NameOfLane(int place) const;

  void ApplyScenario(int scenario, const ReplenishmentStart& start, const Eigen::MatrixXd& demand,
                     std::span<const double> safety_stock, SimplexSolver& solver) const;
  void ApplyLanes(const ReplenishmentStart& start, SimplexSolver& solver) const;
  void ApplyWaitingOrders(int scenario, const ReplenishmentStart& start, SimplexSolver& solver) const;
  void ApplyLimits(int scenario, const ReplenishmentStart& start, SimplexSolver& solver) const;
  double Supply(int site, int periods_ahead, const ReplenishmentStart& start) const;

  bool Sells(int place) const;
  bool HasBackorders(int place) const;
  bool ChoosesWhoWaits(int place) const;
  bool HasRowOfShippable(int place) const;
  double ShortfallCost(int place) const;
  double MostShipped(int lane) const;
  double MostOrdered(int lane_place, int period, const ReplenishmentStart& start) const;

  const Network& network_;
  ReplenishmentLpOptions options_;
  double probability_;  // of a scenario
  std::vector<int> sites_;
  std::vector<int> lanes_;
  std::vector<LaneParts> parts_;           // (lanes)
  std::vector<int> locations_;             // with limited storage
  std::vector<int> place_of_site_;         // in sites_, -1: not among them  (num_sites)
  std::vector<int> host_place_;            // of the site whose stock is sold  (places)
  std::vector<double> waste_cost_;         // of perishables, otherwise negative  (places)
  std::vector<double> shipping_capacity_;  // (places)
  std::vector<int> num_groups_;            // of scenarios that share their orders  (levels)
  LpModel model_;
  std::vector<int> first_column_;  // of what each scenario has to itself, and the end  (num_scenarios + 1)
  std::vector<LpLabel> row_labels_, column_labels_;

  std::vector<int> shortage_row_;                                                                         // (places)
  IndexTable balance_, shippable_, capacity_, waiting_, who_waits_, storage_, joint_, ordered_, safety_;  // rows
  IndexTable owed_, on_hand_, unmet_, still_waiting_;                                                     // columns
  std::vector<IndexTable> shipment_;  // columns by level: (groups, lanes, periods)
};

}  // namespace restock
