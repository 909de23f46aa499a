#include "env/vector_env.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstring>
#include <numeric>
#include <thread>

#include <fmt/format.h>

#include "common/check.h"
#include "common/error.h"
#include "common/parallel.h"
#include "env/block_workers.h"
#include "env/chance_source.h"
#include "env/order_decoder.h"
#include "env/period_step.h"
#include "env/row_network.h"
#include "env/row_state.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

std::vector<int> FeatureIndices(const std::vector<std::string>& chosen, const std::vector<std::string>& all) {
  std::vector<int> indices(chosen.empty() ? all.size() : chosen.size());
  std::iota(indices.begin(), indices.end(), 0);
  for (size_t i = 0; i < chosen.size(); ++i) {
    const auto found = std::find(all.begin(), all.end(), chosen[i]);
    if (found == all.end()) throw ConfigError(fmt::format("there is no observation feature {}.", chosen[i]));
    indices[i] = static_cast<int>(found - all.begin());
  }
  return indices;
}

std::atomic<uint64_t> last_id = 0;

constexpr size_t kMostCached = size_t{4} << 20;  // bytes of observations that may stay in caches beside the state

EnvSpec MakeSpec(const Network& network, const DemandSource& demand, const VectorEnvConfig& config) {
  RESTOCK_CHECK_GT(config.num_envs, 0);
  EnvSpec spec;
  spec.num_envs = config.num_envs;
  spec.num_blocks = (config.num_envs + kBlockSize - 1) / kBlockSize;
  spec.num_sites = network.num_sites();
  spec.num_lanes = network.num_lanes();
  spec.num_periods = config.num_periods > 0 ? config.num_periods : demand.num_periods();
  RESTOCK_CHECK_LE(spec.num_periods, demand.num_periods());
  spec.features = config.features.empty() ? FeatureNames(network) : config.features;
  spec.max_order = kMostUnitsPerOrder;
  return spec;
}

PeriodOutcome MakeOutcome(const EnvSpec& spec) {
  PeriodOutcome outcome;
  outcome.cost.resize(Index(kNumCostKinds * kBlockSize));
  outcome.demand.resize(Index(spec.block_rows()));
  outcome.sold.resize(Index(spec.block_rows()));
  outcome.shipped.resize(Index(spec.num_lanes * kBlockSize));
  return outcome;
}

/// What one thread needs while it steps a block.
struct BlockScratch {
  BlockScratch(const Network& network, const EnvSpec& spec, const ChanceSource& chance_source)
      : share(Index(spec.block_rows())),
        shortage(network.rationing.empty() ? 0 : share.size()),
        outcome(MakeOutcome(spec)),
        chance(chance_source.MakeScratch()),
        observer(network) {}
  AlignedVector share;  // see RowOutcome
  AlignedVector shortage;
  PeriodOutcome outcome;  // where the batch does not keep it
  ChanceSource::Scratch chance;
  Observer::Scratch observer;
};

// What an episode leaves on hand and under way pays back its value.
void CreditLeftovers(const Network& network, const NetworkState& state, const RowOutcome& outcome) {
  RowValue total;
  for (int site = 0; site < network.num_sites(); ++site) {
    RowValue units = RowValue::Load(state.on_hand(site).data());
    for (const int lane : network.lanes_into[Index(site)]) {
      for (int ahead = 1; ahead <= network.lead_time[Index(lane)]; ++ahead)
        units = units + RowValue::Load(state.in_transit(lane, ahead).data());
    }
    const RowValue credit = network.unit_value[Index(site)] * units;
    outcome.site_cost(site) -= credit;
    total = total - credit;
  }
  outcome.cost(kLeftoverCredit) = total;
}

}  // namespace

StepBatch::BlockMatrix StepBatch::Observation(const EnvSpec& spec, int block) const {
  const ptrdiff_t size = static_cast<ptrdiff_t>(spec.block_rows()) * spec.num_features();
  return BlockMatrix(observation.data() + block * size, spec.block_rows(), spec.num_features());
}

StepBatch::BlockMatrix StepBatch::FinalObservation(const EnvSpec& spec, int block) const {
  const ptrdiff_t size = static_cast<ptrdiff_t>(spec.block_rows()) * spec.num_features();
  return BlockMatrix(final_observation.data() + block * size, spec.block_rows(), spec.num_features());
}

