#include "agents/policy_judge.h"

#include <algorithm>
#include <cmath>

#include "agents/simulate.h"
#include "common/check.h"
#include "common/parallel.h"
#include "env/kept_demand.h"
#include "optimization/perfect_information.h"

namespace restock {
namespace {

/// Adds up what the paths of one block pay.
class BlockCosts : public SimulationObserver {
 public:
  BlockCosts(const EvaluationProtocol& protocol, const Network& network, std::span<PathCost> paths)
      : protocol_(protocol), network_(network), paths_(paths) {}

  void OnOutcome(int period, const VectorEnv&, const StepBatch& after) override {
    const double weight = protocol_.Weight(period);
    if (weight == 0) return;
    const PeriodOutcome& outcome = after.outcome[0];
    for (size_t path = 0; path < paths_.size(); ++path) {
      PathCost& sum = paths_[path];
      for (size_t kind = 0; kind < kNumCostKinds; ++kind)
        sum.parts[kind] += weight * outcome.cost[kind * kBlockSize + path];
      for (size_t site = 0; site < static_cast<size_t>(network_.num_sites()); ++site) {
        if (network_.site_series[site] == kNoSeries) continue;
        const float demand = outcome.demand[site * kBlockSize + path], sold = outcome.sold[site * kBlockSize + path];
        sum.demand += demand;
        sum.sold += sold;
        sum.num_short += demand > sold;
        ++sum.num_site_periods;
      }
    }
  }

 private:
  const EvaluationProtocol& protocol_;
  const Network& network_;
  std::span<PathCost> paths_;
};

}  // namespace

CostEstimate MeanOf(const std::vector<PathCost>& paths) {
  const auto count = static_cast<double>(paths.size());
  CostEstimate estimate;
  for (const PathCost& path : paths) estimate.mean += path.cost / count;
  double squares = 0;
  for (const PathCost& path : paths) squares += std::pow(path.cost - estimate.mean, 2);
  if (paths.size() > 1) estimate.standard_error = std::sqrt(squares / (count - 1) / count);
  return estimate;
}

PolicyJudge::PolicyJudge(const Problem& problem, const EvaluationProtocol& protocol, const Random& random,
                         bool keep_demand)
    : network_(problem.network), protocol_(protocol) {
  // a block's paths depend on its number alone
  const int num_periods = protocol.warm_up + protocol.num_periods;
  const int num_blocks = (protocol.num_runs + kBlockSize - 1) / kBlockSize;
  for (int block = 0; block < num_blocks; ++block) {
    std::shared_ptr<const DemandSource> demand =
        MakeProblemDemand(problem, num_periods, random.Child(static_cast<uint64_t>(block)));
    demand_.push_back(keep_demand ? KeepDemand(std::move(demand), *network_) : std::move(demand));
  }
}

std::vector<PathCost> PolicyJudge::Judge(const Policy& policy, const std::vector<std::string>& features,
                                         int num_threads) const {
  std::vector<PathCost> paths(static_cast<size_t>(protocol_.num_runs));
  ParallelFor(static_cast<int>(demand_.size()), num_threads, [&](int block) {
    const int first = block * kBlockSize, num = std::min(kBlockSize, protocol_.num_runs - first);
    VectorEnv env(network_, demand_[static_cast<size_t>(block)],
                  {.num_envs = num,
                   .shuffle_scenarios = false,
                   .credit_leftovers = protocol_.kind == ProtocolKind::kFiniteHorizon,
                   .features = features});
    BlockCosts costs(protocol_, *network_,
                     std::span(paths).subspan(static_cast<size_t>(first), static_cast<size_t>(num)));
    Simulate(policy, env, /*num_threads=*/1, costs);
  });
  for (PathCost& path : paths)
    for (const double part : path.parts) path.cost += part;
  return paths;
}

std::vector<double> PolicyJudge::PerfectInformation(int num_paths, int num_threads,
                                                    std::vector<ShadowPrice>* prices) const {
  RESTOCK_CHECK_LE(num_paths, protocol_.num_runs);
  const EpisodeCosts costs{.credit_leftovers = protocol_.kind == ProtocolKind::kFiniteHorizon,
                           .discount = protocol_.discount,
                           .warm_up = protocol_.warm_up};
  std::vector<double> bounds;
  std::vector<ShadowPrice> sum = ScarceThings(*network_);
  for (size_t block = 0; static_cast<int>(bounds.size()) < num_paths; ++block) {
    const int num = std::min(kBlockSize, num_paths - static_cast<int>(bounds.size()));
    std::vector<ShadowPrice> of_paths;
    const std::vector<double> of_block =
        PerfectInformationBounds(*network_, *demand_[block], num, costs, num_threads, prices ? &of_paths : nullptr);
    bounds.insert(bounds.end(), of_block.begin(), of_block.end());
    for (size_t i = 0; i < of_paths.size(); ++i) {
      sum[i].value += of_paths[i].value * num / num_paths;
      sum[i].tight_share += of_paths[i].tight_share * num / num_paths;
    }
  }
  if (prices) *prices = sum;
  const bool is_average = protocol_.kind == ProtocolKind::kAverage;
  for (double& bound : bounds) bound /= is_average ? protocol_.num_periods : 1;
  return bounds;
}

}  // namespace restock
