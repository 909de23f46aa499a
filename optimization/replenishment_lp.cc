#include "optimization/replenishment_lp.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "common/check.h"
#include "common/random.h"
#include "env/demand_source.h"
#include "env/order_decoder.h"

namespace restock {
namespace {

constexpr uint64_t kTieBreakKey = 2;

size_t Index(int i) { return static_cast<size_t>(i); }

bool HasStorageLimit(const Network& network, int location) {
  return network.storage_capacity[Index(location)] < kUnlimited && network.overflow_cost[Index(location)] > 0;
}

}  // namespace

ReplenishmentStart ReplenishmentStart::Initial(const Network& network, int phase) {
  ReplenishmentStart start;
  start.phase = phase;
  start.on_hand.assign(network.initial_on_hand.begin(), network.initial_on_hand.end());
  start.backorders.assign(network.initial_on_hand.size(), 0);
  start.in_transit = Eigen::MatrixXd::Zero(network.max_lead_time(), network.num_lanes());
  return start;
}

ReplenishmentLp::ReplenishmentLp(const Network& network, std::vector<int> sites, const ReplenishmentLpOptions& options)
    : network_(network), options_(options), sites_(std::move(sites)), place_of_site_(Index(network.num_sites()), -1) {
  for (size_t place = 0; place < sites_.size(); ++place) place_of_site_[Index(sites_[place])] = static_cast<int>(place);
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    const int origin = network.lane_origin[Index(lane)];
    const bool is_supplied = origin == kOutside || place_of_site_[Index(origin)] >= 0;
    if (is_supplied && place_of_site_[Index(network.lane_destination[Index(lane)])] >= 0) lanes_.push_back(lane);
  }
  for (int location = 0; location < network.num_locations(); ++location) {
    const auto& there = network.sites_at[Index(location)];
    const bool is_used = std::ranges::any_of(there, [&](int site) { return place_of_site_[Index(site)] >= 0; });
    if (is_used && HasStorageLimit(network, location)) locations_.push_back(location);
  }
  AddRows();
  AddShipments();
  AddStocks();
  AddShortages();
  AddOverflows();
  if (options_.safety_stock) AddSafetyStocks();
}

bool ReplenishmentLp::HasBackorders(int place) const {
  return network_.backorder_share[Index(sites_[Index(place)])] > 0;
}

/// What comes in at once cannot go out in the same period. Elsewhere the balance alone keeps shipments within the
/// stock.
bool ReplenishmentLp::ShipsBeforeArrivals(int place) const {
  const auto site = Index(sites_[Index(place)]);
  return !network_.lanes_out_of[site].empty() &&
         std::ranges::any_of(network_.lanes_into[site], [&](int lane) { return network_.lead_time[Index(lane)] == 0; });
}

void ReplenishmentLp::AddRows() {
  const int num_places = static_cast<int>(sites_.size());
  for (int place = 0; place < num_places; ++place) {
    for (int period = 0; period < options_.num_periods; ++period) balance_.push_back(model_.AddRow(0, 0));
  }
  for (int place = 0; place < num_places; ++place) {
    for (int period = 0; period < options_.num_periods; ++period) {
      shippable_.push_back(ShipsBeforeArrivals(place) ? model_.AddRow(-kInfinity, 0) : -1);
      waiting_.push_back(HasBackorders(place) ? model_.AddRow(-kInfinity, 0) : -1);
      if (options_.safety_stock) safety_.push_back(model_.AddRow(0, kInfinity));
    }
  }
  for (const int location : locations_) {
    for (int period = 0; period < options_.num_periods; ++period) {
      storage_.push_back(model_.AddRow(-kInfinity, network_.storage_capacity[Index(location)]));
    }
  }
}

double ReplenishmentLp::MostShipped(int lane) const {
  return std::floor(std::min(network_.lane_capacity[Index(lane)], kMostUnitsPerOrder));
}

/// Q leaves its origin in its period and reaches its destination a lead time later, or is under way at the end.
void ReplenishmentLp::AddShipments() {
  RandomStream tie_breaker(kTieBreakKey, 0);
  for (const int lane : lanes_) {
    const int origin = network_.lane_origin[Index(lane)];
    const int destination = network_.lane_destination[Index(lane)];
    const double unit_cost = network_.unit_cost[Index(lane)];
    for (int period = 0; period < options_.num_periods; ++period) {
      double cost = unit_cost + options_.tie_break * (std::abs(unit_cost) + 1) * tie_breaker.Uniform();
      std::vector<LpEntry> entries;
      if (origin != kOutside) {
        entries.push_back({balance_[At(place_of_site_[Index(origin)], period)], 1});
        if (const int row = shippable_[At(place_of_site_[Index(origin)], period)]; row >= 0)
          entries.push_back({row, 1});
      }
      const int arrival = period + network_.lead_time[Index(lane)];
      if (arrival < options_.num_periods) {
        entries.push_back({balance_[At(place_of_site_[Index(destination)], arrival)], -1});
        const int row = shippable_[At(place_of_site_[Index(destination)], arrival)];
        if (row >= 0 && arrival > period) entries.push_back({row, -1});
      } else if (options_.credit_leftovers) {
        cost -= network_.unit_value[Index(destination)];
      }
      shipment_.push_back(model_.AddColumn(cost, 0, MostShipped(lane), entries));
    }
  }
}

