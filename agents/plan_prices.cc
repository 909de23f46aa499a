#include "agents/plan_prices.h"

namespace restock {

std::unique_ptr<PricedPolicy> PricedPolicy::Of(const Policy& policy) {
  const auto* const program = dynamic_cast<const RollingLpPolicy*>(&policy);
  return std::unique_ptr<PricedPolicy>(program ? new PricedPolicy(*program) : nullptr);
}

void PricedPolicy::Act(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders) const {
  if (sum_.empty()) sum_ = ScarceThings(context.network);
  num_decisions_ += context.num_active;
  const auto add = [&](const ReplenishmentLp& lp, const ReplenishmentStart& start, const LpSolution& plan) {
    if (plan.status == LpStatus::kOptimal) AddShadowPrices(context.network, lp, plan, start.period, /*weight=*/1, sum_);
  };
  policy_.Plan(context, memory, orders, add);
}

std::vector<ShadowPrice> PricedPolicy::prices() const {
  std::vector<ShadowPrice> mean = sum_;
  for (ShadowPrice& price : mean) {
    price.value /= num_decisions_;
    price.tight_share /= num_decisions_;
  }
  return mean;
}

}  // namespace restock