struct VectorEnv::Impl {
  Impl(std::shared_ptr<const Network> the_network, std::shared_ptr<const DemandSource> the_demand,
       VectorEnvConfig the_config)
      : network(std::move(the_network)),
        demand(std::move(the_demand)),
        config(std::move(the_config)),
        spec(MakeSpec(*network, *demand, config)),
        rows(*network),
        decoder(*network),
        chance(*network, demand->chance()),
        observer(*network, *demand, FeatureIndices(config.features, FeatureNames(*network))),
        states(Index(spec.num_blocks), NetworkState(*network)),
        scenarios(Index(spec.num_blocks * kBlockSize)),
        next_scenarios(scenarios.size()),
        workers(NumberOfThreads(config.num_threads)),
        scratch(Index(workers.num_threads()), BlockScratch(*network, spec, chance)) {}

  void DrawScenarios(std::vector<int>& drawn) const;
  void StartBlock(int block);
  void StartNextEpisode(StepBatch& batch);
  Rows DemandOfBlock(int block, PeriodOutcome& outcome) const;
  void StepBlock(int block, int worker, std::span<const float> orders, StepBatch& batch);
  void ObserveBlock(int block, int worker, int at_period, std::span<const int> of_scenarios,
                    AlignedVector& observation);
  void WriteConstants(StepBatch& batch) const;
  static std::span<const int> OfBlock(const std::vector<int>& values, int block) {
    return std::span(values).subspan(Index(block * kBlockSize), kBlockSize);
  }
  size_t observation_size() const { return Index(spec.block_rows()) * Index(spec.num_features()); }

  std::shared_ptr<const Network> network;
  std::shared_ptr<const DemandSource> demand;
  VectorEnvConfig config;
  EnvSpec spec;
  RowNetwork rows;
  OrderDecoder decoder;
  ChanceSource chance;
  Observer observer;
  uint64_t id = ++last_id;  // no other environment's
  bool observations_go_to_memory = Index(spec.num_blocks) * observation_size() * sizeof(float) > kMostCached;

  uint64_t seed = 0;
  uint64_t round = 0;  // episodes started since the last Reset
  int period = 0;
  std::vector<NetworkState> states;  // by block
  std::vector<int> scenarios;        // by environment, idle ones as well
  std::vector<int> next_scenarios;   // of the coming round, during an episode's last step
  BlockWorkers workers;
  std::vector<BlockScratch> scratch;  // by worker
};

// Every environment of a round gets its scenario by its number alone.
void VectorEnv::Impl::DrawScenarios(std::vector<int>& drawn) const {
  const Random random = Random(seed).Stream("scenarios");
  for (size_t env = 0; env < drawn.size(); ++env) {
    const uint64_t number = round * Index(spec.num_envs) + env;
    drawn[env] = config.shuffle_scenarios ? random.At(number).UniformInt(demand->num_scenarios())
                                          : static_cast<int>(number % Index(demand->num_scenarios()));
  }
}

void VectorEnv::Impl::StartBlock(int block) {
  NetworkState& state = states[Index(block)];
  state.Start(*network);
  if (config.initial_stock_spread == 0) return;
  const Random random = Random(seed).Stream("initial stock").Child(round);
  for (int site = 0; site < network->num_sites(); ++site) {
    Row on_hand = state.on_hand(site);
    for (int env = 0; env < kBlockSize; ++env) {
      const auto address = Index(block * kBlockSize + env) * Index(network->num_sites()) + Index(site);
      const double factor = 1 + config.initial_stock_spread * (2 * random.At(address).Uniform() - 1);
      const float stock = on_hand[env] * static_cast<float>(factor);
      on_hand[env] = network->is_divisible ? stock : std::round(stock);
    }
  }
  state.Freshen();
}

// The step that only resets: no period passes, nothing is asked, sold, shipped or paid.
void VectorEnv::Impl::StartNextEpisode(StepBatch& batch) {
  ++round;
  period = 0;
  DrawScenarios(scenarios);
  for (AlignedVector* paid : {&batch.reward, &batch.site_cost}) std::fill(paid->begin(), paid->end(), 0.f);
  for (PeriodOutcome& outcome : batch.outcome) {
    for (AlignedVector* units : {&outcome.cost, &outcome.demand, &outcome.sold, &outcome.shipped})
      std::fill(units->begin(), units->end(), 0.f);
  }
  std::fill(batch.truncated.begin(), batch.truncated.end(), uint8_t{0});
  const auto start = [&](int block, int worker) {
    StartBlock(block);
    ObserveBlock(block, worker, 0, OfBlock(scenarios, block), batch.observation);
  };
  workers.Run(spec.num_blocks, start);
}

void VectorEnv::Impl::ObserveBlock(int block, int worker, int at_period, std::span<const int> of_scenarios,
                                   AlignedVector& observation) {
  if (!config.keep_observations) return;
  const ObservationMoment moment{at_period, demand->first_phase() + at_period, of_scenarios};
  observer.Observe(states[Index(block)], moment, scratch[Index(worker)].observer,
                   observation.data() + Index(block) * observation_size(), observations_go_to_memory);
}

