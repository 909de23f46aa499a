#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "common/demand.h"
#include "common/random.h"
#include "forecasting/lstm_config.h"
#include "forecasting/lstm_features.h"
#include "forecasting/lstm_weights.h"

namespace restock {

/// One look at the validation part.
struct LstmMetrics {
  int64_t update = 0;          // steps of Adam so far
  double training_loss = 0;    // mean negative log-likelihood per value since the last look
  double validation_loss = 0;  // 0 where there is no validation part
};

struct LstmTraining {
  LstmWeights weights;
  std::vector<LstmMetrics> metrics;
};

/// Learns the weights by maximum likelihood on LibTorch. The last periods of the history in which demand is known are
/// the validation part that decides when to stop; then the best weights see all periods for a while. Where so little is
/// known that there is no such part, all planned updates are made. With `checkpoint` (not empty) the whole
/// state is written there now and then and at the end, and training goes on from it to the same bits. `max_updates`:
/// stop after so many updates of this call, as an interruption would, 0: never; the weights are then those so far.
LstmTraining TrainLstm(const LstmConfig& config, int horizon, const LstmFeatures& features,
                       const DemandHistory& history, const Random& random, const std::filesystem::path& checkpoint = {},
                       int max_updates = 0);

}  // namespace restock
