#include "agents/forecast_quantile_policy.h"

#include <cmath>
#include <utility>

#include "agents/order_up_to.h"
#include "agents/simulate.h"
#include "common/distributions.h"
#include "optimization/policy_search.h"

namespace restock {
namespace {

// The normal scores of kForecastQuantiles.
constexpr double kScores[kNumForecastQuantiles] = {0, 0.524401, 0.841621, 1.281552, 1.644854, 1.959964};
constexpr double kHighestScore = kScores[kNumForecastQuantiles - 1];

// The range that service levels are searched in: 0.1 % and far beyond the highest quantile, for forecasts that are too
// narrow.
constexpr double kLowScore = -3;
constexpr double kHighScore = 6;
constexpr int kNumRounds = 3;

double MeanCost(const ForecastQuantilePolicy& policy, const TrainingWorld& world, int num_threads) {
  return SiteCosts(policy, world.network, world.train, num_threads).sum();
}

}  // namespace

Eigen::ArrayXf QuantileAtScore(const Eigen::Ref<const Eigen::MatrixXf>& quantiles, double z) {
  const auto median = quantiles.col(0).array();
  const auto highest = quantiles.col(kNumForecastQuantiles - 1).array();
  // outside the forecast quantiles: by the spread on that side
  if (z >= kHighestScore) {
    return highest + static_cast<float>((z - kHighestScore) / kHighestScore) * (highest - median);
  }
  if (z < 0) return (median + static_cast<float>(z / kScores[1]) * (quantiles.col(1).array() - median)).max(0.f);
  // between two of them
  int above = 1;
  while (kScores[above] < z) ++above;
  const auto share = static_cast<float>((z - kScores[above - 1]) / (kScores[above] - kScores[above - 1]));
  return (1 - share) * quantiles.col(above - 1).array() + share * quantiles.col(above).array();
}

double ForecastQuantilePolicy::store_service_level() const { return NormalProbability(store_score_); }
double ForecastQuantilePolicy::central_service_level() const { return NormalProbability(central_score_); }

void ForecastQuantilePolicy::Act(const DecisionContext& context, PolicyMemory*, std::span<float> orders) const {
  const Network& network = context.network;
  for (int site = 0; site < network.num_sites(); ++site) {
    const auto quantiles =
        context.observation.block(site * kBlockSize, kForecastQ50, kBlockSize, kNumForecastQuantiles);
    OrderUpTo(context, site, QuantileAtScore(quantiles, ScoreOf(network, site)), orders);
  }
}

double ForecastQuantilePolicy::ScoreOf(const Network& network, int site) const {
  return network.site_series[static_cast<size_t>(site)] == kNoSeries ? central_score_ : store_score_;
}

ForecastQuantilePolicy TuneForecastQuantile(const TrainingWorld& world, int num_threads) {
  double store = 1.5;
  double central = 1.5;
  double reach = (kHighScore - kLowScore) / 2;
  for (int round = 0; round < kNumRounds; ++round, reach /= 4) {
    // the first round looks at the whole range, later ones around the best so far
    const auto search = [&](double around, const auto& cost) {
      const double low = round == 0 ? kLowScore : around - reach;
      const double high = round == 0 ? kHighScore : around + reach;
      return SearchScalar(cost, low, high, /*num_points=*/10, /*tolerance=*/0.02).value;
    };
    central = search(central, [&](double z) { return MeanCost({store, z}, world, num_threads); });
    store = search(store, [&](double z) { return MeanCost({z, central}, world, num_threads); });
  }
  return ForecastQuantilePolicy(store, central);
}

Eigen::ArrayXf MeanLevels(const ForecastQuantilePolicy& policy, const Network& network, const ScenarioSet& scenarios) {
  Eigen::ArrayXf levels = Eigen::ArrayXf::Zero(network.num_sites());
  Eigen::MatrixXf quantiles(scenarios.num_scenarios, kNumForecastQuantiles);
  for (int site = 0; site < network.num_sites(); ++site) {
    for (int period = 0; period < scenarios.num_periods; ++period) {
      for (int i = 0; i < kNumForecastQuantiles; ++i) {
        quantiles.col(i) = scenarios.Forecast(period, site, kForecastFirstQuantile + i).matrix();
      }
      levels[site] += QuantileAtScore(quantiles, policy.ScoreOf(network, site)).mean();
    }
  }
  return levels / static_cast<float>(scenarios.num_periods);
}

}  // namespace restock
