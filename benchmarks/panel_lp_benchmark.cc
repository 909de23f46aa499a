#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "common/cpu_time.h"
#include "experiments/stages.h"
#include "optimization/replenishment_lp.h"

// The deterministic program of a whole configuration's network on its own sales, solved cold and then day after day as
// the forecast is renewed and the plan's first orders are carried out:
//   RESTOCK_DATA=FOLDER panel_lp_benchmark configs/freshretail.yaml [horizon] [days]

namespace restock {
namespace {

constexpr int kWeeks = 4;  // behind a forecast: the mean of the same weekday in so many weeks

size_t Index(int i) { return static_cast<size_t>(i); }
double DemandOn(const DemandHistory& history, int period, int series) {
  const float demand = history.demand(period, series);
  return std::isnan(demand) ? 0 : static_cast<double>(demand);
}

/// What is expected in the `horizon` days from `origin` on.  (horizon, num_sites)
Eigen::MatrixXd Forecast(const Network& network, const DemandHistory& history, int origin, int horizon) {
  Eigen::MatrixXd forecast = Eigen::MatrixXd::Zero(horizon, network.num_sites());
  for (int site = 0; site < network.num_sites(); ++site) {
    const int series = network.site_series[Index(site)];
    for (int day = 0; day < horizon && series != kNoSeries; ++day) {
      const int last = origin - 7 + day % 7;
      for (int week = 0; week < kWeeks; ++week)
        forecast(day, site) += DemandOn(history, last - 7 * week, series) / kWeeks;
    }
  }
  return forecast;
}

/// The next day: the plan's first orders leave, the day's demand is met as far as it can be, goods move on.
void CarryOut(const Network& network, const ReplenishmentLp& lp, const LpSolution& plan, const DemandHistory& history,
              int period, ReplenishmentStart& start) {
  std::vector<double> shipped(lp.lanes().size());
  for (size_t place = 0; place < shipped.size(); ++place) {
    const auto lane = Index(lp.lanes()[place]);
    shipped[place] = std::floor(lp.Order(static_cast<int>(place), 0, start, plan) + 0.5);
    if (const int origin = network.lane_origin[lane]; origin != kOutside) {
      shipped[place] = std::min(shipped[place], start.on_hand[Index(origin)]);
      start.on_hand[Index(origin)] -= shipped[place];
    }
  }
  for (int site = 0; site < network.num_sites(); ++site) {
    if (const int series = network.site_series[Index(site)]; series != kNoSeries)
      start.on_hand[Index(site)] = std::max(0.0, start.on_hand[Index(site)] - DemandOn(history, period, series));
  }
  for (size_t place = 0; place < shipped.size(); ++place) {
    const int lane = lp.lanes()[place], lead_time = network.lead_time[Index(lane)];
    start.in_transit(lead_time, lane) += shipped[place];
    start.on_hand[Index(network.lane_destination[Index(lane)])] += start.in_transit(1, lane);
    for (int ahead = 1; ahead < lead_time; ++ahead) start.in_transit(ahead, lane) = start.in_transit(ahead + 1, lane);
    start.in_transit(lead_time, lane) = 0;
  }
  ++start.phase;
}

int Run(const char* file, int horizon, int num_days) {
  const ExperimentConfig config = ReadExperimentConfig(file, {"agents=none"});
  const DemandHistory history = LoadDemand(config).full;
  const auto network = MakeNetwork(config, history);
  std::vector<int> sites;
  for (int site = 0; site < network->num_sites(); ++site) sites.push_back(site);

  const int first = history.num_periods() - num_days;
  double before = ProgramCpuSeconds();
  const ReplenishmentLp lp(*network, sites, {.num_periods = horizon, .safety_stock = true});
  SimplexSolver solver(lp.model());
  auto start = ReplenishmentStart::Initial(*network, PhaseOf(history.calendar, first));
  std::vector<double> seconds;
  for (int day = 0; day < num_days; ++day) {
    const Eigen::MatrixXd forecast = Forecast(*network, history, first + day, horizon);
    std::vector<double> safety_stock(sites.size());
    for (const int site : sites) safety_stock[Index(site)] = std::sqrt(forecast.col(site).sum() / horizon);
    lp.Apply(start, forecast, safety_stock, solver);
    const LpSolution plan = solver.Solve();
    if (plan.status != LpStatus::kOptimal) return 1;
    seconds.push_back(ProgramCpuSeconds() - before);
    if (day == 0) {
      std::printf("%s: %d sites, %d days, %d rows, %d columns\ncold     %8.2f CPU s, %lld iterations\n", file,
                  network->num_sites(), horizon, lp.model().num_rows(), lp.model().num_columns(), seconds[0],
                  static_cast<long long>(plan.iterations));
    }
    CarryOut(*network, lp, plan, history, first + day, start);
    before = ProgramCpuSeconds();
  }
  std::sort(seconds.begin() + 1, seconds.end());
  std::printf("re-solve %8.3f CPU s a day in the median of %d, %.3f at the most\n",
              seconds[1 + (seconds.size() - 1) / 2], num_days - 1, seconds.back());
  return 0;
}

}  // namespace
}  // namespace restock

int main(int argc, char** argv) {
  if (argc < 2) {
    std::printf("%s CONFIG [horizon] [days]\n", argv[0]);
    return 2;
  }
  return restock::Run(argv[1], argc > 2 ? std::atoi(argv[2]) : 28, argc > 3 ? std::atoi(argv[3]) : 15);
}
