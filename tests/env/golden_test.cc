// A trajectory of a small network, kept as a readable file: whatever changes the dynamics, the random numbers or the
// costs shows as a difference to read. `vector_env_golden_test --write-golden` writes it anew.

#include <cstring>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/file.h"
#include "env/sampled_demand.h"
#include "env/vector_env.h"
#include "tests/env/simulation.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

constexpr const char* kGoldenFile = "tests/data/golden/two_echelon_trajectory.txt";
bool write_golden = false;

// Environment 0 of a central site that feeds a store with lost sales and one with backorders.
std::string Trajectory() {
  const OrderCalendar twice_a_week{7, {true, false, false, true, false, false, false}};
  const auto network =
      CentralAndStores({.holding_cost = 0.25f,
                        .unit_value = 2,
                        .initial_on_hand = 20,
                        .lead_time = 2,
                        .unit_cost = 2,
                        .order_cost = 3,
                        .calendar = twice_a_week},
                       {{.holding_cost = 1, .stockout_cost = 10, .unit_value = 2, .initial_on_hand = 8, .lead_time = 1},
                        {.holding_cost = 1,
                         .stockout_cost = 5,
                         .backorder_share = 1,
                         .unit_value = 2,
                         .initial_on_hand = 8,
                         .lead_time = 2}});
  const std::shared_ptr<const DemandSource> demand =
      MakeSampledSource(*network, {.demand = {{}, {4}, {5, 2}}, .num_periods = 14}, Random(1).Stream("demand"));
  VectorEnv env(network, demand, {.num_envs = 1});
  StepBatch batch = env.MakeBatch();
  AlignedVector orders;
  env.Reset(1, batch);

  std::string text =
      "period site on_hand backorders in_transit protection forecast_q0.9 | order shipped demand sold cost\n";
  for (int period = 0; period < env.spec().num_periods; ++period) {
    const Eigen::MatrixXf seen = batch.Observation(env.spec(), 0);
    Act(env, BaseStock({55, 14, 22}), orders);
    env.Step(orders, batch);
    for (int site = 0; site < 3; ++site) {
      const auto row = site * kBlockSize;
      const auto at = [&](const AlignedVector& values) { return values[static_cast<size_t>(row)]; };
      text +=
          fmt::format("{:6} {:4} {:7} {:10} {:10} {:10} {:13} | {:5} {:7} {:6} {:4} {:.4g}\n", period, site,
                      seen(row, kOnHand), seen(row, kBackorders), seen(row, kInTransit), seen(row, kProtectionPeriods),
                      seen(row, kForecastQ90), at(orders), at(batch.outcome[0].shipped), at(batch.outcome[0].demand),
                      at(batch.outcome[0].sold), at(batch.site_cost));
    }
  }
  return text;
}

TEST(GoldenTest, ATrajectoryIsAsItWas) {
  const std::string trajectory = Trajectory();
  if (write_golden) WriteFileAtomically(kGoldenFile, trajectory);
  EXPECT_EQ(trajectory, ReadFile(kGoldenFile))
      << "if the change is meant, write the file anew with --write-golden and read the difference";
}

}  // namespace
}  // namespace restock

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  restock::write_golden = argc > 1 && std::strcmp(argv[1], "--write-golden") == 0;
  return RUN_ALL_TESTS();
}
