#pragma once

#include <memory>

#include "common/demand.h"
#include "forecasting/neural/features.h"
#include "forecasting/neural/weights.h"
#include "forecasting/path_model.h"

namespace restock {

/// The network along paths, after `origin` periods of `history`. Keeps references to all three.
std::unique_ptr<PathModel> StartNeural(const NeuralWeights& weights, const NeuralFeatures& features,
                                       const DemandHistory& history, int origin, int num_paths);

}  // namespace restock
