#include "agents/lp_policy.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "agents/forecast_quantile_policy.h"
#include "common/check.h"
#include "common/distributions.h"
#include "optimization/replenishment_lp.h"

namespace restock {
namespace {

constexpr double kTieBreak = 1e-5;
constexpr double kDualTolerance = 1e-9;  // well below the tie breaker, so that it decides

size_t Index(int i) { return static_cast<size_t>(i); }

/// The solvers of one block: by environment and component, made when first needed.
class LpMemory : public PolicyMemory {
 public:
  explicit LpMemory(size_t num_components) : solvers_(kBlockSize) {
    for (auto& of_env : solvers_) of_env.resize(num_components);
  }
  std::optional<SimplexSolver>& solver(int env, size_t component) { return solvers_[Index(env)][component]; }

 private:
  std::vector<std::vector<std::optional<SimplexSolver>>> solvers_;
};

class LpPolicy : public Policy {
 public:
  LpPolicy(std::shared_ptr<const Network> network, const LpPolicyConfig& config)
      : network_(std::move(network)),
        config_(config),
        horizon_(std::max(config.horizon, network_->max_lead_time() + 1)) {
    const ReplenishmentLpOptions options{
        .num_periods = horizon_, .credit_leftovers = true, .safety_stock = true, .tie_break = kTieBreak};
    for (std::vector<int>& sites : IndependentComponents(*network_)) {
      programs_.emplace_back(*network_, std::move(sites), options);
    }
  }

  const std::string& name() const override { return name_; }
  bool is_slow() const override { return true; }
  std::unique_ptr<PolicyMemory> MakeMemory(const Network&) const override {
    return std::make_unique<LpMemory>(programs_.size());
  }

  void Act(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders) const override {
    LpMemory without_memory(programs_.size());  // every decision from the slacks
    auto* const solvers = memory ? dynamic_cast<LpMemory*>(memory) : &without_memory;
    RESTOCK_CHECK(solvers != nullptr);
    const Eigen::ArrayXXd safety_stock = SafetyStocks(context);
    for (int env = 0; env < context.num_active; ++env) {
      const ReplenishmentStart start = StartOf(context, env);
      const Eigen::VectorXd safety = safety_stock.row(env).matrix().transpose();
      for (size_t component = 0; component < programs_.size(); ++component) {
        const ReplenishmentLp& lp = programs_[component];
        auto& solver = solvers->solver(env, component);
        if (!solver) solver.emplace(lp.model(), SimplexOptions{.dual_tolerance = kDualTolerance});
        lp.Apply(start, ExpectedDemand(context, lp, env), {safety.data(), Index(network_->num_sites())}, *solver);
        ReadOrders(lp, solver->Solve(), env, orders);
      }
    }
  }

 private:
  /// Quantile minus mean of demand over the protection periods. Of a site that feeds others: what its echelon needs
  /// beyond the safety stocks of the sites below.  (kBlockSize, num_sites)
  Eigen::ArrayXXd SafetyStocks(const DecisionContext& context) const {
    const int num_sites = network_->num_sites();
    const auto read = [&](int feature) {
      Eigen::ArrayXXf values(kBlockSize, num_sites);
      context.demand.Forecast(context.period, context.scenarios, *network_, feature, values.data());
      return values;
    };
    const Eigen::ArrayXXf mean = read(kForecastMean);
    std::vector<Eigen::ArrayXXf> quantiles;
    for (int i = 0; i < kNumForecastQuantiles; ++i) quantiles.push_back(read(kForecastFirstQuantile + i));

    Eigen::ArrayXXd safety = Eigen::ArrayXXd::Zero(kBlockSize, num_sites);
    for (const int site : network_->sites_downstream_first) {
      const double level = network_->IsSupplier(site) ? config_.central_service_level : config_.service_level;
      Eigen::MatrixXf of_site(kBlockSize, kNumForecastQuantiles);
      for (int i = 0; i < kNumForecastQuantiles; ++i) of_site.col(i) = quantiles[Index(i)].col(site).matrix();
      safety.col(site) = (QuantileAtScore(of_site, NormalQuantile(level)) - mean.col(site)).cast<double>();
      for (const int below : network_->echelon[Index(site)]) {
        if (below != site) safety.col(site) -= safety.col(below);
      }
      safety.col(site) = safety.col(site).max(0);
    }
    return safety;
  }

  ReplenishmentStart StartOf(const DecisionContext& context, int env) const {
    ReplenishmentStart start;
    start.phase = context.phase;
    for (int site = 0; site < network_->num_sites(); ++site) {
      start.on_hand.push_back(context.state.on_hand(site)[env]);
      start.backorders.push_back(context.state.backorders(site)[env]);
    }
    start.in_transit = Eigen::MatrixXd::Zero(network_->max_lead_time(), network_->num_lanes());
    for (int lane = 0; lane < network_->num_lanes(); ++lane) {
      for (int ahead = 1; ahead <= network_->lead_time[Index(lane)]; ++ahead) {
        start.in_transit(ahead - 1, lane) = context.state.in_transit(lane, ahead)[env];
      }
    }
    return start;
  }

  /// The moving forecast's path; beyond its end the last season repeats.  (horizon, sites of the program)
  Eigen::MatrixXd ExpectedDemand(const DecisionContext& context, const ReplenishmentLp& lp, int env) const {
    const ScenarioSet* const paths = context.demand.scenario_set();
    const int scenario = context.scenarios[Index(env)];
    RESTOCK_CHECK(paths != nullptr && paths->path_horizon > 0 && scenario < paths->num_path_scenarios);
    const int season = std::min(context.demand.season(), paths->path_horizon);
    Eigen::MatrixXd demand = Eigen::MatrixXd::Zero(horizon_, static_cast<Eigen::Index>(lp.sites().size()));
    for (size_t place = 0; place < lp.sites().size(); ++place) {
      const int series = network_->site_series[Index(lp.sites()[place])];
      if (series == kNoSeries) continue;
      for (int period = 0; period < horizon_; ++period) {
        int step = period;
        while (step >= paths->path_horizon) step -= season;
        const double mean = paths->PathMean(context.period, series, step)[scenario];
        demand(period, static_cast<Eigen::Index>(place)) = std::max(0.0, mean);
      }
    }
    return demand;
  }

  void ReadOrders(const ReplenishmentLp& lp, const LpSolution& plan, int env, std::span<float> orders) const {
    for (size_t lane = 0; lane < lp.lanes().size(); ++lane) {
      const int column = lp.ShipmentColumn(static_cast<int>(lane), 0);
      const double units = std::floor(plan.values[Index(column)] + 0.5);
      orders[Index(lp.lanes()[lane] * kBlockSize + env)] = static_cast<float>(std::max(0.0, units));
    }
  }

  std::string name_ = "lp";
  std::shared_ptr<const Network> network_;
  LpPolicyConfig config_;
  int horizon_;
  std::vector<ReplenishmentLp> programs_;  // one per independent component
};

}  // namespace

std::unique_ptr<Policy> MakeLpPolicy(std::shared_ptr<const Network> network, const LpPolicyConfig& config) {
  return std::make_unique<LpPolicy>(std::move(network), config);
}

}  // namespace restock
