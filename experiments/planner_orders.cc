#include "experiments/planner_orders.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "common/error.h"
#include "experiments/planner_changes.h"

namespace restock {

namespace {

constexpr int kMostGapPeriods =
    7;  // between the last sales and the day: later plans would order for a market that nobody has seen

size_t Index(int i) { return static_cast<size_t>(i); }

/// Periods between the end of the sales and the day.
int GapPeriods(const PlanInput& input) {
  const Calendar& calendar = input.history.calendar;
  const int end = input.history.num_periods();
  const int days = input.date.days_since_epoch - calendar.DateOf(end).days_since_epoch;
  const int gap = days < 0 ? 0 : days / calendar.days_per_period();
  if (gap > kMostGapPeriods) {
    throw DataError(fmt::format(
        "The sales end before {}, orders are to be planned for {}: add the sales in between, or plan with --date {}.",
        calendar.DateOf(end).ToString(), input.date.ToString(), calendar.DateOf(end).ToString()));
  }
  return gap;
}

bool FeedsOthers(const Network& network, int site) { return network.echelon[Index(site)].size() > 1; }

/// Why so much: stock, what is on the way, what demand is expected, and up to where the policy fills.
std::string OrderReason(const PlanModel& model, const PlanInput& input, const PlanningDay::Answer& answer, int lane) {
  const Network& network = *model.network;
  const DemandHistory& history = input.history;
  const int site = network.lane_destination[Index(lane)];
  const auto feature = [&](int index) { return static_cast<double>(answer.features(site, index)); };
  const double wanted = answer.wanted[Index(lane)], shipped = answer.shipped[Index(lane)];

  // what there is
  std::string reason = fmt::format("On hand {}", Amount(feature(kOnHand), history));
  if (feature(kBackorders) > 0) reason += fmt::format(", customers wait for {}", Amount(feature(kBackorders), history));
  reason += fmt::format(", on the way {}", Amount(feature(kInTransit), history));
  if (FeedsOthers(network, site))
    reason += fmt::format("; with the warehouses that it feeds {}", Amount(feature(kEchelonPosition), history));

  // what is needed
  reason += fmt::format(". Expected demand {} in the {:.0f} {} that this order must cover, in 9 of 10 cases at most {}",
                        About(feature(kForecastMeanFeature), history), feature(kProtectionPeriods), PeriodWord(history),
                        About(feature(kForecastQ90), history));
  reason += fmt::format(". Fills up to {}", Amount(feature(kEchelonPosition) + wanted, history));
  if (shipped < wanted)
    reason += fmt::format(", but {} is short: {} of {}", SourceOf(network, lane), Amount(shipped, history),
                          Amount(wanted, history));

  // what it costs
  const double cost = network.unit_cost[Index(lane)] * shipped + network.order_cost[Index(lane)];
  if (cost > 0) reason += fmt::format(". Costs {:.2f} {}", cost, history.currency);
  return reason + "." + CutOffText(history);
}

std::vector<PlannedOrder> NewOrders(const PlanModel& model, const PlanInput& input, const PlanningDay::Answer& answer) {
  const Network& network = *model.network;
  std::vector<PlannedOrder> orders;
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    if (answer.shipped[Index(lane)] <= 0) continue;
    const char* action = network.lane_origin[Index(lane)] == kOutside ? "purchase" : "transfer";
    orders.push_back({action, lane, answer.shipped[Index(lane)], input.date,
                      LaterBy(input, network.lead_time[Index(lane)]), OrderReason(model, input, answer, lane)});
  }
  return orders;
}

/// `north/milk, north/bread, ...`
std::string SiteNames(const Network& network, const std::vector<int>& sites) {
  constexpr size_t kMost = 4;
  std::string names;
  for (size_t i = 0; i < std::min(kMost, sites.size()); ++i)
    names +=
        fmt::format("{}{}/{}", i > 0 ? ", " : "", LocationOf(network, sites[i]), network.site_sku[Index(sites[i])]);
  return sites.size() > kMost ? names + ", ..." : names;
}

/// When orders may be placed again where the calendar is closed on the day; empty where it is open everywhere.
std::string ClosedNote(const Network& network, const PlanInput& input, int phase) {
  int num_closed = 0, next = std::numeric_limits<int>::max();
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    const int wait = network.PeriodsToNextOrder(lane, phase);
    if (wait == 0) continue;
    ++num_closed;
    next = std::min(next, wait);
  }
  if (num_closed == 0) return "";
  return fmt::format("Lanes that take no orders on {}: {} of {}; the next order day is {}.", input.date.ToString(),
                     num_closed, network.num_lanes(), LaterBy(input, next).ToString());
}

