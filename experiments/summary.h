#pragma once

#include <filesystem>

#include <nlohmann/json.hpp>

#include "common/demand.h"
#include "experiments/comparison.h"
#include "experiments/evaluation.h"
#include "experiments/service.h"

namespace restock {

/// summary.json: what a run found, in one page of numbers. Costs are money per period of the whole network (a profit is
/// a negative cost); shares lie between 0 and 1; quantities are in the units of the data; null: has no value.
///
///   {
///     "schema": 1, "currency": "CNY", "unit": "kg", "period": "day",
///     "num_locations": 5, "num_sites": 100, "num_skus": 20,
///     "best": {"policy": "ppo", "seed": 2},     by the scenarios kept for choosing; what policy/ exports
///     "best_classical": "forecast_quantile",    of the first scenario set
///     "confidence": 0.95,                       of all intervals
///     "scenario_sets": [{
///       "name": "scenarios"|"held_out"|"held_out_uncensored", "description",
///       "num_scenarios", "num_periods", "num_lp_scenarios",
///       "interval_over": "scenarios"|"warehouses and products",   the latter for held-out demand, one stretch of time
///       "best_classical"                        the cheapest tuned rule here, which the others are compared with
///     }],
///     "policies": [{
///       "name": "ppo", "scenario_set": "scenarios",
///       "num_scenarios": 256,                   the first so many of the set; LP policies have fewer
///       "mean_cost", "standard_error",          over scenarios, seeds averaged first; null for held-out demand, one
///       draw "seed_standard_deviation",              of the seeds' mean costs; null for one seed and for classical
///       rules "seed_interquartile_mean", "costs": {"holding", "stockout", "purchase", "order", "overflow", "leftover
///       credit"}, "fill_rate", "stockout_share",          share of demand met from stock; share of site-days with a
///       shortage "turns",                                units sold in a year over the mean units on hand in the whole
///       network "cost_on_bound_scenarios", "gap_to_bound",                         (that cost - bound) / |bound|
///       "seeds": [{"seed": 1, "mean_cost", "difference": DIFFERENCE}],  one entry, seed null, for a classical rule
///       "difference": DIFFERENCE                seeds averaged
///     }],
///     "bound": {"kind": "perfect_information", "scenario_set": "scenarios", "cost", "num_scenarios"},
///     "bounds": [the same, one per scenario set that has one],
///     "shadow_prices": [{"scenario_set", "plans": "bound"|"lp"|"stochastic_lp",
///                        "kind": "storage"|"lane"|"shipping"|"limit", "name", "value", "tight_share"}],
///                                             of the bound's plans, or a policy's: saved by one more unit in every
///                                             period [money per period], and the share of periods in which it would
///                                             save anything
///     "service": see service.h; null where nothing was asked for
///     "promotions": see promotions.h; null where none are planned
///     "forecast": {"model", "held_out": SCORES, "backtest": [SCORES, ...]},
///     "data": see data_findings.h
///     "diverged": [{"agent", "seed", "update"}] learners that went back to their last good weights
///   }
///   SCORES: {"model", "count", "wape", "bias", "mase", "rmsse", "weighted_quantile_loss", "coverage": {"0.025": 0.03,
///   ...}}, over periods with a record and without a stock-out; held_out is forecast.csv against what came.
///   DIFFERENCE: {"mean", "low", "high", "relative", "num_scenarios"}: policy minus best classical rule on the same
///   demand, money per period, with an interval: bootstrap over scenarios, Student's t over fewer than 30 or
///   over warehouses and products; null where there is only one of either.
///
/// The costs by kind and the turns of a set NAME_uncensored are null: they are not known for some site-days alone.
struct RunFindings {
  const Network& network;
  const DemandHistory& history;
  const NamedPolicy& best;
  const Evaluation& evaluation;
  nlohmann::ordered_json forecast;
  nlohmann::ordered_json diverged;
  nlohmann::ordered_json data;
  std::optional<ServiceResult> service = {};
  nlohmann::ordered_json promotions = {};
};
void WriteSummary(const RunFindings& findings, const ComparisonConfig& config, const Random& random,
                  const std::filesystem::path& file);

/// Appends `prices` to the list "shadow_prices"; `plans`: whose plans they are of, `bound` or a policy.
void AppendShadowPrices(const Network& network, const std::vector<ShadowPrice>& prices, const std::string& scenario_set,
                        const std::string& plans, nlohmann::ordered_json& list);

/// The summary of a run that only forecasts.
void WriteForecastSummary(const DemandHistory& history, const nlohmann::ordered_json& data,
                          const nlohmann::ordered_json& forecast, const std::filesystem::path& file);

/// evaluation.csv, see run_directory.h.
void WriteEvaluation(const Evaluation& evaluation, const std::filesystem::path& file);

}  // namespace restock
