#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

#include "agents/fast_network.h"
#include "common/file.h"
#include "common/random.h"

namespace restock {

/// What a FastNetwork computed on its way from inputs to outputs: entry 0 is the inputs, entry k what layer k gave,
/// after its activation.  (num_layers + 1)(rows, units)
using NetworkTrace = std::vector<Eigen::MatrixXf>;

/// Evaluates `network` on trace[0] and keeps all that the way back needs; the outputs are trace.back().
void TraceForward(const FastNetwork& network, NetworkTrace& trace);

/// The way back (Rumelhart, Hinton & Williams 1986), by Eigen: for networks and batches as small as ours several times
/// faster than LibTorch. A test compares it with finite differences. Adds to `gradient` that of the parameters, in
/// their order, and leaves that of the inputs in `slope`.  `slope`: on entry the gradient of the outputs  (rows,
/// outputs)
void TraceBackward(const FastNetwork& network, const NetworkTrace& trace, Eigen::MatrixXf& slope,
                   std::span<float> gradient);

/// Adam (Kingma & Ba 2015) on the parameters of one network.
struct AdamState {
  explicit AdamState(size_t num_parameters) : mean(num_parameters, 0.f), square(num_parameters, 0.f) {}
  /// One step; the gradient's norm is first clipped to `max_norm`. False, and no step, where it is not finite.
  bool Step(std::span<const float> gradient, double learning_rate, double max_norm, FastNetwork& network);
  void Save(SectionFileWriter& file) const;
  /// Throws DataError where it was saved for another number of parameters; then nothing has changed.
  void Load(const SectionFileReader& file);

  int64_t num_steps = 0;
  std::vector<float> mean;    // of the gradient: m
  std::vector<float> square;  // of its square: v
};

/// Weights are normal with variance 2 / inputs (He et al. 2015), of the last layer
/// `output_gain` times as large; biases zero but that of the outputs.
void Initialize(double output_gain, float output_bias, RandomStream& random, FastNetwork& network);

}  // namespace restock
