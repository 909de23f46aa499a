#pragma once

#include <memory>
#include <utility>

#include "forecasting/wrapped_forecaster.h"

namespace restock {

/// `forecaster.cold_start`.
struct ColdStartConfig {
  int periods = 1;         // series with fewer known periods are new; 0: none is
  int num_analogues = 10;  // series with like attributes that a new one is forecast by
};

/// A forecaster that knows what to say of new products: the mixture of what the model says of their analogues
/// (analogues.h), so that the spread between these widens it. Where a few periods are known, their mean draws the level
/// to itself, weighing one period each against `periods` of the analogues' (an empirical Bayes shrinkage). Other series
/// are left to the model.
class ColdStartForecaster final : public WrappedForecaster {
 public:
  ColdStartForecaster(std::unique_ptr<PathForecaster> model, const ColdStartConfig& config)
      : WrappedForecaster(std::move(model)), config_(config) {}

  std::unique_ptr<PathModel> Start(const DemandHistory& history, int origin, int num_paths) const override;

 private:
  ColdStartConfig config_;
};

}  // namespace restock
