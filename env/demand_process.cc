#include "env/demand_process.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <fmt/format.h>

#include "env/markov_chain.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

void ReadValues(ConfigNode& node, DemandProcess& demand) {
  node.Read("values", demand.values, Between(0, 1 << 20));
  if (demand.values.empty()) node.Fail("values", "needs at least one value: [4, 4, 4, 4, 8]");
}

std::vector<double> ReadProbabilities(ConfigNode& node, const char* key, size_t num_states) {
  std::vector<double> probabilities;
  node.Read(key, probabilities, Between(0, 1));
  if (probabilities.size() != num_states)
    node.Fail(key, fmt::format("needs a probability for each of the {} states, but has {}", num_states,
                               probabilities.size()));
  const double total = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
  if (std::abs(total - 1) > 1e-6) node.Fail(key, fmt::format("must sum to 1, but sums to {}", total));
  for (double& probability : probabilities) probability /= total;
  return probabilities;
}

void ReadStates(ConfigNode& node, DemandProcess& demand) {
  std::vector<ConfigNode> states = node.Child("states").Items();
  if (states.size() < 2 || states.size() > MarkovChain::kMaxStates)
    node.Fail("states", fmt::format("needs 2 to {} states, but has {}", MarkovChain::kMaxStates, states.size()));
  for (ConfigNode& state : states) {
    demand.states.push_back(ReadDemandDistribution(state));
    if (!state.Has("next")) state.Fail("needs next: probabilities of the states in the period after");
    demand.transition.push_back(ReadProbabilities(state, "next", states.size()));
    state.ExpectNoMoreKeys();
  }
  if (node.Has("first")) demand.first = ReadProbabilities(node, "first", states.size());
}

void ReadEffects(ConfigNode& node, DemandProcess& demand) {
  const bool are_given = node.Has("trend") || node.Has("season") || node.Has("shock");
  if (!are_given) return;
  for (const DemandDistribution& state : demand.states) {
    if (state.kind == DemandKind::kUniform)
      node.Fail("cannot have trend, season or shock: a uniform distribution has no mean to multiply");
  }
  if (node.Has("trend")) node.Read("trend", demand.trend, Between(-1, 1));
  if (node.Has("season")) {
    ConfigNode season = node.Child("season");
    for (const char* key : {"amplitude", "periods"})
      if (!season.Has(key)) season.Fail(fmt::format("needs {}: {{amplitude: 0.5, periods: 30}}", key));
    season.Read("amplitude", demand.season_amplitude, Between(-1, 1));
    season.Read("periods", demand.season_periods, Between(1, 10000));
    season.ExpectNoMoreKeys();
  }
  if (node.Has("shock")) {
    ConfigNode shock = node.Child("shock");
    for (const char* key : {"factor", "period"})
      if (!shock.Has(key)) shock.Fail(fmt::format("needs {}: {{factor: 2, period: 15}}", key));
    shock.Read("factor", demand.shock_factor, Between(0, 1000));
    shock.Read("period", demand.shock_period, AtLeast(0));
    shock.ExpectNoMoreKeys();
  }
}

}  // namespace

bool DemandProcess::is_homogeneous() const {
  const bool moves = trend != 0 || season_amplitude != 0 || shock_factor != 1;
  return values.size() <= 1 && !moves;
}

bool DemandProcess::is_whole() const {
  return std::none_of(states.begin(), states.end(), [](const auto& state) { return state.is_normal(); }) &&
         std::all_of(values.begin(), values.end(), [](double value) { return value == std::floor(value); });
}

bool DemandProcess::may_be_negative() const {
  return std::any_of(states.begin(), states.end(), [](const auto& state) { return state.kind == DemandKind::kNormal; });
}

double DemandProcess::Factor(int period) const {
  const auto t = static_cast<double>(period);
  const double season = 1 + season_amplitude * std::sin(2 * std::numbers::pi * t / season_periods);
  return std::max(1 + trend * t, 0.0) * season * (period >= shock_period ? shock_factor : 1);
}

double DemandProcess::Value(int period) const { return values[std::min(Index(period), values.size() - 1)]; }

DemandDistribution DemandProcess::At(int period, int state) const {
  const double factor = Factor(period);
  return factor == 1 ? states[Index(state)] : states[Index(state)].Times(factor);
}

double DemandProcess::FirstMean() const {
  if (!values.empty()) return values[0];
  if (states.empty()) return 0;
  std::vector<double> probability = first;
  if (transition.empty()) probability = {1};
  if (probability.empty()) probability = StationaryProbabilities(transition);
  double mean = 0;
  for (int state = 0; state < num_states(); ++state) mean += probability[Index(state)] * At(0, state).moments().mean;
  return mean;
}

DemandProcess ReadDemandProcess(ConfigNode& node) {
  DemandProcess demand;
  std::vector<std::pair<std::string, std::string>> kinds = {{"list", "list"}, {"markov", "markov"}};
  for (const std::string& name : DemandKindNames()) kinds.emplace_back(name, name);
  std::string kind = "poisson";
  node.ReadChoice("kind", kind, kinds);
  if (kind == "list") {
    ReadValues(node, demand);
    return demand;
  }
  if (kind == "markov") {
    ReadStates(node, demand);
  } else {
    demand.states.push_back(ReadDemandDistribution(node));
  }
  ReadEffects(node, demand);
  return demand;
}

}  // namespace restock
