#include "python/simulator.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include <fmt/format.h>

#include "common/config_node.h"
#include "common/error.h"
#include "common/parallel.h"
#include "env/order_decoder.h"
#include "env/problem_file.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

VectorEnv MakeEnv(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                  const VectorEnvConfig& config) {
  if (config.num_envs < 1) throw ConfigError(fmt::format("num_envs must be at least 1, but is {}.", config.num_envs));
  if (config.num_periods < 1)
    throw ConfigError(fmt::format("num_periods must be at least 1, but is {}.", config.num_periods));
  if (!(config.initial_stock_spread >= 0 && config.initial_stock_spread <= 1))
    throw ConfigError(
        fmt::format("initial_stock_spread must be between 0 and 1, but is {}.", config.initial_stock_spread));
  const Problem problem = ReadProblem(LoadConfig(file, overrides));
  return VectorEnv(problem.network, MakeProblemDemand(problem, config.num_periods, Random(0).Stream("demand")), config);
}

/// One block, [feature][site][env] -> (num_envs, num_sites, num_features); a feature of rows has one site or one
/// feature. Goes by cache lines: as many environments at a time as one holds.
void TurnBlock(const float* block, int num_envs, int num_sites, int num_features, float* turned) {
  constexpr int kLine = 16;
  const int num_columns = num_sites * num_features;
  for (int first = 0; first < num_envs; first += kLine) {
    const int last = std::min(first + kLine, num_envs);
    for (int site = 0; site < num_sites; ++site) {
      for (int env = first; env < last; ++env) {
        float* row = turned + static_cast<ptrdiff_t>(env) * num_columns + site * num_features;
        for (int feature = 0; feature < num_features; ++feature)
          row[feature] = block[static_cast<ptrdiff_t>(feature * num_sites + site) * kBlockSize + env];
      }
    }
  }
}

}  // namespace

Simulator::Simulator(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                     const VectorEnvConfig& config)
    : env_(MakeEnv(file, overrides, config)), batch_(env_.MakeBatch()), workers_(NumberOfThreads(config.num_threads)) {
  const auto num_envs = Index(spec().num_envs);
  const size_t num_sites = num_envs * Index(spec().num_sites);
  orders_.resize(Index(spec().num_blocks * spec().num_lanes) * kBlockSize);
  observation_.resize(num_sites * Index(spec().num_features()));
  if (config.auto_reset == AutoReset::kSameStep) final_observation_.resize(observation_.size());
  if (!config.keep_outcomes) return;
  demand_.resize(num_sites);
  sold_.resize(num_sites);
  shipped_.resize(num_envs * Index(spec().num_lanes));
  cost_.resize(num_envs * kNumCostKinds);
}

void Simulator::Reset(uint64_t seed) {
  env_.Reset(seed, batch_);
  Turn(batch_.observation, observation_);
}

void Simulator::Load(const std::string& saved) {
  env_.Load(saved);
  env_.Observe(batch_);
  Turn(batch_.observation, observation_);
}

bool Simulator::Step(std::span<const float> orders) {
  const int num_lanes = spec().num_lanes;
  for (int env = 0; env < spec().num_envs; ++env) {
    for (int lane = 0; lane < num_lanes; ++lane)
      orders_[Index((env / kBlockSize * num_lanes + lane) * kBlockSize + env % kBlockSize)] =
          orders[Index(env * num_lanes + lane)];
  }
  env_.Step(orders_, batch_);
  const bool ended = batch_.truncated[0] != 0;
  Turn(batch_.observation, observation_);
  if (ended && !final_observation_.empty()) Turn(batch_.final_observation, final_observation_);
  if (keeps_outcomes()) TurnOutcomes();
  return ended;
}

void Simulator::Turn(const AlignedVector& blocks, std::vector<float>& turned) {
  const int num_columns = spec().num_sites * spec().num_features();
  const auto turn = [&](int block, int /*worker*/) {
    const ptrdiff_t first = static_cast<ptrdiff_t>(block) * kBlockSize * num_columns;
    const int num_envs = std::min(kBlockSize, spec().num_envs - block * kBlockSize);
    TurnBlock(blocks.data() + first, num_envs, spec().num_sites, spec().num_features(), turned.data() + first);
  };
  workers_.Run(spec().num_blocks, turn);
}

void Simulator::TurnOutcomes() {
  for (int block = 0; block < spec().num_blocks; ++block) {
    const PeriodOutcome& outcome = batch_.outcome[Index(block)];
    const int num_envs = std::min(kBlockSize, spec().num_envs - block * kBlockSize);
    const auto turn = [&](const AlignedVector& rows, int num_rows, std::vector<float>& turned) {
      TurnBlock(rows.data(), num_envs, num_rows, 1, turned.data() + Index(block * kBlockSize * num_rows));
    };
    turn(outcome.demand, spec().num_sites, demand_);
    turn(outcome.sold, spec().num_sites, sold_);
    turn(outcome.shipped, spec().num_lanes, shipped_);
    turn(outcome.cost, kNumCostKinds, cost_);
  }
}

std::vector<float> Simulator::MostSensibleOrders() const {
  constexpr float kPeriods = 10;
  std::vector<float> mean(Index(spec().num_sites * kBlockSize));
  env_.demand().Forecast(/*period=*/0, env_.scenarios(/*block=*/0), network(), kForecastNextMean, mean.data());
  std::vector<float> most;
  for (int lane = 0; lane < spec().num_lanes; ++lane) {
    const float below = mean[Index(network().lane_destination[Index(lane)] * kBlockSize)];
    const float capacity = std::min(network().lane_capacity[Index(lane)], kMostUnitsPerOrder);
    most.push_back(std::floor(std::min(capacity, std::max(1.f, std::ceil(kPeriods * below)))));
  }
  return most;
}

}  // namespace restock
