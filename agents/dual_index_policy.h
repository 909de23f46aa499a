#pragma once

#include <string>

#include <Eigen/Core>

#include "agents/policy.h"

namespace restock {

/// What the rules of a site with a slow and a fast supplier are made of. Sites with one lane order up to the regular
/// level on it.
struct DualIndexLevels {
  Eigen::ArrayXf expedited;  // S_e  [unit] (num_sites)
  Eigen::ArrayXf regular;    // S_r  [unit] (num_sites)
  Eigen::ArrayXf cap = {};   // of one regular order; empty: none  [unit] (num_sites)
};

/// Two suppliers, two order-up-to levels. In each period
///
///   q_e = max(S_e - IP_e, 0)          on the lane with the shortest lead time
///   q_r = max(S_r - IP_r - q_e, 0)    on the lane with the longest, with a cap: at most the cap
///
/// where IP_r is the inventory position and IP_e that of what arrives within the lead time of the fast lane
/// (Veeraraghavan & Scheller-Wolf 2008; with a cap Sun & Van Mieghem 2019). As a single-index rule both look at IP_r
/// (Scheller-Wolf, Veeraraghavan & van Houtum 2007).
class DualIndexPolicy : public Policy {
 public:
  enum class Index { kDual, kSingle };

  explicit DualIndexPolicy(DualIndexLevels levels, Index index = Index::kDual);

  const std::string& name() const override { return name_; }
  void Act(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders) const override;

 private:
  std::string name_;
  DualIndexLevels levels_;
  Index index_;
};

}  // namespace restock
