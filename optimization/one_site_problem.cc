#include "optimization/one_site_problem.h"

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

constexpr double kMostStates = 2e7;
constexpr double kRareDemand = 1e-9;   // a level below what this share of demand leaves is never looked at
constexpr double kUseOfBounds = 1e-7;  // a policy that stands at a bound less often has no use for more room
constexpr double kSmallestProbability = 1e-16;

bool IsLostSales(const Network& network) { return network.backorder_share[0] == 0; }

bool HasProvenBounds(const Network& network) {
  return IsLostSales(network) && network.num_lanes() == 1 && network.order_cost[0] == 0;
}

void ExpectOneSite(const Network& network) {
  if (network.num_sites() != 1)
    throw ConfigError(
        fmt::format("the exact solution needs a network of one site, but this one has {}.", network.num_sites()));
  if (network.CalendarCycle() != 1)
    throw ConfigError("the exact solution needs orders in every period: leave out order_days and review_period.");
  if (network.backorder_share[0] != 0 && network.backorder_share[0] != 1)
    throw ConfigError("the exact solution needs a shortage that waits or is lost as a whole.");
  if (network.holding_cost[0] <= 0 || network.stockout_cost[0] <= 0)
    throw ConfigError("the exact solution needs a holding_cost and a stockout_cost above 0.");
  if (network.storage_capacity[0] < kUnlimited && network.overflow_cost[0] > 0)
    throw ConfigError("the exact solution knows no overflow_cost.");
}

}  // namespace

OneSiteProblem::OneSiteProblem(const Network& network, std::span<const double> demand, const OneSiteBounds& bounds)
    : bounds_(bounds) {
  ExpectOneSite(network);
  AddLanes(network);
  AddStates();
  AddChances(network, demand);
}

OneSiteBounds OneSiteProblem::DefaultBounds(const Network& network, std::span<const double> demand) {
  ExpectOneSite(network);
  const double h = network.holding_cost[0], p = network.stockout_cost[0];
  const double fractile = p / (p + h);
  const std::vector<double> protected_demand = SumOf(network.max_lead_time() + 1, demand);
  OneSiteBounds bounds;
  bounds.max_position = QuantileOf(protected_demand, fractile);
  int max_order = QuantileOf(demand, fractile);
  if (!HasProvenBounds(network)) {
    // room for what deviates from the newsvendor: orders that fill large holes, and lots that spread their fixed cost
    double lot = 0;
    for (const float order_cost : network.order_cost)
      lot = std::max(lot, std::sqrt(2 * static_cast<double>(order_cost) * MeanOf(demand) / h));
    max_order = QuantileOf(demand, 1 - kRareDemand) + static_cast<int>(1.5 * lot);
    bounds.max_position += QuantileOf(demand, fractile) + static_cast<int>(1.5 * lot);
    if (!IsLostSales(network)) bounds.min_level = -QuantileOf(protected_demand, 1 - kRareDemand);
  }
  for (const float capacity : network.lane_capacity)
    bounds.max_order.push_back(static_cast<int>(std::min(std::floor(capacity), static_cast<float>(max_order))));
  return bounds;
}

void OneSiteProblem::AddLanes(const Network& network) {
  RESTOCK_CHECK_EQ(bounds_.max_order.size(), Index(network.num_lanes()));
  RESTOCK_CHECK(!IsLostSales(network) || bounds_.min_level == 0);
  longest_lead_time_ = network.max_lead_time();
  for (size_t lane = 0; lane < Index(network.num_lanes()); ++lane)
    lanes_.push_back({network.lead_time[lane], network.unit_cost[lane], network.order_cost[lane]});
}

// What the period's demand does to a level after immediate receipts, and what that costs.
void OneSiteProblem::AddChances(const Network& network, std::span<const double> demand) {
  const double h = network.holding_cost[0], p = network.stockout_cost[0];
  const int lowest = bounds_.min_level;
  for (int level = lowest; level <= bounds_.max_position; ++level) {
    Chance chance;
    std::vector<double> next(Index(level - lowest + 1));
    for (size_t units = 0; units < demand.size(); ++units) {
      const int left = level - static_cast<int>(units);
      chance.cost += demand[units] * (left > 0 ? h * left : -p * left);
      next[Index(std::max(left, lowest) - lowest)] += demand[units];
    }
    for (size_t offset = 0; offset < next.size(); ++offset) {
      if (next[offset] < kSmallestProbability) continue;
      chance.offset.push_back(static_cast<int>(offset));
      chance.probability.push_back(next[offset]);
    }
    chances_.push_back(std::move(chance));
  }
}