void VectorEnv::Impl::WriteConstants(StepBatch& batch) const {
  if (batch.constants_of == id || !config.keep_observations) return;
  for (AlignedVector* observation : {&batch.observation, &batch.final_observation}) {
    for (int block = 0; block < spec.num_blocks; ++block)
      observer.WriteConstants(observation->data() + Index(block) * observation_size());
  }
  batch.constants_of = id;
}

// Where it lies if nobody changes or keeps it, else as a copy.
Rows VectorEnv::Impl::DemandOfBlock(int block, PeriodOutcome& outcome) const {
  const std::span<const int> of_block = OfBlock(scenarios, block);
  const bool may_share = !config.keep_outcomes && network->goodwill.empty();
  if (const float* kept = may_share ? demand->KeptDemand(period, of_block) : nullptr)
    return {const_cast<float*>(kept)};  // read only: without goodwill demand is as it is
  demand->Demand(period, of_block, *network, outcome.demand.data());
  return {outcome.demand.data()};
}

void VectorEnv::Impl::StepBlock(int block, int worker, std::span<const float> orders, StepBatch& batch) {
  BlockScratch& block_scratch = scratch[Index(worker)];
  PeriodOutcome& outcome = config.keep_outcomes ? batch.outcome[Index(block)] : block_scratch.outcome;
  const size_t order_size = Index(spec.num_lanes * kBlockSize);
  const RowOutcome row_outcome{.shipped = {outcome.shipped.data()},
                               .sold = {outcome.sold.data()},
                               .site_cost = {batch.site_cost.data() + Index(block) * Index(spec.block_rows())},
                               .cost = {outcome.cost.data()},
                               .share = {block_scratch.share.data()},
                               .shortage = {block_scratch.shortage.data()}};

  // one period
  const int phase = demand->first_phase() + period;
  const OrderDecoder::Orders feasible = decoder.Decode(phase, orders.subspan(Index(block) * order_size, order_size));
  const RowState state(*network, states[Index(block)]);
  Exogenous<Rows> exogenous{.demand = DemandOfBlock(block, outcome)};
  if (chance.IsNeeded()) {
    std::array<int, kBlockSize> shared;
    std::ranges::transform(OfBlock(scenarios, block), shared.begin(),
                           [&](int scenario) { return demand->ChanceScenario(scenario); });
    chance.Draw(period, phase, shared, block_scratch.chance, exogenous);
  }
  const Exogenous<Rows, StreamOfRows> in_order{
      {exogenous.demand}, exogenous.lead_time, exogenous.supply, exogenous.uniform};
  StepPeriod(rows, feasible, in_order, state, row_outcome);

  // its cost
  row_outcome.cost(kLeftoverCredit) = RowValue();
  const bool is_last = period + 1 == spec.num_periods;
  if (is_last && config.credit_leftovers) CreditLeftovers(*network, states[Index(block)], row_outcome);
  RowValue reward;
  for (int kind = 0; kind < kNumCostKinds; ++kind) reward = reward - row_outcome.cost(kind);
  reward.Store(batch.reward.data() + block * kBlockSize);
}

VectorEnv::VectorEnv(std::shared_ptr<const Network> network, std::shared_ptr<const DemandSource> demand,
                     VectorEnvConfig config)
    : impl_(std::make_unique<Impl>(std::move(network), std::move(demand), std::move(config))) {}
VectorEnv::~VectorEnv() = default;
VectorEnv::VectorEnv(VectorEnv&&) noexcept = default;

const EnvSpec& VectorEnv::spec() const { return impl_->spec; }
const Network& VectorEnv::network() const { return *impl_->network; }
int VectorEnv::period() const { return impl_->period; }
std::span<const int> VectorEnv::scenarios(int block) const { return Impl::OfBlock(impl_->scenarios, block); }
const NetworkState& VectorEnv::state(int block) const { return impl_->states[Index(block)]; }
const DemandSource& VectorEnv::demand() const { return *impl_->demand; }

StepBatch VectorEnv::MakeBatch() const {
  const EnvSpec& spec = impl_->spec;
  const auto num_blocks = Index(spec.num_blocks);
  StepBatch batch;
  if (impl_->config.keep_observations) {
    batch.observation.resize(num_blocks * impl_->observation_size());
    batch.final_observation.resize(num_blocks * impl_->observation_size());
  }
  batch.reward.resize(num_blocks * kBlockSize);
  batch.site_cost.resize(num_blocks * Index(spec.block_rows()));
  batch.terminated.resize(num_blocks * kBlockSize);
  batch.truncated.resize(num_blocks * kBlockSize);
  if (impl_->config.keep_outcomes) batch.outcome.assign(num_blocks, MakeOutcome(spec));
  return batch;
}

