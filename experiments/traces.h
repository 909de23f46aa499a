#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "common/demand.h"
#include "env/network.h"
#include "experiments/evaluation.h"

namespace restock {

/// traces.json: what the report draws, for a few chosen SKUs; quantities in the units of the data, money in its
/// currency.
///
///   {
///     "schema": 1, "unit": "kg", "currency": "CNY",
///     "series": [{                               // demand of each chosen warehouse and SKU, past and held out
///       "warehouse", "sku", "dates": ["2024-03-28", ...], "first_held_out": 62,   // index into dates; = size: none
///       "demand": [3.1, null, ...],              // estimated where there was a stock-out, null: not known
///       "in_stock_share": [1, 0.4, null, ...]    // below 1: a stock-out
///     }],
///     "traces": [{                               // what happened at one site under one policy
///       "policy": "ppo", "seed": 1 or null, "scenario_set": "held_out", "scenario": 0,
///       "location", "sku", "dates": [...],       // all arrays below have one entry per date
///       "on_hand": [...],                        // at the decision, after what was due has been received
///       "in_transit": [...], "backorders": [...],
///       "ordered": [...],                        // units shipped to the site
///       "demand": [...], "sold": [...],          // of a site that feeds others: units that left it
///       "forecast_mean": [...], "forecast_q0.9": [...]   // over the protection periods, as known at the decision
///     }]
///   }
/// Chosen are the SKU that sells most, the median one and the one that sells least, at the first warehouse, and their
/// central sites. Traces are of the first held-out path (of the first scenario where nothing is held out), all fast
/// policies, first seed.
void WriteTraces(const DemandHistory& history, int first_held_out, const std::vector<NamedPolicy>& policies,
                 const std::shared_ptr<const Network>& network, const EvaluationSet& set,
                 const std::filesystem::path& file);

/// The series alone, where nothing is ordered.
void WriteDemandTraces(const DemandHistory& history, const std::filesystem::path& file);

}  // namespace restock
