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
        wanted_(kBlockSize),
        orders_(kBlockSize) {
    spec_ = {.num_envs = kBlockSize,
             .num_blocks = 1,
             .num_sites = 1,
             .num_lanes = 1,
             .num_periods = 1,
             .features = FeatureNames(network_),
             .max_order = kMostUnitsPerOrder};
    observation_.resize(Index(spec_.num_features()) * kBlockSize);
    observer_.WriteConstants(observation_.data());
    std::iota(scenarios_.begin(), scenarios_.end(), 0);
  }

  /// By state.
  std::vector<int> Ask(const OneSiteProblem& states) {
    std::vector<int> orders(Index(states.num_states()));
    for (int first = 0; first < states.num_states(); first += kBlockSize) {
      const int count = std::min(kBlockSize, states.num_states() - first);
      for (int env = 0; env < count; ++env) Put(states, first + env, env);
      Decide();
      for (int env = 0; env < count; ++env) orders[Index(first + env)] = static_cast<int>(orders_[Index(env)]);
    }
    return orders;
  }

 private:
  std::vector<int> AllFeatures() const {
    std::vector<int> all(FeatureNames(network_).size());
    std::iota(all.begin(), all.end(), 0);
    return all;
  }

  void Put(const OneSiteProblem& states, int number, int env) {
    const int level = states.LevelOf(number);
    state_.on_hand(0)[env] = static_cast<float>(std::max(level, 0));
    state_.backorders(0)[env] = static_cast<float>(std::max(-level, 0));
    const std::vector<int> arriving = states.ArrivingOf(number);
    for (int ahead = 1; ahead <= static_cast<int>(arriving.size()); ++ahead)
      state_.in_transit(0, ahead)[env] = static_cast<float>(arriving[Index(ahead - 1)]);
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
  AlignedVector observation_;
  AlignedVector wanted_;
  AlignedVector orders_;
  std::array<int, kBlockSize> scenarios_ = {};
};

bool IsSuited(const Problem& problem) {
  const Network& network = *problem.network;
  return problem.protocol.kind == ProtocolKind::kAverage && network.num_sites() == 1 && network.num_lanes() == 1 &&
         network.FirstFeature().empty() && !network.is_divisible && !problem.demand[0].empty();
}

double NumStates(const OneSiteBounds& bounds, int lead_time) {
  double states = bounds.max_position - bounds.min_level + 1;
  for (int ahead = 1; ahead < lead_time; ++ahead) states *= bounds.max_order[0] + 1;
  return states;
}

}  // namespace

std::optional<double> ExactAverageCost(const Problem& problem, const Policy& policy) try {
  if (!IsSuited(problem)) return std::nullopt;
  const Network& network = *problem.network;
  const CountProbabilities& demand = problem.demand[0];
  OrdersByState policy_orders(problem, policy);

  // as many states as the policy comes to: wider bounds until they cut no order off
  OneSiteBounds bounds = OneSiteProblem::DefaultBounds(network, demand);
  for (int round = 0; round < kMostRounds; ++round) {
    if (NumStates(bounds, network.lead_time[0]) > 30 * kMostStates) return std::nullopt;
    const OneSiteProblem states(network, demand, bounds);
    if (states.num_states() > kMostStates) return std::nullopt;
    const std::vector<int> wanted = policy_orders.Ask(states);
    StatePolicy choices(wanted.size());
    for (int state = 0; state < states.num_states(); ++state)
      choices[Index(state)] =
          std::min({wanted[Index(state)], bounds.max_order[0], bounds.max_position - states.PositionOf(state)});

    const std::vector<int> nothing(Index(std::max(network.lead_time[0] - 1, 0)), 0);
    const std::vector<double> share = StationaryDistribution(states, choices, states.StateOf(0, nothing));
    double cost = 0, cut_off = 0;
    OneSiteBounds wider = bounds;
    std::vector<SmallProblem::Choice> options;
    for (int state = 0; state < states.num_states(); ++state) {
      const double weight = share[Index(state)];
      if (weight == 0) continue;
      states.Choices(state, options);
      const SmallProblem::Choice& choice = options[Index(choices[Index(state)])];
      cost += weight * (choice.cost + states.chances()[Index(choice.chance)].cost);
      if (choices[Index(state)] == wanted[Index(state)] || weight < kNegligible) continue;
      cut_off += weight;
      wider.max_order[0] = std::max(wider.max_order[0], wanted[Index(state)]);
      wider.max_position = std::max(wider.max_position, states.PositionOf(state) + wanted[Index(state)]);
    }
    if (cut_off == 0) return cost;
    bounds = wider;
  }
  return std::nullopt;
} catch (const ConfigError&) {
  return std::nullopt;  // no problem of one site that can be solved
}

}  // namespace restock
