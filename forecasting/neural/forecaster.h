#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/random.h"
#include "forecasting/neural/config.h"
#include "forecasting/neural/training.h"
#include "forecasting/path_forecaster.h"

namespace restock {

/// One network for all series, see weights.h; its name is that of the network. Fitting needs LibTorch; predicting,
/// sampling, following, saving and loading do not.
class NeuralForecaster final : public PathForecaster {
 public:
  NeuralForecaster(const NeuralConfig& config, int horizon, const Random& random);

  const std::string& name() const override;
  void Fit(const DemandHistory& history) override;
  void FitResumable(const DemandHistory& history, const std::filesystem::path& checkpoint) override;
  const std::vector<NeuralMetrics>& metrics() const { return metrics_; }
  const NeuralWeights& weights() const { return weights_; }
  const NeuralFeatures& features() const { return features_; }

  void Save(const std::filesystem::path& file) const override;
  void Load(const std::filesystem::path& file) override;

 protected:
  std::unique_ptr<PathModel> Start(const DemandHistory& history, int origin, int num_paths) const override;

 private:
  NeuralConfig config_;
  int horizon_;
  Random random_;
  NeuralFeatures features_;
  NeuralWeights weights_;
  std::vector<NeuralMetrics> metrics_;
};

}  // namespace restock
