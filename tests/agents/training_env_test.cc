#include "agents/training_env.h"

#include <set>

#include <gtest/gtest.h>

#include "agents/grouped_demand.h"
#include "tests/agents/learning_worlds.h"

namespace restock {
namespace {

std::vector<float> RandomOrders(int size, int period) {
  RandomStream random(5, static_cast<uint64_t>(period));
  std::vector<float> orders(static_cast<size_t>(size));
  for (float& order : orders) order = static_cast<float>(random.UniformInt(12));
  return orders;
}

TEST(GroupedDemandTest, GivesNeighboursTheSameScenarioAndAllTheirTurn) {
  const TrainingWorld world = SmallWorld();
  const auto grouped = MakeGroupedDemand(world.train, 32, Random(1));
  EXPECT_EQ(grouped->num_scenarios(), 70 * 32);
  const int num_sites = world.network->num_sites();
  std::vector<float> demand(static_cast<size_t>(num_sites * kBlockSize));
  double total = 0;
  for (int first = 0; first < grouped->num_scenarios(); first += kBlockSize) {
    std::vector<int> scenarios(kBlockSize);
    for (int env = 0; env < kBlockSize; ++env) scenarios[static_cast<size_t>(env)] = first + env;
    grouped->Demand(3, scenarios, *world.network, demand.data());
    for (size_t i = 0; i < demand.size(); ++i) {
      EXPECT_EQ(demand[i], demand[i - i % 32]);
      total += demand[i];
    }
  }
  EXPECT_NEAR(total,
              32 * (world.train->scenario_set()->Demand(3, 0).sum() + world.train->scenario_set()->Demand(3, 1).sum()),
              1e-3);
}

// Over an episode the charges of the central site are the true cost, leftovers credited, but for the stock at the start
// and the value of all that was asked for: constants that no decision changes.
TEST(TrainingEnvTest, ChargesTheTrueCostButForWhatNoDecisionChanges) {
  const TrainingWorld world = SmallWorld();
  TrainingEnv env(world, {.num_envs = kBlockSize, .group_size = 1}, Random(1));
  const std::shared_ptr<const DemandSource> demand =
      MakeGroupedDemand(world.train, 1, Random(1).Stream("scenario order"));
  VectorEnv true_env(world.network, demand, {.num_envs = kBlockSize, .shuffle_scenarios = false, .features = {}});
  StepBatch batch = true_env.MakeBatch();
  true_env.Reset(0, batch);

  Eigen::ArrayXf charged = Eigen::ArrayXf::Zero(kBlockSize), paid = charged, asked = charged;
  for (int period = 0; period < env.spec().num_periods; ++period) {
    const std::vector<float> orders = RandomOrders(env.num_rows(), period);
    env.Step(orders);
    true_env.Step(orders, batch);  // one lane a site, in the same order
    for (int e = 0; e < kBlockSize; ++e) {
      charged[e] += env.charge()[static_cast<size_t>(e)];
      paid[e] -= batch.reward[static_cast<size_t>(e)];
      for (int site = 1; site < 3; ++site)
        asked[e] += batch.outcome[0].demand[static_cast<size_t>(site * kBlockSize + e)];
    }
  }
  constexpr float kUnitValue = 2;
  const float initial_value = kUnitValue * (40 + 12 + 12);
  EXPECT_LT((charged - (paid + initial_value - kUnitValue * asked)).abs().maxCoeff(), 1e-2);
}

TEST(TrainingEnvTest, SharesTheChargesOfTheOthersAsConfigured) {
  const TrainingWorld world = SmallWorld();
  std::vector<std::vector<float>> charges;
  for (const float share : {0.f, 0.5f, 1.f}) {
    TrainingEnv env(world, {.num_envs = kBlockSize, .group_size = 16, .shared_charge = share}, Random(1));
    env.Step(RandomOrders(env.num_rows(), 0));
    charges.emplace_back(env.charge().begin(), env.charge().end());
  }
  for (size_t row = 0; row < charges[0].size(); ++row) {
    EXPECT_NEAR(charges[1][row], (charges[0][row] + charges[2][row]) / 2, 1e-4);
    EXPECT_NEAR(charges[2][row], charges[0][row % kBlockSize], 1e-4)
        << "all answer for the whole, as the central site does";
  }
}

TEST(TrainingEnvTest, GoesOnExactlyAfterSaveAndLoad) {
  const TrainingWorld world = SmallWorld();
  TrainingEnv env(world, {.num_envs = kBlockSize, .group_size = 4}, Random(1));
  for (int period = 0; period < 13; ++period) env.Step(RandomOrders(env.num_rows(), period));
  TrainingEnv other(world, {.num_envs = kBlockSize, .group_size = 4}, Random(1));
  other.Load(env.Save());
  EXPECT_EQ(env.observation(0), other.observation(0));
  for (int period = 13; period < 25; ++period) {
    env.Step(RandomOrders(env.num_rows(), period));
    other.Step(RandomOrders(env.num_rows(), period));
    EXPECT_TRUE(std::ranges::equal(env.charge(), other.charge()));
  }
}

TEST(TrainingEnvTest, PutsTheSuppliersInputsBesideTheSitesOwn) {
  const TrainingWorld world = SmallWorld();
  Eigen::MatrixXf inputs(3 * kBlockSize, 2);
  for (int row = 0; row < inputs.rows(); ++row) inputs.row(row) << static_cast<float>(row), 0.5f;
  const Eigen::MatrixXf both = WithSupplierInputs(*world.network, inputs);
  EXPECT_EQ(both.leftCols(2), inputs);
  for (int row = 0; row < inputs.rows(); ++row) EXPECT_EQ(both(row, 2), static_cast<float>(row % kBlockSize));
}

TEST(DrawRowTest, DrawsNoRowTwiceAndAnyRowAtTimes) {
  RandomStream stream(1, 0);
  for (const int num_parts : {1, 3, 7, 10}) {
    std::set<int> seen;
    for (int round = 0; round < 200; ++round) {
      std::set<int> rows;
      for (int part = 0; part < num_parts; ++part) rows.insert(DrawRow(part, num_parts, 10, stream));
      EXPECT_EQ(std::ssize(rows), num_parts);
      seen.merge(rows);
    }
    EXPECT_EQ(std::ssize(seen), 10);
    EXPECT_EQ(*seen.begin(), 0);
    EXPECT_EQ(*seen.rbegin(), 9);
  }
}

}  // namespace
}  // namespace restock
