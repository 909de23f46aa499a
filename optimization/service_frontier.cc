#include "optimization/service_frontier.h"

#include <algorithm>
#include <numeric>

#include "common/check.h"
#include "optimization/replenishment_lp.h"
#include "optimization/row_objective.h"

namespace restock {
namespace {

/// The program of all paths, with a limit on what is short.
class ShortagePlan {
 public:
  ShortagePlan(const Network& network, const ReplenishmentStart& start, const Eigen::MatrixXd& demand, int num_paths,
               bool credit_leftovers, bool shortage_is_free)
      : lp_(network, AllSites(network),
            {.num_periods = static_cast<int>(demand.rows()),
             .num_scenarios = num_paths,
             .credit_leftovers = credit_leftovers,
             .shortage_rows = ShortageRows::kTogether,
             .shortage_is_free = shortage_is_free}),
        solver_(lp_.model()),
        fixed_cost_(lp_.FixedCost(start, demand)) {
    lp_.Apply(start, demand, {}, solver_);
    for (int site = 0; site < network.num_sites(); ++site) {
      if (lp_.shortage_row(site) < 0) continue;
      row_ = lp_.shortage_row(site);
      const auto first = std::min<Eigen::Index>(lp_.FirstArrival(site), demand.rows());
      for (int path = 0; path < num_paths; ++path)
        asked_ += demand.col(path * network.num_sites() + site).tail(demand.rows() - first).sum() / num_paths;
    }
  }

  double asked() const { return asked_; }

  /// The cheapest plan with at most so many units short; an infinite limit asks for nothing.
  LpSolution Solve(double most_short) {
    solver_.SetRowBounds(row_, -kInfinity, most_short);
    return solver_.Solve();
  }
  double FillRate(const LpSolution& plan) const { return 1 - plan.row_activity[static_cast<size_t>(row_)] / asked_; }
  ServicePoint PointOf(const LpSolution& plan) const {
    return {FillRate(plan), plan.objective + fixed_cost_, -plan.duals[static_cast<size_t>(row_)]};
  }

  /// The least that can be short, whatever it costs.
  LpSolution LeastShort() {
    MinimizeRows(std::span(&row_, 1), solver_);
    return Solve(kInfinity);
  }

 private:
  static std::vector<int> AllSites(const Network& network) {
    std::vector<int> sites(static_cast<size_t>(network.num_sites()));
    std::iota(sites.begin(), sites.end(), 0);
    return sites;
  }

  ReplenishmentLp lp_;
  SimplexSolver solver_;
  double fixed_cost_;
  int row_ = -1;
  double asked_ = 0;
};

}  // namespace

ServiceFrontier FindServiceFrontier(const Network& network, const ReplenishmentStart& start,
                                    const std::vector<Eigen::MatrixXd>& demand, std::span<const double> fill_rates,
                                    bool credit_leftovers) {
  RESTOCK_CHECK_EQ(ReplenishmentLp::FirstUnknown(network), "");
  const auto num_paths = static_cast<int>(demand.size());
  Eigen::MatrixXd all(demand.front().rows(), num_paths * network.num_sites());
  for (int path = 0; path < num_paths; ++path)
    all.middleCols(path * network.num_sites(), network.num_sites()) = demand[static_cast<size_t>(path)];

  ServiceFrontier frontier;
  ShortagePlan plan(network, start, all, num_paths, credit_leftovers, /*shortage_is_free=*/true);
  frontier.asked = plan.asked();
  if (frontier.asked <= 0) return frontier;

  // where it begins, where it ends, and where the network's own costs lie
  const LpSolution cheapest = plan.Solve(kInfinity);
  if (cheapest.status != LpStatus::kOptimal) return frontier;
  frontier.cheapest = plan.FillRate(cheapest);
  ShortagePlan best_served(network, start, all, num_paths, credit_leftovers, /*shortage_is_free=*/true);
  ShortagePlan as_charged(network, start, all, num_paths, credit_leftovers, /*shortage_is_free=*/false);
  const LpSolution least_short = best_served.LeastShort(), chosen = as_charged.Solve(kInfinity);
  if (least_short.status != LpStatus::kOptimal || chosen.status != LpStatus::kOptimal) return frontier;
  frontier.most = best_served.FillRate(least_short);
  frontier.chosen = as_charged.FillRate(chosen);

  // from point to point
  frontier.points.push_back(plan.PointOf(cheapest));
  constexpr double kNear = 1e-6;
  for (const double fill_rate : fill_rates) {
    if (fill_rate <= frontier.cheapest + kNear || fill_rate > frontier.most - kNear) continue;
    const LpSolution solution = plan.Solve((1 - fill_rate) * frontier.asked);
    if (solution.status != LpStatus::kOptimal) break;
    frontier.points.push_back(plan.PointOf(solution));
  }
  const LpSolution last = plan.Solve((1 - frontier.most + kNear) * frontier.asked);
  if (last.status == LpStatus::kOptimal) frontier.points.push_back(plan.PointOf(last));
  return frontier;
}

}  // namespace restock
