// How many sites the simulator moves by one period in a second: a simple network and one with everything, and beside
// them a loop by hand that does the least that can be done.
//   env_benchmark --benchmark_repetitions=10 --benchmark_enable_random_interleaving=true
//       [--benchmark_filter=simple] [--benchmark_format=json]
// The counter `sites` is site updates per second: environments x sites x periods.

#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "benchmarks/bare_loop.h"
#include "common/config_node.h"
#include "env/network_config.h"
#include "env/sampled_demand.h"
#include "env/vector_env.h"

namespace restock {
namespace {

constexpr int kGivenPeriods = 20;  // of demand in memory

enum class Demand { kSampled, kGiven };

/// The simulator that a file of configs/benchmarks describes, with orders that keep goods moving and central warehouses
/// short now and then.
class World {
 public:
  World(const std::string& file, const std::vector<std::string>& overrides, Demand demand, int num_threads) {
    ConfigNode root = LoadConfig(file, overrides);
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
    SampledDemandConfig sampled{.demand = {}, .num_periods = num_periods, .first_phase = 0};
    for (const int column : network_->site_series)
      sampled.demand.push_back(column == kNoSeries
                                   ? CountDistribution{}
                                   : CountDistribution{mean_demand[static_cast<size_t>(column)], dispersion});
    std::shared_ptr<DemandSource> source = MakeSampledSource(*network_, sampled, Random(1).Stream("demand"));
    if (demand == Demand::kGiven) {
      source = RecordDemand(*source, config.num_envs, static_cast<int>(series.size()));
      config.shuffle_scenarios = false;
      config.keep_observations = false;
    }
    env_ = std::make_unique<VectorEnv>(network_, source, config);
    DrawOrders(sampled.demand);
  }

  void Measure(benchmark::State& state) {
    StepBatch batch = env_->MakeBatch();
    env_->Reset(1, batch);
    for (auto _ : state) env_->Step(orders_, batch);
    const double updates = static_cast<double>(state.iterations()) * env_->spec().num_envs * env_->spec().num_sites;
    state.counters["sites"] = benchmark::Counter(updates, benchmark::Counter::kIsRate);
  }

 private:
  // a path per environment, all in memory
  std::shared_ptr<DemandSource> RecordDemand(const DemandSource& source, int num_envs, int num_series) const {
    auto paths = std::make_shared<ScenarioSet>();
    paths->Resize(num_envs, kGivenPeriods, num_series, {});
    std::vector<int> scenarios(kBlockSize);
    AlignedVector rows(static_cast<size_t>(network_->num_sites()) * kBlockSize);
    for (int period = 0; period < kGivenPeriods; ++period) {
      for (int first = 0; first + kBlockSize <= num_envs; first += kBlockSize) {
        for (int env = 0; env < kBlockSize; ++env) scenarios[static_cast<size_t>(env)] = first + env;
        source.Demand(period, scenarios, *network_, rows.data());
        for (int site = 0; site < network_->num_sites(); ++site) {
          const int column = network_->site_series[static_cast<size_t>(site)];
          if (column == kNoSeries) continue;
          paths->Demand(period, column).segment(first, kBlockSize) = ConstRow(rows.data() + site * kBlockSize);
        }
      }
    }
    return MakeScenarioSource(std::move(paths));
  }

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

/// One period of BareLoop, on as many sites as the simple network has.
void MeasureBareLoop(benchmark::State& state, Demand demand) {
  BareLoop loop(4096 / kBlockSize, 4 * 16, {2, 4, 5, 8}, kGivenPeriods, demand == Demand::kGiven);
  for (auto _ : state) loop.Step();
  const double updates = static_cast<double>(state.iterations()) * loop.num_updates();
  state.counters["sites"] = benchmark::Counter(updates, benchmark::Counter::kIsRate);
}

/// Worlds are made when their turn comes, and one at a time is in memory.
benchmark::internal::Benchmark* Register(const std::string& name, const std::string& network,
                                         const std::vector<std::string>& overrides, Demand demand = Demand::kSampled,
                                         int num_threads = 1) {
  const std::string file = fmt::format("configs/benchmarks/{}_network.yaml", network);
  return benchmark::RegisterBenchmark(
             fmt::format("{}/{}", network, name).c_str(),
             [=](benchmark::State& state) { World(file, overrides, demand, num_threads).Measure(state); })
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
    Register("one_thread", network, {})->UseRealTime();
    Register("two_threads", network, {}, Demand::kSampled, 2)->UseRealTime();
  }
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
