#pragma once

#include <vector>

#include "common/demand.h"
#include "common/file.h"
#include "forecasting/residual_table.h"

namespace restock {

/// The distribution of demand around point forecasts, from their past errors. Small whole numbers get a negative
/// binomial, whole as they are: around a mean between the forecast and the series' usual demand (what a forecast of 0
/// after a day of 0 has to admit), with a dispersion of the squared errors; both drawn towards what all series have.
/// Other demand gets its forecast plus the errors themselves, step by step.
class ErrorSpread {
 public:
  ErrorSpread() = default;
  ErrorSpread(const DemandHistory& history, int horizon);

  /// What was forecast `step` periods ahead (0: the coming one), and what came; NaN: not known. Threads may add to
  /// different series at the same time.
  void Add(int series, int step, float point, float demand);
  /// When all is added.
  void Finish();

  ResidualTable::Moments MomentsAround(int series, int step, float point) const;
  float Quantile(int series, int step, float point, float probability) const;
  /// Probability of at most `demand`.
  float Probability(int series, int step, float point, float demand) const;

  void Save(SectionFileWriter& file) const;
  void Load(const SectionFileReader& file);

 private:
  /// Of one series and season ahead.
  struct CountSpread {
    float is_count = 0;        // 1: the negative binomial counts
    float usual = 0;           // mean demand of the series
    float pull = 0;            // of the mean towards it, 0 ... 0.9
    float overdispersion = 0;  // (variance - mean) / mean^2
  };
  /// Sums over forecasts, by least squares of demand on forecast and usual demand.
  struct Sums {
    double products = 0, squares = 0;           // of (demand - point) (usual - point), of (usual - point)^2
    double errors = 0, demands = 0, count = 0;  // of (demand - point)^2, of demand

    double Pull() const;
    double Overdispersion(double pull) const;
  };

  const CountSpread& At(int series, int step) const;
  float CountMean(const CountSpread& spread, float point) const {
    return (1 - spread.pull) * point + spread.pull * spread.usual;
  }

  size_t Cell(int series, int step) const;

  int season_ = 1, num_blocks_ = 1;
  std::vector<CountSpread> counts_;  // [series][block]
  std::vector<Sums> sums_;           // [series][block], empty when finished
  ResidualTable residuals_;          // by step
};

}  // namespace restock
