// The rows of a replenishment program.

#include <algorithm>

#include <fmt/format.h>

#include "optimization/replenishment_lp.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

}  // namespace

/// What comes in after the decision cannot go out in the same period. Elsewhere the balance alone keeps shipments
/// within the stock.
bool ReplenishmentLp::HasRowOfShippable(int place) const {
  const auto site = Index(sites_[Index(place)]);
  if (network_.lanes_out_of[site].empty()) return false;
  return network_.receives_after_shipping || std::ranges::any_of(network_.lanes_into[site], [&](int lane) {
           return network_.lead_time[Index(lane)] == 0 && network_.takes_orders[Index(lane)];
         });
}

int ReplenishmentLp::AddRow(double lower, double upper, const char* what, const std::string& where, int period) {
  if (!options_.has_names) return model_.AddRow(lower, upper);
  row_labels_.push_back({fmt::format("{} of {}", what, where), period});
  return model_.AddRow(lower, upper, fmt::format("{} in period {}", row_labels_.back().what, period));
}

void ReplenishmentLp::AddShortageRows() {
  const auto add = [&](const std::string& where) {
    return AddRow(-kInfinity, kInfinity, "demand not met at once", where, 0);
  };
  shortage_row_.assign(sites_.size(), -1);
  const bool is_together = options_.shortage_rows == ShortageRows::kTogether;
  const int together = is_together ? add("all sites") : -1;
  for (int place = 0; place < num_places(); ++place) {
    if (!Sells(place) || options_.shortage_rows == ShortageRows::kNone) continue;
    shortage_row_[Index(place)] = is_together ? together : add(NameOfSite(place));
  }
}

void ReplenishmentLp::AddRows(int scenario) {
  for (int place = 0; place < num_places(); ++place) {
    if (host_place_[Index(place)] != place) continue;
    const std::string name = NameOfSite(place);
    for (int period = 0; period < options_.num_periods; ++period)
      balance_(scenario, place, period) = AddRow(0, 0, "stock", name, period);
  }
  for (int place = 0; place < num_places(); ++place) {
    const std::string name = NameOfSite(place);
    for (int period = 0; period < options_.num_periods; ++period) {
      const auto add = [&](IndexTable& table, double lower, double upper, const char* what) {
        table(scenario, place, period) = AddRow(lower, upper, what, name, period);
      };
      if (HasRowOfShippable(place)) add(shippable_, -kInfinity, 0, "what can be shipped");
      if (shipping_capacity_[Index(place)] < kInfinity)
        add(capacity_, -kInfinity, shipping_capacity_[Index(place)], "shipping capacity");
      if (HasBackorders(place)) add(waiting_, -kInfinity, 0, "customers who wait");
      if (ChoosesWhoWaits(place)) add(who_waits_, -kInfinity, 0, "customers who begin to wait");
      if (options_.safety_stock && host_place_[Index(place)] == place) add(safety_, 0, kInfinity, "safety stock");
    }
  }
  for (int place = 0; place < num_lanes(); ++place) {
    const std::string name = NameOfLane(place);
    for (int period = 0; period < options_.num_periods && parts_[Index(place)].waiting_entry >= 0; ++period)
      ordered_(scenario, place, period) = AddRow(0, 0, "orders", name, period);
  }
  for (size_t location = 0; location < locations_.size(); ++location) {
    const std::string& name = network_.location_name[Index(locations_[location])];
    const double capacity = network_.storage_capacity[Index(locations_[location])];
    for (int period = 0; period < options_.num_periods; ++period)
      storage_(scenario, static_cast<int>(location), period) = AddRow(-kInfinity, capacity, "storage", name, period);
  }
  std::vector<bool> is_used(network_.joint_limits.size());
  for (const LaneParts& parts : parts_)
    for (const LpEntry& entry : parts.limits) is_used[Index(entry.row)] = true;
  for (size_t limit = 0; limit < is_used.size(); ++limit) {
    for (int period = 0; period < options_.num_periods && is_used[limit]; ++period)
      joint_(scenario, static_cast<int>(limit), period) =
          AddRow(-kInfinity, network_.joint_limits[limit].limit, "limit", network_.joint_limits[limit].name, period);
  }
}
}  // namespace restock
