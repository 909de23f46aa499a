#include "optimization/joint_replenishment.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "common/check.h"
#include "common/count_probabilities.h"
#include "common/error.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr double kMostSteps = 5e7;     // states times what can be chosen or can follow
constexpr double kUseOfBounds = 1e-7;  // a policy that stands at a bound less often has no use for more room

void ExpectJointReplenishment(const Network& network) {
  for (size_t site = 0; site < Index(network.num_sites()); ++site) {
    const std::string name = network.SiteName(static_cast<int>(site));
    if (network.backorder_share[site] != 1)
      throw ConfigError(fmt::format(
          "{}: the exact solution of joint orders needs shortage: backorders; say so, or compare rules by restock run.",
          name));
    if (network.holding_cost[site] <= 0 || network.stockout_cost[site] <= 0)
      throw ConfigError(
          fmt::format("{}: the exact solution needs a holding_cost and a stockout_cost above 0: give both.", name));
    if (network.storage_capacity[Index(network.site_location[site])] < kUnlimited)
      throw ConfigError(
          fmt::format("{}: the exact solution of joint orders knows no storage: leave storage_capacity out, or compare "
                      "rules by restock run.",
                      name));
  }
  if (network.CalendarCycle() != 1)
    throw ConfigError("the exact solution needs orders in every period: leave out order_days and review_period.");
}

}  // namespace

bool IsJointReplenishment(const Network& network) {
  if (network.num_lanes() != network.num_sites()) return false;
  for (size_t site = 0; site < Index(network.num_sites()); ++site) {
    const std::vector<int>& lanes = network.lanes_into[site];
    if (network.site_series[site] == kNoSeries || lanes.size() != 1 ||
        network.lane_origin[Index(lanes[0])] != kOutside || network.lead_time[Index(lanes[0])] != 0)
      return false;
  }
  const std::string feature = network.FirstFeature();
  return feature.empty() || feature == "vehicles";
}

JointReplenishment::JointReplenishment(const Network& network, std::span<const std::vector<double>> demand,
                                       std::vector<Levels> levels)
    : network_(network), levels_(std::move(levels)) {
  ExpectJointReplenishment(network);
  RESTOCK_CHECK_EQ(levels_.size(), Index(network.num_sites()));
  double num_states = 1, num_next = 1, num_orders = 1;
  for (size_t site = 0; site < levels_.size(); ++site) {
    const int room = levels_[site].high - levels_[site].low;
    stride_.push_back(static_cast<int>(num_states));
    num_states *= room + 1;
    num_next *= static_cast<double>(demand[site].size());
    const float capacity = std::floor(network.lane_capacity[Index(network.lanes_into[site][0])]);
    most_.push_back(static_cast<int>(std::min(capacity, static_cast<float>(room))));
    num_orders *= most_.back() + 1;
    if (num_states * std::max(num_next, num_orders) > kMostSteps)
      throw ConfigError(
          "the exact solution needs too many states: take fewer items, less demand, or smaller fixed costs.");
  }
  for (int state = 0; state < static_cast<int>(num_states); ++state) chances_.push_back(AfterDemand(demand, state));

  // what all orders cost
  int num_codes = 1;
  for (const int most : most_) {
    order_stride_.push_back(num_codes);
    num_codes *= most + 1;
  }
  for (int code = 0; code < num_codes; ++code) {
    std::vector<int> orders;
    for (size_t site = 0; site < most_.size(); ++site) orders.push_back(code / order_stride_[site] % (most_[site] + 1));
    order_cost_.push_back(OrderCost(orders));
  }
}

std::vector<JointReplenishment::Levels> JointReplenishment::DefaultLevels(const Network& network,
                                                                          std::span<const std::vector<double>> demand) {
  std::vector<Levels> levels;
  for (size_t site = 0; site < demand.size(); ++site) {
    const int lane = network.lanes_into[site][0];
    double fixed_cost = network.order_cost[Index(lane)];
    for (const Vehicles& vehicles : network.vehicles)
      if (std::ranges::count(vehicles.lanes, lane) > 0) fixed_cost += vehicles.cost;
    const int most = static_cast<int>(demand[site].size()) - 1;
    const double lot = std::sqrt(2 * fixed_cost * MeanOf(demand[site]) / network.holding_cost[site]);
    const float stock = network.initial_on_hand.empty() ? 0 : network.initial_on_hand[site];
    levels.push_back({-3 * most, std::max(most + static_cast<int>(lot), static_cast<int>(stock))});
  }
  return levels;
}

int JointReplenishment::StateOf(std::span<const int> level) const {
  int state = 0;
  for (size_t site = 0; site < levels_.size(); ++site) {
    RESTOCK_CHECK(levels_[site].low <= level[site] && level[site] <= levels_[site].high);
    state += (level[site] - levels_[site].low) * stride_[site];
  }
  return state;
}

std::vector<int> JointReplenishment::LevelOf(int state) const {
  std::vector<int> level;
  for (const Levels& levels : levels_) {
    const int size = levels.high - levels.low + 1;
    level.push_back(levels.low + state % size);
    state /= size;
  }
  return level;
}

