// How a replenishment program's plan is read.

#include <algorithm>

#include "optimization/replenishment_lp.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

}  // namespace

int ReplenishmentLp::FirstArrival(int place) const {
  int first = options_.num_periods;
  for (int lane = 0; lane < num_lanes(); ++lane) {
    const auto index = Index(lanes_[Index(lane)]);
    if (network_.lane_destination[index] == sites_[Index(host_place_[Index(place)])])
      first = std::min(first, network_.lead_time[index] + parts_[Index(lane)].delay);
  }
  return first;
}

std::vector<ReplenishmentLp::SharedColumn> ReplenishmentLp::ShipmentColumns(int place, int period) const {
  std::vector<SharedColumn> columns;
  for (size_t level = 0; level < num_groups_.size(); ++level) {
    for (int group = 0; group < num_groups_[level]; ++group)
      if (const int column = shipment_[level](group, place, period); column >= 0)
        columns.push_back({column, 1.0 / num_groups_[level]});
  }
  return columns;
}

double ReplenishmentLp::FixedCost(const ReplenishmentStart& start, const Eigen::MatrixXd& demand) const {
  double cost = 0;
  for (int place = 0; place < num_places(); ++place) {
    if (!Sells(place)) continue;
    double asked = Weight(start.period) * start.backorders[Index(sites_[Index(place)])];
    for (int scenario = 0; scenario < options_.num_scenarios; ++scenario) {
      for (int period = start.period; period < options_.num_periods; ++period)
        asked += Weight(period) * probability_ * demand(period, scenario * num_places() + place);
    }
    cost -= network_.price[Index(sites_[Index(place)])] * asked;
  }
  const int num_left = options_.num_periods - start.period;
  for (int place = 0; place < num_lanes(); ++place) {
    const int lane = lanes_[Index(place)];
    for (int ahead = 0; ahead <= network_.lead_time[Index(lane)]; ++ahead) {
      const double units = start.in_transit(ahead, lane);
      cost += units * parts_[Index(place)].pipeline_cost * WeightOf(start.period, std::min(ahead, num_left));
      if (ahead >= num_left && options_.credit_leftovers)
        cost -= units * Weight(options_.num_periods - 1) *
                network_.unit_value[Index(network_.lane_destination[Index(lane)])];
    }
  }
  return cost;
}

double ReplenishmentLp::Order(int place, int period, const ReplenishmentStart& start, const LpSolution& plan) const {
  const LaneParts& parts = parts_[Index(place)];
  const int effect = period + parts.delay;
  if (effect >= options_.num_periods) return 0;
  if (const int row = ordered_(0, place, effect); row >= 0) {
    const double owed = effect == start.period ? start.owed[Index(parts.waiting_entry)] : 0;
    return plan.row_activity[Index(row)] - owed;
  }
  return std::max(0.0, plan.values[Index(ShipmentColumn(place, effect))]) / parts.yield;
}

}  // namespace restock
