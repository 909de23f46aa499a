// What a replenishment program's bounds and right-hand sides say of start and demand, and its costs of how
// likely scenarios are.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "common/check.h"
#include "env/order_decoder.h"
#include "optimization/replenishment_lp.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

}  // namespace

void ReplenishmentLp::Apply(const ReplenishmentStart& start, const Eigen::MatrixXd& demand,
                            std::span<const double> safety_stock, SimplexSolver& solver) const {
  RESTOCK_CHECK(start.period == 0 || options_.moves_forward);
  RESTOCK_CHECK_EQ(demand.rows(), options_.num_periods);
  RESTOCK_CHECK_EQ(demand.cols(), static_cast<Eigen::Index>(num_places() * options_.num_scenarios));
  ApplyLanes(start, solver);
  for (int scenario = 0; scenario < options_.num_scenarios; ++scenario) {
    ApplyScenario(scenario, start, demand, safety_stock, solver);
    ApplyWaitingOrders(scenario, start, solver);
    ApplyLimits(scenario, start, solver);
  }
}

void ReplenishmentLp::ApplyWeights(std::span<const double> weights, SimplexSolver& solver) const {
  RESTOCK_CHECK_EQ(static_cast<int>(weights.size()), options_.num_scenarios);
  const auto scale = [&](int column, double factor) { solver.SetCost(column, model_.cost[Index(column)] * factor); };
  for (int scenario = 0; scenario < options_.num_scenarios; ++scenario) {
    for (int column = first_column_[Index(scenario)]; column < first_column_[Index(scenario) + 1]; ++column)
      scale(column, weights[Index(scenario)] / probability_);
  }

  // orders are shared by groups
  for (size_t level = 0; level < num_groups_.size(); ++level) {
    const int size = options_.num_scenarios / num_groups_[level];
    for (int group = 0; group < num_groups_[level]; ++group) {
      const auto of_group = weights.subspan(Index(group * size), Index(size));
      const double factor = std::reduce(of_group.begin(), of_group.end()) / (size * probability_);
      for (int place = 0; place < num_lanes(); ++place) {
        for (int period = 0; period < options_.num_periods; ++period)
          if (const int column = shipment_[level](group, place, period); column >= 0) scale(column, factor);
      }
    }
  }
}

/// Units that reach a site without a decision: on hand now, or received so many periods from now.
double ReplenishmentLp::Supply(int site, int periods_ahead, const ReplenishmentStart& start) const {
  if (periods_ahead < 0) return 0;
  double supply = periods_ahead == 0 ? start.on_hand[Index(site)] : 0;
  for (const int lane : network_.lanes_into[Index(site)])
    if (periods_ahead <= network_.lead_time[Index(lane)]) supply += start.in_transit(periods_ahead, lane);
  return supply;
}

void ReplenishmentLp::ApplyScenario(int scenario, const ReplenishmentStart& start, const Eigen::MatrixXd& demand,
                                    std::span<const double> safety_stock, SimplexSolver& solver) const {
  // what is there, what arrives
  Eigen::MatrixXd left(options_.num_periods, num_places());
  for (int place = 0; place < num_places(); ++place) {
    const int site = sites_[Index(place)];
    for (int period = 0; period < options_.num_periods; ++period) {
      const int ahead = period - start.period;
      const double supply = host_place_[Index(place)] == place ? Supply(site, ahead, start) : 0;
      left(period, place) = supply;
      const int shippable = shippable_(scenario, place, period);
      if (shippable < 0) continue;
      const double on_hand = ahead == 0 ? start.on_hand[Index(site)] : 0;
      solver.SetRowBounds(shippable, -kInfinity, network_.receives_after_shipping ? on_hand : supply);
    }
  }

  // what is asked for
  for (int place = 0; place < num_places(); ++place) {
    if (!Sells(place)) continue;
    const int site = sites_[Index(place)], host = host_place_[Index(place)];
    for (int period = 0; period < options_.num_periods; ++period) {
      const double waiting = period == start.period ? start.backorders[Index(site)] : 0;
      const double wanted = period >= start.period ? demand(period, scenario * num_places() + place) : 0;
      left(period, host) -= wanted + waiting;
      solver.SetColumnBounds(unmet_(scenario, place, period), 0, std::max(wanted, 0.0));
      if (HasBackorders(place)) solver.SetRowBounds(waiting_(scenario, place, period), -kInfinity, waiting);
    }
  }

  for (int place = 0; place < num_places(); ++place) {
    if (host_place_[Index(place)] != place) continue;
    for (int period = 0; period < options_.num_periods; ++period) {
      solver.SetRowBounds(balance_(scenario, place, period), left(period, place), left(period, place));
      if (!options_.safety_stock) continue;
      const double wanted = period >= start.period ? safety_stock[Index(sites_[Index(place)])] : -kInfinity;
      solver.SetRowBounds(safety_(scenario, place, period), wanted, kInfinity);
    }
  }
}