void OneSiteProblem::AddStates() {
  // what can be on its way: all that orders of lanes with a longer lead time add up to
  double num_codes = 1;
  for (int ahead = 1; ahead < longest_lead_time_; ++ahead) {
    int most = 0;
    for (size_t lane = 0; lane < lanes_.size(); ++lane)
      if (lanes_[lane].lead_time > ahead) most += bounds_.max_order[lane];
    most_arriving_.push_back(std::min(most, bounds_.max_position - bounds_.min_level));
    stride_.push_back(static_cast<int>(num_codes));
    num_codes *= most_arriving_.back() + 1;
    if (num_codes > kMostStates) break;
  }

  // a state per pipeline and level that keep the position within its bound
  double num_states = 0;
  for (int code = 0; num_codes <= kMostStates && code < static_cast<int>(num_codes); ++code) {
    Pipeline pipeline{code, num_states > kMostStates ? 0 : static_cast<int>(num_states), 0};
    for (int ahead = 1; ahead < longest_lead_time_; ++ahead) pipeline.total += Arriving(code, ahead);
    const int num_levels = bounds_.max_position - pipeline.total - bounds_.min_level + 1;
    pipeline_of_code_.push_back(num_levels > 0 ? static_cast<int>(pipelines_.size()) : -1);
    if (num_levels <= 0) continue;
    pipelines_.push_back(pipeline);
    num_states += num_levels;
  }
  if (num_codes > kMostStates || num_states > kMostStates)
    throw ConfigError(
        fmt::format("lead time {} and orders of up to {} units make too many states for an exact "
                    "solution.",
                    longest_lead_time_, *std::ranges::max_element(bounds_.max_order)));
  pipeline_of_state_.resize(static_cast<size_t>(num_states));
  for (size_t i = 0; i < pipelines_.size(); ++i) {
    const auto first = pipeline_of_state_.begin() + pipelines_[i].first_state;
    std::fill_n(first, bounds_.max_position - pipelines_[i].total - bounds_.min_level + 1, static_cast<int>(i));
  }
}

int OneSiteProblem::Arriving(int code, int periods_ahead) const {
  const size_t i = Index(periods_ahead - 1);
  return code / stride_[i] % (most_arriving_[i] + 1);
}

int OneSiteProblem::LevelOf(int state) const {
  return state - pipelines_[Index(pipeline_of_state_[Index(state)])].first_state + bounds_.min_level;
}

int OneSiteProblem::PositionOf(int state) const {
  return LevelOf(state) + pipelines_[Index(pipeline_of_state_[Index(state)])].total;
}

std::vector<int> OneSiteProblem::ArrivingOf(int state) const {
  std::vector<int> arriving;
  const int code = pipelines_[Index(pipeline_of_state_[Index(state)])].code;
  for (int ahead = 1; ahead < longest_lead_time_; ++ahead) arriving.push_back(Arriving(code, ahead));
  return arriving;
}

int OneSiteProblem::StateOf(int level, std::span<const int> arriving) const {
  RESTOCK_CHECK_EQ(arriving.size(), stride_.size());
  int code = 0;
  for (size_t i = 0; i < arriving.size(); ++i) {
    RESTOCK_CHECK(arriving[i] >= 0 && arriving[i] <= most_arriving_[i]);
    code += arriving[i] * stride_[i];
  }
  const int pipeline = pipeline_of_code_[Index(code)];
  RESTOCK_CHECK_GE(pipeline, 0);
  const int state = pipelines_[Index(pipeline)].first_state + level - bounds_.min_level;
  RESTOCK_CHECK(level >= bounds_.min_level && pipeline_of_state_.at(Index(state)) == pipeline);
  return state;
}

// All vectors of orders that keep the position within its bound, the first lane innermost.
template <class Visit>
void OneSiteProblem::ForEachOrder(int state, Visit visit) const {
  const int room = bounds_.max_position - PositionOf(state);
  std::vector<int> orders(lanes_.size());
  int total = 0;
  while (true) {
    visit(std::span<const int>(orders), total);
    size_t lane = 0;
    while (lane < orders.size() && (orders[lane] == bounds_.max_order[lane] || total == room)) {
      total -= orders[lane];
      orders[lane++] = 0;
    }
    if (lane == orders.size()) return;
    ++orders[lane];
    ++total;
  }
}

