#include "forecasting/neural/augmentation.h"

#include <cmath>

#include "forecasting/neural/weights.h"

namespace restock {

void ScaleDemand(double strength, RandomStream& stream, NeuralBatch& batch) {
  const auto num_series = static_cast<size_t>(batch.num_series);
  for (size_t series = 0; series < num_series; ++series) {
    const auto log_factor = static_cast<float>((2 * stream.Uniform() - 1) * std::log1p(strength));
    for (size_t row = series; row < batch.target.size(); row += num_series)
      batch.target[row] = std::round(batch.target[row] * std::exp(log_factor));
    for (size_t row = series; row < batch.level.size(); row += num_series) {
      batch.level[row] += log_factor;
      batch.inputs[row * static_cast<size_t>(batch.num_inputs) + kLevelInput] += kLogLevelScale * log_factor;
    }
  }
}

}  // namespace restock
