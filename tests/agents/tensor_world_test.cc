#include "agents/tensor_world.h"

#include <cmath>
#include <functional>

#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/cuda.h>

#include "common/torch/bridge.h"
#include "env/order_decoder.h"
#include "env/period_step.h"
#include "env/row_network.h"
#include "env/row_state.h"
#include "tests/env/random_features.h"
#include "tests/env/simulation.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }
AlignedVector MakeRows(int count) { return AlignedVector(Index(count * kBlockSize)); }
torch::Tensor RowsToTensor(const AlignedVector& rows, const TensorWorldConfig& config = {}) {
  return ToTensor(rows, {static_cast<int64_t>(rows.size() / kBlockSize), kBlockSize}).to(config.device, config.type);
}

/// A block's state with something of everything that a network can start with.
NetworkState FirstState(const Network& network) {
  NetworkState state(network);
  for (int site = 0; site < network.num_sites(); ++site)
    if (network.HostOf(site) == site) state.on_hand(site) = network.initial_on_hand[Index(site)];
  state.Freshen();
  const int not_yet = network.receives_after_shipping ? 0 : 1;  // what is sent in the first period
  for (int lane = 0; lane < network.num_lanes(); ++lane)
    for (int ahead = 1; ahead <= network.lead_time[Index(lane)] - not_yet; ++ahead)
      state.in_transit(lane, ahead) = network.initial_in_transit[Index(lane)];
  return state;
}

/// All that is decided in a period, by chance and by the one who orders, for one block.
struct Decisions {
  AlignedVector orders, demand, lead_time, supply, uniform;

  Exogenous<Rows> rows() { return {{demand.data()}, {lead_time.data()}, {supply.data()}, {uniform.data()}}; }
  Exogenous<torch::Tensor> tensors(const TensorWorldConfig& config) const {
    return {RowsToTensor(demand, config), RowsToTensor(lead_time, config), RowsToTensor(supply, config),
            RowsToTensor(uniform, config)};
  }
};

Decisions DrawDecisions(const Network& network, int period, RandomStream& random) {
  Decisions drawn;
  const auto fill = [](AlignedVector& row, int count, auto draw) {
    row = MakeRows(count);
    for (int i = 0; i < count; ++i)
      for (int env = 0; env < kBlockSize; ++env) row[Index(i * kBlockSize + env)] = static_cast<float>(draw(i));
  };
  const auto quantity = [&](int most) {
    return network.is_divisible ? random.Uniform() * most : static_cast<double>(random.UniformInt(most + 1));
  };
  fill(drawn.demand, network.num_sites(),
       [&](int site) { return network.site_series[Index(site)] == kNoSeries ? 0.0 : quantity(6); });
  fill(drawn.lead_time, static_cast<int>(network.variable_lead_times.size()), [&](int entry) {
    return 1 + random.UniformInt(network.lead_time[Index(network.variable_lead_times[Index(entry)].lane)]);
  });
  fill(drawn.supply, static_cast<int>(network.disruptions.size()), [&](int) { return random.UniformInt(3) > 0; });
  fill(drawn.uniform, ThinningUses(network).num_uses, [&](int) { return random.Uniform(); });
  AlignedVector wanted;
  fill(wanted, network.num_lanes(), [&](int) { return random.UniformInt(2) == 0 ? 0.0 : quantity(10); });
  drawn.orders = MakeRows(network.num_lanes());
  OrderDecoder(network).Decode(period, wanted, {drawn.orders.data()});
  return drawn;
}

/// The kernel over rows, with its state.
class RowWorld {
 public:
  RowWorld(const Network& network, const NetworkState& first)
      : network_(network),
        rows_(network),
        state_(first),
        shipped(MakeRows(network.num_lanes())),
        demand(),
        sold(MakeRows(network.num_sites())),
        site_cost(sold),
        cost(MakeRows(kNumCostKinds)),
        share_(sold),
        shortage_(sold) {}

  void Step(Decisions decisions) {
    const RowOutcome outcome{.shipped = {shipped.data()},
                             .sold = {sold.data()},
                             .site_cost = {site_cost.data()},
                             .cost = {cost.data()},
                             .share = {share_.data()},
                             .shortage = {shortage_.data()}};
    StepPeriod(rows_, Rows{decisions.orders.data()}, decisions.rows(), RowState(network_, state_), outcome);
    demand = decisions.demand;
  }
  const NetworkState& state() const { return state_; }

 private:
  const Network& network_;
  RowNetwork rows_;
  NetworkState state_;

 public:
  AlignedVector shipped, demand, sold, site_cost, cost;

 private:
  AlignedVector share_, shortage_;
};

