#pragma once

#include "common/random.h"
#include "forecasting/neural/batch.h"

namespace restock {

/// Lets a batch's series sell more or less than they did: all demand of a series is multiplied by one factor, from
/// 1 / (1 + strength) to 1 + strength and evenly on the logarithmic scale; what the network reads relative to the usual
/// demand stays (magnitude scaling: Um et al. 2017; Iwana & Uchida 2021). Windows begin at random anyway.
void ScaleDemand(double strength, RandomStream& stream, NeuralBatch& batch);

}  // namespace restock
