#pragma once

#include "forecasting/error_dependence.h"
#include "forecasting/past_scores.h"

namespace restock {

/// How much of the principal components' share in the scores is believed, 0 to 1: days are few and series many, so that
/// what was alike last month need not be alike next month. The one with the best variogram score (power 1/2: Scheuerer
/// & Hamill 2015) between the series of a warehouse in the later half of the origins, for copulas estimated as they
/// would have been when these began; 0 where origins are few. Of normal scores the expected root of a difference is
/// known, so nothing is drawn.
float ChooseFactorStrength(const PastScores& scores, const SeriesGroups& groups);

}  // namespace restock
