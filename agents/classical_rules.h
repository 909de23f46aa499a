#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agents/policy.h"
#include "env/problem_file.h"
#include "optimization/integer_search.h"

namespace restock {

/// A family of policies with whole numbers to choose.
struct ClassicalRule {
  std::string name;                          // base_stock, dual_index, ...
  std::vector<std::string> parameter_names;  // S, or `S at north` where there are several sites
  std::vector<IntegerRange> ranges;          // of what is searched  (num_parameters)
  /// The parameters' values at a point of the search: the point itself but for (s, S), which is searched by s and S -
  /// s.
  std::function<std::vector<int>(std::span<const int> point)> values;
  std::function<std::unique_ptr<Policy>(std::span<const int> point)> make;
};

/// The columns of an observation that these policies read.
std::vector<std::string> RuleFeatures();

/// The rules that fit a problem, by the shape of its network: order-up-to levels for all; caps where shortages are
/// lost; reorder points where an order has a fixed cost; echelon levels where sites feed others; dual index, capped
/// dual index, single index and tailored base-surge where a site has two suppliers. Levels are expected around the
/// quantiles of the demand that they must cover.
std::vector<ClassicalRule> RulesFor(const Problem& problem);

}  // namespace restock
