// What the simulator does on given demand and orders, for comparison with other simulators.
//   simulator_trajectory CONFIG [key=value ...] < demand_and_orders > reward_and_stock
// CONFIG is a file of configs/benchmarks or a problem file.
// A line per period: demand of each series, then orders on the lanes into each site; out comes the reward, then the
// stock of each site at the next decision.

#include <algorithm>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "benchmarks/benchmark_world.h"
#include "common/error.h"
#include "env/problem_file.h"

namespace restock {
namespace {

struct Period {
  std::vector<float> demand;  // (num_series)
  std::vector<float> orders;  // (num_lanes)
};

std::vector<Period> ReadPeriods(std::istream& input, int num_series, int num_lanes) {
  std::vector<Period> periods;
  for (std::string line; std::getline(input, line);) {
    std::istringstream fields(line);
    Period period{std::vector<float>(static_cast<size_t>(num_series)),
                  std::vector<float>(static_cast<size_t>(num_lanes))};
    for (auto* values : {&period.demand, &period.orders}) {
      for (float& value : *values) fields >> value;
    }
    if (!fields)
      throw DataError(fmt::format("line {}: {} numbers are needed.", periods.size() + 1, num_series + num_lanes));
    periods.push_back(std::move(period));
  }
  return periods;
}

std::shared_ptr<const Network> ReadNetworkOf(const std::string& file, const std::vector<std::string>& overrides) {
  ConfigNode node = LoadConfig(file, overrides);
  if (node.Has("protocol")) return ReadProblem(std::move(node)).network;
  return BenchmarkWorld(file, overrides).network;
}

void Run(const std::string& file, const std::vector<std::string>& overrides) {
  const std::shared_ptr<const Network> network = ReadNetworkOf(file, overrides);
  const auto num_series =
      static_cast<int>(std::ranges::count_if(network->site_series, [](int series) { return series != kNoSeries; }));
  const std::vector<Period> periods = ReadPeriods(std::cin, num_series, network->num_lanes());
  auto paths = std::make_shared<ScenarioSet>();
  paths->Resize(1, static_cast<int>(periods.size()) + 1, num_series, {});  // so that the last does not reset
  for (size_t t = 0; t < periods.size(); ++t)
    for (int column = 0; column < num_series; ++column)
      paths->Demand(static_cast<int>(t), column)[0] = periods[t].demand[static_cast<size_t>(column)];

  VectorEnv env(network, MakeScenarioSource(paths),
                {.num_envs = 1, .credit_leftovers = false, .keep_observations = false});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  std::vector<float> orders(static_cast<size_t>(network->num_lanes() * kBlockSize));
  for (const Period& period : periods) {
    size_t i = 0;
    for (const std::vector<int>& lanes : network->lanes_into)
      for (const int lane : lanes) orders[static_cast<size_t>(lane * kBlockSize)] = period.orders[i++];
    env.Step(orders, batch);
    fmt::print("{}", batch.reward[0]);
    for (int site = 0; site < network->num_sites(); ++site) fmt::print(" {}", env.state(0).on_hand(site)[0]);
    fmt::print("\n");
  }
}

}  // namespace
}  // namespace restock

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: simulator_trajectory CONFIG [key=value ...] < demand_and_orders\n");
    return 2;
  }
  try {
    restock::Run(argv[1], {argv + 2, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
