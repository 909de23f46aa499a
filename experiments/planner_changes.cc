#include "experiments/planner_changes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "experiments/svg_axis.h"

namespace restock {

namespace {

constexpr float kLeastShortage = 0.5f;  // expected units short that an expedite is worth
constexpr float kLeastCutShare = 0.1f;  // of an open order: less is not worth a call

size_t Index(int i) { return static_cast<size_t>(i); }

/// An open order with the periods until it comes.
struct ComingOrder {
  const OpenOrder* order;
  int ahead;
};

/// The open orders for a site, the earliest first.
std::vector<ComingOrder> OrdersInto(const PlanModel& model, const PlanInput& input, int site) {
  std::vector<ComingOrder> coming;
  for (const OpenOrder& order : input.open_orders) {
    if (model.network->lane_destination[Index(order.lane)] != site) continue;
    const int ahead = PeriodsAhead(*model.network, input, order);
    if (ahead > 0) coming.push_back({&order, ahead});
  }
  std::stable_sort(coming.begin(), coming.end(),
                   [](const ComingOrder& a, const ComingOrder& b) { return a.ahead < b.ahead; });
  return coming;
}

/// Stock that demand at the site, or at all that it feeds, can be met from without the orders that are coming to it.
double StockBelow(const Network& network, const NetworkState& state, int site) {
  double stock = 0;
  for (const int below : network.echelon[Index(site)]) {
    stock += state.on_hand(below)[0] - state.backorders(below)[0];
    if (below == site) continue;
    for (const int lane : network.lanes_into[Index(below)]) {
      for (int ahead = 1; ahead <= network.lead_time[Index(lane)]; ++ahead) stock += state.in_transit(lane, ahead)[0];
    }
  }
  return stock;
}

/// Periods that goods need from a site to the nearest customer.
int PeriodsToCustomer(const Network& network, int site) {
  if (network.site_series[Index(site)] != kNoSeries || network.lanes_out_of[Index(site)].empty()) return 0;
  int fewest = std::numeric_limits<int>::max();
  for (const int lane : network.lanes_out_of[Index(site)]) {
    fewest = std::min(
        fewest, network.lead_time[Index(lane)] + PeriodsToCustomer(network, network.lane_destination[Index(lane)]));
  }
  return fewest;
}

std::string ExpediteReason(const PlanInput& input, const OpenOrder& order, double on_hand, double demand,
                           int short_in) {
  return fmt::format(
      "Stock of {} and what comes before do not last: expected demand until {} is {}, and this order is due on {}.{}",
      Amount(on_hand, input.history), LaterBy(input, short_in).ToString(), About(demand, input.history),
      order.due.ToString(), CutOffText(input.history));
}

/// Runs the expected stock of a site down, period by period, and calls in the next order whenever it would fall below
/// zero.
void ExpediteSite(const PlanModel& model, const PlanInput& input, const PlanningDay& day, const NetworkState& state,
                  int site, std::vector<PlannedOrder>& expedited) {
  std::vector<ComingOrder> coming = OrdersInto(model, input, site);
  if (coming.empty()) return;
  const double on_hand = StockBelow(*model.network, state, site);
  const int way = PeriodsToCustomer(*model.network, site), last = coming.back().ahead + way;
  double stock = on_hand, demand = 0;
  for (int step = 0; step <= last; ++step) {
    // what has come by then
    for (ComingOrder& order : coming) {
      if (order.order && order.ahead + way == step) stock += std::exchange(order.order, nullptr)->quantity;
    }
    demand += day.MeanDemand(site, step);
    stock -= day.MeanDemand(site, step);

    // what could come sooner
    for (ComingOrder& order : coming) {
      if (stock >= -kLeastShortage || !order.order) continue;
      const OpenOrder& late = *std::exchange(order.order, nullptr);
      stock += late.quantity;
      expedited.push_back({"expedite", late.lane, late.quantity, input.date, LaterBy(input, std::max(0, step - way)),
                           ExpediteReason(input, late, on_hand, demand, step)});
    }
    stock = std::max(stock, 0.0);
  }
}

/// What of a site's open orders could go without missing demand in 39 of 40 cases.
struct Cut {
  const OpenOrder* order;
  int ahead;
  float quantity;
};
std::vector<Cut> PossibleCuts(const PlanModel& model, const PlanInput& input, const PlanningDay::Answer& answer,
                              int site) {
  const auto& lanes = model.network->lanes_into[Index(site)];
  if (std::any_of(lanes.begin(), lanes.end(), [&](int lane) { return answer.wanted[Index(lane)] > 0; })) return {};
  float excess = std::floor(answer.features(site, kEchelonPosition) - answer.features(site, kForecastQ975));
  std::vector<ComingOrder> coming = OrdersInto(model, input, site);
  std::vector<Cut> cuts;
  for (auto order = coming.rbegin(); order != coming.rend() && order->ahead > 1 && excess > 0; ++order) {
    cuts.push_back({order->order, order->ahead, std::min(order->order->quantity, excess)});
    excess -= cuts.back().quantity;
  }
  return cuts;
}

/// The state without what is cut; what another site was to send stays there.
void TakeOut(const Network& network, const Cut& cut, NetworkState& state) {
  state.in_transit(cut.order->lane, cut.ahead) -= cut.quantity;
  const int origin = network.lane_origin[Index(cut.order->lane)];
  if (origin != kOutside) state.on_hand(origin) += cut.quantity;
}

std::string CutReason(const PlanInput& input, const PlanningDay::Answer& answer, int site) {
  const auto feature = [&](int index) { return static_cast<double>(answer.features(site, index)); };
  return fmt::format(
      "Stock and all that is on the way make {}; in 39 of 40 cases demand in the {:.0f} {} until the next order "
      "can arrive is at most {}.{}",
      Amount(feature(kEchelonPosition), input.history), feature(kProtectionPeriods), PeriodWord(input.history),
      About(feature(kForecastQ975), input.history), CutOffText(input.history));
}

}  // namespace

std::vector<PlannedOrder> ExpediteOrders(const PlanModel& model, const PlanInput& input, const PlanningDay& day,
                                         const NetworkState& state) {
  std::vector<PlannedOrder> expedited;
  for (int site = 0; site < model.network->num_sites(); ++site) ExpediteSite(model, input, day, state, site, expedited);
  return expedited;
}

std::vector<PlannedOrder> CutOrders(const PlanModel& model, const PlanInput& input, const PlanningDay& day,
                                    const NetworkState& state, const PlanningDay::Answer& answer) {
  // what stock allows
  const Network& network = *model.network;
  std::vector<Cut> cuts;
  for (int site = 0; site < network.num_sites(); ++site) {
    for (const Cut& cut : PossibleCuts(model, input, answer, site)) cuts.push_back(cut);
  }
  if (cuts.empty()) return {};

  // what the policy would not order again at once
  NetworkState without = state;
  for (const Cut& cut : cuts) TakeOut(network, cut, without);
  std::vector<float> again = day.Ask(without, 0).wanted;
  std::vector<PlannedOrder> orders;
  for (auto cut = cuts.rbegin(); cut != cuts.rend(); ++cut) {
    const int site = network.lane_destination[Index(cut->order->lane)];
    for (const int lane : network.lanes_into[Index(site)]) {
      const float kept = std::min(cut->quantity, again[Index(lane)]);
      cut->quantity -= kept;
      again[Index(lane)] -= kept;
    }
    if (cut->quantity >= std::max(1.f, kLeastCutShare * cut->order->quantity))
      orders.push_back(
          {"cut", cut->order->lane, cut->quantity, input.date, cut->order->due, CutReason(input, answer, site)});
  }
  return orders;
}

const char* PeriodWord(const DemandHistory& history) {
  return history.calendar.period_length == PeriodLength::kDay ? "days" : "weeks";
}

std::string Amount(double units, const DemandHistory& history) {
  return fmt::format("{} {}", InFileUnits(units, history.unit_size), history.unit);
}

std::string About(double units, const DemandHistory& history) {
  return FormatNumber(units * history.unit_size) + " " + history.unit;
}

Date LastSalesDate(const DemandHistory& history) {
  return Date{history.calendar.DateOf(history.num_periods()).days_since_epoch - 1};
}

std::string CutOffText(const DemandHistory& history) {
  return fmt::format(" Sales known until {}.", LastSalesDate(history).ToString());
}

Date LaterBy(const PlanInput& input, int periods) {
  return Date{input.date.days_since_epoch + periods * input.history.calendar.days_per_period()};
}

}  // namespace restock
