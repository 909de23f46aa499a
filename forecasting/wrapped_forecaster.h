#pragma once

#include <memory>
#include <string>
#include <utility>

#include "forecasting/path_forecaster.h"

namespace restock {

/// A forecaster that changes what the model inside it sees, or what it says of some series; all else is the model's.
class WrappedForecaster : public PathForecaster {
 public:
  const std::string& name() const override { return model_->name(); }
  const Forecaster& inner() const override { return model_->inner(); }
  void Fit(const DemandHistory& history) override { FitResumable(history, {}); }
  void FitResumable(const DemandHistory& history, const std::filesystem::path& checkpoint) override {
    model_->FitResumable(history, checkpoint);
  }
  DemandHistory AsSeen(const DemandHistory& history) const override { return model_->AsSeen(history); }
  void Save(const std::filesystem::path& file) const override { model_->Save(file); }
  void Load(const std::filesystem::path& file) override { model_->Load(file); }
  const ErrorDependence& dependence() const override { return model_->dependence(); }

 protected:
  explicit WrappedForecaster(std::unique_ptr<PathForecaster> model) : model_(std::move(model)) {}
  PathForecaster& model() { return *model_; }
  const PathForecaster& model() const { return *model_; }

 private:
  std::unique_ptr<PathForecaster> model_;
};

}  // namespace restock
