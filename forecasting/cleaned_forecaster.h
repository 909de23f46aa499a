#pragma once

#include <memory>
#include <string>
#include <utility>

#include "forecasting/cleaning.h"
#include "forecasting/path_forecaster.h"

namespace restock {

/// A forecaster that sees cleaned demand. What is cleaned at a period never depends on later ones: a model fitted on a
/// part of the history, or started at a past origin, sees what cleaning would have made of the demand known by then.
class CleanedForecaster final : public PathForecaster {
 public:
  CleanedForecaster(std::unique_ptr<PathForecaster> model, const CleaningConfig& config)
      : model_(std::move(model)), config_(config) {}

  const std::string& name() const override { return model_->name(); }
  void Fit(const DemandHistory& history) override { FitResumable(history, {}); }
  void FitResumable(const DemandHistory& history, const std::filesystem::path& checkpoint) override;
  std::unique_ptr<PathModel> Start(const DemandHistory& history, int origin, int num_paths) const override;
  void Save(const std::filesystem::path& file) const override { model_->Save(file); }
  void Load(const std::filesystem::path& file) override { model_->Load(file); }
  const ErrorDependence& dependence() const override { return model_->dependence(); }

 private:
  std::unique_ptr<PathForecaster> model_;
  CleaningConfig config_;
};

}  // namespace restock
