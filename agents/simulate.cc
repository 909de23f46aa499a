#include "agents/simulate.h"

#include <algorithm>
#include <vector>

#include "common/parallel.h"

namespace restock {
namespace {

// Lets the policy decide for one block of environments.
void ActOnBlock(const Policy& policy, const VectorEnv& env, const StepBatch& batch, int block, PolicyMemory* memory,
                std::span<float> orders) {
  const EnvSpec& spec = env.spec();
  const DecisionContext context{.network = env.network(),
                                .spec = spec,
                                .period = env.period(),
                                .phase = env.demand().first_phase() + env.period(),
                                .observation = batch.Observation(spec, block),
                                .state = env.state(block),
                                .demand = env.demand(),
                                .scenarios = env.scenarios(block),
                                .num_active = std::min(kBlockSize, spec.num_envs - block * kBlockSize)};
  policy.Act(context, memory, orders);
}

// Sums each site's cost over the active environments and all periods.
class SiteCostObserver : public SimulationObserver {
 public:
  explicit SiteCostObserver(int num_sites) : cost_(Eigen::ArrayXd::Zero(num_sites)) {}

  void OnOutcome(int, const VectorEnv& env, const StepBatch& after) override {
    const EnvSpec& spec = env.spec();
    for (int block = 0; block < spec.num_blocks; ++block) {
      const int active = std::min(kBlockSize, spec.num_envs - block * kBlockSize);
      const auto sum = [&](const AlignedVector& values, int row) {
        return Eigen::Map<const Eigen::ArrayXf>(values.data() + row * kBlockSize, active).cast<double>().sum();
      };
      for (int site = 0; site < spec.num_sites; ++site) {
        cost_[site] += sum(after.site_cost, block * spec.num_sites + site);
      }
      // who receives goods from another site pays for them
      const Network& network = env.network();
      for (int lane = 0; lane < spec.num_lanes; ++lane) {
        const int origin = network.lane_origin[static_cast<size_t>(lane)];
        if (origin == kOutside) continue;
        const double value = sum(after.outcome[static_cast<size_t>(block)].shipped, lane) *
                             network.unit_value[static_cast<size_t>(origin)];
        cost_[network.lane_destination[static_cast<size_t>(lane)]] += value;
        cost_[origin] -= value;
      }
    }
  }
  const Eigen::ArrayXd& cost() const { return cost_; }

 private:
  Eigen::ArrayXd cost_;  // (num_sites)
};

}  // namespace

void Simulate(const Policy& policy, VectorEnv& env, int num_threads, SimulationObserver& observer) {
  const EnvSpec& spec = env.spec();
  std::vector<std::unique_ptr<PolicyMemory>> memory(static_cast<size_t>(spec.num_blocks));
  for (auto& block_memory : memory) block_memory = policy.MakeMemory(env.network());

  const auto block_size = static_cast<size_t>(spec.num_lanes * kBlockSize);
  AlignedVector orders(block_size * memory.size());
  StepBatch batch = env.MakeBatch();
  env.Reset(/*seed=*/0, batch);
  for (int period = 0; period < spec.num_periods; ++period) {
    std::fill(orders.begin(), orders.end(), 0.f);
    ParallelFor(spec.num_blocks, num_threads, [&](int block) {
      const auto index = static_cast<size_t>(block);
      ActOnBlock(policy, env, batch, block, memory[index].get(),
                 std::span(orders).subspan(index * block_size, block_size));
    });
    observer.OnDecision(env, batch, orders);
    env.Step(orders, batch);
    observer.OnOutcome(period, env, batch);
  }
}

void Simulate(const Policy& policy, const std::shared_ptr<const Network>& network,
              const std::shared_ptr<const DemandSource>& demand, int num_scenarios, int num_threads,
              SimulationObserver& observer) {
  VectorEnv env(network, demand,
                {.num_envs = num_scenarios, .shuffle_scenarios = false, .num_threads = num_threads, .features = {}});
  Simulate(policy, env, num_threads, observer);
}

Eigen::ArrayXd SiteCosts(const Policy& policy, const std::shared_ptr<const Network>& network,
                         const std::shared_ptr<const DemandSource>& demand, int num_threads) {
  SiteCostObserver observer(network->num_sites());
  Simulate(policy, network, demand, demand->num_scenarios(), num_threads, observer);
  return observer.cost() / (static_cast<double>(demand->num_scenarios()) * demand->num_periods());
}

Eigen::ArrayXd EchelonCosts(const Network& network, const Eigen::ArrayXd& site_cost) {
  Eigen::ArrayXd echelon_cost = Eigen::ArrayXd::Zero(site_cost.size());
  for (int site = 0; site < network.num_sites(); ++site) {
    for (const int member : network.echelon[static_cast<size_t>(site)]) echelon_cost[site] += site_cost[member];
  }
  return echelon_cost;
}

}  // namespace restock
