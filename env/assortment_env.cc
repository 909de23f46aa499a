#include "env/assortment_env.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <optional>
#include <set>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "common/check.h"
#include "common/error.h"
#include "common/parallel.h"
#include "env/assortment_network.h"
#include "env/block_workers.h"
#include "env/chance_source.h"
#include "env/order_decoder.h"
#include "env/period_step.h"
#include "env/row_state.h"
#include "env/row_store.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr size_t kMostCached = size_t{4} << 20;  // bytes of observations that may stay in caches beside the state

// weights of the lanes that share a limit or a vehicle
template <class Entries>
std::vector<SkuRows> MakeWeights(const char* name, const Entries& entries, const std::vector<std::vector<float>>& given,
                                 int num_skus) {
  if (given.size() > entries.size())
    throw ConfigError(fmt::format("assortment: {} {}s for a network that has {}.", given.size(), name, entries.size()));
  std::vector<SkuRows> weights;
  for (size_t i = 0; i < entries.size(); ++i)
    weights.emplace_back(name, i < given.size() ? given[i] : std::vector<float>(), entries[i].weight, num_skus);
  return weights;
}

AssortmentNumbers MakeNumbers(const Network& network, const AssortmentParameters& parameters) {
  const int num_skus = parameters.num_skus;
  if (num_skus < 1) throw ConfigError(fmt::format("assortment: num_skus is {}: it must be at least 1.", num_skus));
  const std::vector<float> no_price(Index(network.num_sites()));
  const std::vector<float>& price = network.price.empty() ? no_price : network.price;
  AssortmentNumbers numbers;
  numbers.holding_cost = SkuRows("holding_cost", parameters.holding_cost, network.holding_cost, num_skus);
  numbers.stockout_cost = SkuRows("stockout_cost", parameters.stockout_cost, network.stockout_cost, num_skus);
  numbers.price = SkuRows("price", parameters.price, price, num_skus);
  numbers.volume = SkuRows("volume", parameters.volume, network.volume, num_skus);
  numbers.initial_on_hand = SkuRows("initial_on_hand", parameters.initial_on_hand, network.initial_on_hand, num_skus);
  numbers.unit_cost = SkuRows("unit_cost", parameters.unit_cost, network.unit_cost, num_skus);
  numbers.order_cost = SkuRows("order_cost", parameters.order_cost, network.order_cost, num_skus);
  numbers.limit_weight = MakeWeights("limit_weight", network.joint_limits, parameters.limit_weight, num_skus);
  numbers.vehicle_weight = MakeWeights("vehicle_weight", network.vehicles, parameters.vehicle_weight, num_skus);
  const auto any = [](const SkuRows& rows) {
    return std::any_of(rows.values().begin(), rows.values().end(), [](float value) { return value != 0; });
  };
  numbers.has_prices = any(numbers.price);
  numbers.has_order_costs = any(numbers.order_cost);
  return numbers;
}

/// Limits are kept one after the other. Those that have no lane in common can be summed up in one round: where each
/// round ends.
std::vector<int> RoundsOfLimits(const Network& network) {
  std::vector<int> ends;
  std::set<int> lanes;
  const int num_limits = static_cast<int>(network.joint_limits.size());
  for (int i = 0; i < num_limits; ++i) {
    const std::vector<int>& own = network.joint_limits[Index(i)].lanes;
    if (std::any_of(own.begin(), own.end(), [&](int lane) { return lanes.count(lane) > 0; })) {
      ends.push_back(i);
      lanes.clear();
    }
    lanes.insert(own.begin(), own.end());
  }
  if (num_limits > 0) ends.push_back(num_limits);
  return ends;
}

/// Sums over all SKUs that a period asks for after the limits: the kernel's, counted as it asks for them.
int CountLateSums(const Network& network) {
  int count = static_cast<int>(network.vehicles.size());
  RowNetwork(network).ForEachLimitedLocation([&](int) { ++count; });
  return count + 2 * static_cast<int>(network.refusing_locations.size());
}

// more than there are blocks would only wait
int NumThreads(int wanted, int num_blocks) { return std::min(NumberOfThreads(wanted), num_blocks); }

