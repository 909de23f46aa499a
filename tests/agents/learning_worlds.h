#pragma once

#include <memory>

#include "agents/learner.h"
#include "agents/network_policy.h"
#include "common/distributions.h"
#include "common/random.h"
#include "env/network_config.h"
#include "tests/env/test_networks.h"
#include "tests/optimization/scenarios_for_tests.h"

namespace restock {

/// Poisson demand of one series with the right forecasts: its own mean and quantiles over the protection periods.
inline std::shared_ptr<ScenarioSet> ForeseenPoisson(const Network& network, uint64_t seed, int num_scenarios,
                                                    int num_periods, double mean) {
  auto scenarios = PoissonScenarios(network, seed, num_scenarios, num_periods, mean);
  for (int target = 0; target < scenarios->num_targets(); ++target) {
    const ForecastTarget& about = scenarios->targets[static_cast<size_t>(target)];
    for (int period = 0; period < num_periods; ++period) {
      const double expected =
          mean * static_cast<double>(about.series.size()) * about.protection_periods[static_cast<size_t>(period)];
      for (int i = 0; i < kNumForecastQuantiles; ++i) {
        scenarios->Forecast(period, target, kForecastFirstQuantile + i) =
            static_cast<float>(CountDistribution{expected, 0}.Quantile(kForecastQuantiles[i]));
      }
      scenarios->Forecast(period, target, kForecastNextMean) =
          static_cast<float>(mean * static_cast<double>(about.series.size()));
    }
  }
  return scenarios;
}

/// Two stores behind a central site, lost sales, orders on two days of three at the centre.
inline TrainingWorld SmallWorld() {
  const SiteSettings central{.holding_cost = 0.05f,
                             .unit_value = 2,
                             .initial_on_hand = 40,
                             .lead_time = 2,
                             .unit_cost = 2,
                             .calendar = {3, {true, true, false}}};
  const SiteSettings store{
      .holding_cost = 0.2f, .stockout_cost = 6, .unit_value = 2, .initial_on_hand = 12, .lead_time = 1};
  TrainingWorld world;
  world.network = CentralAndStores(central, {store, store});
  world.train = MakeScenarioSource(ForeseenPoisson(*world.network, 1, 70, 10, 4));
  world.select = MakeScenarioSource(ForeseenPoisson(*world.network, 2, 16, 10, 4));
  return world;
}

/// A network of random weights that acts in the observations of `network`.
inline NetworkModel RandomModel(const Network& network, Head head, Activation activation, uint64_t seed) {
  RandomStream random(seed, 0);
  const auto number = [&](double scale) { return static_cast<float>(scale * random.Normal()); };
  NetworkModel model;
  model.name = head == Head::kOrdinal ? "ppo" : "dqn";
  model.features = FeatureNames(network);
  const int num_inputs = SiteFeatures(model.features).num_inputs();
  model.input_mean = Eigen::RowVectorXf::NullaryExpr(num_inputs, [&] { return number(0.5); });
  model.input_scale = Eigen::RowVectorXf::NullaryExpr(num_inputs, [&] { return 0.5f + std::abs(number(0.5)); });
  model.head = head;
  model.network = FastNetwork({num_inputs, 16, 8, head == Head::kOrdinal ? 1 : model.grid.num_actions()}, activation);
  std::vector<float> weights(model.network.parameters().size());
  for (float& weight : weights) weight = number(0.5);
  model.network.SetParameters(weights);
  model.store_score = 1.5f;
  model.central_score = 2;
  model.curvature = head == Head::kOrdinal ? 0 : 0.1f;
  return model;
}

}  // namespace restock
