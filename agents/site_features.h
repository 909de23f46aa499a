#pragma once

#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

namespace restock {

/// One input of a network as a formula over a row's features: (plus - minus) / over, or its logarithm, clipped to [low,
/// high]. Plain data, so that the ONNX export writes the same formula.
struct InputFormula {
  std::string name;
  int plus = 0;  // columns of the extended row, see SiteFeatures
  int minus = 0;
  int over = 0;
  bool logarithm = false;
  float low = -10;
  float high = 10;
};

/// Turns observations in units and money (env/observation.h) into numbers of order one: stocks and forecasts over the
/// site's expected demand, distances to the forecast over its spread, costs as ratios. So one network serves fast and
/// slow sellers, and any currency.
///
/// The extended row: the features, then zero, one, the scale (forecast_mean + 1), the spread (forecast_q0.9 -
/// forecast_mean, at least one unit) and the unit money (holding_cost + stockout_cost). An order-up-to level is
/// forecast_mean + z * spread.
class SiteFeatures {
 public:
  /// `features`: names of the observation's columns, in their order. Throws DataError when one that is needed is
  /// missing.
  /// `inputs`: which formulas are kept, rising; empty: all.
  explicit SiteFeatures(std::vector<std::string> features, const std::vector<int>& inputs = {});

  int num_features() const { return static_cast<int>(features_.size()); }
  int num_inputs() const { return static_cast<int>(formulas_.size()); }
  const std::vector<std::string>& features() const { return features_; }
  const std::vector<InputFormula>& formulas() const { return formulas_; }
  /// Place of the formula with this name among those that are kept.
  int Input(const std::string& name) const;
  /// Columns of the extended row.
  int Column(const std::string& name) const;
  int zero() const { return num_features(); }
  int one() const { return num_features() + 1; }
  int scale() const { return num_features() + 2; }
  int spread() const { return num_features() + 3; }
  int money() const { return num_features() + 4; }

  /// `observation` (rows, num_features) to `inputs` (rows, num_inputs).
  void Encode(const Eigen::Ref<const Eigen::MatrixXf>& observation, Eigen::MatrixXf& inputs) const;

  static constexpr float kMinSpread = 1.f;        // [unit]
  static constexpr float kScaleOffset = 1.f;      // [unit]
  static constexpr float kMinMoney = 1e-6f;       // [money/unit]
  static constexpr float kMinLogarithm = 1e-20f;  // logarithms are of this or more

 private:
  static constexpr int kNumDerived = 5;  // zero ... money

  std::vector<std::string> features_;
  std::vector<InputFormula> formulas_;
  int forecast_mean_, forecast_q90_, holding_cost_, stockout_cost_;
};

}  // namespace restock
