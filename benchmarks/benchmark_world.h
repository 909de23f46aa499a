#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/distributions.h"
#include "env/demand_source.h"
#include "env/network.h"
#include "env/vector_env.h"

namespace restock {

/// What a file of configs/benchmarks describes: a network, its demand, and how it is simulated.
struct BenchmarkWorld {
  std::shared_ptr<const Network> network;
  std::vector<CountDistribution> demand;  // mean 0: none  (num_sites)
  int num_periods = 0;
  VectorEnvConfig config;

  /// Throws ConfigError. `overrides`: as on the command line, "demand.dispersion=2".
  BenchmarkWorld(const std::string& file, const std::vector<std::string>& overrides);

  int num_series() const;
  /// Counts drawn in every period.
  std::shared_ptr<const DemandSource> SampledDemand(int periods) const;
  /// The same numbers kept in memory: a path for each environment.
  std::shared_ptr<const DemandSource> GivenDemand(int periods) const;
  /// Orders for all lanes, [block][lane][env], that keep goods moving and central warehouses short now and then: the
  /// mean demand below a lane, now more, now less.
  AlignedVector DrawOrders(const EnvSpec& spec) const;
};

}  // namespace restock
