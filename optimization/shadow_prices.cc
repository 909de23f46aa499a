#include "optimization/shadow_prices.h"

#include <algorithm>

namespace restock {
namespace {

constexpr double kNothing = 1e-9;  // [money]; what saves less saves nothing

size_t Index(int i) { return static_cast<size_t>(i); }

/// Reads the prices of one plan.
class PlanPrices {
 public:
  PlanPrices(const Network& network, const ReplenishmentLp& lp, const LpSolution& plan, int present, double weight)
      : network_(network), lp_(lp), plan_(plan), num_periods_(lp.options().num_periods), present_(present) {
    weight_ = weight / (num_periods_ - present);
  }

  void Add(ShadowPrice& price) const {
    using Kind = ShadowPrice::Kind;
    switch (price.kind) {
      case Kind::kLimit:
        return AddRows(lp_.joint_rows(), price.index, price);
      case Kind::kStorage:
        return AddRows(lp_.storage_rows(), PlaceOf(lp_.limited_locations(), price.index), price);
      case Kind::kSite:
        return AddRows(lp_.capacity_rows(), PlaceOf(lp_.sites(), price.index), price);
      case Kind::kLane:
        return AddLane(PlaceOf(lp_.lanes(), price.index), price);
    }
  }

 private:
  static int PlaceOf(const std::vector<int>& among, int index) {
    const auto found = std::ranges::find(among, index);
    return found == among.end() ? -1 : static_cast<int>(found - among.begin());
  }

  void AddRows(const IndexTable& rows, int item, ShadowPrice& price) const {
    const int num_scenarios = lp_.options().num_scenarios;
    for (int scenario = 0; scenario < num_scenarios && item >= 0; ++scenario) {
      for (int period = present_; period < num_periods_; ++period)
        if (const int row = rows(scenario, item, period); row >= 0)
          AddSaving(-plan_.duals[Index(row)], 1.0 / num_scenarios, price);
    }
  }

  /// What a lane can bring bounds its columns, or the rows of its orders where these wait. A closed day has no capacity
  /// to add to.
  void AddLane(int place, ShadowPrice& price) const {
    if (place < 0) return;
    if (lp_.order_rows()(0, place, 0) >= 0) return AddRows(lp_.order_rows(), place, price);
    for (int period = present_; period < num_periods_; ++period) {
      for (const auto& [column, share] : lp_.ShipmentColumns(place, period)) {
        const bool ships = plan_.values[Index(column)] > network_.lane_capacity[Index(price.index)] / 2;
        if (ships) AddSaving(-plan_.reduced_costs[Index(column)], share, price);
      }
    }
  }

  /// `share`: of the scenarios, in one period.
  void AddSaving(double saved, double share, ShadowPrice& price) const {
    if (saved <= kNothing) return;
    price.value += weight_ * saved;
    price.tight_share += weight_ * share;
  }

  const Network& network_;
  const ReplenishmentLp& lp_;
  const LpSolution& plan_;
  int num_periods_;
  int present_;
  double weight_ = 0;  // of one period
};

}  // namespace

std::vector<ShadowPrice> ScarceThings(const Network& network) {
  using Kind = ShadowPrice::Kind;
  std::vector<ShadowPrice> things;
  for (int location = 0; location < network.num_locations(); ++location) {
    if (network.storage_capacity[Index(location)] < kUnlimited && network.overflow_cost[Index(location)] > 0)
      things.push_back({Kind::kStorage, location, 0, 0});
  }
  for (int lane = 0; lane < network.num_lanes(); ++lane)
    if (network.lane_capacity[Index(lane)] < kUnlimited) things.push_back({Kind::kLane, lane, 0, 0});
  for (const ShippingCapacity& entry : network.shipping_capacities) things.push_back({Kind::kSite, entry.site, 0, 0});
  for (size_t limit = 0; limit < network.joint_limits.size(); ++limit)
    things.push_back({Kind::kLimit, static_cast<int>(limit), 0, 0});
  return things;
}

std::vector<ShadowPrice> MeanOf(const std::vector<std::vector<ShadowPrice>>& prices, std::vector<ShadowPrice> sum) {
  for (const std::vector<ShadowPrice>& one : prices) {
    for (size_t i = 0; i < sum.size(); ++i) {
      sum[i].value += one[i].value / static_cast<double>(prices.size());
      sum[i].tight_share += one[i].tight_share / static_cast<double>(prices.size());
    }
  }
  return sum;
}

void AddShadowPrices(const Network& network, const ReplenishmentLp& lp, const LpSolution& plan, int present,
                     double weight, std::vector<ShadowPrice>& prices) {
  const PlanPrices of_plan(network, lp, plan, present, weight);
  for (ShadowPrice& price : prices) of_plan.Add(price);
}

}  // namespace restock
