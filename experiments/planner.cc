#include "experiments/planner.h"

#include <cmath>
#include <map>

#include <fmt/format.h>

#include "common/csv.h"
#include "common/error.h"
#include "experiments/planner_changes.h"
#include "experiments/planner_orders.h"
#include "experiments/saved_run.h"
#include "experiments/stages.h"
#include "forecasting/demand_table.h"

namespace restock {

namespace {

constexpr int kLongestCalendar = 28;  // periods within which every lane has an order day
constexpr int kFewestPeriods = 14;    // of sales that a plan is made from

size_t Index(int i) { return static_cast<size_t>(i); }

PlanModel ModelOf(SavedRun& run) {
  const NamedPolicy& best = run.best_policy();
  PlanModel model;
  model.network = run.network;
  model.forecaster = std::move(run.forecaster);
  model.policy = best.policy;
  model.policy_name = best.name + (best.seed ? fmt::format("-{}", *best.seed) : "");
  model.path_horizon = best.lp ? best.lp->horizon : best.stochastic_lp ? best.stochastic_lp->horizon : 0;
  return model;
}

/// The sales that were known before the day of the orders.
DemandHistory SalesBefore(DemandHistory history, const std::optional<Date>& date) {
  const Calendar& calendar = history.calendar;
  const int end = history.num_periods();
  if (!date || *date >= calendar.DateOf(end)) return history;
  const int days = date->days_since_epoch - calendar.first_date.days_since_epoch;
  const int num_periods = days / calendar.days_per_period();
  if (days < 0 || num_periods < kFewestPeriods) {
    throw DataError(
        fmt::format("--date {} leaves too little to forecast from: the sales start on {}, and at least {} "
                    "periods of them are needed.",
                    date->ToString(), calendar.first_date.ToString(), kFewestPeriods));
  }
  return history.Until(num_periods);
}

/// What is sold now and was not when the run learned.
std::string UnknownNote(const std::vector<Series>& unknown) {
  constexpr size_t kMost = 4;
  std::string names;
  for (size_t i = 0; i < std::min(kMost, unknown.size()); ++i)
    names += fmt::format("{}{}/{}", i > 0 ? ", " : "", unknown[i].warehouse, unknown[i].sku);
  return fmt::format("Products that the run does not know, for which nothing is ordered: {} ({}{}).", unknown.size(),
                     names, unknown.size() > kMost ? ", ..." : "");
}

/// Sums by action, in the order of the list.
void PrintSummary(const Plan& plan, const PlanModel& model, const PlanInput& input, const PlanRequest& request,
                  std::ostream& out) {
  struct Sum {
    int count = 0;
    double units = 0;
    double money = 0;
  };
  std::map<std::string, Sum> sums;
  for (const PlannedOrder& order : plan.orders) {
    Sum& sum = sums[order.action];
    ++sum.count;
    sum.units += order.quantity;
    const double money = model.network->unit_cost[Index(order.lane)] * order.quantity;
    if (order.action != "expedite") sum.money += order.action == "cut" ? -money : money;
  }

  const DemandHistory& history = input.history;
  out << fmt::format("Orders of {} by {}, sales known until {}\n", input.date.ToString(), model.policy_name,
                     LastSalesDate(history).ToString());
  for (const char* action : {"purchase", "transfer", "cut", "expedite"}) {
    const Sum& sum = sums[action];
    out << fmt::format("  {:9}{:7}  {:>12} {}", action, sum.count, InFileUnits(sum.units, history.unit_size),
                       history.unit);
    if (sum.money != 0) out << fmt::format("  {:>12.2f} {}", sum.money, history.currency);
    out << "\n";
  }
  for (const std::string& note : plan.notes) out << note << "\n";
  out << request.out.string() << "\n";
}

}  // namespace

void PlanOrders(const PlanRequest& request, std::ostream& summary) {
  SavedRun run = LoadRun(request.run_dir);
  const PlanModel model = ModelOf(run);
  std::vector<Series> unknown;
  const DemandHistory history =
      SalesBefore(ReadSales(run.config.data, request.sales, run.series, &unknown), request.date);
  const double unit_size = history.unit_size;
  const PlanInput input{history, ReadStock(request.stock, *model.network, unit_size),
                        request.open_orders.empty() ? std::vector<OpenOrder>()
                                                    : ReadOpenOrders(request.open_orders, *model.network, unit_size),
                        request.date.value_or(history.calendar.DateOf(history.num_periods()))};
  Plan plan = MakePlan(model, input);
  if (!unknown.empty()) plan.notes.push_back(UnknownNote(unknown));
  if (!run.config.promotions.empty())
    plan.notes.push_back("The run's planned promotions are not in these orders: its report tells what they need more.");
  WriteOrders(plan.orders, *model.network, {history.unit, unit_size, model.policy_name}, request.out);
  PrintSummary(plan, model, input, request, summary);
}

void ExportPolicyTable(const std::filesystem::path& run_dir, const std::filesystem::path& out) {
  // the situation: the end of the run's sales, and stock for half the demand that is expected
  SavedRun run = LoadRun(run_dir);
  const PlanModel model = ModelOf(run);
  const Network& network = *model.network;
  const DataConfig& data = run.config.data;
  const DemandHistory history = data.generate ? ReadDemand(data, DataRandom(run.config))
                                              : ReadSales(data, FindDataFile(data.path, data.where), run.series);
  const PlanningDay day(model, history, /*num_gap_periods=*/0, kLongestCalendar);
  NetworkState state(network);
  const PlanningDay::Answer empty = day.Ask(state, 0);
  for (int site = 0; site < network.num_sites(); ++site)
    state.on_hand(site) = std::floor(empty.features(site, kForecastMeanFeature) / 2);

  CsvWriter csv(out);
  for (const char* name : {"source", "warehouse", "sku", "order_date", "order_up_to_level", "unit",
                           "protection_periods", "expected_demand", "demand_q0.9", "policy", "sales_until"}) {
    csv.Text(name);
  }
  csv.EndRow();
  std::map<int, PlanningDay::Answer> answers;  // by period
  for (int site = 0; site < network.num_sites(); ++site) {
    const int lane = network.lanes_into[Index(site)].front();
    const int period = network.PeriodsToNextOrder(lane, day.phase());
    if (!answers.contains(period)) answers.emplace(period, day.Ask(state, period));
    const PlanningDay::Answer& answer = answers.at(period);
    const auto in_file = [&](double units) { return std::round(units * history.unit_size * 1000) / 1000; };
    csv.Text(SourceOf(network, lane)).Text(LocationOf(network, site)).Text(network.site_sku[Index(site)]);
    csv.Text(history.calendar.DateOf(history.num_periods() + period).ToString());
    csv.Number(in_file(answer.features(site, kEchelonPosition) + answer.wanted[Index(lane)])).Text(history.unit);
    csv.Number(answer.features(site, kProtectionPeriods))
        .Number(in_file(answer.features(site, kForecastMeanFeature)))
        .Number(in_file(answer.features(site, kForecastQ90)));
    csv.Text(model.policy_name).Text(LastSalesDate(history).ToString());
    csv.EndRow();
  }
  csv.Commit();
}

}  // namespace restock
