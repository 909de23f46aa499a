#include "env/supply_process.h"

#include <array>

#include "env/network_state.h"

namespace restock {
namespace {

// either the probability of an end, or the mean number of periods until it
void ReadEnd(ConfigNode& node, const char* probability_key, const char* mean_key, double& probability) {
  const bool has_mean = node.Has(mean_key);
  if (has_mean && node.Has(probability_key))
    node.Fail(mean_key, std::string("cannot stand beside ") + probability_key + ": keep one of them");
  if (has_mean) {
    double mean = 1 / probability;
    node.Read(mean_key, mean, AtLeast(1));
    probability = 1 / mean;
  } else {
    if (!node.Has(probability_key))
      node.Fail(std::string("needs ") + probability_key + ", or " + mean_key + ", a mean number of periods");
    node.Read(probability_key, probability, AboveAndUpTo(0, 1));
  }
}

}  // namespace

DisruptionConfig ReadDisruption(ConfigNode node) {
  DisruptionConfig config;
  ReadEnd(node, "failure_probability", "mean_up", config.failure_probability);
  ReadEnd(node, "recovery_probability", "mean_down", config.recovery_probability);
  node.ExpectNoMoreKeys();
  return config;
}

SupplyProcess::SupplyProcess(const DisruptionConfig& config, const Random& random)
    : chain_({{1 - config.recovery_probability, config.recovery_probability},
              {config.failure_probability, 1 - config.failure_probability}},
             /*first=*/{}, random) {}

void SupplyProcess::Supply(int period, std::span<const int> scenarios, int supplier, float* share) const {
  std::array<uint8_t, kBlockSize> state;
  chain_.States(period, scenarios, supplier, state.data());
  for (size_t env = 0; env < kBlockSize; ++env) share[env] = state[env];
}

}  // namespace restock
