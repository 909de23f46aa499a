// The columns of what a replenishment program keeps and lacks: I, U, W, and what they cost.

#include <algorithm>

#include "optimization/replenishment_lp.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

}  // namespace

/// I is held over the night, takes up storage, and is what the next period begins with.
void ReplenishmentLp::AddStocks(int scenario) {
  for (int place = 0; place < num_places(); ++place) {
    if (host_place_[Index(place)] != place) continue;
    const int site = sites_[Index(place)];
    const auto limited = std::ranges::find(locations_, network_.site_location[Index(site)]);
    for (int period = 0; period < options_.num_periods; ++period) {
      const bool is_last = period + 1 == options_.num_periods;
      double cost = network_.holding_cost[Index(site)];
      if (is_last && options_.credit_leftovers) cost -= network_.unit_value[Index(site)];
      std::vector<LpEntry> entries = {{balance_(scenario, place, period), 1}};
      if (!is_last) {
        entries.push_back({balance_(scenario, place, period + 1), -1});
        if (const int row = shippable_(scenario, place, period + 1); row >= 0) entries.push_back({row, -1});
      }
      if (limited != locations_.end()) {
        const auto location = static_cast<int>(limited - locations_.begin());
        entries.push_back({storage_(scenario, location, period), network_.volume[Index(site)]});
      }
      if (options_.safety_stock) entries.push_back({safety_(scenario, place, period), 1});
      on_hand_(scenario, place, period) =
          AddColumn(cost * Weight(period) * probability_, kInfinity, entries, "stock", NameOfSite(place), period);
    }
  }
}

/// U and, where shortages wait, W: both cost their period's shortage, earn nothing yet, and are asked for again in the
/// next. Where it is chosen who waits, they are a column of their own, at most U.
void ReplenishmentLp::AddShortages(int scenario) {
  for (int place = 0; place < num_places(); ++place) {
    if (!Sells(place)) continue;
    const auto site = Index(sites_[Index(place)]);
    const int host = host_place_[Index(place)];
    const double price = network_.price[site], waiting_cost = network_.stockout_cost[site];
    for (int period = 0; period < options_.num_periods; ++period) {
      const bool is_last = period + 1 == options_.num_periods;
      const int who_waits = who_waits_(scenario, place, period);
      // of one unit that is short now, `asked_again` are in the next period
      const auto add = [&](double stockout_cost, double is_short, double asked_again, double upper,
                           std::vector<LpEntry> entries) {
        double cost = is_short * (stockout_cost + price) * Weight(period);
        if (is_short != 0) entries.push_back({balance_(scenario, host, period), -is_short});
        if (!is_last && asked_again > 0) {
          cost -= asked_again * price * Weight(period + 1);
          entries.push_back({balance_(scenario, host, period + 1), asked_again});
          entries.push_back({waiting_(scenario, place, period + 1), -asked_again});
        }
        return AddColumn(cost * probability_, upper, entries, "shortage", NameOfSite(place), period);
      };
      std::vector<LpEntry> of_unmet;
      if (who_waits >= 0) of_unmet.push_back({who_waits, -1});
      if (const int row = shortage_row_[Index(place)]; row >= 0 && period >= FirstArrival(place))
        of_unmet.push_back({row, probability_});
      const double share = who_waits >= 0 ? 0 : network_.backorder_share[site];
      unmet_(scenario, place, period) = add(options_.shortage_is_free ? 0 : waiting_cost, 1, share, 0, of_unmet);
      if (HasBackorders(place))
        still_waiting_(scenario, place, period) =
            add(waiting_cost, 1, 1, kInfinity, {{waiting_(scenario, place, period), 1}});
      if (who_waits >= 0) add(0, 0, 1, kInfinity, {{who_waits, 1}});
    }
  }
}

void ReplenishmentLp::AddOverflows(int scenario) {
  if (options_.within_storage) return;
  for (size_t location = 0; location < locations_.size(); ++location) {
    const double cost = network_.overflow_cost[Index(locations_[location])];
    for (int period = 0; period < options_.num_periods; ++period)
      AddColumn(cost * Weight(period) * probability_, kInfinity,
                {{storage_(scenario, static_cast<int>(location), period), -1}}, "overflow",
                network_.location_name[Index(locations_[location])], period);
  }
}

void ReplenishmentLp::AddWaste(int scenario) {
  for (int place = 0; place < num_places(); ++place) {
    const double cost = waste_cost_[Index(place)];
    for (int period = 0; period < options_.num_periods && cost >= 0; ++period)
      AddColumn(cost * Weight(period) * probability_, kInfinity, {{balance_(scenario, place, period), 1}}, "waste",
                NameOfSite(place), period);
  }
}

/// Per unit and period that a safety stock is short: so little that it never pays to turn demand away for it while an
/// order is under way.
double ReplenishmentLp::ShortfallCost(int place) const {
  const int site = sites_[Index(place)];
  const auto& echelon = network_.echelon[Index(site)];
  double stockout_cost = 0;
  for (const int below : echelon)
    stockout_cost =
        std::max<double>(stockout_cost, network_.stockout_cost[Index(below)] + network_.price[Index(below)]);
  int longest_protection = 1;
  for (int phase = 0; phase < network_.CalendarCycle(); ++phase) {
    longest_protection = std::max(longest_protection, network_.EchelonProtectionPeriods(site, phase));
  }
  return std::max(stockout_cost / (2 * longest_protection), 2.0 * network_.holding_cost[Index(site)]);
}

void ReplenishmentLp::AddSafetyStocks(int scenario) {
  for (int place = 0; place < num_places(); ++place) {
    if (host_place_[Index(place)] != place) continue;
    const double cost = ShortfallCost(place);
    for (int period = 0; period < options_.num_periods; ++period)
      AddColumn(cost * Weight(period) * probability_, kInfinity, {{safety_(scenario, place, period), 1}},
                "safety stock", NameOfSite(place), period);
  }
}
}  // namespace restock
