#pragma once

#include <memory>
#include <string>
#include <vector>

#include "env/network_config.h"
#include "env/vector_env.h"
#include "tests/env/simulation.h"

namespace restock {

/// Steps one environment by given orders and lets a test look at it.
class OneRun {
 public:
  OneRun(std::shared_ptr<const Network> network, const std::vector<std::vector<float>>& demand,
         VectorEnvConfig config = {}, uint64_t seed = 1)
      : env_(network, GivenDemand(*network, demand), (config.num_envs = 1, config)), batch_(env_.MakeBatch()) {
    env_.Reset(seed, batch_);
  }

  /// One period; `orders` by lane.
  void Step(const std::vector<float>& orders) {
    AlignedVector rows;
    for (const float order : orders) rows.insert(rows.end(), kBlockSize, order);
    env_.Step(rows, batch_);
  }

  float on_hand(int site) const { return env_.state(0).on_hand(site)[0]; }
  float age(int perishable, int left) const { return env_.state(0).age(perishable, left)[0]; }
  float goodwill(int entry) const { return env_.state(0).goodwill(entry)[0]; }
  float owed(int unfilled) const { return env_.state(0).owed(unfilled)[0]; }
  float backorders(int site) const { return env_.state(0).backorders(site)[0]; }
  float in_transit(int lane, int ahead) const { return env_.state(0).in_transit(lane, ahead)[0]; }
  float shipped(int lane) const { return batch_.outcome[0].shipped[static_cast<size_t>(lane * kBlockSize)]; }
  float demand(int site) const { return batch_.outcome[0].demand[static_cast<size_t>(site * kBlockSize)]; }
  float sold(int site) const { return batch_.outcome[0].sold[static_cast<size_t>(site * kBlockSize)]; }
  float cost(CostKind kind) const { return batch_.outcome[0].cost[static_cast<size_t>(kind * kBlockSize)]; }
  float site_cost(int site) const { return batch_.site_cost[static_cast<size_t>(site * kBlockSize)]; }
  float reward() const { return batch_.reward[0]; }

 private:
  VectorEnv env_;
  StepBatch batch_;
};

/// The network of a `network:` block that sells one SKU, `item`, at `stores`.
inline std::shared_ptr<const Network> NetworkOf(const std::string& yaml, const std::vector<std::string>& stores) {
  std::vector<Series> series;
  for (const std::string& store : stores) series.push_back({store, "item", ""});
  const std::vector<double> mean_demand(stores.size(), 1);
  return std::make_shared<Network>(
      BuildNetwork(ReadNetworkConfig(ParseConfig(yaml, "network")), series, mean_demand, PeriodLength::kDay));
}

}  // namespace restock
