#include <gtest/gtest.h>

#include "env/kept_demand.h"
#include "env/row_network.h"
#include "env/sampled_demand.h"
#include "env/vector_env.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

/// Sites with one or two lanes from outside each. `in_one_pass`: else a pipeline cost of nothing makes the kernel pass
/// event by event.
std::shared_ptr<const Network> SitesThatStandAlone(uint64_t seed, bool in_one_pass) {
  RandomStream random = Random(seed).Stream("sites").At(0);
  NetworkBuilderForTests builder;
  const int location = builder.AddLocation("store");
  for (int site = 0; site < 5; ++site) {
    const auto number = [&](int below) { return static_cast<float>(random.UniformInt(below)); };
    SiteSettings settings{.holding_cost = 0.25f * number(8),
                          .stockout_cost = number(20),
                          .backorder_share = number(2),
                          .unit_cost = 0.25f * number(4),
                          .order_cost = number(3)};
    settings.initial_on_hand = number(20);
    settings.lead_time = random.UniformInt(4);
    builder.AddSite(location, "sku " + std::to_string(site), kOutside, site, settings);
    settings.lead_time = random.UniformInt(4);
    if (random.UniformInt(2) == 0) builder.AddLane(kOutside, site, settings);
  }
  if (!in_one_pass) builder.network().pipeline_costs.push_back({.lane = 0, .cost = 0});
  return builder.Build();
}

AlignedVector RandomOrders(const EnvSpec& spec, uint64_t seed) {
  RandomStream random = Random(seed).Stream("orders").At(0);
  AlignedVector orders(static_cast<size_t>(spec.num_blocks * spec.num_lanes) * kBlockSize);
  for (float& order : orders) order = static_cast<float>(random.UniformInt(9) - 1) + 0.3f;
  return orders;
}

std::shared_ptr<const DemandSource> PoissonDemand(const Network& network) {
  const std::vector<CountDistribution> demand(static_cast<size_t>(network.num_sites()), {.mean = 3, .dispersion = 0});
  return MakeSampledSource(network, {.demand = demand, .num_periods = 12}, Random(9).Stream("demand"));
}

/// All that an episode with the same orders in every period gives back.
AlignedVector Episode(const std::shared_ptr<const Network>& network, std::shared_ptr<const DemandSource> demand,
                      bool keep_outcomes) {
  VectorEnv env(network, std::move(demand),
                {.num_envs = 2 * kBlockSize, .shuffle_scenarios = false, .keep_outcomes = keep_outcomes});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  AlignedVector told;
  for (int period = 0; period < 12; ++period) {
    env.Step(RandomOrders(env.spec(), static_cast<uint64_t>(period)), batch);
    for (const AlignedVector* values : {&batch.reward, &batch.site_cost, &batch.observation})
      told.insert(told.end(), values->begin(), values->end());
  }
  return told;
}

TEST(OnePassTest, GivesWhatEventAfterEventGives) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    const auto together = SitesThatStandAlone(seed, true), one_by_one = SitesThatStandAlone(seed, false);
    ASSERT_TRUE(RowNetwork(*together).SitesStandAlone());
    ASSERT_FALSE(RowNetwork(*one_by_one).SitesStandAlone());
    EXPECT_EQ(Episode(together, PoissonDemand(*together), true), Episode(one_by_one, PoissonDemand(*one_by_one), true));
  }
}

TEST(KeptDemandTest, IsReadInPlaceAsItsSourceDrawsIt) {
  const auto network = SitesThatStandAlone(3, true);
  const std::shared_ptr<const DemandSource> kept = KeepDemand(PoissonDemand(*network), *network, 2 * kBlockSize);
  for (const bool keep_outcomes : {false, true})
    EXPECT_EQ(Episode(network, kept, keep_outcomes), Episode(network, PoissonDemand(*network), keep_outcomes));
}

}  // namespace
}  // namespace restock
