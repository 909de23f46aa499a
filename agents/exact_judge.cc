#include "agents/exact_judge.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "common/error.h"
#include "env/observation.h"
#include "env/order_decoder.h"
#include "optimization/one_site_problem.h"

namespace restock {
namespace {

constexpr double kNegligible = 1e-10;  // share of time in states whose orders the bounds cut off
constexpr double kMostStates = 3e6;
constexpr int kMostRounds = 20;

size_t Index(int i) { return static_cast<size_t>(i); }

/// Asks a policy what it orders in states that are put before it, a block at a time.
class OrdersByState {
 public:
  OrdersByState(const Problem& problem, const Policy& policy)
      : network_(*problem.network),
        policy_(policy),
        demand_(MakeProblemDemand(problem, /*num_periods=*/1, Random(0))),
        decoder_(network_),
        observer_(network_, *demand_, AllFeatures()),
        scratch_(network_),
        state_(network_),
        wanted_(Index(network_.num_lanes()) * kBlockSize),
        orders_(Index(network_.num_lanes()) * kBlockSize) {
    spec_ = {.num_envs = kBlockSize,
             .num_blocks = 1,
             .num_sites = 1,
             .num_lanes = network_.num_lanes(),
             .num_periods = 1,
             .features = FeatureNames(network_),
             .max_order = kMostUnitsPerOrder};
    observation_.resize(Index(spec_.num_features()) * kBlockSize);
    observer_.WriteConstants(observation_.data());
    std::iota(scenarios_.begin(), scenarios_.end(), 0);
    slowest_ = static_cast<int>(std::ranges::max_element(network_.lead_time) - network_.lead_time.begin());
  }

  /// Units by state and lane.  [state * num_lanes + lane]
  std::vector<int> Ask(const OneSiteProblem& states) {
    const int num_lanes = network_.num_lanes();
    std::vector<int> orders(Index(states.num_states()) * Index(num_lanes));
    for (int first = 0; first < states.num_states(); first += kBlockSize) {
      const int count = std::min(kBlockSize, states.num_states() - first);
      for (int env = 0; env < count; ++env) Put(states, first + env, env);
      Decide();
      for (int env = 0; env < count; ++env)
        for (int lane = 0; lane < num_lanes; ++lane)
          orders[Index((first + env) * num_lanes + lane)] = static_cast<int>(orders_[Index(lane * kBlockSize + env)]);
    }
    return orders;
  }

 private:
  std::vector<int> AllFeatures() const {
    std::vector<int> all(FeatureNames(network_).size());
    std::iota(all.begin(), all.end(), 0);
    return all;
  }

  // All that is on its way comes on the slowest lane: it matters when it comes, not from where.
  void Put(const OneSiteProblem& states, int number, int env) {
    const int level = states.LevelOf(number);
    state_.on_hand(0)[env] = static_cast<float>(std::max(level, 0));
    state_.backorders(0)[env] = static_cast<float>(std::max(-level, 0));
    const std::vector<int> arriving = states.ArrivingOf(number);
    for (int ahead = 1; ahead <= static_cast<int>(arriving.size()); ++ahead)
      state_.in_transit(slowest_, ahead)[env] = static_cast<float>(arriving[Index(ahead - 1)]);
  }

  void Decide() {
    observer_.Observe(state_, {.period = 0, .phase = 0, .scenarios = scenarios_}, scratch_, observation_.data(), false);
    const DecisionContext context{
        .network = network_,
        .spec = spec_,
        .observation = Eigen::Map<const Eigen::MatrixXf>(observation_.data(), kBlockSize, spec_.num_features()),
        .state = state_,
        .demand = *demand_,
        .scenarios = scenarios_};
    std::ranges::fill(wanted_, 0.f);
    policy_.Act(context, policy_.MakeMemory(network_).get(), wanted_);
    decoder_.Decode(/*phase=*/0, wanted_, Rows{orders_.data()});
  }