/// Events of the kernel, each inlined in all that it calls.
struct Events {
  template <class AnyPeriod>
  [[gnu::flatten]] static void Limit(AnyPeriod period) {
    period.TakeOrders();
    period.LimitOrders();
  }
  template <class AnyPeriod>
  [[gnu::flatten]] static void Step(AnyPeriod period) {
    period.Step();
  }
  // what is shared is only summed up
  template <class AnyPeriod>
  [[gnu::flatten]] static void UntilShared(AnyPeriod period) {
    period.SendAndSell();
    period.Share();
    period.WriteCosts();
  }
  template <class AnyPeriod>
  [[gnu::flatten]] static void FromShared(AnyPeriod period) {
    period.Share();
    period.MoveClock();
  }
};

enum class Pass { kLimits, kUntilShared, kFromShared, kWhole };

/// Orders of a block; behind the last SKU nothing is ordered.
struct OrdersOfSkus {
  OrderDecoder::Orders orders;
  RowValue is_sku;
  RowValue operator()(int lane) const { return orders(lane) * is_sku; }
};

/// What one thread needs while it steps a block.
struct Scratch {
  Scratch(const Network& network, const AssortmentNumbers& numbers, const ChanceSource& chance_source)
      : rows(network, numbers),
        shipped(Index(network.num_lanes()) * kBlockSize),
        demand(Index(network.num_sites()) * kBlockSize),
        sold(demand.size()),
        share(demand.size()),
        shortage(network.rationing.empty() ? 0 : demand.size()),
        chance(chance_source.MakeScratch()) {}
  AssortmentNetwork rows;
  AlignedVector shipped, demand, sold;  // where the batch does not keep them
  AlignedVector share, shortage;        // see RowOutcome
  ChanceSource::Scratch chance;
};

template <class T>
void Append(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

template <class T>
void TakeFront(std::string_view& bytes, T& value) {
  if (bytes.size() < sizeof(value)) throw DataError("the saved assortment is cut short.");
  std::memcpy(&value, bytes.data(), sizeof(value));
  bytes.remove_prefix(sizeof(value));
}

}  // namespace

double AssortmentBatch::TotalCost() const { return std::accumulate(cost.begin(), cost.end(), 0.0); }

struct AssortmentEnv::Impl {
  Impl(std::shared_ptr<const Network> the_network, const AssortmentParameters& parameters,
       std::shared_ptr<const AssortmentDemand> the_demand, AssortmentConfig the_config);

  void Seed(uint64_t new_seed);
  void StartBlock(int block);
  void ObserveBlock(int block, int at_period, AssortmentBatch& batch) const;
  template <class How>
  void WriteFeatures(int block, int phase, float* observation) const;
  void DrawDisruptions();
  void StepBlock(Pass pass, int block, int worker, std::span<const float> orders, AssortmentBatch& batch);
  void Run(Pass pass, int sums_to_know, std::span<const float> orders, AssortmentBatch& batch);
  void AddUpCosts(AssortmentBatch& batch) const;
  void Observe(AssortmentBatch& batch);

  size_t site_size() const { return Index(network->num_sites()) * kBlockSize; }  // of a block
  size_t lane_size() const { return Index(network->num_lanes()) * kBlockSize; }
  size_t num_sums() const { return totals.size(); }
  int phase() const { return config.first_phase + period; }
  RowValue IsSku(int block) const;  // 1, or 0 behind the last one

  std::shared_ptr<const Network> network;
  std::shared_ptr<const AssortmentDemand> demand;
  AssortmentConfig config;
  int num_skus;
  int num_blocks;
  AssortmentNumbers numbers;
  OrderDecoder decoder;
  std::vector<std::vector<float>> protection_periods;  // [phase of the network's calendars][site]
  std::optional<ChanceSource> chance;                  // of `seed`
  ChanceSource::Scratch shared_chance;                 // of suppliers that break down
  std::vector<int> limit_rounds;                       // limits before the end of each round
  int num_limits;
  bool goes_to_memory;
  bool has_late_sums;
  bool keeps_shipped, keeps_sold;  // in the batch

  uint64_t seed = 0;
  int period = 0;
  std::vector<NetworkState> states;  // by block
  int num_known = 0;                 // sums over all SKUs that are known in the present pass
  std::vector<double> totals;        // of all SKUs  (sum)
  std::vector<double> parts;         // [block][sum]
  std::vector<double> costs;         // [block][columns, shared][kind]
  BlockWorkers workers;
  std::vector<Scratch> scratch;  // by worker
};

