#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace restock {

// What summary.json says of policies, sets of demand and differences, see summary.h.

/// The names of the demand sets in their order, and the one that headlines speak of: `scenarios`, or the first there
/// is.
std::vector<std::string> SetsOf(const nlohmann::json& summary);
std::string MainSet(const nlohmann::json& summary);
/// The best classical rule of a set: what the others are compared with there; empty where there is none.
std::string BestRule(const nlohmann::json& summary, std::string_view set);

/// The rows of a set, the cheapest first, those judged on fewer scenarios at the end, not more than anybody compares;
/// and the row of one policy, an empty object where there is none.
std::vector<nlohmann::json> RowsOf(const nlohmann::json& summary, std::string_view set);
const nlohmann::json& PolicyRowOf(const nlohmann::json& summary, std::string_view policy, std::string_view set);

/// The policy's label; `(first 8)` follows where it was judged on fewer scenarios than the others of `rows`.
std::string RowLabel(const nlohmann::json& row, const std::vector<nlohmann::json>& rows);

/// A policy against the best rule, relative to the rule's cost, from the DIFFERENCE in a row or in one of its seeds.
struct RelativeDifference {
  double mean = 0;  // NaN: there is none
  double low = 0;
  double high = 0;
  double money = 0;  // per period
  bool IsKnown() const;
  bool HasInterval() const;                                       // none where there was nothing to take it over
  bool IsNegligible() const;                                      // too small to matter, whatever the interval
  bool IsCheaper() const { return high < 0 && !IsNegligible(); }  // the interval excludes zero
  bool IsDearer() const { return low > 0 && !IsNegligible(); }
};
RelativeDifference DifferenceOf(const nlohmann::json& owner);

}  // namespace restock
