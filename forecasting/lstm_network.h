#pragma once

#include <memory>

#include "common/demand.h"
#include "forecasting/lstm_features.h"
#include "forecasting/lstm_weights.h"
#include "forecasting/path_model.h"

namespace restock {

/// The network along paths, after `origin` periods of `history`. Keeps references to all three.
std::unique_ptr<PathModel> StartLstm(const LstmWeights& weights, const LstmFeatures& features,
                                     const DemandHistory& history, int origin, int num_paths);

}  // namespace restock
