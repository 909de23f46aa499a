#include "agents/base_stock_policy.h"

#include <vector>

#include "agents/order_up_to.h"
#include "agents/simulate.h"
#include "common/check.h"
#include "optimization/policy_search.h"

namespace restock {
namespace {

// Enough for the steps to shrink to one unit; a simulation takes milliseconds.
constexpr int kMaxEvaluations = 240;

Eigen::ArrayXf ToLevels(std::span<const double> levels) {
  return Eigen::Map<const Eigen::ArrayXd>(levels.data(), static_cast<Eigen::Index>(levels.size())).cast<float>();
}

// Sites that only feed others, and the rest: they are searched in turn.
std::vector<std::vector<int>> Groups(const Network& network) {
  std::vector<std::vector<int>> groups(2);
  for (int site = 0; site < network.num_sites(); ++site) {
    const bool is_store = network.site_series[static_cast<size_t>(site)] != kNoSeries;
    groups[is_store ? 1 : 0].push_back(site);
  }
  std::erase_if(groups, [](const auto& group) { return group.empty(); });
  return groups;
}

}  // namespace

void BaseStockPolicy::Act(const DecisionContext& context, PolicyMemory*, std::span<float> orders) const {
  RESTOCK_CHECK_EQ(levels_.size(), context.network.num_sites());
  for (int site = 0; site < context.network.num_sites(); ++site) {
    OrderUpTo(context, site, Eigen::ArrayXf::Constant(kBlockSize, levels_[site]), orders);
  }
}

BaseStockPolicy TuneBaseStock(const TrainingWorld& world, const Eigen::ArrayXf& start, int num_threads) {
  const LevelObjective objective = [&](std::span<const double> levels) {
    const Eigen::ArrayXd site_cost =
        SiteCosts(BaseStockPolicy(ToLevels(levels)), world.network, world.train, num_threads);
    const Eigen::ArrayXd echelon_cost = EchelonCosts(*world.network, site_cost);
    return LevelCosts{{echelon_cost.begin(), echelon_cost.end()}, site_cost.sum()};
  };
  const Eigen::ArrayXd rounded = start.cast<double>().round();
  const LevelSearchResult best = SearchLevels(objective, {rounded.begin(), rounded.end()}, Groups(*world.network),
                                              {.max_evaluations = kMaxEvaluations});
  return BaseStockPolicy(ToLevels(best.levels));
}

}  // namespace restock
