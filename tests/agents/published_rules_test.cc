#include "tests/agents/published_rules.h"

#include <cmath>

#include <gtest/gtest.h>

#include "agents/classical_rules.h"
#include "agents/installation_stock_policy.h"
#include "agents/policy_judge.h"

namespace restock {
namespace {

class PublishedRulesTest : public testing::TestWithParam<LostSalesRules> {
 protected:
  CostEstimate CostOf(const Policy& policy) { return MeanOf(judge_.Judge(policy, RuleFeatures(), /*num_threads=*/2)); }

  Problem problem_ = GetParam().Read();
  PolicyJudge judge_{problem_, problem_.protocol, Random(1).Stream(GetParam().Name()), /*keep_demand=*/true};
};

Eigen::ArrayXf One(int value) { return Eigen::ArrayXf::Constant(1, static_cast<float>(value)); }

TEST_P(PublishedRulesTest, BaseStockCostsWhatWasPublished) {
  const CostEstimate simulated = CostOf(InstallationStockPolicy(One(GetParam().level)));
  RecordProperty("cost", fmt::format("{:.4f}", simulated.mean));
  EXPECT_LT(simulated.standard_error, 0.0015 * simulated.mean);
  EXPECT_NEAR(simulated.mean, GetParam().cost, 2 * std::hypot(simulated.standard_error, GetParam().standard_error()));
}

TEST_P(PublishedRulesTest, CappedBaseStockCostsWhatWasPublished) {
  const LostSalesRules& published = GetParam();
  const CostEstimate simulated = CostOf(InstallationStockPolicy(One(published.capped_level), One(published.cap)));
  RecordProperty("cost", fmt::format("{:.4f}", simulated.mean));
  EXPECT_NEAR(simulated.mean, published.capped_cost,
              2 * std::hypot(simulated.standard_error, published.capped_standard_error()));
}

INSTANTIATE_TEST_SUITE_P(LostSales, PublishedRulesTest, testing::ValuesIn(kLostSalesRules),
                         [](const auto& info) { return info.param.Name(); });

}  // namespace
}  // namespace restock
