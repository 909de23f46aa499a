#pragma once

#include <string>

#include <Eigen/Core>

#include "agents/policy.h"

namespace restock {

/// The (s, S) rule: where a site's inventory position is at its reorder point s or below, an order on the regular lane
/// lifts it to S. Best for one site with a fixed cost per order and backorders (Scarf 1960; Veinott 1966).
class ReorderPointPolicy : public Policy {
 public:
  ReorderPointPolicy(Eigen::ArrayXf reorder_points, Eigen::ArrayXf levels)
      : reorder_points_(std::move(reorder_points)), levels_(std::move(levels)) {}

  const std::string& name() const override { return name_; }
  void Act(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders) const override;

 private:
  std::string name_ = "reorder_point";
  Eigen::ArrayXf reorder_points_;  // s  [unit] (num_sites)
  Eigen::ArrayXf levels_;          // S  [unit] (num_sites)
};

}  // namespace restock