void ExpectClose(const torch::Tensor& tensor, const AlignedVector& rows, double tolerance, const char* what) {
  const torch::Tensor difference =
      (tensor.to(torch::kCPU, torch::kDouble) - RowsToTensor(rows).to(torch::kDouble)).abs();
  const torch::Tensor scale = RowsToTensor(rows).to(torch::kDouble).abs().clamp_min(1);
  const double largest = rows.empty() ? 0 : (difference / scale).max().item<double>();
  EXPECT_LE(largest, tolerance) << what << "\n" << (difference / scale > tolerance).nonzero();
}

void ExpectClose(ConstRow actual, ConstRow expected, double tolerance, const char* what, int which) {
  EXPECT_LE((actual - expected).abs().maxCoeff(), tolerance) << what << " " << which;
}

void ExpectEqualStates(const Network& network, const NetworkState& actual, const NetworkState& expected,
                       double tolerance) {
  for (int site = 0; site < network.num_sites(); ++site) {
    ExpectClose(actual.on_hand(site), expected.on_hand(site), tolerance, "on hand", site);
    ExpectClose(actual.backorders(site), expected.backorders(site), tolerance, "backorders", site);
  }
  for (int lane = 0; lane < network.num_lanes(); ++lane)
    for (int ahead = 1; ahead <= network.lead_time[Index(lane)]; ++ahead)
      ExpectClose(actual.in_transit(lane, ahead), expected.in_transit(lane, ahead), tolerance, "in transit", lane);
  for (size_t entry = 0; entry < network.perishables.size(); ++entry)
    for (int left = 1; left <= network.perishables[entry].shelf_life; ++left)
      ExpectClose(actual.age(static_cast<int>(entry), left), expected.age(static_cast<int>(entry), left), tolerance,
                  "age", static_cast<int>(entry));
  for (size_t entry = 0; entry < network.goodwill.size(); ++entry)
    ExpectClose(actual.goodwill(static_cast<int>(entry)), expected.goodwill(static_cast<int>(entry)), 1e-6, "goodwill",
                static_cast<int>(entry));
  for (size_t entry = 0; entry < network.unfilled_orders.size(); ++entry)
    ExpectClose(actual.owed(static_cast<int>(entry)), expected.owed(static_cast<int>(entry)), tolerance, "owed",
                static_cast<int>(entry));
  for (size_t entry = 0; entry < network.order_delays.size(); ++entry)
    for (int ahead = 0; ahead < network.order_delays[entry].periods; ++ahead)
      ExpectClose(actual.delayed_order(static_cast<int>(entry), ahead),
                  expected.delayed_order(static_cast<int>(entry), ahead), tolerance, "delayed order",
                  static_cast<int>(entry));
}

/// Steps a network over rows and over tensors with equal orders and equal chance.
void CheckTensorsFollowRows(uint64_t seed, bool is_divisible, const TensorWorldConfig& config) {
  SCOPED_TRACE(testing::Message() << "seed " << seed << (is_divisible ? ", divisible goods" : ""));
  const auto network = RandomNetworkWithFeatures(seed, is_divisible);
  const double units = is_divisible ? 2e-3 : 0;  // whole units are equal
  RandomStream random = Random(seed).Stream("decisions").At(0);
  RowWorld rows(*network, FirstState(*network));
  const TensorWorld tensors(network, config);
  TensorState state = tensors.ReadBlocks(std::span(&rows.state(), 1));
  for (int period = 0; period < 20 && !testing::Test::HasFailure(); ++period) {
    SCOPED_TRACE(testing::Message() << "period " << period);
    const Decisions decisions = DrawDecisions(*network, period, random);
    rows.Step(decisions);
    const TensorOutcome outcome =
        tensors.Step(RowsToTensor(decisions.orders, config), decisions.tensors(config), state);
    ExpectClose(outcome.shipped, rows.shipped, units, "shipped");
    ExpectClose(outcome.sold, rows.sold, units, "sold");
    ExpectClose(outcome.site_cost, rows.site_cost, is_divisible ? 1e-2 : 1e-5, "cost by site");
    AlignedVector cost = rows.cost;
    std::fill(cost.end() - kBlockSize, cost.end(), 0.f);  // leftover credit is none of the kernel's
    ExpectClose(outcome.cost, cost, is_divisible ? 1e-2 : 1e-5, "cost by kind");
    NetworkState reached(*network);
    tensors.WriteBlocks(state, std::span(&reached, 1));
    ExpectEqualStates(*network, reached, rows.state(), is_divisible ? 1e-2 : 0);
  }
}

TEST(TensorWorldTest, FollowsTheRowsUnitByUnit) {
  for (uint64_t seed = 0; seed < 60 && !HasFailure(); ++seed) CheckTensorsFollowRows(seed, false, {});
}

TEST(TensorWorldTest, FollowsTheRowsWithDivisibleGoods) {
  for (uint64_t seed = 100; seed < 160 && !HasFailure(); ++seed) CheckTensorsFollowRows(seed, true, {});
}

