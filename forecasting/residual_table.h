#pragma once

#include <vector>

#include "common/file.h"

namespace restock {

/// Past errors of point forecasts, by series and by how many seasons ahead they were made: the distribution around a
/// model that has none of its own. Quantiles are interpolated between ordered errors.
class ResidualTable {
 public:
  ResidualTable() = default;
  ResidualTable(int num_series, int season, int num_blocks);

  /// `step` periods ahead, 0: the coming one.
  void Add(int series, int step, float error);
  /// Orders the errors. Where a series has none at a distance, those of the distance before count; with none at all the
  /// error is zero.
  void Finish();

  struct Moments {
    float mean = 0;
    float variance = 0;
  };
  /// Of the demand around a point forecast: the point plus an error, not below zero.
  Moments MomentsAround(int series, int step, float point) const;
  float Quantile(int series, int step, float probability) const;
  /// Share of errors that are at most `error`.
  float Probability(int series, int step, float error) const;

  void Save(SectionFileWriter& file) const;
  void Load(const SectionFileReader& file);

 private:
  /// The ordered errors of one series and distance, with sums over the largest of them.
  struct Ordered {
    std::vector<float> errors;    // ascending
    std::vector<double> sum;      // of the errors from the i-th on, one entry more than errors
    std::vector<double> squares;  // of their squares
  };

  const Ordered& At(int series, int step) const { return cells_[Cell(series, step)]; }
  size_t Cell(int series, int step) const;

  int season_ = 1;
  int num_blocks_ = 1;
  std::vector<Ordered> cells_;  // [series][block]
};

}  // namespace restock
