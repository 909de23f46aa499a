// How many sites the simulator moves by one period in a second, on one core and on two.
//   env_benchmark [--benchmark_filter=...]          the network of configs/benchmarks/simulator.yaml
// The counter `sites` is site updates per second: environments x sites x periods.

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "common/config_node.h"
#include "env/network_config.h"
#include "env/sampled_demand.h"
#include "env/vector_env.h"

namespace restock {
namespace {

constexpr const char* kConfigFile = "configs/benchmarks/simulator.yaml";

/// The simulator that the file describes, with orders that keep goods moving and the central warehouse short now and
/// then.
class World {
 public:
  explicit World(const std::vector<std::string>& overrides, int num_threads) {
    ConfigNode root = LoadConfig(kConfigFile, overrides);
    VectorEnvConfig config{.num_threads = num_threads};
    int num_warehouses = 0, num_skus = 0, num_periods = 0;
    std::vector<double> means;
    double dispersion = 0;
    root.Read("keep_outcomes", config.keep_outcomes);
    root.Read("num_envs", config.num_envs, AtLeast(1));
    root.Read("num_warehouses", num_warehouses, AtLeast(1));
    root.Read("num_skus", num_skus, AtLeast(1));
    root.Read("num_periods", num_periods, AtLeast(1));
    root.Child("demand").Read("means", means, Above(0));
    root.Child("demand").Read("dispersion", dispersion, AtLeast(0));
    root.Read("features", config.features);
    const NetworkConfig network_config = ReadNetworkConfig(root.Child("network"));
    root.ExpectNoMoreKeys();

    // a series per warehouse and SKU
    std::vector<Series> series;
    std::vector<double> mean_demand;
    for (int warehouse = 0; warehouse < num_warehouses; ++warehouse) {
      for (int sku = 0; sku < num_skus; ++sku) {
        series.push_back({fmt::format("warehouse {}", warehouse), fmt::format("sku {}", sku), ""});
        mean_demand.push_back(means[static_cast<size_t>(sku) % means.size()]);
      }
    }
    network_ = std::make_shared<Network>(BuildNetwork(network_config, series, mean_demand, PeriodLength::kDay));

    // demand where something is sold
    SampledDemandConfig demand{.demand = {}, .num_periods = num_periods, .first_phase = 0};
    for (const int column : network_->site_series)
      demand.demand.push_back(column == kNoSeries
                                  ? CountDistribution{}
                                  : CountDistribution{mean_demand[static_cast<size_t>(column)], dispersion});
    env_ =
        std::make_unique<VectorEnv>(network_, MakeSampledSource(*network_, demand, Random(1).Stream("demand")), config);
    DrawOrders(demand.demand);
  }

  void Measure(benchmark::State& state) {
    StepBatch batch = env_->MakeBatch();
    env_->Reset(1, batch);
    for (auto _ : state) env_->Step(orders_, batch);
    const double updates = static_cast<double>(state.iterations()) * env_->spec().num_envs * env_->spec().num_sites;
    state.counters["sites"] = benchmark::Counter(updates, benchmark::Counter::kIsRate);
  }

 private:
  // the mean demand below a lane, now more, now less
  void DrawOrders(const std::vector<CountDistribution>& demand) {
    const EnvSpec& spec = env_->spec();
    for (int block = 0; block < spec.num_blocks; ++block) {
      for (int lane = 0; lane < spec.num_lanes; ++lane) {
        double mean = 0;
        for (const int site :
             network_->echelon[static_cast<size_t>(network_->lane_destination[static_cast<size_t>(lane)])])
          mean += demand[static_cast<size_t>(site)].mean;
        RandomStream stream = Random(2).Child(static_cast<uint64_t>(block)).At(static_cast<uint64_t>(lane));
        for (int env = 0; env < kBlockSize; ++env) orders_.push_back(static_cast<float>(stream.Poisson(mean)));
      }
    }
  }

  std::shared_ptr<const Network> network_;
  std::unique_ptr<VectorEnv> env_;
  AlignedVector orders_;
};

void Measure(benchmark::State& state, const std::vector<std::string>& overrides, int num_threads) {
  World(overrides, num_threads).Measure(state);
}

BENCHMARK_CAPTURE(Measure, poisson, {}, 1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Measure, negative_binomial, {"demand.dispersion=2"}, 1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Measure, poisson_mean_1000, {"demand.means=[1000]"}, 1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Measure, poisson_with_outcomes, {"keep_outcomes=true"}, 1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Measure, one_block, {"num_envs=64"}, 1)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Measure, two_threads, {}, 2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace restock

BENCHMARK_MAIN();