AssortmentEnv::Impl::Impl(std::shared_ptr<const Network> the_network, const AssortmentParameters& parameters,
                          std::shared_ptr<const AssortmentDemand> the_demand, AssortmentConfig the_config)
    : network(std::move(the_network)),
      demand(std::move(the_demand)),
      config(the_config),
      num_skus(parameters.num_skus),
      num_blocks((num_skus + kBlockSize - 1) / kBlockSize),
      numbers(MakeNumbers(*network, parameters)),
      decoder(*network),
      chance(std::in_place, *network, Random(0)),
      shared_chance(chance->MakeScratch()),
      limit_rounds(RoundsOfLimits(*network)),
      num_limits(static_cast<int>(network->joint_limits.size())),
      states(Index(num_blocks), NetworkState(*network)),
      totals(Index(num_limits + CountLateSums(*network))),
      parts(Index(num_blocks) * totals.size()),
      costs(Index(num_blocks) * 2 * kNumCostKinds),
      workers(NumThreads(config.num_threads, num_blocks)),
      scratch(Index(workers.num_threads()), Scratch(*network, numbers, *chance)) {
  for (int phase = 0; phase < network->CalendarCycle(); ++phase) {
    std::vector<float>& periods = protection_periods.emplace_back();
    for (int site = 0; site < network->num_sites(); ++site)
      periods.push_back(static_cast<float>(network->EchelonProtectionPeriods(site, phase)));
  }
  has_late_sums = Index(num_limits) < totals.size();
  keeps_shipped = config.keep_outcomes || has_late_sums;
  keeps_sold = config.keep_outcomes || (has_late_sums && !network->goodwill.empty());
  goes_to_memory = Index(num_blocks) * kNumAssortmentFeatures * site_size() * sizeof(float) > kMostCached;
}

RowValue AssortmentEnv::Impl::IsSku(int block) const {
  alignas(64) float is_sku[kBlockSize];
  for (int i = 0; i < kBlockSize; ++i) is_sku[i] = block * kBlockSize + i < num_skus ? 1.f : 0.f;
  return RowValue::Load(is_sku);
}

void AssortmentEnv::Impl::Seed(uint64_t new_seed) {
  seed = new_seed;
  chance.emplace(*network, Random(seed).Stream("chance"));
}

void AssortmentEnv::Impl::StartBlock(int block) {
  NetworkState& state = states[Index(block)];
  const RowState rows(*network, state);
  const RowValue is_sku = IsSku(block);
  state.Clear();
  for (int site = 0; site < network->num_sites(); ++site)
    rows.on_hand(site) = numbers.initial_on_hand(block, site) * is_sku;
  state.Freshen();
  for (size_t entry = 0; entry < network->order_delays.size(); ++entry) {
    const OrderDelay& delay = network->order_delays[entry];
    for (int ahead = 0; ahead < delay.periods; ++ahead)
      (is_sku * delay.initial).Store(state.delayed_order(static_cast<int>(entry), ahead).data());
  }
  if (network->initial_in_transit.empty()) return;
  const int first_ahead = network->receives_after_shipping ? 0 : 1;
  for (int lane = 0; lane < network->num_lanes(); ++lane) {
    for (int ahead = 1; ahead <= network->lead_time[Index(lane)] - first_ahead; ++ahead)
      (is_sku * network->initial_in_transit[Index(lane)]).Store(state.in_transit(lane, ahead).data());
  }
}

void AssortmentEnv::Impl::ObserveBlock(int block, int at_period, AssortmentBatch& batch) const {
  float* observation = batch.observation.data() + Index(block) * kNumAssortmentFeatures * site_size();
  const int phase = config.first_phase + at_period;
  if (goes_to_memory) {
    WriteFeatures<StorePastCaches>(block, phase, observation);
    StorePastCaches::Finish();
  } else {
    WriteFeatures<StoreInCache>(block, phase, observation);
  }
}

