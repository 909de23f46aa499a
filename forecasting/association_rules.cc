#include "forecasting/association_rules.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>

#include <Eigen/Core>

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

int CountOfBoth(const Baskets& a, const Baskets& b) {
  int count = 0;
  for (size_t i = 0; i < a.size(); ++i) count += std::popcount(a[i] & b[i]);
  return count;
}

bool ComesFirst(const AssociationRule& a, const AssociationRule& b) {
  return std::tuple(-a.lift, a.left.size(), a.left, a.right) < std::tuple(-b.lift, b.left.size(), b.left, b.right);
}

/// The first rules of all that were added, in memory for twice as many.
class FirstRules {
 public:
  void Add(AssociationRule rule) {
    rules_.push_back(std::move(rule));
    if (rules_.size() >= 2 * kMostAssociations) Cut();
  }
  std::vector<AssociationRule> Take() {
    Cut();
    return std::move(rules_);
  }

 private:
  void Cut() {
    std::sort(rules_.begin(), rules_.end(), ComesFirst);
    if (rules_.size() > kMostAssociations) rules_.resize(kMostAssociations);
  }
  std::vector<AssociationRule> rules_;
};

/// Counts frequent sets of items level by level, and makes rules of them. Baskets are kept by single items alone; of
/// pairs there is a table of counts, and triples are counted one after the other.
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
    for (auto& [item, bits] : all) {
      if (const int count = CountOf(bits); IsFrequent(count)) singles_.push_back({item, count, std::move(bits)});
    }
    const auto size = static_cast<Eigen::Index>(singles_.size());
    pairs_ = Eigen::MatrixXi::Zero(size, size);
    for (Eigen::Index a = 0; a < size; ++a) {
      for (Eigen::Index b = 0; b < a; ++b) {
        const int count = CountOfBoth(At(a).baskets, At(b).baskets);
        if (IsFrequent(count)) pairs_(a, b) = pairs_(b, a) = count;
      }
    }
  }

  std::vector<AssociationRule> Rules() {
    FirstRules rules;
    for (Eigen::Index a = 0; a < pairs_.rows(); ++a) {
      for (Eigen::Index b = a + 1; b < pairs_.rows(); ++b) {
        if (pairs_(a, b) == 0) continue;
        AddRule({a}, b, pairs_(a, b), rules);
        AddRule({b}, a, pairs_(a, b), rules);

        // a third item that is frequent with each of them
        const Baskets both = Both(At(a).baskets, At(b).baskets);
        for (Eigen::Index c = b + 1; c < pairs_.rows(); ++c) {
          if (pairs_(a, c) == 0 || pairs_(b, c) == 0) continue;
          const int count = CountOfBoth(both, At(c).baskets);
          if (!IsFrequent(count)) continue;
          AddRule({b, c}, a, count, rules);
          AddRule({a, c}, b, count, rules);
          AddRule({a, b}, c, count, rules);
        }
      }
    }
    return rules.Take();
  }

 private:
  struct Single {
    int item;
    int count;
    Baskets baskets;
  };

  const Single& At(Eigen::Index place) const { return singles_[static_cast<size_t>(place)]; }
  bool IsFrequent(int count) const { return count > 0 && count >= config_.min_support * num_baskets_; }

  /// Items by their places; `together`: baskets that hold all of them.
  void AddRule(const std::vector<Eigen::Index>& left, Eigen::Index right, double together, FirstRules& rules) const {
    AssociationRule rule{.right = At(right).item};
    rule.support = together / num_baskets_;
    rule.confidence = together / (left.size() == 1 ? At(left[0]).count : pairs_(left[0], left[1]));
    rule.lift = rule.confidence * num_baskets_ / At(right).count;
    if (rule.confidence < config_.min_confidence || rule.lift < config_.min_lift) return;
    if (left.size() > 1) {
      for (const Eigen::Index part : left) {
        if (rule.confidence < pairs_(part, right) / static_cast<double>(At(part).count) + kLeastImprovement) return;
      }
    }
    for (const Eigen::Index place : left) rule.left.push_back(At(place).item);
    rules.Add(std::move(rule));
  }

  const AssociationConfig& config_;
  double num_baskets_;
  std::vector<Single> singles_;  // that are frequent
  Eigen::MatrixXi pairs_;        // baskets with both, 0: not frequent  (num_singles, num_singles)
};

}  // namespace

std::vector<AssociationRule> FindAssociations(const std::vector<std::vector<int>>& baskets,
                                              const AssociationConfig& config) {
  return Apriori(baskets, config).Rules();
}

}  // namespace restock
