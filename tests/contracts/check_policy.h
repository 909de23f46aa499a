#pragma once

#include <cmath>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "agents/policy.h"
#include "agents/simulate.h"
#include "common/parallel.h"
#include "env/vector_env.h"

namespace restock {

/// What every policy promises, whatever it decides by.
class PolicyContract {
 public:
  PolicyContract(const Policy& policy, std::shared_ptr<const Network> network,
                 std::shared_ptr<const DemandSource> demand)
      : policy_(policy), network_(std::move(network)), demand_(std::move(demand)) {}

  void Check() {
    EXPECT_FALSE(policy_.name().empty());
    const std::vector<float> orders = Run(/*num_threads=*/1);
    float total = 0;
    for (const float units : orders) {
      ASSERT_TRUE(std::isfinite(units) && units >= 0 && units == std::floor(units))
          << units << " is no whole number of units";
      total += units;
    }
    EXPECT_GT(total, 0) << "never orders";
    EXPECT_EQ(orders, Run(/*num_threads=*/1)) << "decides otherwise the second time";
    EXPECT_EQ(orders, Run(/*num_threads=*/2)) << "the number of threads matters";
  }

 private:
  class Recorder : public SimulationObserver {
   public:
    void OnDecision(const VectorEnv&, const StepBatch&, std::span<const float> wanted) override {
      orders.insert(orders.end(), wanted.begin(), wanted.end());
    }
    void OnOutcome(int, const VectorEnv&, const StepBatch&) override {}
    std::vector<float> orders;
  };

  // All orders over an episode in more than one block of environments.
  std::vector<float> Run(int num_threads) const {
    Recorder recorder;
    Simulate(policy_, network_, demand_, demand_->num_scenarios(), num_threads, recorder);
    return recorder.orders;
  }

  const Policy& policy_;
  std::shared_ptr<const Network> network_;
  std::shared_ptr<const DemandSource> demand_;
};

inline void CheckPolicy(const Policy& policy, std::shared_ptr<const Network> network,
                        std::shared_ptr<const DemandSource> demand) {
  PolicyContract(policy, std::move(network), std::move(demand)).Check();
}

}  // namespace restock
