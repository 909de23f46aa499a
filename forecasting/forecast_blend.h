#pragma once

#include <memory>
#include <string>
#include <vector>

#include "forecasting/path_forecaster.h"

namespace restock {

/// The mean of what several forecasters say, each fitted by itself: means are averaged, quantiles level by level by
/// their logarithms (of quantile plus 1), which keeps the shape that the members agree on (Lichtendahl,
/// Grushka-Cockayne & Winkler 2013).
class ForecastBlend final : public PathForecaster {
 public:
  ForecastBlend(std::string name, std::vector<std::unique_ptr<PathForecaster>> members, int horizon)
      : name_(std::move(name)), members_(std::move(members)), horizon_(horizon) {}

  const std::string& name() const override { return name_; }
  void Fit(const DemandHistory& history) override { FitResumable(history, {}); }
  /// Each member goes on from a file beside `checkpoint`; all are removed when the fit is finished.
  void FitResumable(const DemandHistory& history, const std::filesystem::path& checkpoint) override;
  /// Members are kept beside the file: `file.0`, `file.1`, ...
  void Save(const std::filesystem::path& file) const override;
  void Load(const std::filesystem::path& file) override;

  std::unique_ptr<PathModel> Start(const DemandHistory& history, int origin, int num_paths) const override;

 private:
  std::string name_;
  std::vector<std::unique_ptr<PathForecaster>> members_;
  int horizon_;
};

}  // namespace restock