template <class Visit>
void JointReplenishment::ForEachOrder(int state, Visit visit) const {
  const std::vector<int> level = LevelOf(state);
  std::vector<int> orders(levels_.size());
  while (true) {
    visit(std::span<const int>(orders));
    size_t site = 0;
    while (site < orders.size() && (orders[site] == most_[site] || level[site] + orders[site] == levels_[site].high)) {
      orders[site++] = 0;
    }
    if (site == orders.size()) return;
    ++orders[site];
  }
}

void JointReplenishment::Choices(int state, std::vector<Choice>& choices) const {
  choices.clear();
  ForEachOrder(state, [&](std::span<const int> orders) {
    const int reached = std::inner_product(orders.begin(), orders.end(), stride_.begin(), state);
    const int code = std::inner_product(orders.begin(), orders.end(), order_stride_.begin(), 0);
    choices.push_back({order_cost_[Index(code)], reached, 0});
  });
}

std::vector<int> JointReplenishment::OrdersOf(int state, int choice) const {
  std::vector<int> found;
  ForEachOrder(state, [&, number = 0](std::span<const int> orders) mutable {
    if (number++ == choice) found.assign(orders.begin(), orders.end());
  });
  RESTOCK_CHECK_EQ(found.size(), levels_.size());
  return found;
}

double JointReplenishment::OrderCost(std::span<const int> orders) const {
  double cost = 0;
  for (size_t site = 0; site < orders.size(); ++site) {
    const auto lane = Index(network_.lanes_into[site][0]);
    cost += network_.unit_cost[lane] * static_cast<double>(orders[site]) +
            (orders[site] > 0 ? network_.order_cost[lane] : 0);
  }
  for (const Vehicles& vehicles : network_.vehicles) {
    double volume = 0;
    for (size_t i = 0; i < vehicles.lanes.size(); ++i) {
      const int site = network_.lane_destination[Index(vehicles.lanes[i])];
      volume += static_cast<double>(vehicles.weight[i]) * orders[Index(site)];
    }
    cost += vehicles.cost * std::ceil(volume / vehicles.size);
  }
  return cost;
}

SmallProblem::Chance JointReplenishment::AfterDemand(std::span<const std::vector<double>> demand, int state) const {
  const std::vector<int> level = LevelOf(state);
  Chance chance;
  for (size_t site = 0; site < level.size(); ++site) {
    for (size_t units = 0; units < demand[site].size(); ++units) {
      const int left = level[site] - static_cast<int>(units);
      const double unit_cost = left > 0 ? network_.holding_cost[site] : network_.stockout_cost[site];
      chance.cost += demand[site][units] * unit_cost * std::abs(left);
    }
  }

  // all that can be asked for at the sites together
  chance.offset = {0};
  chance.probability = {1};
  for (size_t site = 0; site < level.size(); ++site) {
    Chance with_site{chance.cost, {}, {}};
    for (size_t i = 0; i < chance.offset.size(); ++i) {
      for (size_t units = 0; units < demand[site].size(); ++units) {
        if (demand[site][units] == 0) continue;
        const int left = std::max(level[site] - static_cast<int>(units), levels_[site].low);
        with_site.offset.push_back(chance.offset[i] + (left - levels_[site].low) * stride_[site]);
        with_site.probability.push_back(chance.probability[i] * demand[site][units]);
      }
    }
    chance = std::move(with_site);
  }
  return chance;
}

JointReplenishmentSolution SolveJointReplenishment(const Network& network, std::span<const std::vector<double>> demand,
                                                   double discount, const DynamicProgramConfig& config) {
  for (size_t site = 0; site < demand.size(); ++site) {
    if (network.lane_capacity[Index(network.lanes_into[site][0])] <= MeanOf(demand[site]))
      throw ConfigError(fmt::format("{}: lane_capacity must be above the mean demand, or shortages grow without end.",
                                    network.SiteName(static_cast<int>(site))));
  }
  std::vector<JointReplenishment::Levels> levels = JointReplenishment::DefaultLevels(network, demand);
  while (true) {
    const JointReplenishment problem(network, demand, levels);
    JointReplenishmentSolution solution{
        discount < 1 ? MinimizeDiscountedCost(problem, discount, config) : MinimizeAverageCost(problem, config),
        levels};

    // how often the policy stands at a bound, before orders or after them
    const std::vector<int> nothing(levels.size());
    const StatePolicy& policy = solution.optimum.policy;
    const std::vector<double> share = StationaryDistribution(problem, policy, problem.StateOf(nothing));
    std::vector<double> at_low(levels.size()), at_high(levels.size());
    for (int state = 0; state < problem.num_states(); ++state) {
      if (share[Index(state)] == 0) continue;
      const std::vector<int> level = problem.LevelOf(state), orders = problem.OrdersOf(state, policy[Index(state)]);
      for (size_t site = 0; site < levels.size(); ++site) {
        if (level[site] == levels[site].low) at_low[site] += share[Index(state)];
        if (level[site] + orders[site] == levels[site].high) at_high[site] += share[Index(state)];
      }
    }

    // wider where it does
    bool is_wide_enough = true;
    for (size_t site = 0; site < levels.size(); ++site) {
      if (at_low[site] >= kUseOfBounds) levels[site].low += levels[site].low / 2 - 1;
      if (at_high[site] >= kUseOfBounds) levels[site].high += 1 + levels[site].high / 4;
      is_wide_enough = is_wide_enough && std::max(at_low[site], at_high[site]) < kUseOfBounds;
    }
    if (is_wide_enough) return solution;
  }
}

}  // namespace restock
