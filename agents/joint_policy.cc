#include "agents/joint_policy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "agents/network_policy.h"
#include "common/error.h"
#include "env/network_state.h"

namespace restock {
namespace {

constexpr float kLeastMean = 0.1f;                 // of demand, for scales  [unit/period]
constexpr int kMostPeriodsAveraged = 104;          // of demand
constexpr std::array kTimeConstants = {2, 6, 20};  // of what time since the start and to the end tell  [period]
constexpr std::array kPeriodsAhead = {0, 1, 2, 4, 7, 10, 14};  // of which the mean demand is told

size_t Index(int i) { return static_cast<size_t>(i); }

/// What is known of demand ahead, by site.
class Ahead {
 public:
  Ahead(const Network& network, const DemandSource& demand) : network_(network), demand_(demand) {
    std::iota(scenarios_.begin(), scenarios_.end(), 0);
    for (int& scenario : scenarios_) scenario %= std::max(demand.num_scenarios(), 1);
  }

  /// Mean demand of a period, that of all it feeds with it, over the first periods.
  std::vector<float> MeanDemand(int horizon) const {
    const int num_periods = demand_.has_fixed_forecasts() || horizon == 0 ? 1 : std::min(horizon, kMostPeriodsAveraged);
    std::vector<float> own(Index(network_.num_sites()));
    AlignedVector rows(own.size() * kBlockSize);
    for (int ahead = 0; ahead < num_periods; ++ahead) {
      demand_.ExpectedDemand(/*period=*/0, ahead, scenarios_, network_, rows.data());
      for (size_t site = 0; site < own.size(); ++site)
        own[site] += rows[site * kBlockSize] / static_cast<float>(num_periods);
    }
    std::vector<float> mean(own.size());
    for (size_t site = 0; site < own.size(); ++site) {
      for (const int below : network_.echelon[site]) mean[site] += own[Index(below)];
      mean[site] = std::max(mean[site], kLeastMean);
    }
    return mean;
  }

  /// Its 0.9 quantile over the protection periods less the mean, at least a unit.
  std::vector<float> Spread() const {
    const size_t num_rows = Index(network_.num_sites()) * kBlockSize;
    AlignedVector mean(num_rows), quantile(num_rows);
    demand_.Forecast(/*period=*/0, scenarios_, network_, kForecastMean, mean.data());
    demand_.Forecast(/*period=*/0, scenarios_, network_, kForecastFirstQuantile + 3, quantile.data());
    std::vector<float> spread;
    for (size_t row = 0; row < num_rows; row += kBlockSize) spread.push_back(std::max(quantile[row] - mean[row], 1.f));
    return spread;
  }

 private:
  const Network& network_;
  const DemandSource& demand_;
  std::array<int, kBlockSize> scenarios_ = {};
};

// The stock that there is, and where it stands.
std::vector<JointInput> StateInputs(const Network& network, const std::vector<float>& mean,
                                    const std::vector<float>& spread) {
  std::vector<JointInput> inputs;
  const auto add = [&](JointInput::Kind kind, int place, int ahead, float centre, float size) {
    inputs.push_back({.kind = kind, .place = place, .ahead = ahead, .mean = centre, .scale = 1 / size});
  };
  for (int site = 0; site < network.num_sites(); ++site) {
    const float of_site = mean[Index(site)];
    add(JointInput::kLevel, site, 0, spread[Index(site)], std::max(spread[Index(site)], of_site));
    int longest = 0;
    for (const int lane : network.lanes_into[Index(site)]) {
      // the last place of a lane is empty when orders are placed
      const bool is_empty = !network.receives_after_shipping && !network.HasVariableLeadTime(lane);
      longest = std::max(longest, network.lead_time[Index(lane)] - (is_empty ? 1 : 0));
    }
    for (int ahead = 1; ahead <= longest; ++ahead) add(JointInput::kArriving, site, ahead, of_site, of_site);
  }
  for (int entry = 0; entry < std::ssize(network.perishables); ++entry) {
    const Perishable& perishable = network.perishables[Index(entry)];
    const float of_site = mean[Index(perishable.site)];
    for (int left = 1; left < perishable.shelf_life; ++left) add(JointInput::kAge, entry, left, of_site / 2, of_site);
  }
  const auto mean_of_lane = [&](int lane) { return mean[Index(network.lane_destination[Index(lane)])]; };
  for (int entry = 0; entry < std::ssize(network.unfilled_orders); ++entry)
    add(JointInput::kOwed, entry, 0, 0, mean_of_lane(network.unfilled_orders[Index(entry)].lane));
  for (int entry = 0; entry < std::ssize(network.order_delays); ++entry) {
    const OrderDelay& delay = network.order_delays[Index(entry)];
    for (int ahead = 0; ahead < delay.periods; ++ahead)
      add(JointInput::kDelayed, entry, ahead, mean_of_lane(delay.lane), mean_of_lane(delay.lane));
  }
  for (int entry = 0; entry < std::ssize(network.goodwill); ++entry)
    add(JointInput::kGoodwill, entry, 0, 0, network.goodwill[Index(entry)].most);
  return inputs;
}

void ExpectSize(const char* what, size_t size, size_t wanted) {
  if (size != wanted) throw DataError(fmt::format("the policy has {} {} where {} are needed.", size, what, wanted));
}

/// A block's state as rows.
struct StateRows {
  const NetworkState& state;
  static RowValue Load(ConstRow row) { return RowValue::Load(row.data()); }
  RowValue on_hand(int site) const { return Load(state.on_hand(site)); }
  RowValue backorders(int site) const { return Load(state.backorders(site)); }
  RowValue in_transit(int lane, int ahead) const { return Load(state.in_transit(lane, ahead)); }
  RowValue age(int entry, int left) const { return Load(state.age(entry, left)); }
  RowValue owed(int entry) const { return Load(state.owed(entry)); }
  RowValue delayed_order(int entry, int ahead) const { return Load(state.delayed_order(entry, ahead)); }
  RowValue goodwill(int entry) const { return Load(state.goodwill(entry)); }
};

}  // namespace

JointModel MakeJointModel(const std::string& name, const Network& network, const DemandSource& demand, int horizon,
                          std::vector<int> hidden_layers, Activation activation) {
  const Ahead ahead(network, demand);
  const std::vector<float> mean = ahead.MeanDemand(horizon);
  JointModel model{.name = name, .inputs = StateInputs(network, mean, ahead.Spread()), .horizon = horizon};

  // time, where it matters
  if (horizon > 0)
    for (const auto kind : {JointInput::kTimeSince, JointInput::kTimeLeft})
      for (const int periods : kTimeConstants) model.inputs.push_back({.kind = kind, .ahead = periods});
  for (int site = 0; site < network.num_sites() && !demand.has_fixed_forecasts(); ++site) {
    const float of_site = mean[Index(site)];
    for (const int periods : kPeriodsAhead)
      if (network.site_series[Index(site)] != kNoSeries)
        model.inputs.push_back(
            {.kind = JointInput::kExpected, .place = site, .ahead = periods, .mean = of_site, .scale = 1 / of_site});
  }

  // the lanes into a site share what it orders
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    if (!network.takes_orders[Index(lane)]) continue;
    const int site = network.lane_destination[Index(lane)];
    const auto num_lanes = std::ranges::count_if(network.lanes_into[Index(site)],
                                                 [&](int other) { return network.takes_orders[Index(other)]; });
    model.lanes.push_back(lane);
    model.order_scale.push_back(mean[Index(site)] / static_cast<float>(num_lanes));
    model.rounding.push_back(0.5f);
  }
  hidden_layers.insert(hidden_layers.begin(), static_cast<int>(model.inputs.size()));
  hidden_layers.push_back(static_cast<int>(model.lanes.size()));
  model.network = FastNetwork(hidden_layers, activation);
  return model;
}

