#include "experiments/service.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/error.h"
#include "optimization/replenishment_lp.h"

namespace restock {
namespace {

constexpr int kMostStocks = 60'000;  // sites times periods times paths of one program

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += "\n  " + word;
  return text;
}

/// `service.fill_rate of 0.98 within storage`
std::string RequirementWords(const ServiceRequirement& requirement) {
  if (!requirement.within_storage) return fmt::format("service.fill_rate of {}", requirement.fill_rate);
  if (requirement.fill_rate == 0) return "service.within_storage";
  return fmt::format("service.fill_rate of {} with service.within_storage", requirement.fill_rate);
}

}  // namespace

void CheckService(const ServiceConfig& config, const Network& network, const Eigen::MatrixXd& expected, int phase) {
  const bool names_frontier = config.names_frontier && !config.frontier.empty();
  if (!config.IsRequired() && !names_frontier) return;
  if (const std::string unknown = ReplenishmentLp::FirstUnknown(network); !unknown.empty())
    throw ConfigError(fmt::format("{}: {} cannot be {}: a linear program cannot tell {}. Leave it out.", config.where,
                                  config.IsRequired() ? RequirementWords(config.requirement) : "service.frontier",
                                  config.IsRequired() ? "checked" : "priced", unknown));
  if (!config.IsRequired()) return;
  const auto clash = FindPlanClash(network, ReplenishmentStart::Initial(network, phase), expected, config.requirement);
  if (!clash) return;
  throw ConfigError(fmt::format(
      "{}: {} cannot be kept: no plan of {} periods from the stock at the start does. These contradict each "
      "other{}:{}{}\nAt most {:.1f} % of the demand of these sites can be met at once. Raise one of these limits, "
      "begin with more stock, or ask for less.",
      config.where, RequirementWords(config.requirement), expected.rows(),
      clash->is_smallest ? "" : " (some may not be needed)", Joined(clash->limits), Joined(clash->flows),
      100 * std::clamp(clash->most_met, 0.0, 1.0)));
}

ServiceResult PriceService(const ServiceConfig& config, const Network& network, const DemandSource& demand,
                           int num_periods) {
  const int affordable = std::max(1, kMostStocks / (network.num_sites() * num_periods));
  const int num_paths = std::min({config.num_paths, affordable, kBlockSize, demand.num_scenarios()});
  std::vector<int> scenarios(kBlockSize);
  for (int env = 0; env < kBlockSize; ++env) scenarios[static_cast<size_t>(env)] = env % num_paths;
  std::vector<Eigen::MatrixXd> paths(static_cast<size_t>(num_paths), Eigen::MatrixXd(num_periods, network.num_sites()));
  Eigen::ArrayXXf asked(kBlockSize, network.num_sites());
  for (int period = 0; period < num_periods; ++period) {
    demand.Demand(period, scenarios, network, asked.data());
    for (int path = 0; path < num_paths; ++path)
      paths[static_cast<size_t>(path)].row(period) = asked.row(path).cast<double>().matrix();
  }
  return {FindServiceFrontier(network, ReplenishmentStart::Initial(network, demand.first_phase()), paths,
                              config.frontier, /*credit_leftovers=*/true),
          num_paths, num_periods};
}

nlohmann::ordered_json ToJson(const ServiceResult& result) {
  const ServiceFrontier& frontier = result.frontier;
  nlohmann::ordered_json points = nlohmann::ordered_json::array();
  for (const ServicePoint& point : frontier.points)
    points.push_back({{"fill_rate", point.fill_rate}, {"cost", point.cost}, {"marginal_cost", point.marginal_cost}});
  return {{"asked", frontier.asked},   {"cheapest", frontier.cheapest}, {"most", frontier.most},
          {"chosen", frontier.chosen}, {"num_paths", result.num_paths}, {"num_periods", result.num_periods},
          {"points", points}};
}

}  // namespace restock
