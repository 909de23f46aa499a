#pragma once

#include <filesystem>

#include "experiments/problem_run.h"

namespace restock {

/// summary.json of a run on a problem file. Its keys are those of summary.h where they mean the same:
///
///   {
///     "schema": 1, "problem": "lost_sales", "cost": "average cost per period",
///     "protocol": {"kind", "num_periods", "warm_up", "discount", "num_runs"},
///     "best": {"policy": "capped_base_stock", "seed": null}, "best_classical": "capped_base_stock",
///     "scenario_sets": [{"name": "scenarios", "description", "num_scenarios", "num_periods", "best_classical"}],
///     "policies": [{
///       "name", "seed": 1,                     of its training; null for a rule or a linear program
///       "scenario_set": "scenarios", "num_scenarios", "mean_cost", "standard_error",
///       "exact_cost",                          by the stationary distribution; null where the problem is too large
///       "parameters": {"S": 26, "cap": 5},
///       "costs": {"holding", ...}, "fill_rate", "stockout_share",
///       "gap_to_bound",                        (cost - bound) / |bound|; null where there is no bound
///       "cost_on_bound_scenarios", "gap_to_perfect_information",   on the paths of the linear programs
///       "difference": {"mean", "low", "high", "relative", "num_scenarios"},   to the best rule on these paths
///       "num_evaluations"                      policies that the search simulated
///     }],
///     "bound": {"kind": "optimal"|"best_known", "scenario_set": "scenarios", "cost",
///               "method"},                     what found it, or who published it; null where there is none
///     "no_bound"                               why there is none
///     "bounds": [the bound, and {"kind": "perfect_information", "scenario_set", "cost", "standard_error",
///                "num_scenarios", "num_periods"}],
///     "linear_programs"                        what they were measured on, or why there are none, in words
///     "shadow_prices": see summary.h
///   }
void WriteProblemSummary(const ProblemRunConfig& config, const ProblemOutcome& outcome,
                         const std::filesystem::path& file);

/// evaluation.csv, see run_directory.h. Stock is not followed, so the turns are empty.
void WriteProblemEvaluation(const ProblemRunConfig& config, const ProblemOutcome& outcome,
                            const std::filesystem::path& file);

/// Runs a problem and writes all that a run directory of it holds, the report last. CPU seconds of training stand in
/// build.json as `training AGENT-SEED`.
ProblemOutcome RunAndWriteProblem(const ProblemRunConfig& config, const RunDirectory& run);

}  // namespace restock
