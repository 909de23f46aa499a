#pragma once

#include <string>
#include <vector>

#include "common/demand.h"
#include "forecasting/attribution.h"

namespace restock {

/// The inputs of forecasts as planners think of them, each of which may be as it is or as usual:
///
///   demand of the last 7 periods   usual: the mean demand of the series so far, with its weekdays where these count
///   demand 8 to 28 periods ago
///   earlier demand
///   weekdays (time of the year)    usual: demand without the series' own pattern over the season
///   a covariate known ahead        usual from the first forecast period on: the median of its past
///   a measured covariate           usual in the past: likewise
///   holidays                       usual: none are to come
///
/// Weeks instead of days have the last 4 and 13 periods. Inputs that are as usual for all of `series` are left out.
class ForecastInputs {
 public:
  /// Keeps a reference to `history`. `series`: those to explain; others stay as they are.
  ForecastInputs(const DemandHistory& history, std::vector<int> series);

  const std::vector<std::string>& names() const { return names_; }  // (num_inputs)
  /// The history with the inputs outside of the coalition as usual.
  DemandHistory With(const Coalition& coalition) const;

 private:
  enum class Kind { kDemand, kSeason, kCovariate, kHolidays };
  struct Input {
    Kind kind;
    int first = 0, last = 0;  // of demand: periods [first, last)
    size_t covariate = 0;
  };
  void Add(const std::string& name, const Input& input);
  void SetDemand(const Coalition& coalition, int series, DemandHistory& changed) const;
  void SetCovariate(size_t covariate, DemandHistory& changed) const;
  void DropHolidays(DemandHistory& changed) const;
  size_t Phase(int period) const;

  const DemandHistory& history_;
  std::vector<int> series_;
  std::vector<double> mean_;                  // of demand, by series of the history
  std::vector<std::vector<double>> profile_;  // demand of each phase of the season over the mean, by series
  std::vector<std::string> names_;
  std::vector<Input> inputs_;  // (num_inputs)
};

}  // namespace restock
