#include <gtest/gtest.h>

#include "env/sampled_demand.h"
#include "env/vector_env.h"
#include "tests/env/random_features.h"
#include "tests/env/simulation.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

std::shared_ptr<const DemandSource> PoissonDemand(const Network& network, int num_periods, uint64_t seed) {
  SampledDemandConfig config{.demand = {}, .num_periods = num_periods};
  for (const int series : network.site_series)
    config.demand.push_back({.mean = series == kNoSeries ? 0.0 : 1.0 + series % 5});
  return MakeSampledSource(network, config, Random(seed));
}

BlockArray UnitsInside(const Network& network, const NetworkState& state) {
  BlockArray units = BlockArray::Zero();
  for (int site = 0; site < network.num_sites(); ++site) units += state.on_hand(site);
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    for (int ahead = 1; ahead <= network.lead_time[static_cast<size_t>(lane)]; ++ahead)
      units += state.in_transit(lane, ahead);
  }
  return units;
}

// What is inside changes by what comes from outside minus what is handed to customers; what customers ask for is sold,
// lost or waits.
TEST(ConservationTest, UnitsNeitherAppearNorVanishInRandomNetworks) {
  constexpr int kNumPeriods = 40;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    const auto network = RandomNetwork(seed);
    VectorEnv env(network, PoissonDemand(*network, kNumPeriods + 1, seed),
                  {.num_envs = 64, .initial_stock_spread = 0.5f});
    StepBatch batch = env.MakeBatch();
    env.Reset(seed, batch);
    AlignedVector orders(static_cast<size_t>(network->num_lanes() * kBlockSize));
    RandomStream random = Random(seed).Stream("orders").At(0);
    for (int period = 0; period < kNumPeriods; ++period) {
      for (float& order : orders) order = static_cast<float>(random.UniformInt(12));
      const NetworkState before = env.state(0);
      env.Step(orders, batch);
      const NetworkState& after = env.state(0);
      const PeriodOutcome& outcome = batch.outcome[0];
      const ConstEigenRows shipped{outcome.shipped.data()}, demand{outcome.demand.data()}, sold{outcome.sold.data()};

      BlockArray expected = UnitsInside(*network, before);
      for (int lane = 0; lane < network->num_lanes(); ++lane) {
        if (network->lane_origin[static_cast<size_t>(lane)] == kOutside) expected += shipped(lane);
        ASSERT_TRUE((shipped(lane) >= 0.f && shipped(lane) <= ConstEigenRows{orders.data()}(lane)).all());
        ASSERT_TRUE((shipped(lane) == shipped(lane).floor()).all());
      }
      for (int site = 0; site < network->num_sites(); ++site) {
        const BlockArray waited = before.backorders(site);
        const BlockArray waits = after.backorders(site);
        const float share = network->backorder_share[static_cast<size_t>(site)];
        const BlockArray served_late =
            share > 0 ? BlockArray(waited + demand(site) - sold(site) - waits) : BlockArray(BlockArray::Zero());
        expected -= sold(site) + served_late;
        ASSERT_TRUE(
            (after.on_hand(site) >= 0.f && waits >= 0.f && served_late >= 0.f && sold(site) <= demand(site)).all());
        ASSERT_TRUE((share > 0 || (waits == 0.f).all()));
      }
      ASSERT_TRUE((UnitsInside(*network, after) == expected).all());
    }
  }
}

// Costs change nothing of what happens. So where all cost nothing but sales, waste and what is refused, which cost 1,
// the cost counts units.
std::shared_ptr<const Network> CountingNetwork(const Network& network) {
  auto counting = std::make_shared<Network>(network);
  for (auto* costs : {&counting->holding_cost, &counting->stockout_cost, &counting->unit_cost, &counting->order_cost,
                      &counting->overflow_cost})
    std::fill(costs->begin(), costs->end(), 0.f);
  std::fill(counting->price.begin(), counting->price.end(), 1.f);
  for (Perishable& entry : counting->perishables) entry.waste_cost = 1;
  for (const int location : counting->refusing_locations) {
    const int site = counting->sites_at[static_cast<size_t>(location)].front();
    counting->overflow_cost[static_cast<size_t>(location)] = 1 / counting->volume[static_cast<size_t>(site)];
  }
  return counting;
}

