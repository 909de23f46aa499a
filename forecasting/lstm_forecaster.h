#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/random.h"
#include "forecasting/lstm_config.h"
#include "forecasting/lstm_training.h"
#include "forecasting/path_forecaster.h"

namespace restock {

/// One LSTM for all series, see lstm_weights.h. Fitting needs LibTorch; predicting, sampling, following, saving and
/// loading do not.
class LstmForecaster final : public PathForecaster {
 public:
  LstmForecaster(const LstmConfig& config, int horizon, const Random& random);

  const std::string& name() const override;
  void Fit(const DemandHistory& history) override;
  void FitResumable(const DemandHistory& history, const std::filesystem::path& checkpoint) override;
  const std::vector<LstmMetrics>& metrics() const { return metrics_; }
  const LstmWeights& weights() const { return weights_; }
  const LstmFeatures& features() const { return features_; }

  void Save(const std::filesystem::path& file) const override;
  void Load(const std::filesystem::path& file) override;

 protected:
  std::unique_ptr<PathModel> Start(const DemandHistory& history, int origin, int num_paths) const override;

 private:
  LstmConfig config_;
  int horizon_;
  Random random_;
  LstmFeatures features_;
  LstmWeights weights_;
  std::vector<LstmMetrics> metrics_;
};

}  // namespace restock
