#include "agents/tensor_world.h"

#include <cmath>
#include <functional>

#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/cuda.h>

#include "agents/tape_world.h"
#include "common/torch/bridge.h"
#include "tests/agents/row_world.h"
#include "tests/env/random_features.h"
#include "tests/env/simulation.h"

namespace restock {
namespace {

torch::Tensor RowsToTensor(const AlignedVector& rows, const TensorWorldConfig& config = {}) {
  return ToTensor(rows, {static_cast<int64_t>(rows.size() / kBlockSize), kBlockSize}).to(config.device, config.type);
}

Exogenous<torch::Tensor> Tensors(const Decisions& drawn, const TensorWorldConfig& config) {
  return {RowsToTensor(drawn.demand, config), RowsToTensor(drawn.lead_time, config), RowsToTensor(drawn.supply, config),
          RowsToTensor(drawn.uniform, config)};
}

void ExpectClose(const torch::Tensor& tensor, const AlignedVector& rows, double tolerance, const char* what) {
  const torch::Tensor difference =
      (tensor.to(torch::kCPU, torch::kDouble) - RowsToTensor(rows).to(torch::kDouble)).abs();
  const torch::Tensor scale = RowsToTensor(rows).to(torch::kDouble).abs().clamp_min(1);
  const double largest = rows.empty() ? 0 : (difference / scale).max().item<double>();
  EXPECT_LE(largest, tolerance) << what << "\n" << (difference / scale > tolerance).nonzero();
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
        tensors.Step(RowsToTensor(decisions.orders, config), Tensors(decisions, config), state);
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
      chance.push_back(Tensors(decisions, config));
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

/// The same ten periods on a tape, with the orders' gradient by lane: those of every period one after the other.
std::vector<float> TapeGradient(const TenPeriods& run) {
  Tape tape;
  TapeWorld world(*run.network);
  TapeState state(*run.network, FirstState(*run.network), tape);
  const auto rows = [&](const torch::Tensor& tensor, bool is_variable) {
    std::vector<TapeValue> values;
    const torch::Tensor floats = tensor.to(torch::kFloat).contiguous();
    for (int64_t row = 0; row < floats.size(0); ++row) {
      const RowValue value = RowValue::Load(floats.data_ptr<float>() + row * kBlockSize);
      values.push_back(is_variable ? tape.Variable(value) : tape.Constant(value));
    }
    return values;
  };
  std::vector<TapeValue> costs, variables;
  for (size_t period = 0; period < run.orders.size(); ++period) {
    const Exogenous<torch::Tensor>& chance = run.chance[period];
    std::vector<TapeValue> demand = rows(chance.demand, false), lead_time = rows(chance.lead_time, false),
                           supply = rows(chance.supply, false), orders = rows(run.orders[period], true);
    variables.insert(variables.end(), orders.begin(), orders.end());
    costs.push_back(world.Step(orders, {TapeRows(demand), TapeRows(lead_time), TapeRows(supply), {}}, state));
  }
  for (const TapeValue& cost : costs)
    if (!cost.is_number()) tape.AddSlope(cost.node(), RowValue(1.f));
  tape.GoBack(0);
  AlignedVector row(kBlockSize);
  std::vector<float> gradient;
  for (const TapeValue& order : variables) {
    tape.slope(order.node()).Store(row.data());
    gradient.insert(gradient.end(), row.begin(), row.end());
  }
  return gradient;
}

TEST(TensorWorldGradientTest, IsThatOfTheTape) {
  int64_t num_moving = 0;
  for (uint64_t seed = 500; seed < 530; ++seed) {
    SCOPED_TRACE(seed);
    TenPeriods run(seed);
    for (torch::Tensor& orders : run.orders) orders.requires_grad_(true);
    const NetworkState first = FirstState(*run.network);
    TensorState state = run.world.ReadBlocks(std::span(&first, 1));
    torch::Tensor cost = torch::zeros({kBlockSize}, run.config.type);
    for (size_t period = 0; period < run.orders.size(); ++period)
      cost = cost + run.world.Step(run.orders[period], run.chance[period], state).total_cost();
    if (!cost.requires_grad()) continue;
    const std::vector<torch::Tensor> gradients =
        torch::autograd::grad({cost.sum()}, run.orders, {}, false, false, true);
    std::vector<torch::Tensor> all;
    for (size_t period = 0; period < run.orders.size(); ++period)
      all.push_back(gradients[period].defined() ? gradients[period] : torch::zeros_like(run.orders[period]));
    const torch::Tensor expected = torch::cat(all).to(torch::kFloat).detach();
    const torch::Tensor actual = ToTensor(TapeGradient(run), {expected.size(0), kBlockSize});
    // where rounding decides between two sides of a kink they may differ; and where a location refuses what is hardly
    // there, slopes of 1 / kTiny cancel, which they do not to the last digit in single precision
    const torch::Tensor differs = (actual - expected).abs() > 1e-3 * expected.abs().clamp_min(1);
    const int one_in = run.network->refusing_locations.empty() ? 200 : 20;
    EXPECT_LE(differs.sum().item<int64_t>(), expected.numel() / one_in);
    num_moving += (expected.abs() > 0.1).sum().item<int64_t>();
  }
  EXPECT_GT(num_moving, 1000);
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
    world.Step(RowsToTensor(decisions.orders), Tensors(decisions, {}), state);
  }
  NetworkState again(*network);
  world.WriteBlocks(kept, std::span(&again, 1));
  ExpectEqualStates(*network, again, first, 0);
  EXPECT_FALSE(torch::equal(state.on_hand, kept.on_hand));
}

}  // namespace
}  // namespace restock
