#include "agents/tensor_world.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "common/check.h"
#include "common/torch/bridge.h"
#include "env/aligned_vector.h"
#include "env/period_step.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

/// One value of each kind.
struct CostRows {
  std::array<TensorValue, kNumCostKinds>* values;
  TensorValue& operator()(int kind) const { return (*values)[Index(kind)]; }
};

/// Where a period is written down, as the kernel sees it.
struct OutcomeView {
  TensorRows shipped, sold, site_cost;
  CostRows cost;
  TensorRows share, shortage;
};

/// Rows of blocks as one tensor.  `row_of(block, row)`: a ConstRow
template <class RowOf>
torch::Tensor Gather(std::span<const NetworkState> blocks, int num_rows, const torch::TensorOptions& options,
                     RowOf row_of) {
  const size_t num_envs = blocks.size() * kBlockSize;
  std::vector<float> values(Index(num_rows) * num_envs);
  for (int row = 0; row < num_rows; ++row)
    for (size_t block = 0; block < blocks.size(); ++block)
      std::copy_n(row_of(blocks[block], row).data(), kBlockSize,
                  values.data() + Index(row) * num_envs + block * kBlockSize);
  return ToTensor(values, {num_rows, static_cast<int64_t>(num_envs)}).to(options);
}

/// The way back.  `row_of(block, row)`: a Row
template <class RowOf>
void Scatter(const torch::Tensor& tensor, std::span<NetworkState> blocks, RowOf row_of) {
  RESTOCK_CHECK_EQ(tensor.size(1), static_cast<int64_t>(blocks.size() * kBlockSize));
  const std::vector<float> values = ToFloats(tensor);
  const size_t num_envs = blocks.size() * kBlockSize;
  for (int row = 0; row < tensor.size(0); ++row)
    for (size_t block = 0; block < blocks.size(); ++block)
      std::copy_n(values.data() + Index(row) * num_envs + block * kBlockSize, kBlockSize,
                  row_of(blocks[block], row).data());
}

template <class Entries, class LengthOf>
int Longest(const Entries& entries, LengthOf length_of) {
  int longest = 0;
  for (const auto& entry : entries) longest = std::max(longest, length_of(entry));
  return longest;
}

/// Queues in blocks: `row_of(block, entry, ahead)` is a row where `ahead` is at most the length of the entry.
template <class LengthOf, class RowOf>
std::vector<torch::Tensor> GatherQueue(std::span<const NetworkState> blocks, int num_entries, int first, int longest,
                                       LengthOf length_of, const torch::TensorOptions& options, RowOf row_of) {
  static const AlignedVector kNothing(kBlockSize);
  std::vector<torch::Tensor> queue;
  for (int ahead = first; ahead < first + longest; ++ahead) {
    queue.push_back(Gather(blocks, num_entries, options, [&](const NetworkState& block, int entry) {
      return ahead < first + length_of(entry) ? row_of(block, entry, ahead) : ConstRow(kNothing.data());
    }));
  }
  return queue;
}

/// The way back; what is beyond the end of the queue is nothing.
template <class LengthOf, class RowOf>
void ScatterQueue(const std::vector<torch::Tensor>& queue, int num_entries, int first, int longest, LengthOf length_of,
                  std::span<NetworkState> blocks, RowOf row_of) {
  AlignedVector not_there(kBlockSize);
  for (int i = 0; i < longest; ++i) {
    const bool is_there = Index(i) < queue.size() && queue[Index(i)].defined();
    const torch::Tensor rows =
        is_there ? queue[Index(i)] : torch::zeros({num_entries, static_cast<int64_t>(blocks.size() * kBlockSize)});
    Scatter(rows, blocks, [&](NetworkState& block, int entry) {
      return i < length_of(entry) ? row_of(block, entry, first + i) : Row(not_there.data());
    });
  }
}

}  // namespace

TensorWorld::TensorWorld(std::shared_ptr<const Network> network, const TensorWorldConfig& config)
    : network_(std::move(network)), tensors_(*network_, config) {}

TensorState TensorWorld::ReadBlocks(std::span<const NetworkState> blocks) const {
  const Network& network = *network_;
  const auto gather = [&](size_t num_rows, auto row_of) {
    return Gather(blocks, static_cast<int>(num_rows), tensors_.options(), row_of);
  };
  TensorState state;
  state.on_hand = gather(network.site_sku.size(), [](const auto& block, int site) { return block.on_hand(site); });
  state.backorders =
      gather(network.site_sku.size(), [](const auto& block, int site) { return block.backorders(site); });
  state.goodwill = gather(network.goodwill.size(), [](const auto& block, int entry) { return block.goodwill(entry); });
  state.owed = gather(network.unfilled_orders.size(), [](const auto& block, int entry) { return block.owed(entry); });

  // what moves with time
  state.in_transit = GatherQueue(
      blocks, network.num_lanes(), 1, network.max_lead_time(), [&](int lane) { return network.lead_time[Index(lane)]; },
      tensors_.options(), [](const auto& block, int lane, int ahead) { return block.in_transit(lane, ahead); });
  const auto& perishables = network.perishables;
  state.age = GatherQueue(
      blocks, static_cast<int>(perishables.size()), 1,
      Longest(perishables, [](const Perishable& entry) { return entry.shelf_life; }),
      [&](int entry) { return perishables[Index(entry)].shelf_life; }, tensors_.options(),
      [](const auto& block, int entry, int left) { return block.age(entry, left); });
  const auto& delays = network.order_delays;
  state.delayed_orders = GatherQueue(
      blocks, static_cast<int>(delays.size()), 0,
      Longest(delays, [](const OrderDelay& entry) { return entry.periods; }),
      [&](int entry) { return delays[Index(entry)].periods; }, tensors_.options(),
      [](const auto& block, int entry, int ahead) { return block.delayed_order(entry, ahead); });
  return state;
}

