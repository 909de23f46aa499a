#include "agents/rolling_lp.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "common/check.h"
#include "optimization/perfect_information.h"

namespace restock {
namespace {

constexpr double kTieBreak = 1e-5;
constexpr double kDualTolerance = 1e-9;  // well below the tie breaker, so that it decides

size_t Index(int i) { return static_cast<size_t>(i); }

/// The solvers of one block: by environment and program, made when first needed.
class LpMemory : public PolicyMemory {
 public:
  explicit LpMemory(size_t num_programs) : solvers_(kBlockSize) {
    for (auto& of_env : solvers_) of_env.resize(num_programs);
  }
  std::optional<SimplexSolver>& solver(int env, size_t program) { return solvers_[Index(env)][program]; }

 private:
  std::vector<std::vector<std::optional<SimplexSolver>>> solvers_;
};

/// The columns of some sites out of those of all, scenario by scenario.
Eigen::MatrixXd DemandOf(const std::vector<int>& sites, int num_sites, const Eigen::MatrixXd& demand) {
  const auto num_scenarios = static_cast<int>(demand.cols()) / num_sites, count = static_cast<int>(sites.size());
  Eigen::MatrixXd of_sites(demand.rows(), num_scenarios * count);
  for (int scenario = 0; scenario < num_scenarios; ++scenario) {
    for (int place = 0; place < count; ++place)
      of_sites.col(scenario * count + place) = demand.col(scenario * num_sites + sites[Index(place)]);
  }
  return of_sites;
}

}  // namespace

RollingLpPolicy::RollingLpPolicy(std::string name, std::shared_ptr<const Network> network,
                                 ReplenishmentLpOptions options)
    : name_(std::move(name)), network_(std::move(network)), options_(options) {
  RESTOCK_CHECK_EQ(ReplenishmentLp::FirstUnknown(*network_), "");
  options_.tie_break = kTieBreak;
  for (std::vector<int>& sites : IndependentComponents(*network_))
    programs_.emplace_back(*network_, std::move(sites), options_);
}

std::unique_ptr<PolicyMemory> RollingLpPolicy::MakeMemory(const Network&) const {
  return std::make_unique<LpMemory>(programs_.size());
}

void RollingLpPolicy::Act(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders) const {
  Plan(context, memory, orders, {});
}

void RollingLpPolicy::Plan(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders,
                           const PlanWatcher& watch) const {
  LpMemory without_memory(programs_.size());  // every decision from the slacks
  auto* const solvers = memory ? dynamic_cast<LpMemory*>(memory) : &without_memory;
  RESTOCK_CHECK(solvers != nullptr);
  RESTOCK_CHECK(!options_.moves_forward || context.period < options_.num_periods);
  const std::vector<PlanInput> inputs = InputsOf(context);
  for (int env = 0; env < context.num_active; ++env) {
    const PlanInput& input = inputs[Index(env)];
    ReplenishmentStart start = ReplenishmentStart::Of(*network_, context.state, env, context.phase);
    start.period = PresentOf(context);
    for (size_t program = 0; program < programs_.size(); ++program) {
      const ReplenishmentLp& lp = programs_[program];
      auto& solver = solvers->solver(env, program);
      if (!solver) solver.emplace(lp.model(), SimplexOptions{.dual_tolerance = kDualTolerance});
      lp.Apply(start, DemandOf(lp.sites(), network_->num_sites(), input.demand), input.safety_stock, *solver);
      if (!input.weights.empty()) lp.ApplyWeights(input.weights, *solver);
      const LpSolution plan = solver->Solve();
      ReadOrders(lp, start, plan, env, orders);
      if (watch) watch(lp, start, plan);
    }
  }
}

std::vector<Eigen::MatrixXd> RollingLpPolicy::ExpectedDemand(const DecisionContext& context) const {
  const int num_sites = network_->num_sites(), present = PresentOf(context);
  std::vector<Eigen::MatrixXd> demand(Index(context.num_active),
                                      Eigen::MatrixXd::Zero(options_.num_periods, num_sites));
  Eigen::ArrayXXf mean(kBlockSize, num_sites);
  for (int period = present; period < options_.num_periods; ++period) {
    context.demand.ExpectedDemand(context.period, period - present, context.scenarios, *network_, mean.data());
    for (int env = 0; env < context.num_active; ++env) {
      for (int site = 0; site < num_sites; ++site) {
        const bool sells = network_->site_series[Index(site)] != kNoSeries;
        if (sells) demand[Index(env)](period, site) = std::max(0.f, mean(env, site));
      }
    }
  }
  return demand;
}

void RollingLpPolicy::ReadOrders(const ReplenishmentLp& lp, const ReplenishmentStart& start, const LpSolution& plan,
                                 int env, std::span<float> orders) const {
  if (plan.status != LpStatus::kOptimal) return;  // which has not happened: every shortage can be paid for
  for (size_t place = 0; place < lp.lanes().size(); ++place) {
    const double wanted = std::max(0.0, lp.Order(static_cast<int>(place), start.period, start, plan));
    const double units = network_->is_divisible ? wanted : std::floor(wanted + 0.5);
    orders[Index(lp.lanes()[place] * kBlockSize + env)] = static_cast<float>(units);
  }
}

}  // namespace restock
