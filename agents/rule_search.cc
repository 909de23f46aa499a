#include "agents/rule_search.h"

#include <algorithm>
#include <atomic>

namespace restock {
namespace {

// Periods times sites that a candidate is simulated for.
constexpr int kWideSearch = 100'000;
constexpr int kFineSearch = 1'000'000;

// The protocol on so much demand: long-run costs by shorter runs, sums over a horizon by fewer or more of them.
EvaluationProtocol Shortened(const EvaluationProtocol& protocol, const Network& network, int num_site_periods) {
  EvaluationProtocol shortened = protocol;
  const int num_periods = std::max(1, num_site_periods / network.num_sites());
  if (protocol.kind == ProtocolKind::kAverage) {
    shortened.num_runs = num_site_periods >= kFineSearch ? 4 * kBlockSize : kBlockSize;
    shortened.num_periods = std::clamp(num_periods / shortened.num_runs, 100, 100'000);
  } else {
    const int length = protocol.warm_up + protocol.num_periods;
    shortened.num_runs = std::max(1, num_periods / length / kBlockSize) * kBlockSize;
  }
  return shortened;
}

}  // namespace

RuleSearch::RuleSearch(const Problem& problem, const EvaluationProtocol& protocol, const Random& random,
                       int num_threads)
    : num_threads_(num_threads),
      wide_(problem, Shortened(protocol, *problem.network, kWideSearch), random.Stream("wide"), /*keep_demand=*/true),
      fine_(problem, Shortened(protocol, *problem.network, kFineSearch), random.Stream("fine"), /*keep_demand=*/true) {}

TunedRule RuleSearch::Tune(const ClassicalRule& rule, const Watcher& watch) const {
  std::atomic<int> num_evaluations = 0;
  const auto cost_on = [&](const PolicyJudge& judge) -> IntegerObjective {
    return [&](std::span<const int> point) {
      const double cost = MeanOf(judge.Judge(*rule.make(point), RuleFeatures(), /*num_threads=*/1)).mean;
      const int so_far = ++num_evaluations;
      if (watch) watch(so_far);
      return cost;
    };
  };
  const IntegerSearchConfig config{.num_threads = num_threads_};
  const IntegerSearchResult wide = SearchIntegers(cost_on(wide_), rule.ranges, config);
  const IntegerSearchResult fine = RefineIntegers(cost_on(fine_), rule.ranges, wide.minima, config);

  TunedRule tuned{rule.name, {}, rule.make(fine.best), wide.num_evaluations + fine.num_evaluations};
  const std::vector<int> values = rule.values(fine.best);
  for (size_t i = 0; i < values.size(); ++i) tuned.parameters.emplace_back(rule.parameter_names[i], values[i]);
  return tuned;
}

}  // namespace restock
