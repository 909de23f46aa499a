#include "forecasting/association_rules.h"

#include <algorithm>
#include <bit>
#include <map>
#include <tuple>

namespace restock {
namespace {

/// A second item on the left must raise the confidence by so much, or the shorter rule says it all (Bayardo, Agrawal &
/// Gunopulos 1999: improvement).
constexpr double kLeastImprovement = 0.05;

/// The baskets that hold something, a bit each.
using Baskets = std::vector<uint64_t>;

int CountOf(const Baskets& baskets) {
  int count = 0;
  for (const uint64_t word : baskets) count += std::popcount(word);
  return count;
}

Baskets Both(const Baskets& a, const Baskets& b) {
  Baskets both(a.size());
  for (size_t i = 0; i < a.size(); ++i) both[i] = a[i] & b[i];
  return both;
}

using ItemSet = std::vector<int>;  // ascending

/// Counts frequent sets of items level by level, and makes rules of them.
class Apriori {
 public:
  Apriori(const std::vector<std::vector<int>>& baskets, const AssociationConfig& config)
      : config_(config), num_baskets_(static_cast<double>(baskets.size())) {
    std::map<int, Baskets> all;
    for (size_t basket = 0; basket < baskets.size(); ++basket) {
      for (const int item : baskets[basket]) {
        Baskets& bits = all.try_emplace(item, Baskets(baskets.size() / 64 + 1)).first->second;
        bits[basket / 64] |= uint64_t{1} << (basket % 64);
      }
    }
    for (auto& [item, bits] : all) Keep({item}, std::move(bits), singles_);
  }

  std::vector<AssociationRule> Rules() {
    std::map<ItemSet, Baskets> pairs, triples;
    for (auto a = singles_.begin(); a != singles_.end(); ++a) {
      for (auto b = std::next(a); b != singles_.end(); ++b)
        Keep({a->first[0], b->first[0]}, Both(a->second, b->second), pairs);
    }
    // two pairs with the same first item, whose last items are a frequent pair too
    for (auto a = pairs.begin(); a != pairs.end(); ++a) {
      for (auto b = std::next(a); b != pairs.end() && b->first[0] == a->first[0]; ++b) {
        if (pairs.contains({a->first[1], b->first[1]}))
          Keep({a->first[0], a->first[1], b->first[1]}, Both(a->second, b->second), triples);
      }
    }
    std::vector<AssociationRule> rules;
    for (const auto* level : {&pairs, &triples})
      for (const auto& entry : *level) AddRulesOf(entry.first, rules);
    std::sort(rules.begin(), rules.end(), [](const AssociationRule& a, const AssociationRule& b) {
      return std::tuple(-a.lift, a.left.size(), a.left, a.right) < std::tuple(-b.lift, b.left.size(), b.left, b.right);
    });
    return rules;
  }

 private:
  void Keep(ItemSet items, Baskets bits, std::map<ItemSet, Baskets>& level) {
    const double count = CountOf(bits);
    if (count == 0 || count < config_.min_support * num_baskets_) return;
    count_[items] = count;
    level.emplace(std::move(items), std::move(bits));
  }

  /// Each item of the set on the right side, the others on the left.
  void AddRulesOf(const ItemSet& items, std::vector<AssociationRule>& rules) const {
    const double together = count_.at(items);
    for (const int right : items) {
      AssociationRule rule{.right = right};
      for (const int item : items)
        if (item != right) rule.left.push_back(item);
      rule.support = together / num_baskets_;
      rule.confidence = together / count_.at(rule.left);
      rule.lift = rule.confidence * num_baskets_ / count_.at({right});
      if (rule.confidence < config_.min_confidence || rule.lift < config_.min_lift) continue;
      if (rule.confidence >= ConfidenceOfParts(rule) + kLeastImprovement) rules.push_back(std::move(rule));
    }
  }

  /// The largest confidence of the rules that one item of the left side makes by itself; none: below any.
  double ConfidenceOfParts(const AssociationRule& rule) const {
    double largest = -1;
    for (size_t i = 0; rule.left.size() > 1 && i < rule.left.size(); ++i) {
      const int left = rule.left[i];
      largest =
          std::max(largest, count_.at({std::min(left, rule.right), std::max(left, rule.right)}) / count_.at({left}));
    }
    return largest;
  }

  const AssociationConfig& config_;
  double num_baskets_;
  std::map<ItemSet, Baskets> singles_;
  std::map<ItemSet, double> count_;  // baskets with all of the items
};

}  // namespace

std::vector<AssociationRule> FindAssociations(const std::vector<std::vector<int>>& baskets,
                                              const AssociationConfig& config) {
  return Apriori(baskets, config).Rules();
}

}  // namespace restock
