#include "env/problem_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/text.h"
#include "env/network_config.h"
#include "env/network_places.h"
#include "env/problem_demand.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

CorrelationMatrix ReadCorrelation(ConfigNode& root, int num_places) {
  CorrelationMatrix correlation;
  if (!root.Has("demand_correlation")) return correlation;
  root.Read("demand_correlation", correlation, Between(-1, 1));
  const bool is_one_number = correlation.size() == 1 && correlation[0].size() == 1;
  if (is_one_number) correlation = NormalScores::Equal(num_places, correlation[0][0]);
  if (static_cast<int>(correlation.size()) != num_places)
    root.Fail("demand_correlation", fmt::format("needs a row for each of the {} entries of demand, but has {}",
                                                num_places, correlation.size()));
  if (!NormalScores::IsPossible(correlation))
    root.Fail("demand_correlation",
              "is no matrix of correlations: it must be symmetric, with ones on its diagonal, and places cannot all go "
              "against each other");
  return correlation;
}

// demand needs a place of its name, or one that a pattern stands for
void CheckLocation(const ConfigNode& demand, const std::string& name, const NetworkConfig& config) {
  std::vector<std::string> names;
  for (const LocationConfig& location : config.locations) {
    if (Matches(location.name, name)) return;
    names.push_back(location.name);
  }
  demand.Fail("location", fmt::format("{} is none of network.locations.{}", Quote(name), Suggestion(name, names)));
}

// for exact solutions
CountProbabilities StationaryCounts(const DemandProcess& process) {
  if (process.states.empty() || !process.is_stationary() || !process.is_whole()) return {};
  return process.states[0].Counts();
}

// the sites that sell come in an order of their own
CorrelationMatrix InOrderOfSites(const CorrelationMatrix& by_entry, const Network& network) {
  if (by_entry.empty()) return {};
  std::vector<size_t> entries;
  for (const int column : network.site_series)
    if (column != kNoSeries) entries.push_back(Index(column));
  CorrelationMatrix by_site(entries.size(), std::vector<double>(entries.size()));
  for (size_t row = 0; row < entries.size(); ++row)
    for (size_t column = 0; column < entries.size(); ++column)
      by_site[row][column] = by_entry[entries[row]][entries[column]];
  return by_site;
}

}  // namespace

Problem ReadProblem(ConfigNode root) {
  // demand, and the series that the network sells
  std::vector<Series> series;
  std::vector<DemandProcess> demand;
  std::vector<double> means;
  std::vector<ConfigNode> where;
  for (ConfigNode& node : root.Child("demand").Items()) {
    std::string location = "store";
    node.Read("location", location);
    const auto is_here = [&](const Series& one) { return one.warehouse == location; };
    if (std::ranges::any_of(series, is_here))
      node.Fail("location", fmt::format("{} has demand twice: keep one entry", location));
    where.push_back(node);
    demand.push_back(ReadDemandProcess(node));
    node.ExpectNoMoreKeys();
    means.push_back(std::max(demand.back().FirstMean(), 0.0));
    series.push_back({location, "item", ""});
  }
  if (series.empty()) root.Fail("demand", "needs a location that sells: {location: store, kind: poisson, mean: 5}");
  const CorrelationMatrix correlation = ReadCorrelation(root, static_cast<int>(demand.size()));
  const NetworkConfig config = ReadNetworkConfig(root.Child("network"));
  for (size_t i = 0; i < series.size(); ++i) CheckLocation(where[i], series[i].warehouse, config);
  Problem problem;
  problem.protocol = ReadProtocol(root.Child("protocol"));
  problem.promotions = ReadPromotions(root);
  for (const char* key : {"name", "seed", "threads", "linear_programs", "agents", "training", "scenarios", "evaluation",
                          "service", "best_known"})
    root.Has(key);  // of those who run it
  root.ExpectNoMoreKeys();

  for (size_t i = 0; i < demand.size(); ++i) {
    if (!config.is_divisible && !demand[i].is_none() && !demand[i].is_whole())
      where[i].Fail("kind",
                    "draws parts of units, but goods come in whole ones: take rounded_normal or another kind of "
                    "counts, or say network.goods: divisible");
  }
  problem.network = std::make_shared<Network>(BuildNetwork(config, series, means, PeriodLength::kDay));
  CheckLeadTimesFit(config, *problem.network, problem.protocol.warm_up + problem.protocol.num_periods);
  CheckPromotedSites(problem.promotions, *problem.network);
  problem.correlation = InOrderOfSites(correlation, *problem.network);
  for (const int column : problem.network->site_series) {
    problem.processes.push_back(column == kNoSeries ? DemandProcess() : demand[Index(column)]);
    problem.demand.push_back(problem.correlation.empty() ? StationaryCounts(problem.processes.back())
                                                         : CountProbabilities());
  }
  return problem;
}

std::unique_ptr<DemandSource> MakeProblemDemand(const Problem& problem, int num_periods, const Random& random) {
  auto demand = MakeProcessSource(*problem.network, problem.processes, problem.correlation, num_periods, random);
  return problem.MeetsPromotions() ? PromoteDemand(std::move(demand), *problem.network, problem.promotions)
                                   : std::move(demand);
}

}  // namespace restock
