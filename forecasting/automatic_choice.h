#pragma once

#include <string>
#include <vector>

#include "forecasting/demand_class.h"
#include "forecasting/series_forecaster.h"

namespace restock {

/// Chooses a model of one series for each class of demand, by backtest: every candidate is fitted without the last
/// horizons, which it then forecasts; the one with the least RMSSE, on average over the series of the class, is fitted
/// anew on everything. Squared errors, since what an order needs is the mean: absolute ones would choose zero where
/// most periods have no demand.
class AutomaticChoice final : public SeriesForecaster {
 public:
  explicit AutomaticChoice(int horizon, TransformKind transform = TransformKind::kNone)
      : SeriesForecaster("automatic", horizon, transform) {}

 protected:
  std::vector<std::string> ChooseModels(const DemandHistory& history) const override;
};

/// Models that are worth trying for a class.
std::vector<std::string> CandidatesFor(DemandClass demand_class);

}  // namespace restock
