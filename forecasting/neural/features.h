#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

#include "common/demand.h"
#include "common/file.h"

namespace restock {

/// What a network reads besides demand itself, the same in training and along paths: calendar and planned covariates of
/// any period, measured ones of past periods, and which warehouse, SKU and category a series belongs to. Covariates are
/// measured from their series' mean (as logarithms where all values are above zero) in units of their standard
/// deviation; unknown values are the mean.
class NeuralFeatures {
 public:
  NeuralFeatures() = default;
  explicit NeuralFeatures(const DemandHistory& history);

  int season() const { return season_; }  // length of the short season, 1: none
  int Phase(const DemandHistory& history, int period) const;
  int num_period_features() const;
  int num_past_features() const;
  /// Known for any period, past or future.  `features`: (num_period_features)
  void PeriodFeatures(const DemandHistory& history, int period, int series, float* features) const;
  /// Known only after the period.  `features`: (num_past_features)
  void PastFeatures(const DemandHistory& history, int period, int series, float* features) const;

  int num_series() const { return static_cast<int>(names_.size()); }
  /// Index of the series' warehouse, SKU and category among all.
  const std::vector<int>& group(int kind) const { return group_[static_cast<size_t>(kind)]; }
  int group_size(int kind) const { return static_cast<int>(group_names_[static_cast<size_t>(kind)].size()); }
  const std::string& group_name(int kind, int index) const {
    return group_names_[static_cast<size_t>(kind)][static_cast<size_t>(index)];
  }
  /// Index of the warehouse, SKU or category of that name, -1 where there is none.
  int RowOf(int kind, const std::string& name) const;
  static constexpr int kNumGroups = 3;

  /// Throws DataError when the history has other series or covariates than the features were made for.
  void CheckFits(const DemandHistory& history) const;
  void Save(SectionFileWriter& file) const;
  void Load(const SectionFileReader& file);

 private:
  float Scaled(const DemandHistory& history, size_t covariate, int period, int series) const;

  int season_ = 1;
  std::vector<std::string> names_;      // warehouse and SKU of each series
  std::vector<int> group_[kNumGroups];  // (num_series)
  std::vector<std::string> group_names_[kNumGroups];
  std::vector<std::string> covariates_;           // names
  std::vector<uint8_t> known_ahead_, logarithm_;  // by covariate
  std::vector<float> scale_;                      // by covariate
  Eigen::MatrixXf mean_;                          // (num_series, num_covariates)
};

}  // namespace restock
