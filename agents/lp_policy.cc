#include "agents/lp_policy.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "agents/demand_paths.h"
#include "agents/forecast_quantile_policy.h"
#include "agents/rolling_lp.h"
#include "common/distributions.h"
#include "optimization/scenario_reduction.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

// A rolling window looks at least as far as the longest lead time.
int NumPeriods(const Network& network, int horizon, bool ends_with_episode) {
  return ends_with_episode ? horizon : std::max(horizon, network.max_lead_time() + 1);
}

class LpPolicy : public RollingLpPolicy {
 public:
  LpPolicy(std::shared_ptr<const Network> network, const LpPolicyConfig& config)
      : RollingLpPolicy("lp", network,
                        {.num_periods = NumPeriods(*network, config.horizon, config.ends_with_episode),
                         .moves_forward = config.ends_with_episode,
                         .safety_stock = std::max(config.service_level, config.central_service_level) > 0.5,
                         .discount = config.discount}),
        config_(config) {}

 private:
  std::vector<PlanInput> InputsOf(const DecisionContext& context) const override {
    std::vector<PlanInput> inputs;
    for (Eigen::MatrixXd& demand : ExpectedDemand(context)) inputs.push_back({std::move(demand), {}});
    if (!options().safety_stock) return inputs;
    const Eigen::ArrayXXd safety = SafetyStocks(context);
    for (size_t env = 0; env < inputs.size(); ++env) {
      const Eigen::ArrayXd of_env = safety.row(static_cast<Eigen::Index>(env));
      inputs[env].safety_stock.assign(of_env.begin(), of_env.end());
    }
    return inputs;
  }

  /// Quantile minus mean of demand over the protection periods. Of a site that feeds others: what its echelon needs
  /// beyond the safety stocks of the sites below.  (kBlockSize, num_sites)
  Eigen::ArrayXXd SafetyStocks(const DecisionContext& context) const {
    const int num_sites = network().num_sites();
    const auto read = [&](int feature) {
      Eigen::ArrayXXf values(kBlockSize, num_sites);
      context.demand.Forecast(context.period, context.scenarios, network(), feature, values.data());
      return values;
    };
    const Eigen::ArrayXXf mean = read(kForecastMean);
    std::vector<Eigen::ArrayXXf> quantiles;
    for (int i = 0; i < kNumForecastQuantiles; ++i) quantiles.push_back(read(kForecastFirstQuantile + i));

    Eigen::ArrayXXd safety = Eigen::ArrayXXd::Zero(kBlockSize, num_sites);
    for (const int site : network().sites_downstream_first) {
      const double level = network().IsSupplier(site) ? config_.central_service_level : config_.service_level;
      Eigen::MatrixXf of_site(kBlockSize, kNumForecastQuantiles);
      for (int i = 0; i < kNumForecastQuantiles; ++i) of_site.col(i) = quantiles[Index(i)].col(site).matrix();
      safety.col(site) = (QuantileAtScore(of_site, NormalQuantile(level)) - mean.col(site)).cast<double>();
      for (const int below : network().echelon[Index(site)]) {
        if (below != site) safety.col(site) -= safety.col(below);
      }
      safety.col(site) = safety.col(site).max(0);
    }
    return safety;
  }

  LpPolicyConfig config_;
};

class StochasticLpPolicy : public RollingLpPolicy {
 public:
  StochasticLpPolicy(std::shared_ptr<const Network> network, const StochasticLpConfig& config)
      : RollingLpPolicy(config.branchings.empty() ? "stochastic_lp" : "multistage_lp", network,
                        {.num_periods = NumPeriods(*network, config.horizon, config.ends_with_episode),
                         .num_scenarios = config.num_scenarios,
                         .branchings = BranchingsOf(config),
                         .moves_forward = config.ends_with_episode,
                         .discount = config.discount}),
        num_drawn_(std::max(config.reduce_from, config.num_scenarios)),
        random_(Random(config.seed).Stream("stochastic_lp")) {}

 private:
  static std::vector<DemandBranching> BranchingsOf(const StochasticLpConfig& config) {
    if (!config.branchings.empty()) return config.branchings;
    return {{.after = 1, .parts = config.num_scenarios}};
  }

  // What is known when the next orders are placed tells paths apart that order apart.  (num_periods)
  std::vector<int> NumDifferent(int present) const {
    std::vector<int> num_different(Index(options().num_periods), 1);
    for (int period = present; period < options().num_periods; ++period) {
      for (const DemandBranching& branching : options().branchings)
        if (period - present + 1 >= branching.after) num_different[Index(period)] *= branching.parts;
    }
    // what is never told apart differs all the same behind the last branching
    const int last = options().branchings.back().after;
    for (int period = std::min(present + last, options().num_periods); period < options().num_periods; ++period)
      num_different[Index(period)] = options().num_scenarios;
    return num_different;
  }

  // More paths than the program has room for; those stay that stand for them best.
  PlanInput Reduced(const Eigen::MatrixXd& mean, const Eigen::ArrayXd& dispersion, int first_period,
                    const Random& random) const {
    const std::vector<int> num_different(Index(options().num_periods), num_drawn_);
    Eigen::MatrixXd drawn;
    DrawPaths(mean, dispersion, num_drawn_, num_different, first_period, random, drawn);
    const ReducedScenarios reduced = ReduceScenarios(drawn, num_drawn_, options().num_scenarios);
    PlanInput input{Eigen::MatrixXd(drawn.rows(), options().num_scenarios * mean.cols()), {}, reduced.weight};
    for (int kept = 0; kept < options().num_scenarios; ++kept)
      input.demand.middleCols(kept * mean.cols(), mean.cols()) =
          drawn.middleCols(reduced.chosen[Index(kept)] * mean.cols(), mean.cols());
    return input;
  }

  // A period of the episode keeps its random numbers from decision to decision: its demand moves with the forecast
  // only.
  std::vector<PlanInput> InputsOf(const DecisionContext& context) const override {
    const std::vector<Eigen::MatrixXd> expected = ExpectedDemand(context);
    const Eigen::ArrayXXd dispersion = ForecastDispersion(context);
    const int first_period = context.period - PresentOf(context);
    const std::vector<int> num_different = NumDifferent(PresentOf(context));
    std::vector<PlanInput> inputs(expected.size());
    for (size_t env = 0; env < expected.size(); ++env) {
      const Random random = random_.Child(static_cast<uint64_t>(context.scenarios[env]));
      const Eigen::ArrayXd of_env = dispersion.row(static_cast<Eigen::Index>(env));
      if (num_drawn_ > options().num_scenarios) {
        inputs[env] = Reduced(expected[env], of_env, first_period, random);
        continue;
      }
      DrawPaths(expected[env], of_env, options().num_scenarios, num_different, first_period, random,
                inputs[env].demand);
    }
    return inputs;
  }

  int num_drawn_;  // demand paths
  Random random_;
};

}  // namespace

std::unique_ptr<Policy> MakeLpPolicy(std::shared_ptr<const Network> network, const LpPolicyConfig& config) {
  return std::make_unique<LpPolicy>(std::move(network), config);
}

std::unique_ptr<Policy> MakeStochasticLpPolicy(std::shared_ptr<const Network> network,
                                               const StochasticLpConfig& config) {
  return std::make_unique<StochasticLpPolicy>(std::move(network), config);
}

}  // namespace restock
