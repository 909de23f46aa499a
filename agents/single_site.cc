#include "agents/single_site.h"

#include <array>

#include "common/check.h"
#include "env/observation.h"

namespace restock {

std::string SingleSite::WhatElse(const Network& network, bool has_steady_demand) {
  if (network.num_sites() != 1 || network.num_lanes() != 1) return "this network has more.";
  if (network.CalendarCycle() != 1) return "this lane has an order calendar.";
  if (const std::string feature = network.FirstFeature(); !feature.empty()) return "this network has " + feature + ".";
  if (network.backorder_share[0] != 0 && network.backorder_share[0] != 1) return "here a part of the shortage waits.";
  if (network.order_cost[0] > 0) return "here an order costs something, whatever its size.";
  if (network.lane_capacity[0] < kUnlimited) return "here orders have a limit.";
  if (network.storage_capacity[0] < kUnlimited && network.overflow_cost[0] > 0) return "here stock has a limit.";
  if (network.is_divisible || network.receives_after_shipping) return "here goods move in another way.";
  if (!network.price.empty() && network.price[0] > 0) return "here sales are paid.";
  if (!has_steady_demand) return "this demand changes over time.";
  return "";
}

SingleSite::SingleSite(const Network& network, const std::shared_ptr<const DemandSource>& demand)
    : lead_time(network.max_lead_time()) {
  RESTOCK_CHECK(WhatElse(network, demand->has_fixed_forecasts()).empty());
  holding_cost = network.holding_cost[0];
  stockout_cost = network.stockout_cost[0];
  unit_cost = network.unit_cost[0];
  waits = network.backorder_share[0] == 1;
  initial_level = network.initial_on_hand[0];

  // what is known of demand
  features = FeatureNames(network);
  const auto forecast = [&](int feature) {
    std::array<int, kBlockSize> scenarios = {};
    std::array<float, kBlockSize> values = {};
    demand->Forecast(/*period=*/0, scenarios, network, feature, values.data());
    return values[0];
  };
  mean_demand = forecast(kForecastNextMean);
  forecast_mean = forecast(kForecastMean);
  spread = std::max(forecast(kForecastFirstQuantile + 3) - forecast_mean, SiteFeatures::kMinSpread);
}

Eigen::ArrayXf SingleSite::Step(const Eigen::ArrayXf& orders, const Eigen::Ref<const Eigen::ArrayXf>& demand,
                                States& states, Eigen::ArrayXf& left) const {
  left = states.col(0) - demand;
  if (lead_time == 0) left += orders;
  const Eigen::ArrayXf cost = holding_cost * left.max(0.f) - stockout_cost * left.min(0.f) + unit_cost * orders;
  states.col(0) = waits ? left : left.max(0.f);
  if (lead_time == 1) states.col(0) += orders;
  if (lead_time <= 1) return cost;
  states.col(0) += states.col(1);
  for (int ahead = 1; ahead + 1 < lead_time; ++ahead) states.col(ahead) = states.col(ahead + 1).eval();
  states.col(lead_time - 1) = orders;
  return cost;
}

Eigen::ArrayXf SingleSite::StepBack(const Eigen::ArrayXf& left, float weight, States& slope) const {
  const Eigen::ArrayXf is_left = (left > 0.f).cast<float>();
  Eigen::ArrayXf order_slope = slope.col(num_columns() - 1);
  for (int ahead = lead_time - 1; ahead > 1; --ahead) slope.col(ahead) = slope.col(ahead - 1).eval();
  if (lead_time > 1) slope.col(1) = slope.col(0).eval();
  if (!waits) slope.col(0) *= is_left;
  slope.col(0) += weight * (holding_cost * is_left - stockout_cost * (1.f - is_left));
  if (lead_time == 0) order_slope = slope.col(0);
  return order_slope + weight * unit_cost;
}

NetworkModel SingleSite::MakeModel(const std::string& name, std::vector<int> hidden_layers,
                                   Activation activation) const {
  const SiteFeatures all(features);
  NetworkModel model;
  model.name = name;
  model.features = features;
  model.head = Head::kOrder;
  std::vector<float> mean, scale;
  const float over = forecast_mean + SiteFeatures::kScaleOffset;
  const auto add = [&](const std::string& input, float centre, float size) {
    model.inputs.push_back(all.Input(input + " / scale"));
    mean.push_back(centre / over);
    scale.push_back(over / size);
  };
  // stock over the spread of demand, orders over the mean; where customers wait, goods that were just received and
  // backorders stand side by side, so that only the position tells the level
  if (waits) {
    add("echelon_position", forecast_mean, spread);
  } else {
    add("on_hand", spread, spread);
  }
  for (int ahead = 1; ahead < lead_time; ++ahead) add("pipeline_" + std::to_string(ahead), mean_demand, mean_demand);
  const auto num_inputs = static_cast<Eigen::Index>(mean.size());
  model.input_mean = Eigen::Map<Eigen::RowVectorXf>(mean.data(), num_inputs);
  model.input_scale = Eigen::Map<Eigen::RowVectorXf>(scale.data(), num_inputs);

  hidden_layers.insert(hidden_layers.begin(), static_cast<int>(num_inputs));
  hidden_layers.push_back(1);
  model.network = FastNetwork(hidden_layers, activation);
  return model;
}

void SingleSite::Encode(const NetworkModel& model, const States& states, Eigen::MatrixXf& inputs) const {
  const float over = forecast_mean + SiteFeatures::kScaleOffset;
  inputs = states.matrix();
  if (waits) inputs.col(0) = states.rowwise().sum();
  constexpr float kLimit = NetworkModel::kInputLimit;
  for (Eigen::Index i = 0; i < inputs.cols(); ++i) {
    auto input = inputs.col(i).array();
    input = ((input / over - model.input_mean[i]) * model.input_scale[i]).max(-kLimit).min(kLimit);
  }
}

void SingleSite::EncodeBack(const NetworkModel& model, const Eigen::MatrixXf& input_slope, States& slope) const {
  const float over = forecast_mean + SiteFeatures::kScaleOffset;
  const auto back = [&](Eigen::Index i) { return input_slope.col(i).array() * (model.input_scale[i] / over); };
  if (waits) {
    slope.colwise() += back(0).eval();
  } else {
    slope.col(0) += back(0);
  }
  for (int ahead = 1; ahead < lead_time; ++ahead) slope.col(ahead) += back(ahead);
}

}  // namespace restock