template <class How>
void AssortmentEnv::Impl::WriteFeatures(int block, int phase, float* observation) const {
  const NetworkState& state = states[Index(block)];
  const auto write = [&](AssortmentFeature feature, int site, const RowValue& value) {
    How::Store(value, observation + Index(feature) * site_size() + Index(site) * kBlockSize);
  };
  for (int site = 0; site < network->num_sites(); ++site) {
    const RowValue on_hand = RowValue::Load(state.on_hand(site).data());
    RowValue in_transit;
    for (const int lane : network->lanes_into[Index(site)]) {
      for (int slot = 0; slot < network->lead_time[Index(lane)]; ++slot)
        in_transit = in_transit + RowValue::Load(state.ring(lane, slot).data());
    }
    RowValue mean;
    for (const int member : network->echelon[Index(site)]) mean = mean + demand->Mean(block, member);
    const float periods = protection_periods[Index(phase) % protection_periods.size()][Index(site)];
    write(kAssortmentOnHand, site, on_hand);
    write(kAssortmentInTransit, site, in_transit);
    write(kAssortmentInventoryPosition, site, on_hand - RowValue::Load(state.backorders(site).data()) + in_transit);
    write(kAssortmentForecastMean, site, mean * periods);
  }
}

// suppliers work, or not, for all SKUs alike
void AssortmentEnv::Impl::DrawDisruptions() {
  const std::array<int, kBlockSize> same = {};
  Exogenous<Rows> exogenous{.demand = {}};
  chance->Draw(period, phase(), same, shared_chance, exogenous);
}

void AssortmentEnv::Impl::StepBlock(Pass pass, int block, int worker, std::span<const float> orders,
                                    AssortmentBatch& batch) {
  Scratch& own = scratch[Index(worker)];
  const auto of_block = [&](AlignedVector& kept, AlignedVector& not_kept, size_t size) {
    return Rows{kept.empty() ? not_kept.data() : kept.data() + Index(block) * size};
  };
  double* costs_of_block = costs.data() + Index(block) * 2 * kNumCostKinds;
  const AssortmentOutcome outcome{.shipped = of_block(batch.shipped, own.shipped, lane_size()),
                                  .sold = of_block(batch.sold, own.sold, site_size()),
                                  .site_cost = {batch.site_cost.data() + Index(block) * site_size()},
                                  .share = {own.share.data()},
                                  .shortage = {own.shortage.data()},
                                  .columns_cost = costs_of_block,
                                  .shared_cost = costs_of_block + kNumCostKinds};
  Exogenous<Rows> exogenous{.demand = of_block(batch.demand, own.demand, site_size())};
  const OrdersOfSkus feasible{decoder.Decode(phase(), orders.subspan(Index(block) * lane_size(), lane_size())),
                              IsSku(block)};
  own.rows.MoveTo(block, {.totals = totals.data(),
                          .num_known = num_known,
                          .parts = parts.data() + Index(block) * num_sums(),
                          .next = pass == Pass::kFromShared ? num_limits : 0});
  const RowState state(*network, states[Index(block)]);
  const Period period_of_block(own.rows, feasible, exogenous, state, outcome);

  // what chance decides
  if (pass == Pass::kLimits) return Events::Limit(period_of_block);
  if (pass != Pass::kFromShared) {
    std::fill_n(costs_of_block, 2 * kNumCostKinds, 0.0);
    demand->Demand(seed, period, block, exogenous.demand.data);
    if (chance->IsNeeded()) {
      std::array<int, kBlockSize> skus;
      std::iota(skus.begin(), skus.end(), block * kBlockSize);
      chance->Draw(period, phase(), skus, own.chance, exogenous);
      exogenous.supply = {shared_chance.supply.data()};
    }
  }

  // events
  if (pass == Pass::kUntilShared) return Events::UntilShared(period_of_block);
  pass == Pass::kWhole ? Events::Step(period_of_block) : Events::FromShared(period_of_block);
  ObserveBlock(block, period + 1, batch);
}

// Passes through all blocks; then the next sums are known.
void AssortmentEnv::Impl::Run(Pass pass, int sums_to_know, std::span<const float> orders, AssortmentBatch& batch) {
  workers.Run(num_blocks, [&](int block, int worker) { StepBlock(pass, block, worker, orders, batch); });
  for (; num_known < sums_to_know; ++num_known) {
    double& total = totals[Index(num_known)];
    total = 0;
    for (int block = 0; block < num_blocks; ++block) total += parts[Index(block) * num_sums() + Index(num_known)];
  }
}

