#pragma once

#include <cmath>
#include <functional>
#include <memory>
#include <vector>

#include "env/demand_source.h"
#include "env/network.h"
#include "env/vector_env.h"

namespace restock {

/// Demand given as numbers: demand[period][series], the same in every environment; its forecasts are zero.
inline std::shared_ptr<const DemandSource> GivenDemand(const Network& network,
                                                       const std::vector<std::vector<float>>& demand) {
  auto scenarios = std::make_shared<ScenarioSet>();
  std::vector<ForecastTarget> targets(static_cast<size_t>(network.num_sites()));
  scenarios->Resize(1, static_cast<int>(demand.size()), static_cast<int>(demand.front().size()), targets);
  scenarios->calendar.first_date = *Date::Parse("2024-01-01");  // a Monday
  for (int period = 0; period < scenarios->num_periods; ++period) {
    for (int series = 0; series < scenarios->num_series; ++series)
      scenarios->Demand(period, series).setConstant(demand[static_cast<size_t>(period)][static_cast<size_t>(series)]);
  }
  return MakeScenarioSource(std::move(scenarios));
}

using BlockArray = Eigen::Array<float, kBlockSize, 1>;

/// Rows in memory as Eigen arrays, (row, environment).
struct EigenRows {
  float* data = nullptr;
  Row operator()(int row) const { return Row(data + static_cast<ptrdiff_t>(row) * kBlockSize); }
};
struct ConstEigenRows {
  const float* data = nullptr;
  ConstRow operator()(int row) const { return ConstRow(data + static_cast<ptrdiff_t>(row) * kBlockSize); }
};

/// Decides for one block: `orders` [lane][env].
using BlockRule = std::function<void(const VectorEnv& env, int block, EigenRows orders)>;

inline void Act(const VectorEnv& env, const BlockRule& rule, AlignedVector& orders) {
  const auto block_size = static_cast<size_t>(env.spec().num_lanes) * kBlockSize;
  orders.resize(block_size * static_cast<size_t>(env.spec().num_blocks));
  for (int block = 0; block < env.spec().num_blocks; ++block)
    rule(env, block, {orders.data() + block_size * static_cast<size_t>(block)});
}

/// On hand minus backorders plus everything under way.
inline BlockArray InventoryPosition(const Network& network, const NetworkState& state, int site) {
  BlockArray position = state.on_hand(site) - state.backorders(site);
  for (const int lane : network.lanes_into[static_cast<size_t>(site)]) {
    for (int ahead = 1; ahead <= network.lead_time[static_cast<size_t>(lane)]; ++ahead)
      position += state.in_transit(lane, ahead);
  }
  return position;
}

/// Orders up to one level per site, on its first lane.
inline BlockRule BaseStock(std::vector<float> levels) {
  return [levels = std::move(levels)](const VectorEnv& env, int block, EigenRows orders) {
    const Network& network = env.network();
    for (int lane = 0; lane < network.num_lanes(); ++lane) {
      const int site = network.lane_destination[static_cast<size_t>(lane)];
      orders(lane).setZero();
      if (network.lanes_into[static_cast<size_t>(site)].front() == lane)
        orders(lane) = levels[static_cast<size_t>(site)] - InventoryPosition(network, env.state(block), site);
    }
  };
}

struct MeanWithError {
  double mean = 0;
  double standard_error = 0;  // over environments
};

/// Mean cost per period after `warm_up` periods, over all environments; one episode.
inline MeanWithError MeanCost(VectorEnv& env, const BlockRule& rule, int warm_up, uint64_t seed) {
  const EnvSpec& spec = env.spec();
  StepBatch batch = env.MakeBatch();
  AlignedVector orders;
  std::vector<double> cost(static_cast<size_t>(spec.num_envs));
  env.Reset(seed, batch);
  for (int period = 0; period < spec.num_periods; ++period) {
    Act(env, rule, orders);
    env.Step(orders, batch);
    if (period < warm_up) continue;
    for (size_t i = 0; i < cost.size(); ++i)
      cost[i] -= batch.reward[i] / static_cast<double>(spec.num_periods - warm_up);
  }
  MeanWithError result;
  for (const double one : cost) result.mean += one / static_cast<double>(cost.size());
  double squares = 0;
  for (const double one : cost) squares += (one - result.mean) * (one - result.mean);
  result.standard_error = std::sqrt(squares / static_cast<double>(cost.size() - 1) / static_cast<double>(cost.size()));
  return result;
}

}  // namespace restock