  const Network& network_;
  const Policy& policy_;
  std::unique_ptr<DemandSource> demand_;
  OrderDecoder decoder_;
  Observer observer_;
  Observer::Scratch scratch_;
  NetworkState state_;
  EnvSpec spec_;
  int slowest_ = 0;  // lane
  AlignedVector observation_;
  AlignedVector wanted_;
  AlignedVector orders_;
  std::array<int, kBlockSize> scenarios_ = {};
};

bool IsSuited(const Problem& problem) {
  const Network& network = *problem.network;
  return problem.protocol.kind == ProtocolKind::kAverage && network.num_sites() == 1 &&
         network.FirstFeature().empty() && !network.is_divisible && !problem.demand[0].empty();
}

double NumStates(const OneSiteBounds& bounds, int lead_time) {
  double states = bounds.max_position - bounds.min_level + 1;
  const int most = std::accumulate(bounds.max_order.begin(), bounds.max_order.end(), 0);
  for (int ahead = 1; ahead < lead_time; ++ahead) states *= most + 1;
  return states;
}

/// What the policy wants, as far as the bounds leave room, the first lane first.
std::vector<int> Within(const OneSiteBounds& bounds, int room, std::span<const int> wanted) {
  std::vector<int> orders(wanted.begin(), wanted.end());
  for (size_t lane = 0; lane < orders.size(); ++lane) {
    orders[lane] = std::min({orders[lane], bounds.max_order[lane], room});
    room -= orders[lane];
  }
  return orders;
}

/// The cost within `bounds`, and wider ones where these cut something off that happens.
struct BoundedCost {
  double cost = 0;
  bool is_cut_off = false;
  OneSiteBounds wider;
};

BoundedCost CostWithin(const OneSiteBounds& bounds, const OneSiteProblem& states, const std::vector<int>& wanted) {
  const size_t num_lanes = bounds.max_order.size();
  const auto wanted_in = [&](int state) { return std::span(wanted).subspan(Index(state) * num_lanes, num_lanes); };
  StatePolicy choices(Index(states.num_states()));
  for (int state = 0; state < states.num_states(); ++state) {
    const int room = bounds.max_position - states.PositionOf(state);
    choices[Index(state)] = states.ChoiceOf(state, Within(bounds, room, wanted_in(state)));
  }

  const std::vector<double> share = StationaryDistribution(states, choices, states.StateOf(0, states.ArrivingOf(0)));
  BoundedCost result{.wider = bounds};
  double at_lowest = 0;
  std::vector<SmallProblem::Choice> options;
  for (int state = 0; state < states.num_states(); ++state) {
    const double weight = share[Index(state)];
    if (weight == 0) continue;
    states.Choices(state, options);
    const SmallProblem::Choice& choice = options[Index(choices[Index(state)])];
    result.cost += weight * (choice.cost + states.chances()[Index(choice.chance)].cost);
    if (bounds.min_level < 0 && states.LevelOf(state) == bounds.min_level) at_lowest += weight;
    if (weight < kNegligible) continue;

    const auto orders = wanted_in(state);
    const int position = states.PositionOf(state) + std::accumulate(orders.begin(), orders.end(), 0);
    if (position > result.wider.max_position) result.wider.max_position = position + position / 4;
    for (size_t lane = 0; lane < num_lanes; ++lane)
      result.wider.max_order[lane] = std::max(result.wider.max_order[lane], orders[lane]);
  }
  if (at_lowest > kNegligible) result.wider.min_level *= 2;
  result.is_cut_off = result.wider.max_position > bounds.max_position || result.wider.min_level < bounds.min_level ||
                      result.wider.max_order != bounds.max_order;
  return result;
}

}  // namespace

std::optional<double> ExactAverageCost(const Problem& problem, const Policy& policy) try {
  if (!IsSuited(problem)) return std::nullopt;
  const Network& network = *problem.network;
  const CountProbabilities& demand = problem.demand[0];
  OrdersByState policy_orders(problem, policy);

  // as many states as the policy comes to: wider bounds until they cut nothing off
  OneSiteBounds bounds = OneSiteProblem::DefaultBounds(network, demand);
  for (int round = 0; round < kMostRounds; ++round) {
    if (NumStates(bounds, network.max_lead_time()) > 30 * kMostStates) return std::nullopt;
    const OneSiteProblem states(network, demand, bounds);
    if (states.num_states() > kMostStates) return std::nullopt;
    const BoundedCost result = CostWithin(bounds, states, policy_orders.Ask(states));
    if (!result.is_cut_off) return result.cost;
    bounds = result.wider;
  }
  return std::nullopt;
} catch (const ConfigError&) {
  return std::nullopt;  // no problem of one site that can be solved
}

}  // namespace restock
