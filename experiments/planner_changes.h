#pragma once

#include <vector>

#include "experiments/planner_orders.h"

namespace restock {

// Changes of open orders that a plan proposes, see MakePlan. `state` and `answer` are those of the day.

/// Open orders that should come sooner. Their receipt date is the day on which the goods are needed.
std::vector<PlannedOrder> ExpediteOrders(const PlanModel& model, const PlanInput& input, const PlanningDay& day,
                                         const NetworkState& state);

/// Open orders that are no longer needed, in whole or in part, those due last first. What comes in the next period is
/// too near to be stopped. Their receipt date is the day on which they are due.
std::vector<PlannedOrder> CutOrders(const PlanModel& model, const PlanInput& input, const PlanningDay& day,
                                    const NetworkState& state, const PlanningDay::Answer& answer);

/// days or weeks
const char* PeriodWord(const DemandHistory& history);
/// `12.3 kg`, exact; `About`, to three digits.
std::string Amount(double units, const DemandHistory& history);
std::string About(double units, const DemandHistory& history);
/// The last day of the sales, and ` Sales known until 2024-06-25.`
Date LastSalesDate(const DemandHistory& history);
std::string CutOffText(const DemandHistory& history);
/// The day so many periods after the plan's.
Date LaterBy(const PlanInput& input, int periods);

}  // namespace restock