/// I is held over the night, takes up storage, and is what the next period begins with.
void ReplenishmentLp::AddStocks() {
  for (size_t place = 0; place < sites_.size(); ++place) {
    const int site = sites_[place];
    const auto limited = std::ranges::find(locations_, network_.site_location[Index(site)]);
    for (int period = 0; period < options_.num_periods; ++period) {
      const auto item = static_cast<int>(place);
      const bool is_last = period + 1 == options_.num_periods;
      double cost = network_.holding_cost[Index(site)];
      if (is_last && options_.credit_leftovers) cost -= network_.unit_value[Index(site)];
      std::vector<LpEntry> entries = {{balance_[At(item, period)], 1}};
      if (!is_last) {
        entries.push_back({balance_[At(item, period + 1)], -1});
        if (const int row = shippable_[At(item, period + 1)]; row >= 0) entries.push_back({row, -1});
      }
      if (limited != locations_.end()) {
        const auto location = static_cast<int>(limited - locations_.begin());
        entries.push_back({storage_[At(location, period)], network_.volume[Index(site)]});
      }
      if (options_.safety_stock) entries.push_back({safety_[At(item, period)], 1});
      on_hand_.push_back(model_.AddColumn(cost, 0, kInfinity, entries));
    }
  }
}

/// U and, where shortages wait, W: both cost their period's shortage and are asked for again in the next.
void ReplenishmentLp::AddShortages() {
  for (size_t place = 0; place < sites_.size(); ++place) {
    const auto item = static_cast<int>(place);
    const double cost = network_.stockout_cost[Index(sites_[place])];
    const double share = network_.backorder_share[Index(sites_[place])];
    for (int period = 0; period < options_.num_periods; ++period) {
      const bool is_last = period + 1 == options_.num_periods;
      const auto add = [&](double upper, double waiting_share, std::vector<LpEntry> entries) {
        entries.push_back({balance_[At(item, period)], -1});
        if (!is_last && waiting_share > 0) {
          entries.push_back({balance_[At(item, period + 1)], waiting_share});
          entries.push_back({waiting_[At(item, period + 1)], -waiting_share});
        }
        return model_.AddColumn(cost, 0, upper, entries);
      };
      unmet_.push_back(add(0, share, {}));
      still_waiting_.push_back(HasBackorders(item) ? add(kInfinity, 1, {{waiting_[At(item, period)], 1}}) : -1);
    }
  }
}

void ReplenishmentLp::AddOverflows() {
  for (size_t place = 0; place < locations_.size(); ++place) {
    for (int period = 0; period < options_.num_periods; ++period) {
      model_.AddColumn(network_.overflow_cost[Index(locations_[place])], 0, kInfinity,
                       {{storage_[At(static_cast<int>(place), period)], -1}});
    }
  }
}

/// Per unit and period that a safety stock is short: so little that it never pays to turn demand away for it while an
/// order is under way.
double ReplenishmentLp::ShortfallCost(int place) const {
  const int site = sites_[Index(place)];
  const auto& echelon = network_.echelon[Index(site)];
  double stockout_cost = 0;
  for (const int below : echelon) stockout_cost = std::max<double>(stockout_cost, network_.stockout_cost[Index(below)]);
  int longest_protection = 1;
  for (int phase = 0; phase < network_.CalendarCycle(); ++phase) {
    longest_protection = std::max(longest_protection, network_.EchelonProtectionPeriods(site, phase));
  }
  return std::max(stockout_cost / (2 * longest_protection), 2.0 * network_.holding_cost[Index(site)]);
}

void ReplenishmentLp::AddSafetyStocks() {
  for (int place = 0; place < static_cast<int>(sites_.size()); ++place) {
    const double cost = ShortfallCost(place);
    for (int period = 0; period < options_.num_periods; ++period) {
      model_.AddColumn(cost, 0, kInfinity, {{safety_[At(place, period)], 1}});
    }
  }
}

