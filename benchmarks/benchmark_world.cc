#include "benchmarks/benchmark_world.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/config_node.h"
#include "env/kept_demand.h"
#include "env/network_config.h"
#include "env/sampled_demand.h"

namespace restock {
namespace {

constexpr double kTransferShare = 0.1;  // of the demand that is asked from a neighbour

size_t Index(int i) { return static_cast<size_t>(i); }

}  // namespace

BenchmarkWorld::BenchmarkWorld(const std::string& file, const std::vector<std::string>& overrides) {
  ConfigNode root = LoadConfig(file, overrides);
  int num_warehouses = 0, num_skus = 0;
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
      mean_demand.push_back(means[Index(sku) % means.size()]);
    }
  }
  network = std::make_shared<Network>(BuildNetwork(network_config, series, mean_demand, PeriodLength::kDay));

  // demand where something is sold
  for (const int column : network->site_series)
    demand.push_back(column == kNoSeries ? CountDistribution{}
                                         : CountDistribution{mean_demand[Index(column)], dispersion});
}

int BenchmarkWorld::num_series() const {
  return 1 + *std::max_element(network->site_series.begin(), network->site_series.end());
}

std::shared_ptr<const DemandSource> BenchmarkWorld::SampledDemand(int periods) const {
  return MakeSampledSource(*network, {.demand = demand, .num_periods = periods, .first_phase = 0},
                           Random(1).Stream("demand"));
}

std::shared_ptr<const DemandSource> BenchmarkWorld::GivenDemand(int periods) const {
  const int num_blocks = (config.num_envs + kBlockSize - 1) / kBlockSize;
  return KeepDemand(SampledDemand(periods), *network, num_blocks * kBlockSize);
}

AlignedVector BenchmarkWorld::DrawOrders(const EnvSpec& spec) const {
  AlignedVector orders;
  for (int block = 0; block < spec.num_blocks; ++block) {
    for (int lane = 0; lane < spec.num_lanes; ++lane) {
      double mean = 0;
      for (const int site : network->echelon[Index(network->lane_destination[Index(lane)])])
        mean += demand[Index(site)].mean;
      if (network->is_transfer[Index(lane)]) mean *= kTransferShare;
      RandomStream stream = Random(2).Child(static_cast<uint64_t>(block)).At(static_cast<uint64_t>(lane));
      for (int env = 0; env < kBlockSize; ++env) orders.push_back(static_cast<float>(stream.Poisson(mean)));
    }
  }
  return orders;
}

}  // namespace restock
