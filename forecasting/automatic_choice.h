#pragma once

#include <string>
#include <utility>
#include <vector>

#include "forecasting/demand_class.h"
#include "forecasting/series_forecaster.h"

namespace restock {

/// What was chosen for a class of demand, and why.
struct ClassChoice {
  DemandClass demand_class = DemandClass::kSmooth;
  int num_series = 0;
  int num_judged = 0;  // of them, evenly spread
  std::string model;
  std::vector<std::pair<std::string, double>> scores;  // mean RMSSE of each candidate; NaN: none could be told
};

/// Chooses a model of one series for each class of demand, by backtest: every candidate is fitted without the last
/// horizons, which it then forecasts; the one with the least RMSSE, on average over the series of the class, is fitted
/// anew on everything. Squared errors, since what an order needs is the mean: absolute ones would choose zero where
/// most periods have no demand.
class AutomaticChoice final : public SeriesForecaster {
 public:
  explicit AutomaticChoice(int horizon, TransformKind transform = TransformKind::kNone)
      : SeriesForecaster("automatic", horizon, transform) {}

  /// What Fit() chose, by class; classes without series have none.
  const std::vector<ClassChoice>& choices() const { return choices_; }

 protected:
  std::vector<std::string> ChooseModels(const DemandHistory& history) override;
  void AddReasons(SectionFileWriter& file) const override;
  void LoadReasons(const SectionFileReader& file) override;

 private:
  std::vector<ClassChoice> choices_;
};

/// Models that are worth trying for a class.
std::vector<std::string> CandidatesFor(DemandClass demand_class);

}  // namespace restock
