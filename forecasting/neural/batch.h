#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include "common/demand.h"
#include "forecasting/neural/features.h"

namespace restock {

/// Series as the network sees them, and what it is to predict.
struct NeuralSequences {
  NeuralSequences(const NeuralFeatures& features, const DemandHistory& history);

  int num_periods = 0;
  int num_series = 0;
  int season = 1;
  Eigen::MatrixXf log_ratio;     // of demand to the level before it, 0: not known  (num_periods, num_series)
  Eigen::MatrixXf level_before;  // logarithm  (num_periods, num_series)
  Eigen::MatrixXf level_after;
  std::vector<Eigen::MatrixXf> factor_after;  // logarithm, by phase  (num_periods, num_series)
  Eigen::MatrixXf target;                     // demand, 0 where it is not known  (num_periods, num_series)
  Eigen::MatrixXf weight;                     // 0: not known  (num_periods, num_series)
};

/// Some series over a window of periods and, of what is known ahead or to be predicted, over the horizon after it. Time
/// first, last index innermost.
struct NeuralBatch {
  int first = 0;        // period of the window's first
  int num_periods = 0;  // of the window
  int horizon = 0;
  int num_series = 0;
  int season = 1;
  int num_inputs = 0;  // without embeddings
  int num_period_features = 0;
  std::vector<float> inputs;           // (num_periods, num_series, num_inputs)
  std::vector<float> level;            // logarithm after each period  (num_periods, num_series)
  std::vector<float> factor;           // logarithm after each period, by phase  (num_periods, num_series, season)
  std::vector<float> period_features;  // (num_periods + horizon, num_series, num_period_features)
  std::vector<float> target, weight;   // (num_periods + horizon, num_series)
  std::vector<int64_t> phase;          // (num_periods + horizon)
  std::array<std::vector<int64_t>, NeuralFeatures::kNumGroups> groups;  // (num_series)
};

/// Cuts batches out of a history. Keeps references to all three.
class NeuralBatchMaker {
 public:
  NeuralBatchMaker(const NeuralFeatures& features, const DemandHistory& history, const NeuralSequences& data,
                   int horizon)
      : features_(features), history_(history), data_(data), horizon_(horizon) {}

  /// `hide_past`: measured covariates are not known, as on sampled paths.
  NeuralBatch Make(const std::vector<int>& series, int first, int num_periods, bool hide_past) const;

 private:
  void WriteInputs(int period, int series, bool hide_past, float* inputs) const;

  const NeuralFeatures& features_;
  const DemandHistory& history_;
  const NeuralSequences& data_;
  int horizon_;
};

}  // namespace restock
