#pragma once

#include <string>

#include <Eigen/Core>

#include "agents/policy.h"

namespace restock {

/// Tailored base-surge: the slow supplier sends the same quantity in every period, the fast one what is lacking to a
/// level, q_e = max(S_e - IP_e, 0) (Allon & Van Mieghem 2010). Best as the slow supplier's lead time grows (Xin &
/// Goldberg 2018). Sites with one lane order up to the level on it.
class BaseSurgePolicy : public Policy {
 public:
  BaseSurgePolicy(Eigen::ArrayXf expedited_levels, Eigen::ArrayXf regular_orders)
      : expedited_levels_(std::move(expedited_levels)), regular_orders_(std::move(regular_orders)) {}

  const std::string& name() const override { return name_; }
  void Act(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders) const override;

 private:
  std::string name_ = "tailored_base_surge";
  Eigen::ArrayXf expedited_levels_;  // S_e  [unit] (num_sites)
  Eigen::ArrayXf regular_orders_;    // q_r  [unit] (num_sites)
};

}  // namespace restock