void OneSiteProblem::Choices(int state, std::vector<Choice>& choices) const {
  choices.clear();
  const Pipeline& pipeline = pipelines_[Index(pipeline_of_state_[Index(state)])];
  const int level = LevelOf(state) - bounds_.min_level;

  // a period later everything on its way is a period closer
  const int arriving = longest_lead_time_ > 1 ? Arriving(pipeline.code, 1) : 0;
  const int moved_code = longest_lead_time_ > 1 ? pipeline.code / (most_arriving_[0] + 1) : 0;
  int code_without_orders = 0;
  for (int ahead = 1, rest = moved_code; ahead + 1 < longest_lead_time_; ++ahead) {
    code_without_orders += rest % (most_arriving_[Index(ahead)] + 1) * stride_[Index(ahead - 1)];
    rest /= most_arriving_[Index(ahead)] + 1;
  }

  ForEachOrder(state, [&](std::span<const int> orders, int) {
    Choice choice;
    int stock = level, due = arriving, code = code_without_orders;
    for (size_t i = 0; i < lanes_.size(); ++i) {
      const Lane& lane = lanes_[i];
      choice.cost += lane.unit_cost * orders[i] + (orders[i] > 0 ? lane.order_cost : 0);
      if (lane.lead_time == 0) {
        stock += orders[i];
      } else if (lane.lead_time == 1) {
        due += orders[i];
      } else {
        code += orders[i] * stride_[Index(lane.lead_time - 2)];
      }
    }
    choice.chance = stock;
    choice.base = pipelines_[Index(pipeline_of_code_[Index(code)])].first_state + due;
    choices.push_back(choice);
  });
}

std::vector<int> OneSiteProblem::OrdersOf(int state, int choice) const {
  std::vector<int> found;
  ForEachOrder(state, [&, number = 0](std::span<const int> orders, int) mutable {
    if (number++ == choice) found.assign(orders.begin(), orders.end());
  });
  RESTOCK_CHECK_EQ(found.size(), lanes_.size());
  return found;
}

int OneSiteProblem::ChoiceOf(int state, std::span<const int> wanted) const {
  int found = -1;
  ForEachOrder(state, [&, number = 0](std::span<const int> orders, int) mutable {
    if (std::ranges::equal(orders, wanted)) found = number;
    ++number;
  });
  RESTOCK_CHECK_GE(found, 0);
  return found;
}

OneSiteSolution SolveOneSite(const Network& network, std::span<const double> demand,
                             const DynamicProgramConfig& config) {
  OneSiteBounds bounds = OneSiteProblem::DefaultBounds(network, demand);
  while (true) {
    const OneSiteProblem problem(network, demand, bounds);
    OneSiteSolution solution{MinimizeAverageCost(problem, config), bounds};
    if (HasProvenBounds(network)) return solution;

    // how often the policy stands at a bound
    const int start = problem.StateOf(0, problem.ArrivingOf(0));
    const std::vector<double> share = StationaryDistribution(problem, solution.optimum.policy, start);
    double at_position = 0;
    std::vector<double> at_order(bounds.max_order.size());
    for (int state = 0; state < problem.num_states(); ++state) {
      if (share[Index(state)] == 0) continue;
      const std::vector<int> orders = problem.OrdersOf(state, solution.optimum.policy[Index(state)]);
      const int position = problem.PositionOf(state) + std::accumulate(orders.begin(), orders.end(), 0);
      if (position == bounds.max_position) at_position += share[Index(state)];
      for (size_t lane = 0; lane < orders.size(); ++lane)
        if (orders[lane] == bounds.max_order[lane]) at_order[lane] += share[Index(state)];
    }

    // wider where it does
    bool is_wide_enough = at_position < kUseOfBounds;
    if (!is_wide_enough) bounds.max_position += 1 + bounds.max_position / 4;
    for (size_t lane = 0; lane < at_order.size(); ++lane) {
      const float capacity = std::floor(network.lane_capacity[lane]);
      const auto wider = static_cast<float>(bounds.max_order[lane] + 1 + bounds.max_order[lane] / 4);
      if (at_order[lane] < kUseOfBounds || static_cast<float>(bounds.max_order[lane]) >= capacity) continue;
      bounds.max_order[lane] = static_cast<int>(std::min(capacity, wider));
      is_wide_enough = false;
    }
    if (is_wide_enough) return solution;
  }
}

}  // namespace restock
