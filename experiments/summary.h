#pragma once

#include <filesystem>

#include <nlohmann/json.hpp>

#include "common/demand.h"
#include "experiments/comparison.h"
#include "experiments/evaluation.h"

namespace restock {

/// summary.json: what a run found, in one page of numbers. Costs are money per period of the whole network (a profit is
/// a negative cost); shares lie between 0 and 1; quantities are in the units of the data.
///
///   {
///     "schema": 1, "currency": "CNY", "unit": "kg", "period": "day",
///     "num_locations": 5, "num_sites": 100, "num_skus": 20,
///     "best": {"policy": "ppo", "seed": 2},              // by the scenarios kept for choosing; what policy/ exports
///     "best_classical": "forecast_quantile",             // of the first set
///     "scenario_sets": [{"name": "scenarios"|"held_out"|"held_out_uncensored", "description", "num_scenarios",
///     "num_periods",
///                        "num_lp_scenarios", "best_classical"}],  // the rule that the others are compared with: the
///                        cheapest here
///     "policies": [{
///       "name": "ppo", "scenario_set": "scenarios",
///       "num_scenarios": 256,                            // the first so many of the set; LP policies have fewer
///       "mean_cost", "standard_error",                   // over scenarios, the seeds' mean of each; of held-out
///       demand over blocks "seed_standard_deviation",                       // of the seeds' mean costs; null for
///       classical rules and one seed "seed_interquartile_mean",                       // of the seeds' mean costs
///       "costs": {"holding", "stockout", "purchase", "order", "overflow", "leftover credit"},  // null for
///       *_uncensored "fill_rate", "stockout_share",                   // share of demand met from stock; share of
///       site-days with a shortage "turns",                                         // units sold in a year over the
///       mean units on hand in the whole network "cost_on_bound_scenarios", "gap_to_bound",       // on the first
///       num_lp_scenarios; (cost - bound) / |bound|, null without bound "seeds": [{"seed": 1, "mean_cost",
///       "difference": DIFFERENCE}],  // one entry without "seed" for a classical rule "difference": DIFFERENCE //
///       against best_classical, seeds averaged
///     }],
///     "bound": {"kind": "perfect_information", "scenario_set": "scenarios", "cost", "num_scenarios"},   // null
///     without one "bounds": [the same, one per scenario set], "forecast": {"model", "backtest": [{"model", "wape",
///     "bias", "mase", "rmsse", "weighted_quantile_loss", "coverage": {"0.9": ...}, ...}]}, "diverged": [{"agent",
///     "seed", "update"}]          // learners that went back to their last good weights
///   }
///   SCORES: {"model", "count", "wape", "bias", "mase", "rmsse", "weighted_quantile_loss", "coverage": {"0.025": 0.03,
///   ...}}, over periods with a record and without a stock-out; held_out is forecast.csv against what came, backtest
///   has a rival each. DIFFERENCE: {"mean", "low", "high", "relative", "num_scenarios"}: policy minus best_classical on
///   the same demand, money per period, with a 95 % block-bootstrap interval (blocks: scenarios; of held-out demand
///   warehouse x origin).
struct RunFindings {
  const Network& network;
  const DemandHistory& history;
  const NamedPolicy& best;
  const Evaluation& evaluation;
  nlohmann::ordered_json forecast;
  nlohmann::ordered_json diverged;
};
void WriteSummary(const RunFindings& findings, const ComparisonConfig& config, const Random& random,
                  const std::filesystem::path& file);

/// The summary of a run that only forecasts.
void WriteForecastSummary(const nlohmann::ordered_json& forecast, const std::filesystem::path& file);

/// evaluation.csv, see run_directory.h.
void WriteEvaluation(const Evaluation& evaluation, const std::filesystem::path& file);

}  // namespace restock
