#pragma once

#include <string>

#include "experiments/report_files.h"

namespace restock {

// The parts of a report, each a piece of finished HTML; empty where the run has nothing to say. `max_charts` bounds the
// size of those that grow with the run.

/// The title, what was run, the headline numbers, and what they mean in words.
std::string HeadlineHtml(const RunFiles& run);
/// How policies compare: intervals as a picture, and a table for each set of demand.
std::string PoliciesHtml(const RunFiles& run);
/// What the costs are made of.
std::string CostsHtml(const RunFiles& run);
/// What is scarce, and what one more unit of it would save.
std::string ScarcityHtml(const RunFiles& run);
/// What planned promotions need and cost.
std::string PromotionsHtml(const RunFiles& run);
/// What service costs, and what one more unit of it costs.
std::string ServiceHtml(const RunFiles& run);
/// What was done to the data, and what the assortment is made of.
std::string DataHtml(const RunFiles& run);
/// How good the forecasts are, and how they look against what came.
std::string ForecastsHtml(const RunFiles& run, int max_charts);
/// What forecasts rely on, and whether what comes is still what they were fitted on.
std::string ForecastCausesHtml(const RunFiles& run);
/// What moved the forecasts of a few items.
std::string ForecastExplanationsHtml(const RunFiles& run);
/// When models were fitted anew, why, and what that gained.
std::string RetrainingHtml(const RunFiles& run);
/// Stock, orders and demand of a few SKUs under the best policy and the best rule.
std::string InventoryHtml(const RunFiles& run, int max_charts);
/// How learning went, by seed.
std::string LearningHtml(const RunFiles& run, int max_charts);
/// How all this was measured, and what the words mean.
std::string MethodHtml(const RunFiles& run);
/// The configuration, and what it was run with.
std::string ConfigurationHtml(const RunFiles& run);

}  // namespace restock