TEST(TensorWorldTest, FollowsTheRowsInDoublePrecision) {
  for (uint64_t seed = 200; seed < 220 && !HasFailure(); ++seed)
    CheckTensorsFollowRows(seed, false, {.type = torch::kDouble});
}

TEST(TensorWorldTest, FollowsTheRowsOnAGpu) {
  if (!torch::cuda::is_available()) GTEST_SKIP() << "there is no GPU";
  for (uint64_t seed = 0; seed < 20 && !HasFailure(); ++seed)
    CheckTensorsFollowRows(seed, seed % 2 == 1, {.device = torch::kCUDA});
}

/// The cost of each environment as a function of some tensors, (rows, environments) each.  (environments)
using CostOf = std::function<torch::Tensor(const std::vector<torch::Tensor>&)>;

/// Compares gradients with central differences at points where the one-sided differences agree, that is, away from
/// kinks and jumps, of which there must be few.
void CheckGradients(const CostOf& cost_of, std::vector<torch::Tensor> at, RandomStream& random) {
  constexpr double kStep = 1e-5;
  for (torch::Tensor& one : at) one.requires_grad_(true);
  const torch::Tensor cost = cost_of(at);
  const std::vector<torch::Tensor> gradients =
      torch::autograd::grad({cost.sum()}, at, {}, /*retain_graph=*/false, /*create_graph=*/false,
                            /*allow_unused=*/true);
  const torch::NoGradGuard no_grad;
  int64_t num_smooth = 0, num_points = 0, num_moving = 0;
  for (int draw = 0; draw < 12; ++draw) {
    const int which = random.UniformInt(static_cast<int>(at.size()));
    const int row = random.UniformInt(static_cast<int>(at[Index(which)].size(0)));
    const auto moved = [&](double step) {
      std::vector<torch::Tensor> there = at;
      there[Index(which)] = at[Index(which)].clone();
      there[Index(which)][row] += step;
      return cost_of(there);
    };
    const torch::Tensor before = moved(-kStep), after = moved(kStep);
    const torch::Tensor central = (after - before) / (2 * kStep);
    const torch::Tensor& all = gradients[Index(which)];
    const torch::Tensor gradient = all.defined() ? all[row] : torch::zeros_like(central);
    const torch::Tensor scale = central.abs().clamp_min(1);
    const torch::Tensor is_smooth = ((after + before - 2 * cost) / kStep).abs() < 1e-3 * scale;
    const torch::Tensor error = ((gradient - central).abs() / scale).masked_select(is_smooth);
    const double largest = error.numel() == 0 ? 0 : error.max().item<double>();
    EXPECT_LE(largest, 1e-6) << "tensor " << which << ", row " << row;
    num_smooth += error.numel();
    num_points += central.numel();
    num_moving += (central.abs() > 0.1).sum().item<int64_t>();
  }
  EXPECT_GE(num_smooth, num_points * 8 / 10);
  EXPECT_GT(num_moving, num_points / 10) << "hardly anything depends on what was moved";
}

/// Ten periods of a random network of divisible goods.
struct TenPeriods {
  explicit TenPeriods(uint64_t seed)
      : network(RandomNetworkWithFeatures(seed, /*is_divisible=*/true)), world(network, config) {
    RandomStream random = Random(seed).Stream("decisions").At(0);
    for (int period = 0; period < 10; ++period) {
      Decisions decisions = DrawDecisions(*network, period, random);
      chance.push_back(decisions.tensors(config));
      for (int lane = 0; lane < network->num_lanes(); ++lane)
        for (int env = 0; env < kBlockSize && network->takes_orders[Index(lane)]; ++env)
          decisions.orders[Index(lane * kBlockSize + env)] = static_cast<float>(0.1 + random.Uniform() * 8);
      orders.push_back(RowsToTensor(decisions.orders, config));
    }
  }

  torch::Tensor Cost(const std::function<torch::Tensor(int period, const TensorState&)>& order) const {
    const NetworkState first = FirstState(*network);
    TensorState state = world.ReadBlocks(std::span(&first, 1));
    torch::Tensor cost = torch::zeros({kBlockSize}, config.type);
    for (int period = 0; period < 10; ++period)
      cost = cost + world.Step(order(period, state), chance[Index(period)], state).total_cost();
    return cost - world.LeftoverValue(state);
  }

  TensorWorldConfig config{.type = torch::kDouble};
  std::shared_ptr<const Network> network;
  TensorWorld world;
  std::vector<Exogenous<torch::Tensor>> chance;
  std::vector<torch::Tensor> orders;  // by period, above zero
};

