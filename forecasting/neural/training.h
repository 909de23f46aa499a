#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "common/demand.h"
#include "common/random.h"
#include "forecasting/neural/config.h"
#include "forecasting/neural/features.h"
#include "forecasting/neural/weights.h"

namespace restock {

/// One look at the validation part.
struct NeuralMetrics {
  int64_t update = 0;          // steps of Adam so far
  double training_loss = 0;    // mean negative log-likelihood per value since the last look
  double validation_loss = 0;  // 0 where there is no validation part
};

struct NeuralTraining {
  NeuralWeights weights;
  std::vector<NeuralMetrics> metrics;
};

/// Learns the weights by maximum likelihood on LibTorch. The last periods of the history in which demand is known are
/// the validation part that decides when to stop; then the best weights see all periods for a while. Where so little is
/// known that there is no such part, all planned updates are made. With `checkpoint` (not empty) the whole
/// state is written there now and then and at the end, and training goes on from it to the same bits. `max_updates`:
/// stop after so many updates of this call, as an interruption would, 0: never; the weights are then those so far.
NeuralTraining TrainNeural(const NeuralConfig& config, int horizon, const NeuralFeatures& features,
                           const DemandHistory& history, const Random& random,
                           const std::filesystem::path& checkpoint = {}, int max_updates = 0);

}  // namespace restock
