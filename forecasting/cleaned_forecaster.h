#pragma once

#include <memory>
#include <utility>

#include "forecasting/cleaning.h"
#include "forecasting/wrapped_forecaster.h"

namespace restock {

/// A forecaster that sees cleaned demand. What is cleaned at a period never depends on later ones: a model fitted on a
/// part of the history, or started at a past origin, sees what cleaning would have made of the demand known by then.
class CleanedForecaster final : public WrappedForecaster {
 public:
  CleanedForecaster(std::unique_ptr<PathForecaster> model, const CleaningConfig& config)
      : WrappedForecaster(std::move(model)), config_(config) {}

  void FitResumable(const DemandHistory& history, const std::filesystem::path& checkpoint) override {
    model().FitResumable(Cleaned(history), checkpoint);
  }
  std::unique_ptr<PathModel> Start(const DemandHistory& history, int origin, int num_paths) const override;
  DemandHistory AsSeen(const DemandHistory& history) const override { return model().AsSeen(Cleaned(history)); }

 private:
  DemandHistory Cleaned(const DemandHistory& history) const;

  CleaningConfig config_;
};

}  // namespace restock
