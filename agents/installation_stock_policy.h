#pragma once

#include <string>

#include <Eigen/Core>

#include "agents/policy.h"

namespace restock {

/// Orders each site up to a level of its own inventory position, on its regular lane: whatever the sites that it feeds
/// have, unlike base_stock_policy.h. With caps no order is larger than the site's: capped base-stock, which does well
/// where shortages are lost and lead times long, since an order for sales that are lost meanwhile would come too much
/// (Xin 2021, "Understanding the performance of capped base-stock policies in lost-sales inventory models").
class InstallationStockPolicy : public Policy {
 public:
  explicit InstallationStockPolicy(Eigen::ArrayXf levels) : name_("base_stock"), levels_(std::move(levels)) {}
  InstallationStockPolicy(Eigen::ArrayXf levels, Eigen::ArrayXf caps)
      : name_("capped_base_stock"), levels_(std::move(levels)), caps_(std::move(caps)) {}

  const std::string& name() const override { return name_; }
  void Act(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders) const override;

 private:
  std::string name_;
  Eigen::ArrayXf levels_;  // S  [unit] (num_sites)
  Eigen::ArrayXf caps_;    // of one order; empty: none  [unit] (num_sites)
};

}  // namespace restock