RowValue MomentInput(const JointInput& input, int horizon, int period, std::span<const int> scenarios,
                     const DemandSource& demand, const Network& network) {
  if (input.kind == JointInput::kExpected) {
    AlignedVector mean(Index(network.num_sites()) * kBlockSize);
    demand.ExpectedDemand(period, input.ahead, scenarios, network, mean.data());
    return (RowValue::Load(mean.data() + input.place * kBlockSize) - input.mean) * input.scale;
  }
  const int distance = input.kind == JointInput::kTimeSince ? period : horizon - 1 - period;
  return RowValue(std::exp(-static_cast<float>(std::max(distance, 0)) / static_cast<float>(input.ahead)));
}

JointPolicy::JointPolicy(JointModel model) : model_(std::move(model)) {
  ExpectSize("network inputs", Index(model_.network.num_inputs()), model_.inputs.size());
  ExpectSize("network outputs", Index(model_.network.num_outputs()), model_.lanes.size());
  ExpectSize("order scales", model_.order_scale.size(), model_.lanes.size());
  ExpectSize("roundings", model_.rounding.size(), model_.lanes.size());
  bool is_of_state = true;  // those come first
  for (const JointInput& input : model_.inputs) {
    const bool counts_from_one = input.kind == JointInput::kArriving || input.kind == JointInput::kAge ||
                                 input.kind == JointInput::kTimeSince || input.kind == JointInput::kTimeLeft;
    if (input.kind < 0 || input.kind >= JointInput::kNumKinds || (counts_from_one && input.ahead < 1) ||
        (input.IsOfState() && !is_of_state))
      throw DataError("the policy reads an input that there is not.");
    is_of_state = input.IsOfState();
  }
  if (!std::ranges::is_sorted(model_.lanes) || (!model_.lanes.empty() && model_.lanes.front() < 0))
    throw DataError("the policy orders on a lane that there is not.");
}

void JointPolicy::Act(const DecisionContext& context, PolicyMemory*, std::span<float> orders) const {
  Eigen::MatrixXf inputs(kBlockSize, model_.network.num_inputs());
  for (int i = 0; i < model_.network.num_inputs(); ++i) {
    const JointInput& input = model_.inputs[Index(i)];
    const RowValue value =
        input.IsOfState()
            ? (StateInput<RowValue>(input, context.network, StateRows{context.state}) - input.mean) * input.scale
            : MomentInput(input, model_.horizon, context.period, context.scenarios, context.demand, context.network);
    value.Store(inputs.col(i).data());
  }
  Eigen::MatrixXf outputs(kBlockSize, model_.network.num_outputs());
  model_.network.Evaluate(inputs, outputs);
  for (size_t i = 0; i < model_.lanes.size(); ++i) {
    const Eigen::ArrayXf order = model_.order_scale[i] * Softplus(outputs.col(static_cast<Eigen::Index>(i)).array());
    Eigen::Map<Eigen::ArrayXf> wanted(orders.data() + model_.lanes[i] * kBlockSize, kBlockSize);
    if (context.network.is_divisible)
      wanted = order;
    else
      wanted = (order + model_.rounding[i]).floor();
  }
}

}  // namespace restock
