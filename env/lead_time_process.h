#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "common/config_node.h"
#include "common/count_probabilities.h"
#include "common/random.h"
#include "env/past_orders.h"

namespace restock {

/// How long orders are under way.
struct LeadTimeDistribution {
  CountProbabilities probability = {1};  // of 0, 1, 2, ... periods, of an order by itself
  bool crossing = false;                 // an order may arrive before an earlier one
};

/// The lead time of lanes as a configuration tells it: as a distribution, or by past orders.
struct LeadTimeConfig {
  LeadTimeDistribution distribution;              // of past orders only whether they cross
  std::shared_ptr<const PastOrders> past_orders;  // null: none
  LeadTimeDistribution Of(std::string_view source, std::string_view warehouse, std::string_view sku,
                          PeriodLength period_length) const;
};

/// Reads `lead_time` of a lane: a whole number of periods, or a map with `kind` and what this kind needs:
///
///   {kind: given, probabilities: [0, 0.2, 0.5, 0.3]}   of 0, 1, 2, ... periods
///   {kind: uniform, low: 1, high: 3}
///   {kind: poisson, at_least: 1, mean: 2.5}            1 + a Poisson count of mean 1.5
///   {kind: geometric, at_least: 1, mean: 2.5}          1 + a geometric count of mean 1.5
///   {kind: past_orders, file: orders.csv}              see PastOrders
///
/// Each may have `crossing: true`. Poisson and geometric end at `longest`, by default where less than one order in a
/// million is longer; what would be longer takes as long as that. Throws ConfigError with file, line, value and cure.
LeadTimeConfig ReadLeadTime(ConfigNode& lane);

/// The distribution of the lead times that orders really have, where none may overtake another:
/// P(L <= l) = prod over k >= 0 of P(L' <= l + k), L' being that of an order by itself.
CountProbabilities LeadTimesWithoutCrossing(const CountProbabilities& alone);
/// The other way round: an L' whose orders have the lead times that were seen, P(L' <= l) = P(L <= l) / P(L <= l + 1).
/// Where this is no distribution function, which takes gaps in what was seen, the largest one below it.
CountProbabilities LeadTimesAlone(const CountProbabilities& seen);

/// Random lead times of lanes: those of (random, scenario, period, lane) are the same on any thread and in any order.
///
/// With crossing, each order has a lead time L' of its own. Without it the order of period t has
///
///   L_t = max over k >= 0 of (L'_(t-k) - k),
///
/// so it arrives no earlier than those before it. Of L', periods before the first count as well: the distribution is
/// the same in every period.
class LeadTimeProcess {
 public:
  LeadTimeProcess(const LeadTimeDistribution& distribution, const Random& random);

  /// Of orders placed in `period`.  `lead_time`: whole periods, [env]
  void LeadTimes(int period, std::span<const int> scenarios, int lane, float* lead_time) const;
  int shortest() const { return shortest_; }
  int longest() const { return longest_; }
  /// Of the lead times that orders really have.
  const CountProbabilities& probabilities() const { return probabilities_; }
  double mean() const { return MeanOf(probabilities_); }

 private:
  bool crossing_;
  int shortest_;
  int longest_;
  CountProbabilities probabilities_;
  std::vector<uint32_t> cut_;  // random words from cut_[i] on mean more than shortest_ + i periods
  uint64_t key_;
};

}  // namespace restock