void TensorWorld::WriteBlocks(const TensorState& state, std::span<NetworkState> blocks) const {
  const Network& network = *network_;
  Scatter(state.on_hand, blocks, [](auto& block, int site) { return block.on_hand(site); });
  Scatter(state.backorders, blocks, [](auto& block, int site) { return block.backorders(site); });
  Scatter(state.goodwill, blocks, [](auto& block, int entry) { return block.goodwill(entry); });
  Scatter(state.owed, blocks, [](auto& block, int entry) { return block.owed(entry); });

  // what moves with time
  ScatterQueue(
      state.in_transit, network.num_lanes(), 1, network.max_lead_time(),
      [&](int lane) { return network.lead_time[Index(lane)]; }, blocks,
      [](auto& block, int lane, int ahead) { return block.in_transit(lane, ahead); });
  const auto& perishables = network.perishables;
  ScatterQueue(
      state.age, static_cast<int>(perishables.size()), 1,
      Longest(perishables, [](const Perishable& entry) { return entry.shelf_life; }),
      [&](int entry) { return perishables[Index(entry)].shelf_life; }, blocks,
      [](auto& block, int entry, int left) { return block.age(entry, left); });
  const auto& delays = network.order_delays;
  ScatterQueue(
      state.delayed_orders, static_cast<int>(delays.size()), 0,
      Longest(delays, [](const OrderDelay& entry) { return entry.periods; }),
      [&](int entry) { return delays[Index(entry)].periods; }, blocks,
      [](auto& block, int entry, int ahead) { return block.delayed_order(entry, ahead); });
}

TensorOutcome TensorWorld::Step(const torch::Tensor& orders, const Exogenous<torch::Tensor>& chance,
                                TensorState& state) const {
  const int64_t num_envs = state.num_envs();
  RESTOCK_CHECK_EQ(orders.size(0), network_->num_lanes());
  RESTOCK_CHECK_EQ(orders.size(1), num_envs);
  RESTOCK_CHECK_EQ(chance.demand.size(0), network_->num_sites());
  RESTOCK_CHECK_EQ(chance.demand.size(1), num_envs);

  // what the kernel reads and replaces
  const torch::Tensor nothing = torch::zeros({network_->num_sites(), num_envs}, tensors_.options());
  torch::Tensor ordered = orders, lead_time = chance.lead_time, supply = chance.supply, uniform = chance.uniform;
  torch::Tensor share = nothing, shortage = nothing;
  TensorOutcome outcome{.cost = {},
                        .site_cost = nothing,
                        .demand = chance.demand,
                        .sold = nothing,
                        .shipped = torch::zeros({network_->num_lanes(), num_envs}, tensors_.options())};
  std::array<TensorValue, kNumCostKinds> cost;
  const Exogenous<TensorRows> chance_rows{TensorRows(outcome.demand), TensorRows(lead_time), TensorRows(supply),
                                          TensorRows(uniform)};
  const OutcomeView view{.shipped = TensorRows(outcome.shipped),
                         .sold = TensorRows(outcome.sold),
                         .site_cost = TensorRows(outcome.site_cost),
                         .cost = {&cost},
                         .share = TensorRows(share),
                         .shortage = TensorRows(shortage)};

  const TensorRows order_rows(ordered);
  const TensorStateView state_view(tensors_, state);
  Period(tensors_, order_rows, chance_rows, state_view, view).Step();

  std::vector<torch::Tensor> kinds;
  for (const TensorValue& kind : cost)
    kinds.push_back(kind.IsZero() ? torch::zeros({1, num_envs}, tensors_.options()) : kind.tensor());
  outcome.cost = torch::cat(kinds);
  return outcome;
}

torch::Tensor TensorWorld::LeftoverValue(const TensorState& state) const {
  const torch::Tensor value = tensors_.Column(network_->unit_value).tensor();
  const torch::Tensor value_on_lane = RowsOf(value, tensors_.Destination(Places{}));
  torch::Tensor sum = (value * state.on_hand).sum(0);
  for (const torch::Tensor& units : state.in_transit)
    if (units.defined()) sum = sum + (value_on_lane * units).sum(0);
  return sum;
}

}  // namespace restock
