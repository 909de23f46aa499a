#include "agents/learner_suits.h"

#include <algorithm>
#include <string>

#include "agents/single_site.h"
#include "common/error.h"

namespace restock {
namespace {

constexpr int kMostSites = 64;

std::string WhyNotPathwise(const Network& network) {
  const auto costs = [](float cost) { return cost > 0; };
  if (network.num_sites() > kMostSites) return "this network has more than " + std::to_string(kMostSites) + " sites.";
  if (network.CalendarCycle() != 1) return "here lanes have order calendars.";
  if (std::ranges::any_of(network.order_cost, costs)) return "here an order costs something, whatever its size.";
  if (!network.vehicles.empty()) return "here each vehicle costs something, however full it is.";
  if (!network.order_sizes.empty()) return "here orders come in packs or have a minimum.";
  return "";
}

}  // namespace

void CheckPathwise(const Network& network) {
  const std::string why_not = WhyNotPathwise(network);
  if (why_not.empty()) return;
  throw ConfigError("agents.pathwise cannot tell by gradients what is best: " + why_not +
                    " Use agents=ppo or agents=dqn.");
}

void CheckPolicyIteration(const Network& network, bool has_steady_demand, int horizon) {
  const std::string more = horizon > 0 ? "here time has an end." : SingleSite::WhatElse(network, has_steady_demand);
  if (more.empty()) return;
  throw ConfigError(
      "agents.policy_iteration learns what costs least in the long run, for one site that orders in every period on "
      "one lane from outside supply; " +
      more + " Use agents=pathwise, agents=ppo or agents=dqn.");
}

void CheckLearner(const AgentConfig& agent, const Network& network, bool has_steady_demand, int horizon) {
  if (std::holds_alternative<PathwiseConfig>(agent.settings)) CheckPathwise(network);
  if (std::holds_alternative<PolicyIterationConfig>(agent.settings))
    CheckPolicyIteration(network, has_steady_demand, horizon);
}

}  // namespace restock
