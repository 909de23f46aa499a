#include "tests/agents/published_rules.h"

#include <cmath>

#include <gtest/gtest.h>

#include "agents/classical_rules.h"
#include "agents/installation_stock_policy.h"
#include "agents/policy_judge.h"

namespace restock {
namespace {

// How far simulated costs lie from published ones, in standard errors of the difference. Of 48 honest comparisons two
// lie beyond two standard errors on average, six or more with a probability of 2 %, and one beyond four with 0.3 %.
class Comparisons {
 public:
  void Add(const std::string& name, const CostEstimate& simulated, double published, double published_error) {
    const double distance = (simulated.mean - published) / std::hypot(simulated.standard_error, published_error);
    EXPECT_LT(std::abs(distance), 4) << name << ": " << simulated.mean << " instead of " << published;
    if (std::abs(distance) > 2) far_ += fmt::format("{} by {:.1f}, ", name, distance);
    num_far_ += std::abs(distance) > 2 ? 1 : 0;
  }
  ~Comparisons() { EXPECT_LE(num_far_, 6) << "beyond two standard errors: " << far_; }

 private:
  std::string far_;
  int num_far_ = 0;
};

constexpr double kMillion = 1e6;

// our own error shall be small beside that of what was published
CostEstimate CostOf(const LostSalesRules& rules, const Policy& policy, double& num_periods) {
  const Problem problem = rules.Read();
  EvaluationProtocol protocol = problem.protocol;
  protocol.num_runs *= 8;
  num_periods = static_cast<double>(protocol.num_runs) * protocol.num_periods;
  const PolicyJudge judge(problem, protocol, Random(1).Stream(rules.Name()), /*keep_demand=*/false);
  return MeanOf(judge.Judge(policy, RuleFeatures(), /*num_threads=*/2));
}

Eigen::ArrayXf One(int value) { return Eigen::ArrayXf::Constant(1, static_cast<float>(value)); }

TEST(PublishedRulesTest, BaseStockCostsWhatWasPublished) {
  Comparisons comparisons;
  for (const LostSalesRules& rules : kLostSalesRules) {
    double num_periods = 0;
    const CostEstimate simulated = CostOf(rules, InstallationStockPolicy(One(rules.level)), num_periods);
    EXPECT_LT(simulated.standard_error, 0.0006 * simulated.mean);
    // exact but for rounding, or simulated over so many periods
    const double published_periods = rules.lead_time == 1 ? 4 * kMillion : 5 * kMillion;
    const bool is_exact = rules.lead_time >= 2 && rules.lead_time <= 4;
    comparisons.Add(rules.Name(), simulated, rules.cost,
                    is_exact ? 5e-5 : simulated.standard_error * std::sqrt(num_periods / published_periods));
  }
}

TEST(PublishedRulesTest, CappedBaseStockCostsWhatWasPublished) {
  Comparisons comparisons;
  for (const LostSalesRules& rules : kLostSalesRules) {
    double num_periods = 0;
    const CostEstimate simulated =
        CostOf(rules, InstallationStockPolicy(One(rules.capped_level), One(rules.cap)), num_periods);
    comparisons.Add(rules.Name(), simulated, rules.capped_cost,
                    simulated.standard_error * std::sqrt(num_periods / (4 * kMillion)));
  }
}

}  // namespace
}  // namespace restock
