// How long one environment of very many SKUs takes for a period, from 100 to 5 million sites: a site is a SKU at one of
// 50 warehouses (of 2 for the smallest), supplied from outside with lead time 4, lost sales, Poisson demand with a mean
// of its own drawn in every period, costs of its own, four features observed. `shared_storage`: the warehouses' room is
// shared by all SKUs, and overflows now and then; `central`: one warehouse feeds the other 49 and rations.
//   assortment_benchmark --benchmark_repetitions=10 --benchmark_enable_random_interleaving=true
//       [--benchmark_filter=plain] [--benchmark_format=json]
// The columns: time and processor time of all threads for a period. The counters: processor time by site in seconds,
// overflow as a share of the last period's cost, and the most memory that the program has held so far.

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include "common/config_node.h"
#include "env/assortment_env.h"
#include "env/network_config.h"

namespace restock {
namespace {

enum class Kind { kPlain, kSharedStorage, kCentral };

/// The template: `num_warehouses` of one SKU.
std::shared_ptr<const Network> MakeTemplate(Kind kind, int num_warehouses, int num_skus) {
  const std::string storage =
      kind == Kind::kSharedStorage ? fmt::format(", storage_capacity: {}, overflow_cost: 0.1", 14.4 * num_skus) : "";
  const std::string central =
      kind == Kind::kCentral ? "{name: \"warehouse 0\", holding_cost: 0.5, stockout_cost: 9}, " : "";
  const std::string lanes = kind == Kind::kCentral
                                ? "{from: supplier, to: \"warehouse 0\", lead_time: 4, unit_cost: 1}, {from: "
                                  "\"warehouse 0\", to: \"store *\", lead_time: 4, unit_cost: 1}"
                                : "{from: supplier, to: \"*\", lead_time: 4, unit_cost: 1}";
  const std::string block = fmt::format(
      "locations: [{}{{name: \"{}\", shortage: lost_sales, holding_cost: 1, stockout_cost: 9{}}}]\nlanes: [{}]",
      central, central.empty() ? "*" : "store *", storage, lanes);
  std::vector<Series> series;
  for (int i = 0; i < num_warehouses; ++i)
    series.push_back({fmt::format("{} {}", kind == Kind::kCentral && i > 0 ? "store" : "warehouse", i), "sku", ""});
  const std::vector<double> mean_demand(series.size(), 4);
  return std::make_shared<Network>(
      BuildNetwork(ReadNetworkConfig(ParseConfig(block, "network")), series, mean_demand, PeriodLength::kDay));
}

/// Numbers in [least, least + spread), each drawn.
std::vector<float> Draw(const std::string& name, size_t count, float least, float spread) {
  RandomStream random = Random(7).Stream(name).At(0);
  std::vector<float> numbers(count);
  for (float& number : numbers) number = least + spread * static_cast<float>(random.Uniform());
  return numbers;
}

AssortmentEnv MakeEnv(std::shared_ptr<const Network> network, int num_skus, int num_threads) {
  const auto num_sites = static_cast<size_t>(network->num_sites()) * static_cast<size_t>(num_skus);
  const auto num_lanes = static_cast<size_t>(network->num_lanes()) * static_cast<size_t>(num_skus);
  const AssortmentParameters parameters{.num_skus = num_skus,
                                        .holding_cost = Draw("holding", num_sites, 0.5f, 1),
                                        .stockout_cost = Draw("stockout", num_sites, 5, 10),
                                        .volume = Draw("volume", static_cast<size_t>(num_skus), 0.5f, 1),
                                        .initial_on_hand = std::vector<float>(num_sites, 5),
                                        .unit_cost = Draw("unit cost", num_lanes, 1, 5)};
  auto demand = MakeSampledAssortment(*network, {num_skus, Draw("mean", num_sites, 0.5f, 7), 0}, Random(1));
  return {std::move(network), parameters, std::move(demand), {.num_threads = num_threads}};
}

/// The mean demand below a lane, now more, now less: [block][lane][sku].
AlignedVector DrawOrders(const AssortmentEnv& env) {
  const Network& network = env.network();
  RandomStream random = Random(7).Stream("orders").At(0);
  AlignedVector orders;
  for (int block = 0; block < env.num_blocks(); ++block) {
    for (const int site : network.lane_destination) {
      const auto most = 8 * static_cast<float>(network.echelon[static_cast<size_t>(site)].size());
      for (int sku = 0; sku < kBlockSize; ++sku) orders.push_back(most * static_cast<float>(random.Uniform()));
    }
  }
  return orders;
}

/// Of all threads, in seconds.
double CpuTime() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void Measure(benchmark::State& state, Kind kind, int num_warehouses, int num_skus, int num_threads) {
  AssortmentEnv env = MakeEnv(MakeTemplate(kind, num_warehouses, num_skus), num_skus, num_threads);
  AssortmentBatch batch = env.MakeBatch();
  const AlignedVector orders = DrawOrders(env);
  env.Reset(1, batch);
  const double begin = CpuTime();
  for (auto _ : state) env.Step(orders, batch);
  const double updates = static_cast<double>(state.iterations()) * num_skus * env.network().num_sites();
  state.counters["cpu_per_site"] = (CpuTime() - begin) / updates;
  state.counters["overflow_share"] = batch.cost[kOverflow] / batch.TotalCost();
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_MB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

void RegisterAll() {
  struct Size {
    const char* name;
    int num_warehouses, num_skus;
  };
  for (const auto& [kind_name, kind] :
       {std::pair("plain", Kind::kPlain), {"shared_storage", Kind::kSharedStorage}, {"central", Kind::kCentral}}) {
    for (const Size& size :
         {Size{"100", 2, 50}, {"10000", 50, 200}, {"1000000", 50, 20'000}, {"5000000", 50, 100'000}}) {
      for (const int num_threads : {1, 2}) {
        benchmark::RegisterBenchmark(fmt::format("{}/{}/threads_{}", kind_name, size.name, num_threads).c_str(),
                                     Measure, kind, size.num_warehouses, size.num_skus, num_threads)
            ->Unit(benchmark::kMillisecond)
            ->MeasureProcessCPUTime()
            ->UseRealTime()
            ->ComputeStatistics(
                "min", [](const std::vector<double>& times) { return *std::min_element(times.begin(), times.end()); });
      }
    }
  }
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