void ExpectNothingNegative(const Network& network, const NetworkState& state) {
  for (int site = 0; site < network.num_sites(); ++site)
    ASSERT_TRUE((state.on_hand(site) >= 0.f && state.backorders(site) >= 0.f).all()) << site;
  for (int entry = 0; entry < static_cast<int>(network.unfilled_orders.size()); ++entry)
    ASSERT_TRUE((state.owed(entry) >= 0.f).all()) << entry;
  for (int entry = 0; entry < static_cast<int>(network.perishables.size()); ++entry) {
    const Perishable& rule = network.perishables[static_cast<size_t>(entry)];
    BlockArray all_ages = BlockArray::Zero();
    for (int left = 1; left <= rule.shelf_life; ++left) {
      ASSERT_TRUE((state.age(entry, left) >= 0.f).all()) << entry << ", " << left << " left";
      all_ages += state.age(entry, left);
    }
    ASSERT_TRUE((all_ages == state.on_hand(rule.site)).all()) << entry;
  }
}

// What comes from outside supply and back from customers is there, was handed to customers, wasted or refused.
TEST(ConservationTest, UnitsNeitherAppearNorVanishWhateverANetworkHas) {
  constexpr int kNumPeriods = 30;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    const auto network = CountingNetwork(*RandomNetworkWithFeatures(seed));
    VectorEnv env(network, PoissonDemand(*network, kNumPeriods + 1, seed),
                  {.num_envs = 64, .initial_stock_spread = 0.5f});
    StepBatch batch = env.MakeBatch();
    env.Reset(seed, batch);
    AlignedVector orders(static_cast<size_t>(network->num_lanes() * kBlockSize));
    RandomStream random = Random(seed).Stream("orders").At(0);
    for (int period = 0; period < kNumPeriods; ++period) {
      SCOPED_TRACE(period);
      for (float& order : orders) order = static_cast<float>(random.UniformInt(10));
      BlockArray expected = UnitsInside(*network, env.state(0));
      env.Step(orders, batch);
      const PeriodOutcome& outcome = batch.outcome[0];
      const ConstEigenRows shipped{outcome.shipped.data()}, cost{outcome.cost.data()};
      for (int lane = 0; lane < network->num_lanes(); ++lane) {
        if (network->lane_origin[static_cast<size_t>(lane)] == kOutside) expected += shipped(lane);
        ASSERT_TRUE((shipped(lane) >= 0.f && shipped(lane) == shipped(lane).floor()).all()) << lane;
      }
      for (int site = 0; site < network->num_sites(); ++site) {
        const ConstEigenRows sold{outcome.sold.data()}, demand{outcome.demand.data()};
        ASSERT_TRUE((sold(site) >= 0.f && sold(site) <= demand(site)).all()) << site;
      }
      expected -= cost(kWaste) + cost(kOverflow) - cost(kRevenue);
      ASSERT_NO_FATAL_FAILURE(ExpectNothingNegative(*network, env.state(0)));
      const BlockArray inside = UnitsInside(*network, env.state(0));
      ASSERT_LE((inside - expected).abs().maxCoeff(), 1e-3f);
    }
  }
}

void ExpectCostsToAddUp(std::shared_ptr<const Network> network, uint64_t seed) {
  SCOPED_TRACE(seed);
  VectorEnv env(network, PoissonDemand(*network, 8, seed), {.num_envs = 64});
  StepBatch batch = env.MakeBatch();
  env.Reset(seed, batch);
  const AlignedVector orders(static_cast<size_t>(network->num_lanes() * kBlockSize), 4.f);
  for (int period = 0; period < 8; ++period) {
    env.Step(orders, batch);
    BlockArray by_site = BlockArray::Zero();
    BlockArray by_kind = BlockArray::Zero();
    for (int site = 0; site < network->num_sites(); ++site) by_site += ConstEigenRows{batch.site_cost.data()}(site);
    for (int kind = 0; kind < kNumCostKinds; ++kind) by_kind += ConstEigenRows{batch.outcome[0].cost.data()}(kind);
    const ConstRow reward(batch.reward.data());
    EXPECT_LE((by_kind + reward).abs().maxCoeff(), 1e-3f);
    EXPECT_LE((by_site + reward).abs().maxCoeff(), 1e-3f);
  }
}

TEST(ConservationTest, CostsBySiteAndByKindAreTheReward) {
  for (uint64_t seed = 0; seed < 20; ++seed) ExpectCostsToAddUp(RandomNetwork(seed), seed);
  for (uint64_t seed = 0; seed < 100; ++seed)
    ExpectCostsToAddUp(RandomNetworkWithFeatures(seed, /*is_divisible=*/seed % 4 == 0), seed);
}

}  // namespace
}  // namespace restock
