#include "experiments/report_rows.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "experiments/report_files.h"
#include "experiments/report_words.h"

namespace restock {

using nlohmann::json;

namespace {

constexpr size_t kMaxRows = 40;
constexpr double kLeastShare = 0.0005;  // of the cost: less than 0.05 % is nothing to a manager

}  // namespace

std::vector<std::string> SetsOf(const json& summary) {
  std::vector<std::string> sets;
  for (const json& row : ListAt(summary, "policies")) {
    const std::string set = TextAt(row, "scenario_set");
    if (std::find(sets.begin(), sets.end(), set) == sets.end()) sets.push_back(set);
  }
  return sets;
}

std::string MainSet(const json& summary) {
  const std::vector<std::string> sets = SetsOf(summary);
  if (sets.empty() || std::find(sets.begin(), sets.end(), "scenarios") != sets.end()) return "scenarios";
  return sets.front();
}

std::string BestRule(const json& summary, std::string_view set) {
  for (const json& entry : ListAt(summary, "scenario_sets")) {
    if (TextAt(entry, "name") == set) return TextAt(entry, "best_classical");
  }
  return "";
}

std::vector<json> RowsOf(const json& summary, std::string_view set) {
  std::vector<json> rows;
  for (const json& row : ListAt(summary, "policies")) {
    if (TextAt(row, "scenario_set") == set) rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const json& a, const json& b) {
    return std::pair(-NumberAt(a, "num_scenarios"), NumberAt(a, "mean_cost")) <
           std::pair(-NumberAt(b, "num_scenarios"), NumberAt(b, "mean_cost"));
  });
  if (rows.size() > kMaxRows) rows.resize(kMaxRows);
  return rows;
}

const json& PolicyRowOf(const json& summary, std::string_view policy, std::string_view set) {
  static const json kEmpty = json::object();
  for (const json& row : ListAt(summary, "policies")) {
    if (TextAt(row, "name") == policy && TextAt(row, "scenario_set") == set) return row;
  }
  return kEmpty;
}

std::string RowLabel(const json& row, const std::vector<json>& rows) {
  const double count = NumberAt(row, "num_scenarios");
  const bool sees_fewer = std::any_of(rows.begin(), rows.end(),
                                      [&](const json& other) { return NumberAt(other, "num_scenarios") > count; });
  const std::string label = PolicyLabel(TextAt(row, "name"));
  return sees_fewer ? fmt::format("{} (first {:.0f})", label, count) : label;
}

bool RelativeDifference::IsKnown() const { return std::isfinite(mean); }

bool RelativeDifference::HasInterval() const { return std::isfinite(low) && std::isfinite(high); }

bool RelativeDifference::IsNegligible() const {
  constexpr double kWidest = 10 * kLeastShare;  // an interval beyond says that nothing is known yet
  return std::abs(mean) < kLeastShare && std::max(std::abs(low), std::abs(high)) < kWidest;
}

RelativeDifference DifferenceOf(const json& owner) {
  const json& difference = ObjectAt(owner, "difference");
  const double mean = NumberAt(difference, "mean"), relative = NumberAt(difference, "relative");
  const double scale = mean != 0 ? relative / mean : 0;  // 1 / the rule's cost
  return {relative, NumberAt(difference, "low") * scale, NumberAt(difference, "high") * scale, mean};
}

}  // namespace restock