void VectorEnv::Reset(uint64_t seed, StepBatch& batch) {
  impl_->seed = seed;
  impl_->round = 0;
  impl_->period = 0;
  impl_->DrawScenarios(impl_->scenarios);
  for (int block = 0; block < impl_->spec.num_blocks; ++block) impl_->StartBlock(block);
  Observe(batch);
}

void VectorEnv::Observe(StepBatch& batch) const {
  RESTOCK_CHECK_EQ(batch.reward.size(), Index(impl_->spec.num_blocks) * kBlockSize);
  impl_->WriteConstants(batch);
  const auto observe = [&](int block, int worker) {
    impl_->ObserveBlock(block, worker, period(), scenarios(block), batch.observation);
  };
  impl_->workers.Run(impl_->spec.num_blocks, observe);
}

void VectorEnv::Step(std::span<const float> orders, StepBatch& batch) {
  Impl& impl = *impl_;
  RESTOCK_CHECK_EQ(orders.size(), Index(impl.spec.num_blocks) * Index(impl.spec.num_lanes) * kBlockSize);
  RESTOCK_CHECK_EQ(batch.reward.size(), Index(impl.spec.num_blocks) * kBlockSize);
  impl.WriteConstants(batch);
  if (impl.period == impl.spec.num_periods) return impl.StartNextEpisode(batch);
  const int next_period = impl.period + 1;
  const bool is_last = next_period == impl.spec.num_periods;
  const bool resets = is_last && impl.config.auto_reset == AutoReset::kSameStep;
  if (resets) {
    ++impl.round;
    impl.DrawScenarios(impl.next_scenarios);
  }

  // step, and observe while the block is in cache
  const auto step = [&](int block, int worker) {
    impl.StepBlock(block, worker, orders, batch);
    if (!resets) return impl.ObserveBlock(block, worker, next_period, scenarios(block), batch.observation);
    impl.ObserveBlock(block, worker, next_period, scenarios(block), batch.final_observation);
    impl.StartBlock(block);
    impl.ObserveBlock(block, worker, 0, Impl::OfBlock(impl.next_scenarios, block), batch.observation);
  };
  impl.workers.Run(impl.spec.num_blocks, step);

  // the clock of all environments
  std::fill(batch.truncated.begin(), batch.truncated.end(), static_cast<uint8_t>(is_last));
  impl.period = resets ? 0 : next_period;
  if (resets) std::swap(impl.scenarios, impl.next_scenarios);
}

std::string VectorEnv::Save() const {
  std::string bytes;
  const uint64_t numbers[] = {impl_->seed, impl_->round, static_cast<uint64_t>(impl_->period), impl_->scenarios.size()};
  bytes.append(reinterpret_cast<const char*>(numbers), sizeof(numbers));
  bytes.append(reinterpret_cast<const char*>(impl_->scenarios.data()), impl_->scenarios.size() * sizeof(int));
  for (const NetworkState& state : impl_->states) state.Save(bytes);
  return bytes;
}

void VectorEnv::Load(const std::string& saved) {
  uint64_t numbers[4] = {};
  const size_t scenario_bytes = impl_->scenarios.size() * sizeof(int);
  std::string_view bytes = saved;
  if (bytes.size() >= sizeof(numbers)) std::memcpy(numbers, bytes.data(), sizeof(numbers));
  if (bytes.size() < sizeof(numbers) + scenario_bytes || numbers[3] != impl_->scenarios.size())
    throw DataError("the saved environments are cut short, or are of another number.");
  const bool may_wait = impl_->config.auto_reset == AutoReset::kNextStep;
  if (numbers[2] >= Index(impl_->spec.num_periods) + (may_wait ? 1 : 0))
    throw DataError("the saved environments stand beyond the end of an episode.");
  std::vector<int> scenarios(impl_->scenarios.size());
  std::memcpy(scenarios.data(), bytes.data() + sizeof(numbers), scenario_bytes);
  const auto is_none = [&](int scenario) { return scenario < 0 || scenario >= impl_->demand->num_scenarios(); };
  if (std::ranges::any_of(scenarios, is_none))
    throw DataError("the saved environments meet scenarios that the demand does not have.");
  bytes.remove_prefix(sizeof(numbers) + scenario_bytes);
  std::vector<NetworkState> states = impl_->states;
  for (NetworkState& state : states) state.Load(bytes);
  if (!bytes.empty()) throw DataError("the saved environments belong to another network.");

  // all of it, or nothing
  impl_->seed = numbers[0];
  impl_->round = numbers[1];
  impl_->period = static_cast<int>(numbers[2]);
  impl_->scenarios = std::move(scenarios);
  impl_->states = std::move(states);
}

}  // namespace restock
