#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "common/random.h"
#include "experiments/evaluation.h"
#include "experiments/statistics.h"

namespace restock {

struct ComparisonConfig {
  double confidence = 0.95;  // of the intervals
  int num_resamples = 4000;  // of the bootstrap
};

/// A policy against the best rule on the same demand: policy minus rule, so that negative is better.
struct Difference {
  double mean = 0;                   // [money/period]
  std::optional<Interval> interval;  // none where there is nothing to take it over
  double relative = 0;               // of the rule's cost
  int num_scenarios = 0;
};

struct SeedRow {
  std::optional<int> seed;
  double mean_cost = 0;
  std::optional<Difference> difference;  // none for the best rule itself
};

/// One policy on one set, its training seeds together.
struct PolicyRow {
  std::string name;
  int num_scenarios = 0;
  double mean_cost = 0;                       // over scenarios and seeds  [money/period]
  std::optional<double> standard_error;       // over scenarios, seeds averaged first; none for one stretch of time
  std::optional<double> seed_deviation;       // standard deviation of the seeds' mean costs
  double interquartile_mean = 0;              // of the seeds' mean costs
  std::array<double, kNumCostKinds> parts{};  // [money/period]
  double fill_rate = 0;
  double stockout_share = 0;           // of site-days with a shortage
  double turns = 0;                    // units sold in a year over mean units on hand
  std::optional<double> bound_cost;    // mean cost on the scenarios of the bound
  std::optional<double> gap_to_bound;  // (bound_cost - bound) / |bound|
  std::optional<Difference> difference;
  std::vector<SeedRow> seeds;
};

struct ComparisonTable {
  std::string best_rule;        // the classical rule with the lowest mean cost on this set; empty: there is none
  std::optional<double> bound;  // mean  [money/period]
  std::vector<PolicyRow> rows;  // in the order of the evaluation
};

ComparisonTable Compare(const SetEvaluation& set, const ComparisonConfig& config, const Random& random);

}  // namespace restock
