#include <gtest/gtest.h>

#include "agents/base_stock_policy.h"
#include "agents/forecast_quantile_policy.h"
#include "agents/network_policy.h"
#include "agents/simulate.h"
#include "tests/agents/learning_worlds.h"
#include "tests/contracts/check_policy.h"

namespace restock {
namespace {

class PoliciesTest : public ::testing::Test {
 protected:
  void Check(const Policy& policy) const { CheckPolicy(policy, world_.network, demand_); }
  double Cost(const Policy& policy) const { return SiteCosts(policy, world_.network, demand_, 1).sum(); }

  TrainingWorld world_ = SmallWorld();
  std::shared_ptr<const DemandSource> demand_ = world_.train;
};

TEST_F(PoliciesTest, BaseStockKeepsTheContract) { Check(BaseStockPolicy(Eigen::ArrayXf::Constant(3, 20))); }
TEST_F(PoliciesTest, ForecastQuantileKeepsTheContract) { Check(ForecastQuantilePolicy(1.5, 1.5)); }
TEST_F(PoliciesTest, OrdinalNetworksKeepTheContract) {
  Check(NetworkPolicy(RandomModel(*world_.network, Head::kOrdinal, Activation::kTanh, 3)));
}
TEST_F(PoliciesTest, DiscreteNetworksKeepTheContract) {
  Check(NetworkPolicy(RandomModel(*world_.network, Head::kDiscrete, Activation::kRelu, 4)));
}

TEST_F(PoliciesTest, ANetworkOfZerosIsTheClassicalRule) {
  for (const Head head : {Head::kOrdinal, Head::kDiscrete}) {
    NetworkModel model = RandomModel(*world_.network, head, Activation::kTanh, 5);
    model.network = FastNetwork(model.network.sizes(), Activation::kTanh);
    model.store_score = 1.25f;
    model.central_score = 2.25f;
    EXPECT_NEAR(Cost(NetworkPolicy(model)), Cost(ForecastQuantilePolicy(1.25, 2.25)), 1e-6);
    model.store_score = 0;
    EXPECT_GT(Cost(NetworkPolicy(model)), 1.01 * Cost(ForecastQuantilePolicy(1.25, 2.25)));
  }
}

}  // namespace
}  // namespace restock
