#pragma once

#include <memory>

#include "forecasting/series_model.h"
#include "forecasting/transform.h"

namespace restock {

/// A model of one series that sees transformed demand, its forecasts transformed back. Differences begin with the first
/// period that has one before it; after a period that is not known, changes count from the last that is. The mean of a
/// curved transformation is the median on the way back: the errors collected around it (error_spread.h) mend that.
std::unique_ptr<SeriesModel> MakeTransformedModel(std::unique_ptr<SeriesModel> model, TransformKind kind);

}  // namespace restock