void ReplenishmentLp::Apply(const ReplenishmentStart& start, const Eigen::MatrixXd& demand,
                            std::span<const double> safety_stock, SimplexSolver& solver) const {
  RESTOCK_CHECK_EQ(demand.rows(), options_.num_periods);
  RESTOCK_CHECK_EQ(demand.cols(), static_cast<Eigen::Index>(sites_.size()));
  ApplyLanes(start.phase, solver);
  for (int place = 0; place < static_cast<int>(sites_.size()); ++place) {
    const int site = sites_[Index(place)];
    for (int period = 0; period < options_.num_periods; ++period) {
      // what is there, what arrives, what is asked for
      double supply = period == 0 ? start.on_hand[Index(site)] : 0;
      for (const int lane : network_.lanes_into[Index(site)]) {
        const bool is_under_way = period > 0 && period <= network_.lead_time[Index(lane)];
        if (is_under_way) supply += start.in_transit(period - 1, lane);
      }
      const double wanted = demand(period, place);
      const double left = supply - wanted - (period == 0 ? start.backorders[Index(site)] : 0);
      solver.SetRowBounds(balance_[At(place, period)], left, left);
      if (ShipsBeforeArrivals(place)) solver.SetRowBounds(shippable_[At(place, period)], -kInfinity, supply);
      solver.SetColumnBounds(unmet_[At(place, period)], 0, wanted);
      if (options_.safety_stock) {
        solver.SetRowBounds(safety_[At(place, period)], safety_stock[Index(site)], kInfinity);
      }
    }
    if (HasBackorders(place)) solver.SetRowBounds(waiting_[At(place, 0)], -kInfinity, start.backorders[Index(site)]);
  }
}

void ReplenishmentLp::ApplyLanes(int phase, SimplexSolver& solver) const {
  for (int place = 0; place < static_cast<int>(lanes_.size()); ++place) {
    const int lane = lanes_[Index(place)];
    const OrderCalendar& calendar = network_.calendars[Index(network_.lane_calendar[Index(lane)])];
    for (int period = 0; period < options_.num_periods; ++period) {
      const double most = calendar.IsOpen(phase + period) ? MostShipped(lane) : 0;
      solver.SetColumnBounds(ShipmentColumn(place, period), 0, most);
    }
  }
}

std::vector<std::vector<int>> IndependentComponents(const Network& network) {
  // sites joined by a lane or a storage limit get the same root
  std::vector<int> parent(Index(network.num_sites()));
  std::iota(parent.begin(), parent.end(), 0);
  const auto root = [&](int site) {
    while (parent[Index(site)] != site) site = parent[Index(site)] = parent[Index(parent[Index(site)])];
    return site;
  };
  const auto join = [&](int a, int b) { parent[Index(std::max(root(a), root(b)))] = std::min(root(a), root(b)); };
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    if (network.lane_origin[Index(lane)] == kOutside) continue;
    join(network.lane_origin[Index(lane)], network.lane_destination[Index(lane)]);
  }
  for (int location = 0; location < network.num_locations(); ++location) {
    if (!HasStorageLimit(network, location)) continue;
    for (const int site : network.sites_at[Index(location)]) join(site, network.sites_at[Index(location)].front());
  }

  std::vector<std::vector<int>> components;
  std::vector<int> component_of_root(parent.size(), -1);
  for (int site = 0; site < network.num_sites(); ++site) {
    int& component = component_of_root[Index(root(site))];
    if (component < 0) {
      component = static_cast<int>(components.size());
      components.emplace_back();
    }
    components[Index(component)].push_back(site);
  }
  return components;
}

double PerfectInformationBound(const Network& network, const ScenarioSet& scenarios, int scenario, int num_periods,
                               bool credit_leftovers) {
  if (!network.FirstFeature().empty()) return -std::numeric_limits<double>::infinity();  // not in the program
  RESTOCK_CHECK_LE(num_periods, scenarios.num_periods);
  const auto start = ReplenishmentStart::Initial(network, PhaseOf(scenarios.calendar, 0));
  double bound = 0;
  for (const std::vector<int>& sites : IndependentComponents(network)) {
    Eigen::MatrixXd demand = Eigen::MatrixXd::Zero(num_periods, static_cast<Eigen::Index>(sites.size()));
    for (size_t place = 0; place < sites.size(); ++place) {
      const int series = network.site_series[Index(sites[place])];
      if (series == kNoSeries) continue;
      for (int period = 0; period < num_periods; ++period) {
        demand(period, static_cast<Eigen::Index>(place)) = scenarios.Demand(period, series)[scenario];
      }
    }
    const ReplenishmentLp lp(network, sites, {.num_periods = num_periods, .credit_leftovers = credit_leftovers});
    SimplexSolver solver(lp.model());
    lp.Apply(start, demand, {}, solver);
    const LpSolution solution = solver.Solve();
    if (solution.status != LpStatus::kOptimal) return -kInfinity;
    bound += solution.objective;
  }
  return bound;
}

}  // namespace restock
