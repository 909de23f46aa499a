#include "agents/classical_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/base_surge_policy.h"
#include "agents/dual_index_policy.h"
#include "agents/installation_stock_policy.h"
#include "agents/reorder_point_policy.h"
#include "common/config_node.h"
#include "env/kept_demand.h"
#include "tests/contracts/check_policy.h"

namespace restock {
namespace {

using ::testing::ElementsAre;

Eigen::ArrayXf One(float value) { return Eigen::ArrayXf::Constant(1, value); }

// Demand of 3 units in every period, one store that starts with 4, holding 1, shortages wait and cost 10; a slow lane
// of two periods and a fast one of one period.
constexpr const char* kTwoSuppliers = R"(
demand: {location: store, kind: uniform, low: 3, high: 3}
protocol: {kind: finite_horizon, periods: 5, runs: 70}
network:
  locations: [{name: store, shortage: backorders, holding_cost: 1, stockout_cost: 10, initial_cover: 1.34}]
  lanes:
    - {from: supplier, to: store, lead_time: 1, unit_cost: 7}
    - {from: supplier, to: store, lead_time: 2, unit_cost: 2}
)";

Problem Read(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return ReadProblem(ParseConfig(text, "problem.yaml", overrides));
}

// What is shipped on each lane, period by period, in the first environment.
class ShippedRecorder : public SimulationObserver {
 public:
  void OnOutcome(int, const VectorEnv& env, const StepBatch& after) override {
    for (int lane = 0; lane < env.spec().num_lanes; ++lane) {
      shipped.resize(static_cast<size_t>(env.spec().num_lanes));
      shipped[static_cast<size_t>(lane)].push_back(after.outcome[0].shipped[static_cast<size_t>(lane * kBlockSize)]);
    }
  }
  std::vector<std::vector<float>> shipped;  // by lane
};

std::vector<std::vector<float>> Shipped(const Policy& policy, const Problem& problem) {
  VectorEnv env(problem.network, MakeProblemDemand(problem, problem.protocol.num_periods, Random(1)),
                {.num_envs = 1, .shuffle_scenarios = false, .features = RuleFeatures()});
  ShippedRecorder recorder;
  Simulate(policy, env, /*num_threads=*/1, recorder);
  return recorder.shipped;
}

// period 0: level 4, nothing under way. IP_e = 4: q_e = 6 - 4 = 2; q_r = 9 - 4 - 2 = 3
// period 1: level 4 - 3 + 2 = 3, 3 arrive in period 2. IP_e = 3 + 3 = 6: q_e = 0; q_r = 9 - 6 = 3
// period 2: level 3 - 3 + 3 = 3, 3 arrive in period 3. the same from here on
TEST(ClassicalRulesTest, DualIndexOrdersByWhatIsThereInTime) {
  const DualIndexPolicy policy({One(6), One(9)});
  EXPECT_THAT(Shipped(policy, Read(kTwoSuppliers)),
              ElementsAre(ElementsAre(2, 0, 0, 0, 0), ElementsAre(3, 3, 3, 3, 3)));
}

// as above but q_r <= 2: from period 2 on a unit is lacking in each period and comes by the fast lane
// period 1: IP_e = 3 + 2 = 5: q_e = 1; q_r = min(9 - 5 - 1, 2) = 2
// period 2: level 3 - 3 + 2 + 1 = 3, 2 arrive in period 3. the same from here on
TEST(ClassicalRulesTest, TheCapLimitsTheSlowLaneAlone) {
  const DualIndexPolicy policy({One(6), One(9), One(2)});
  EXPECT_THAT(Shipped(policy, Read(kTwoSuppliers)),
              ElementsAre(ElementsAre(2, 1, 1, 1, 1), ElementsAre(2, 2, 2, 2, 2)));
}

// period 0: IP_r = 4: q_e = 5 - 4 = 1; q_r = 9 - 4 - 1 = 4
// period 1: level 4 - 3 + 1 = 2, 4 under way, IP_r = 6: q_e = 0; q_r = 3. the same from here on
TEST(ClassicalRulesTest, SingleIndexLooksAtAllThatIsUnderWay) {
  const DualIndexPolicy policy({One(5), One(9)}, DualIndexPolicy::Index::kSingle);
  EXPECT_THAT(Shipped(policy, Read(kTwoSuppliers)),
              ElementsAre(ElementsAre(1, 0, 0, 0, 0), ElementsAre(4, 3, 3, 3, 3)));
}

// period 0: IP_e = 4: q_e = 2.  period 1: level 3, 1 arrives in period 2: q_e = 2.  the same from here on
TEST(ClassicalRulesTest, BaseSurgeRepeatsTheSlowOrder) {
  const BaseSurgePolicy policy(One(6), One(1));
  EXPECT_THAT(Shipped(policy, Read(kTwoSuppliers)),
              ElementsAre(ElementsAre(2, 2, 2, 2, 2), ElementsAre(1, 1, 1, 1, 1)));
}

// on the slow lane; position 4, then 7 in each period
TEST(ClassicalRulesTest, BaseStockOrdersOnTheSlowLaneUpToTheCap) {
  const Problem problem = Read(kTwoSuppliers);
  EXPECT_THAT(Shipped(InstallationStockPolicy(One(10)), problem),
              ElementsAre(ElementsAre(0, 0, 0, 0, 0), ElementsAre(6, 3, 3, 3, 3)));
  // position 4, 4 + 4 - 3 = 5, 6, 7, 7
  EXPECT_THAT(Shipped(InstallationStockPolicy(One(10), One(4)), problem),
              ElementsAre(ElementsAre(0, 0, 0, 0, 0), ElementsAre(4, 4, 4, 3, 3)));
}

// position 4, 1, 7, 4, 1: orders where it is 1 or below
TEST(ClassicalRulesTest, AReorderPointWaitsForItsPosition) {
  EXPECT_THAT(Shipped(ReorderPointPolicy(One(1), One(10)), Read(kTwoSuppliers)),
              ElementsAre(ElementsAre(0, 0, 0, 0, 0), ElementsAre(0, 9, 0, 0, 9)));
}

TEST(ClassicalRulesTest, TheyFitTheShapeOfTheNetwork) {
  const auto names = [](const Problem& problem) {
    std::vector<std::string> names;
    for (const ClassicalRule& rule : RulesFor(problem)) names.push_back(rule.name);
    return names;
  };
  const auto file = [](const std::string& name) {
    return ReadProblem(LoadConfig("configs/problems/" + name + ".yaml"));
  };
  EXPECT_THAT(names(file("lost_sales")), ElementsAre("base_stock", "capped_base_stock"));
  EXPECT_THAT(names(file("fixed_order_cost")), ElementsAre("base_stock", "reorder_point"));
  EXPECT_THAT(names(file("serial")), ElementsAre("installation_base_stock", "echelon_base_stock"));
  EXPECT_THAT(names(file("dual_sourcing")),
              ElementsAre("base_stock", "single_index", "dual_index", "capped_dual_index", "tailored_base_surge"));
}

TEST(ClassicalRulesTest, AllOfThemKeepTheContractAndNameTheirParameters) {
  for (const std::string name : {"lost_sales", "fixed_order_cost", "serial", "dual_sourcing"}) {
    SCOPED_TRACE(name);
    const Problem problem = ReadProblem(LoadConfig("configs/problems/" + name + ".yaml"));
    for (const ClassicalRule& rule : RulesFor(problem)) {
      SCOPED_TRACE(rule.name);
      IntegerPoint start;
      for (const IntegerRange& range : rule.ranges) start.push_back(range.start);
      EXPECT_EQ(rule.values(start).size(), rule.parameter_names.size());
      EXPECT_EQ(rule.ranges.size(), rule.parameter_names.size());
      const std::shared_ptr<const DemandSource> demand = MakeProblemDemand(problem, /*num_periods=*/40, Random(1));
      CheckPolicy(*rule.make(start), problem.network, KeepDemand(demand, *problem.network));
    }
  }
}

}  // namespace
}  // namespace restock