/// The most that takes effect in a period: ordered earlier, or on an open day from now on.
double ReplenishmentLp::MostOrdered(int lane_place, int period, const ReplenishmentStart& start) const {
  const int ahead = period - start.period;
  if (ahead < 0) return 0;
  const LaneParts& parts = parts_[Index(lane_place)];
  if (ahead < parts.delay) return start.delayed_orders(ahead, parts.delay_entry);
  const int lane = lanes_[Index(lane_place)];
  const OrderCalendar& calendar = network_.calendars[Index(network_.lane_calendar[Index(lane)])];
  return calendar.IsOpen(start.phase + ahead - parts.delay) ? MostShipped(lane) : 0;
}

void ReplenishmentLp::ApplyLanes(const ReplenishmentStart& start, SimplexSolver& solver) const {
  for (int place = 0; place < num_lanes(); ++place) {
    for (int period = 0; period < options_.num_periods; ++period) {
      double most = MostOrdered(place, period, start);
      if (parts_[Index(place)].waiting_entry >= 0) most = period >= start.period ? kInfinity : 0;  // see their row
      // as far as scenarios have parted when it is ordered
      const int level_now = LevelOf(period - start.period - parts_[Index(place)].delay);
      for (int level = 0; level < static_cast<int>(num_groups_.size()); ++level) {
        for (int group = 0; group < num_groups_[Index(level)]; ++group)
          if (const int column = shipment_[Index(level)](group, place, period); column >= 0)
            solver.SetColumnBounds(column, 0, level == level_now ? most : 0);
      }
    }
  }
}

/// Q + O - O of the period before = q; what waited before the plan begins is on the right-hand side. What was ordered
/// and takes effect only now cannot be changed any more.
void ReplenishmentLp::ApplyWaitingOrders(int scenario, const ReplenishmentStart& start, SimplexSolver& solver) const {
  for (int place = 0; place < num_lanes(); ++place) {
    const LaneParts& parts = parts_[Index(place)];
    for (int period = 0; period < options_.num_periods && parts.waiting_entry >= 0; ++period) {
      const int ahead = period - start.period;
      const double owed = ahead == 0 ? start.owed[Index(parts.waiting_entry)] : 0;
      const double most = MostOrdered(place, period, start);
      const double least = ahead >= 0 && ahead < parts.delay ? most : 0;
      solver.SetRowBounds(ordered_(scenario, place, period), owed + least, owed + most);
    }
  }
}

/// Orders of the past are given.
void ReplenishmentLp::ApplyLimits(int scenario, const ReplenishmentStart& start, SimplexSolver& solver) const {
  for (size_t limit = 0; limit < network_.joint_limits.size(); ++limit) {
    const auto item = static_cast<int>(limit);
    for (int period = 0; period < options_.num_periods; ++period) {
      const int row = joint_(scenario, item, period);
      if (row < 0) continue;
      // what waits already is part of the columns, but no order
      double owed = 0;
      for (const LaneParts& parts : parts_) {
        if (parts.waiting_entry < 0 || period + parts.delay != start.period) continue;
        for (const LpEntry& entry : parts.limits)
          if (entry.row == item) owed += entry.value * start.owed[Index(parts.waiting_entry)];
      }
      const double most = network_.joint_limits[limit].limit + owed;
      solver.SetRowBounds(row, -kInfinity, period < start.period ? kInfinity : most);
    }
  }
}

}  // namespace restock
