#include "agents/site_features.h"

#include <algorithm>
#include <cmath>

#include "common/check.h"
#include "common/error.h"

namespace restock {

SiteFeatures::SiteFeatures(std::vector<std::string> features, const std::vector<int>& inputs)
    : features_(std::move(features)) {
  forecast_mean_ = Column("forecast_mean");
  forecast_q90_ = Column("forecast_q0.9");
  holding_cost_ = Column("holding_cost");
  stockout_cost_ = Column("stockout_cost");
  const auto add = [&](const std::string& name, int plus, int minus, int over, bool logarithm, float low, float high) {
    formulas_.push_back({name, plus, minus, over, logarithm, low, high});
  };

  // stocks over expected demand
  for (const char* name : {"on_hand", "backorders", "in_transit", "echelon_position"}) {
    add(std::string(name) + " / scale", Column(name), zero(), scale(), false, -5, 10);
  }
  for (int ahead = 1;; ++ahead) {
    const std::string name = "pipeline_" + std::to_string(ahead);
    if (std::ranges::find(features_, name) == features_.end()) break;
    add(name + " / scale", Column(name), zero(), scale(), false, 0, 10);
  }
  add("supplier_on_hand / scale", Column("supplier_on_hand"), zero(), scale(), false, 0, 10);
  add("supplier_cover", Column("supplier_cover"), zero(), one(), false, 0, 10);
  add("free_capacity / scale", Column("free_capacity"), zero(), scale(), false, -5, 10);

  // where the position stands in the forecast's distribution, and that distribution's shape
  add("(echelon_position - forecast_mean) / spread", Column("echelon_position"), forecast_mean_, spread(), false, -5,
      10);
  for (const char* name : {"forecast_q0.5", "forecast_q0.7", "forecast_q0.8", "forecast_q0.95", "forecast_q0.975"}) {
    add("(" + std::string(name) + " - forecast_mean) / spread", Column(name), forecast_mean_, spread(), false, -5, 10);
  }
  add("log(spread / scale)", spread(), zero(), scale(), true, -5, 3);
  add("log(scale)", scale(), zero(), one(), true, 0, 15);
  add("forecast_next / scale", Column("forecast_next"), zero(), scale(), false, 0, 5);

  // time, place and costs
  for (const char* name : {"protection_periods", "periods_to_next_order", "lead_time"}) {
    add(name, Column(name), zero(), one(), false, 0, 60);
  }
  for (const char* name : {"season_sin", "season_cos", "has_own_demand"})
    add(name, Column(name), zero(), one(), false, -1, 1);
  add("stockout_cost / money", stockout_cost_, zero(), money(), false, 0, 1);
  add("log(holding_cost / money)", holding_cost_, zero(), money(), true, -10, 0);
  add("log(unit_cost / money)", Column("unit_cost"), zero(), money(), true, -5, 10);
  add("log(order_cost / money)", Column("order_cost"), zero(), money(), true, -5, 10);

  if (inputs.empty()) return;
  std::vector<InputFormula> kept;
  for (const int input : inputs) {
    if (input < 0 || input >= num_inputs()) throw DataError("the policy reads an input that there is not.");
    kept.push_back(formulas_[static_cast<size_t>(input)]);
  }
  formulas_ = std::move(kept);
}

int SiteFeatures::Input(const std::string& name) const {
  const auto found = std::ranges::find(formulas_, name, &InputFormula::name);
  if (found == formulas_.end()) throw DataError("the network has no input " + name + ".");
  return static_cast<int>(found - formulas_.begin());
}

int SiteFeatures::Column(const std::string& name) const {
  const auto found = std::ranges::find(features_, name);
  if (found == features_.end()) throw DataError("the observation has no feature " + name + ", which the policy needs.");
  return static_cast<int>(found - features_.begin());
}

void SiteFeatures::Encode(const Eigen::Ref<const Eigen::MatrixXf>& observation, Eigen::MatrixXf& inputs) const {
  RESTOCK_CHECK_EQ(observation.cols(), num_features());
  const auto rows = observation.rows();

  // the columns that follow the features in the extended row
  Eigen::ArrayXXf derived(rows, kNumDerived);
  const auto mean = observation.col(forecast_mean_).array();
  derived.col(0).setZero();
  derived.col(1).setOnes();
  derived.col(2) = mean + kScaleOffset;
  derived.col(3) = (observation.col(forecast_q90_).array() - mean).max(kMinSpread);
  derived.col(4) = (observation.col(holding_cost_) + observation.col(stockout_cost_)).array().max(kMinMoney);
  const auto column = [&](int index) {
    const float* first =
        index < num_features() ? observation.col(index).data() : derived.col(index - num_features()).data();
    return Eigen::Map<const Eigen::ArrayXf>(first, rows);
  };

  inputs.resize(rows, num_inputs());
  for (int i = 0; i < num_inputs(); ++i) {
    const InputFormula& formula = formulas_[static_cast<size_t>(i)];
    auto input = inputs.col(i).array();
    input = (column(formula.plus) - column(formula.minus)) / column(formula.over);
    if (formula.logarithm) input = input.max(kMinLogarithm).log();
    input = input.max(formula.low).min(formula.high);
  }
}

}  // namespace restock
