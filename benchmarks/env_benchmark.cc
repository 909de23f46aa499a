// How many sites the simulator moves by one period in a second: a simple network and one with everything, and beside
// them a loop by hand that does the least that can be done.
//   env_benchmark --benchmark_repetitions=10 --benchmark_enable_random_interleaving=true
//       [--benchmark_filter=simple] [--benchmark_format=json]
// The counter `sites` is site updates per second: environments x sites x periods.

#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "benchmarks/bare_loop.h"
#include "benchmarks/benchmark_world.h"

namespace restock {
namespace {

constexpr int kGivenPeriods = 20;  // of demand in memory

enum class Demand { kSampled, kGiven };

/// One period of the simulator that a file of configs/benchmarks describes.
void MeasureSimulator(benchmark::State& state, const std::string& file, const std::vector<std::string>& overrides,
                      Demand demand, int num_threads) {
  const BenchmarkWorld world(file, overrides);
  VectorEnvConfig config = world.config;
  config.num_threads = num_threads;
  config.shuffle_scenarios = demand == Demand::kSampled;
  config.keep_observations = demand == Demand::kSampled;
  VectorEnv env(world.network,
                demand == Demand::kSampled ? world.SampledDemand(world.num_periods) : world.GivenDemand(kGivenPeriods),
                config);
  const AlignedVector orders = world.DrawOrders(env.spec());
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  for (auto _ : state) env.Step(orders, batch);
  const double updates = static_cast<double>(state.iterations()) * env.spec().num_envs * env.spec().num_sites;
  state.counters["sites"] = benchmark::Counter(updates, benchmark::Counter::kIsRate);
}

/// One period of BareLoop, on as many sites as the simple network has.
void MeasureBareLoop(benchmark::State& state, Demand demand) {
  BareLoop loop(4096 / kBlockSize, 4 * 16, {2, 4, 5, 8}, kGivenPeriods, demand == Demand::kGiven);
  for (auto _ : state) loop.Step();
  const double updates = static_cast<double>(state.iterations()) * loop.num_updates();
  state.counters["sites"] = benchmark::Counter(updates, benchmark::Counter::kIsRate);
}

benchmark::internal::Benchmark* Register(const std::string& name, const std::string& network,
                                         const std::vector<std::string>& overrides, Demand demand = Demand::kSampled,
                                         int num_threads = 1) {
  const std::string file = fmt::format("configs/benchmarks/{}_network.yaml", network);
  return benchmark::RegisterBenchmark(
             fmt::format("{}/{}", network, name).c_str(),
             [=](benchmark::State& state) { MeasureSimulator(state, file, overrides, demand, num_threads); })
      ->Unit(benchmark::kMicrosecond);
}

void RegisterAll() {
  for (const std::string network : {"simple", "full"}) {
    Register("poisson", network, {});
    Register("given_demand", network, {}, Demand::kGiven);
    Register("negative_binomial", network, {"demand.dispersion=2"});
    Register("poisson_mean_1000", network, {"demand.means=[1000]"});
    Register("negative_binomial_mean_1000", network, {"demand.means=[1000]", "demand.dispersion=2"});
    Register("outcomes", network, {"keep_outcomes=true"});
    Register("one_block", network, {"num_envs=64"});
    Register("one_block_given_demand", network, {"num_envs=64"}, Demand::kGiven);
    Register("one_thread", network, {})->UseRealTime();
    Register("two_threads", network, {}, Demand::kSampled, 2)->UseRealTime();
  }
  Register("poisson", "chain", {});
  benchmark::RegisterBenchmark("bare_loop/poisson", MeasureBareLoop, Demand::kSampled)->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark("bare_loop/given_demand", MeasureBareLoop, Demand::kGiven)
      ->Unit(benchmark::kMicrosecond);
}

}  // namespace
}  // namespace restock

int main(int argc, char** argv) {
  restock::RegisterAll();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
