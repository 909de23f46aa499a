#pragma once

#include <string>
#include <vector>

#include "common/demand.h"
#include "env/network_state.h"
#include "experiments/planner_day.h"
#include "experiments/planner_files.h"

namespace restock {

/// What is known on the day: sales, stock, open orders.
struct PlanInput {
  const DemandHistory& history;  // what was sold before the day, as far as it is known
  StockList stock;
  std::vector<OpenOrder> open_orders;
  Date date;  // of the orders
};

/// Today's orders, the most urgent action first, and what a planner should know besides.
struct Plan {
  std::vector<PlannedOrder> orders;
  std::vector<std::string> notes;
};

/// Asks the policy what to order on the day; then which open orders are no longer needed (cut: all other stock covers
/// demand in 39 of 40 cases until the next order can arrive, and the policy would not order them again), and which come
/// too late (expedite: expected demand runs the stock down before they are due). Throws DataError when the sales end
/// long before the day.
Plan MakePlan(const PlanModel& model, const PlanInput& input);

/// Stock, and open orders on their way by the period in which they are due; late ones arrive in the next period, early
/// ones count as due after the lead time.
NetworkState StateOf(const Network& network, const PlanInput& input);
/// Periods from the day until the open order is received, 1 ... lead time; 0 where the lane has no lead time.
int PeriodsAhead(const Network& network, const PlanInput& input, const OpenOrder& order);

}  // namespace restock
