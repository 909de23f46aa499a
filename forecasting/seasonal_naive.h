#pragma once

#include <string>

#include "forecasting/residual_forecaster.h"

namespace restock {

/// Expects what was last seen in the same period of the season (week day, or week of the year): every report's
/// baseline.
class SeasonalNaive final : public ResidualForecaster {
 public:
  using ResidualForecaster::ResidualForecaster;
  const std::string& name() const override;

 protected:
  void FitPoints(const DemandHistory& history) override;
  std::unique_ptr<PointModel> StartPoints(const DemandHistory& history, int num_paths) const override;
  void SavePoints(SectionFileWriter& file) const override;
  void LoadPoints(const SectionFileReader& file) override;

 private:
  std::vector<float> mean_;  // until a period of the season was seen  (num_series)
};

}  // namespace restock