void AssortmentEnv::Impl::AddUpCosts(AssortmentBatch& batch) const {
  for (size_t kind = 0; kind < kNumCostKinds; ++kind) {
    batch.cost[kind] = costs[kNumCostKinds + kind];  // what all share is the same in every block
    for (int block = 0; block < num_blocks; ++block) batch.cost[kind] += costs[Index(block) * 2 * kNumCostKinds + kind];
  }
}

void AssortmentEnv::Impl::Observe(AssortmentBatch& batch) {
  workers.Run(num_blocks, [&](int block, int) { ObserveBlock(block, period, batch); });
}

AssortmentEnv::AssortmentEnv(std::shared_ptr<const Network> network, const AssortmentParameters& parameters,
                             std::shared_ptr<const AssortmentDemand> demand, AssortmentConfig config)
    : impl_(std::make_unique<Impl>(std::move(network), parameters, std::move(demand), config)) {}
AssortmentEnv::~AssortmentEnv() = default;
AssortmentEnv::AssortmentEnv(AssortmentEnv&&) noexcept = default;

const Network& AssortmentEnv::network() const { return *impl_->network; }
int AssortmentEnv::num_skus() const { return impl_->num_skus; }
int AssortmentEnv::num_blocks() const { return impl_->num_blocks; }
int AssortmentEnv::period() const { return impl_->period; }
const NetworkState& AssortmentEnv::state(int block) const { return impl_->states[Index(block)]; }

AssortmentBatch AssortmentEnv::MakeBatch() const {
  const size_t num_blocks = Index(impl_->num_blocks);
  AssortmentBatch batch;
  batch.observation.resize(num_blocks * kNumAssortmentFeatures * impl_->site_size());
  batch.site_cost.resize(num_blocks * impl_->site_size());
  if (impl_->keeps_shipped) batch.shipped.resize(num_blocks * impl_->lane_size());
  if (impl_->keeps_sold) {
    batch.demand.resize(num_blocks * impl_->site_size());
    batch.sold.resize(batch.demand.size());
  }
  return batch;
}

void AssortmentEnv::Reset(uint64_t seed, AssortmentBatch& batch) {
  impl_->Seed(seed);
  impl_->period = 0;
  impl_->workers.Run(impl_->num_blocks, [&](int block, int) { impl_->StartBlock(block); });
  impl_->Observe(batch);
}

void AssortmentEnv::Observe(AssortmentBatch& batch) const { impl_->Observe(batch); }

void AssortmentEnv::Step(std::span<const float> orders, AssortmentBatch& batch) {
  Impl& impl = *impl_;
  RESTOCK_CHECK_EQ(orders.size(), Index(impl.num_blocks) * impl.lane_size());
  RESTOCK_CHECK_EQ(batch.shipped.empty(), !impl.keeps_shipped);

  // what all SKUs share is summed up before it is shared out
  impl.num_known = 0;
  for (const int end : impl.limit_rounds) impl.Run(Pass::kLimits, end, orders, batch);
  if (!impl.network->disruptions.empty()) impl.DrawDisruptions();
  if (impl.has_late_sums) {
    impl.Run(Pass::kUntilShared, static_cast<int>(impl.num_sums()), orders, batch);
    impl.Run(Pass::kFromShared, 0, orders, batch);
  } else {
    impl.Run(Pass::kWhole, 0, orders, batch);
  }
  impl.AddUpCosts(batch);
  ++impl.period;
}

std::string AssortmentEnv::Save() const {
  std::string bytes;
  Append(bytes, impl_->seed);
  Append(bytes, impl_->period);
  Append(bytes, impl_->num_skus);
  for (const NetworkState& state : impl_->states) state.Save(bytes);
  return bytes;
}

void AssortmentEnv::Load(const std::string& saved) {
  std::string_view bytes = saved;
  uint64_t seed = 0;
  int num_skus = 0;
  TakeFront(bytes, seed);
  TakeFront(bytes, impl_->period);
  TakeFront(bytes, num_skus);
  if (num_skus != impl_->num_skus)
    throw DataError(fmt::format("the saved assortment has {} SKUs, this one {}.", num_skus, impl_->num_skus));
  impl_->Seed(seed);
  for (NetworkState& state : impl_->states) state.Load(bytes);
  if (!bytes.empty()) throw DataError("the saved assortment belongs to another network.");
}

}  // namespace restock