TEST(TensorWorldGradientTest, OfTheCostByOrdersIsThatOfFiniteDifferences) {
  for (uint64_t seed = 300; seed < 312; ++seed) {
    SCOPED_TRACE(seed);
    const TenPeriods run(seed);
    RandomStream random = Random(seed).Stream("points").At(0);
    const CostOf cost_of = [&](const std::vector<torch::Tensor>& orders) {
      return run.Cost([&](int period, const TensorState&) { return orders[Index(period)]; });
    };
    CheckGradients(cost_of, run.orders, random);
  }
}

TEST(TensorWorldGradientTest, OfTheCostByBaseStockLevelsIsThatOfFiniteDifferences) {
  for (uint64_t seed = 400; seed < 412; ++seed) {
    SCOPED_TRACE(seed);
    const TenPeriods run(seed);
    const Network& network = *run.network;
    RandomStream random = Random(seed).Stream("points").At(0);
    const torch::Tensor levels = run.orders[0] * 3;
    const CostOf cost_of = [&](const std::vector<torch::Tensor>& at) {
      return run.Cost([&](int, const TensorState& state) {
        std::vector<torch::Tensor> orders;
        for (int lane = 0; lane < network.num_lanes(); ++lane) {
          const int site = network.lane_destination[Index(lane)];
          torch::Tensor position = state.on_hand[site] - state.backorders[site];
          for (const torch::Tensor& units : state.in_transit)
            for (const int other : network.lanes_into[Index(site)])
              if (units.defined()) position = position + units[other];
          const bool orders_here = network.FirstLane(site) == lane;
          orders.push_back(orders_here ? (at[0][lane] - position).clamp_min(0) : torch::zeros_like(position));
        }
        return torch::stack(orders);
      });
    };
    CheckGradients(cost_of, {levels}, random);
  }
}

// Two stores want 2 and 3 units of 4: whole units of 1.6 and 2.4 are shipped, 1 and 2.
TEST(TensorWorldTest, PassesGradientsThroughWholeUnitsWhereItIsTold) {
  const auto network = CentralAndStores({.initial_on_hand = 4, .lead_time = 1}, {{.lead_time = 1}, {.lead_time = 1}});
  const NetworkState first = FirstState(*network);
  for (const bool straight_through : {false, true}) {
    const TensorWorld world(network, {.straight_through = straight_through});
    TensorState state = world.ReadBlocks(std::span(&first, 1));
    const torch::Tensor orders = torch::tensor({0.f, 2.f, 3.f}).unsqueeze(1).repeat({1, kBlockSize});
    orders.requires_grad_(true);
    const torch::Tensor shipped = world.Step(orders, {.demand = torch::zeros({3, kBlockSize})}, state).shipped;
    EXPECT_EQ(shipped[1][0].item<float>(), 1);
    EXPECT_EQ(shipped[2][0].item<float>(), 2);
    EXPECT_EQ(state.on_hand[0][0].item<float>(), 1);
    shipped[1].sum().backward();
    // of 4 q / (q + 3): 12 / 25
    EXPECT_NEAR(orders.grad()[1][0].item<float>(), straight_through ? 0.48 : 0, 1e-6);
  }
}

// Half of three unmet customers wait: in the mean 1.5; by a uniform number of 0.6, two.
TEST(TensorWorldTest, ThinsToTheMeanWhereItIsTold) {
  const auto network = OneSite({.stockout_cost = 1, .backorder_share = 0.5f, .lead_time = 1});
  const NetworkState first = FirstState(*network);
  for (const bool to_mean : {false, true}) {
    const TensorWorld world(network, {.thin_to_mean = to_mean});
    TensorState state = world.ReadBlocks(std::span(&first, 1));
    Exogenous<torch::Tensor> chance{.demand = torch::full({1, kBlockSize}, 3.f)};
    chance.uniform = torch::full({1, kBlockSize}, 0.6f);
    world.Step(torch::zeros({1, kBlockSize}), chance, state);
    EXPECT_EQ(state.backorders[0][0].item<float>(), to_mean ? 1.5f : 2.f);
  }
}

// A copy is a branch: what is done to one does nothing to the other.
TEST(TensorWorldTest, KeepsCopiesOfAStateAsTheyAre) {
  const auto network = RandomNetworkWithFeatures(1);
  const TensorWorld world(network);
  const NetworkState first = FirstState(*network);
  TensorState state = world.ReadBlocks(std::span(&first, 1));
  const TensorState kept = state;
  RandomStream random = Random(1).Stream("decisions").At(0);
  for (int period = 0; period < 3; ++period) {
    const Decisions decisions = DrawDecisions(*network, period, random);
    world.Step(RowsToTensor(decisions.orders), decisions.tensors({}), state);
  }
  NetworkState again(*network);
  world.WriteBlocks(kept, std::span(&again, 1));
  ExpectEqualStates(*network, again, first, 0);
  EXPECT_FALSE(torch::equal(state.on_hand, kept.on_hand));
}

}  // namespace
}  // namespace restock
