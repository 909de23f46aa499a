#pragma once

#include <cstddef>
#include <vector>

namespace restock {

/// What must be common in baskets to be told.
struct AssociationConfig {
  double min_support = 0.05;    // share of all baskets that hold all items of a rule
  double min_confidence = 0.5;  // share of the baskets with the left side that hold the right side too
  double min_lift = 1.2;        // how many times more often than if both sides had nothing to do with each other
};

/// `bread, butter -> jam`: whose baskets hold the left side often hold the right side.
struct AssociationRule {
  std::vector<int> left = {};  // one or two items
  int right = 0;
  double support = 0, confidence = 0, lift = 0;
};

inline constexpr size_t kMostAssociations = 10'000;

/// Rules of two and three items, those with the highest lift first, kMostAssociations of them (Agrawal & Srikant 1994:
/// sets of items are only looked at when all their parts are frequent enough). `baskets`: items in each, at least 0,
/// each once. Equal lifts in the order of the items.
std::vector<AssociationRule> FindAssociations(const std::vector<std::vector<int>>& baskets,
                                              const AssociationConfig& config);

}  // namespace restock
