#pragma once

#include <string>

#include <Eigen/Core>

#include "agents/learner.h"
#include "agents/policy.h"

namespace restock {

/// Orders each site up to a level of its own: whole units that lift the site's echelon position to the level, on the
/// site's first lane. The best rule for one site with backorders (Karlin & Scarf 1958) and for serial systems (Clark &
/// Scarf 1960).
class BaseStockPolicy : public Policy {
 public:
  explicit BaseStockPolicy(Eigen::ArrayXf levels) : levels_(std::move(levels)) {}

  const std::string& name() const override { return name_; }
  const Eigen::ArrayXf& levels() const { return levels_; }
  void Act(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders) const override;

 private:
  std::string name_ = "base_stock";
  Eigen::ArrayXf levels_;  // S  [unit] (num_sites)
};

/// The levels that cost least on the train scenarios, by common random numbers: stores and the sites that feed them in
/// turn, each site judged by the cost of its echelon (optimization/policy_search.h).  `start`: [unit] (num_sites)
BaseStockPolicy TuneBaseStock(const TrainingWorld& world, const Eigen::ArrayXf& start, int num_threads);

}  // namespace restock
