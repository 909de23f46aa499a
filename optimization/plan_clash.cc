#include "optimization/plan_clash.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "common/check.h"
#include "optimization/irreducible_infeasible_subset.h"
#include "optimization/perfect_information.h"
#include "optimization/replenishment_lp.h"
#include "optimization/row_objective.h"

namespace restock {
namespace {

constexpr double kMostSeconds = 20;  // of each solve of the search for a smallest set

size_t Index(int i) { return static_cast<size_t>(i); }

/// `period 3`, `periods 0 to 4`, `periods 0, 3 to 5`.
std::string PeriodWords(std::vector<int> periods) {
  std::ranges::sort(periods);
  periods.erase(std::unique(periods.begin(), periods.end()), periods.end());
  std::string words = periods.size() == 1 ? "period " : "periods ";
  for (size_t first = 0, last = 0; first < periods.size(); first = ++last) {
    while (last + 1 < periods.size() && periods[last + 1] == periods[last] + 1) ++last;
    words += fmt::format("{}{}", first == 0 ? "" : ", ", periods[first]);
    if (last > first) words += fmt::format(" to {}", periods[last]);
  }
  return words;
}

/// One part of the network, its program with the requirement in it.
class RequiredPlan {
 public:
  RequiredPlan(const Network& network, const std::vector<int>& sites, const ReplenishmentStart& start,
               const Eigen::MatrixXd& demand, const ServiceRequirement& requirement)
      : lp_(network, sites,
            {.num_periods = static_cast<int>(demand.rows()),
             .shortage_rows = ShortageRows::kBySite,
             .within_storage = requirement.within_storage,
             .has_names = true}),
        solver_(lp_.model()) {
    lp_.Apply(start, demand, {}, solver_);
    for (int place = 0; place < static_cast<int>(sites.size()); ++place) {
      const int row = lp_.shortage_row(place);
      if (row < 0) continue;
      const int first = std::min<int>(lp_.FirstArrival(place), static_cast<int>(demand.rows()));
      const double asked = demand.col(place).tail(demand.rows() - first).sum();
      asked_ += asked;
      shortage_rows_[row] = asked;
      solver_.SetRowBounds(row, -kInfinity, (1 - requirement.fill_rate) * asked);
    }
  }

  std::optional<PlanClash> FindClash() {
    const LpSolution plan = solver_.Solve();
    if (plan.status != LpStatus::kInfeasible) return {};
    const LpModel model = solver_.model();
    const InfeasibleSubset subset = FindInfeasibleSubset(model, plan, {.time_limit = kMostSeconds});
    PlanClash clash{{}, {}, MostMet(), subset.is_irreducible};
    Describe(model, subset, clash);
    return clash;
  }

 private:
  /// Without the requirement, the least that is short.
  double MostMet() {
    std::vector<int> rows;
    for (const auto& [row, asked] : shortage_rows_) {
      solver_.SetRowBounds(row, -kInfinity, kInfinity);
      rows.push_back(row);
    }
    MinimizeRows(rows, solver_);
    const LpSolution plan = solver_.Solve();
    return plan.status == LpStatus::kOptimal && asked_ > 0 ? 1 - plan.objective / asked_ : 0;
  }

  static bool IsFlow(bool is_row, const std::string& what) {
    return is_row ? what.starts_with("stock of") || what.starts_with("what can be shipped of") ||
                        what.starts_with("customers")
                  : what.starts_with("shortage of");
  }

  /// Limits that somebody set, with their numbers, and flows, which follow from demand and stock. That nothing is less
  /// than zero goes without saying.
  void Describe(const LpModel& model, const InfeasibleSubset& subset, PlanClash& clash) const {
    std::map<std::string, std::vector<int>> limits, flows;  // words -> periods
    for (const LpBound& bound : subset.bounds) {
      const bool is_row = bound.kind == LpBound::Kind::kRow;
      const LpLabel& label = (is_row ? lp_.row_labels() : lp_.column_labels())[Index(bound.index)];
      const double upper = (is_row ? model.row_upper : model.upper)[Index(bound.index)];
      if (is_row && shortage_rows_.contains(bound.index)) {
        clash.limits.push_back(fmt::format("at most {:.6g} short of {:.6g} asked for: service{}", upper,
                                           shortage_rows_.at(bound.index), label.what.substr(label.what.find(" of "))));
      } else if (IsFlow(is_row, label.what)) {
        flows["demand and stock" + label.what.substr(label.what.find(" of "))].push_back(label.period);
      } else if (bound.side == LpBound::Side::kUpper) {
        limits[upper > 0 ? fmt::format("at most {:.6g}: {}", upper, label.what) : "no order day, " + label.what]
            .push_back(label.period);
      }
    }
    for (const auto& [words, periods] : limits) clash.limits.push_back(words + " in " + PeriodWords(periods));
    for (const auto& [words, periods] : flows) clash.flows.push_back(words + " in " + PeriodWords(periods));
  }

  ReplenishmentLp lp_;
  SimplexSolver solver_;
  std::map<int, double> shortage_rows_;  // and what is asked for  [unit]
  double asked_ = 0;
};

}  // namespace

std::optional<PlanClash> FindPlanClash(const Network& network, const ReplenishmentStart& start,
                                       const Eigen::MatrixXd& demand, const ServiceRequirement& requirement) {
  RESTOCK_CHECK_EQ(ReplenishmentLp::FirstUnknown(network), "");
  for (const std::vector<int>& sites : IndependentComponents(network)) {
    const Eigen::MatrixXd of_sites = demand(Eigen::all, sites);
    RequiredPlan plan(network, sites, start, of_sites, requirement);
    if (std::optional<PlanClash> clash = plan.FindClash()) return clash;
  }
  return {};
}

}  // namespace restock
