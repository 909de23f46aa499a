#include "optimization/promotion_plan.h"

#include "common/check.h"
#include "optimization/perfect_information.h"
#include "optimization/replenishment_lp.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

/// Adds, or takes away, what an optimal plan of some sites orders, keeps and costs.
class PlanAdder {
 public:
  PlanAdder(const Network& network, const std::vector<int>& sites, const ReplenishmentStart& start, int num_periods)
      : start_(start),
        lp_(network, sites, {.num_periods = num_periods, .tie_break = kTieBreak}),
        solver_(lp_.model()) {}

  void Add(const Eigen::MatrixXd& demand, double sign, PromotionNeeds& needs) {
    lp_.Apply(start_, demand, {}, solver_);
    const LpSolution plan = solver_.Solve();
    RESTOCK_CHECK(plan.status == LpStatus::kOptimal);  // every shortage can be paid for
    needs.more_demand += sign * demand.sum();
    needs.more_cost += sign * (plan.objective + lp_.FixedCost(start_, demand));
    for (int period = 0; period < demand.rows(); ++period) {
      for (int place = 0; place < static_cast<int>(lp_.lanes().size()); ++place)
        needs.more_orders(period, lp_.lanes()[Index(place)]) += sign * lp_.Order(place, period, start_, plan);
      for (int place = 0; place < static_cast<int>(lp_.sites().size()); ++place) {
        const int stock = lp_.StockColumn(place, period), shortage = lp_.ShortageColumn(place, period);
        if (stock >= 0) needs.more_stock(period, lp_.sites()[Index(place)]) += sign * plan.values[Index(stock)];
        if (shortage >= 0) needs.more_short += sign * plan.values[Index(shortage)];
      }
    }
  }

 private:
  static constexpr double kTieBreak = 1e-7;  // of plans that cost the same always the same one

  const ReplenishmentStart& start_;
  ReplenishmentLp lp_;
  SimplexSolver solver_;
};

}  // namespace

PromotionNeeds FindPromotionNeeds(const Network& network, const ReplenishmentStart& start,
                                  const Eigen::MatrixXd& demand, const Eigen::MatrixXd& promoted) {
  RESTOCK_CHECK_EQ(ReplenishmentLp::FirstUnknown(network), "");
  PromotionNeeds needs;
  needs.more_orders = Eigen::MatrixXd::Zero(demand.rows(), network.num_lanes());
  needs.more_stock = Eigen::MatrixXd::Zero(demand.rows(), network.num_sites());
  for (const std::vector<int>& sites : IndependentComponents(network)) {
    const Eigen::MatrixXd without = demand(Eigen::all, sites), with = promoted(Eigen::all, sites);
    if (with == without) continue;
    PlanAdder plan(network, sites, start, static_cast<int>(demand.rows()));
    plan.Add(without, -1, needs);
    plan.Add(with, 1, needs);
  }
  return needs;
}

}  // namespace restock