/// What a planner should know before he trusts the list.
std::vector<std::string> Notes(const PlanModel& model, const PlanInput& input, int gap, int phase) {
  std::vector<std::string> notes;
  if (std::string closed = ClosedNote(*model.network, input, phase); !closed.empty())
    notes.push_back(std::move(closed));
  const auto late = [&](const OpenOrder& order) { return order.due <= input.date; };
  const auto too_far = [&](const OpenOrder& order) {
    return order.due > LaterBy(input, model.network->lead_time[Index(order.lane)]);
  };
  const auto& open = input.open_orders;
  if (gap > 0)
    notes.push_back(fmt::format(
        "Periods right before the day whose sales are missing, so that the forecast does not know them: {}.", gap));
  if (const std::vector<int>& unlisted = input.stock.unlisted; !unlisted.empty())
    notes.push_back(fmt::format("Sites without a row in the stock file, which count as empty: {} of {} ({}).",
                                unlisted.size(), model.network->num_sites(), SiteNames(*model.network, unlisted)));
  if (const auto count = std::count_if(open.begin(), open.end(), late))
    notes.push_back(fmt::format("Open orders that are overdue and count as coming in the next period: {}.", count));
  if (const auto count = std::count_if(open.begin(), open.end(), too_far))
    notes.push_back(
        fmt::format("Open orders that are due later than their lead time and count as due after it: {}.", count));
  return notes;
}

}  // namespace

int PeriodsAhead(const Network& network, const PlanInput& input, const OpenOrder& order) {
  const int days = order.due.days_since_epoch - input.date.days_since_epoch,
            length = input.history.calendar.days_per_period();
  const int periods = days <= 0 ? 1 : (days + length - 1) / length;
  return std::min(periods, network.lead_time[Index(order.lane)]);
}

NetworkState StateOf(const Network& network, const PlanInput& input) {
  NetworkState state(network);
  for (int site = 0; site < network.num_sites(); ++site) {
    state.on_hand(site) = input.stock.on_hand[Index(site)];
    state.backorders(site) = input.stock.backorders[Index(site)];
  }
  for (const OpenOrder& order : input.open_orders) {
    const int ahead = PeriodsAhead(network, input, order);
    if (ahead > 0)
      state.in_transit(order.lane, ahead) += order.quantity;
    else
      state.on_hand(network.lane_destination[Index(order.lane)]) += order.quantity;
  }
  return state;
}

Plan MakePlan(const PlanModel& model, const PlanInput& input) {
  const int gap = GapPeriods(input);
  const PlanningDay day(model, input.history, gap, /*num_periods=*/1);
  const NetworkState state = StateOf(*model.network, input);
  const PlanningDay::Answer answer = day.Ask(state, 0);

  Plan plan;
  plan.orders = ExpediteOrders(model, input, day, state);
  for (auto&& order : CutOrders(model, input, day, state, answer)) plan.orders.push_back(std::move(order));
  for (auto&& order : NewOrders(model, input, answer)) plan.orders.push_back(std::move(order));
  plan.notes = Notes(model, input, gap, day.phase());
  return plan;
}

}  // namespace restock
