#pragma once

#include <memory>
#include <vector>

#include "agents/rolling_lp.h"
#include "optimization/shadow_prices.h"

namespace restock {

/// A linear program's policy that also keeps what its plans say one more unit of anything scarce would save. It decides
/// as the policy itself does. For one thread at a time.
class PricedPolicy : public Policy {
 public:
  /// Null where `policy` makes no such plans.
  static std::unique_ptr<PricedPolicy> Of(const Policy& policy);

  const std::string& name() const override { return policy_.name(); }
  bool is_slow() const override { return true; }
  std::unique_ptr<PolicyMemory> MakeMemory(const Network& network) const override {
    return policy_.MakeMemory(network);
  }
  void Act(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders) const override;

  /// The mean over all plans so far, see ScarceThings().
  std::vector<ShadowPrice> prices() const;

 private:
  explicit PricedPolicy(const RollingLpPolicy& policy) : policy_(policy) {}

  const RollingLpPolicy& policy_;
  mutable std::vector<ShadowPrice> sum_;
  mutable double num_decisions_ = 0;
};

}  // namespace restock
