#include "optimization/serial_system.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common/check.h"
#include "common/count_probabilities.h"
#include "common/error.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr double kRareDemand = 1e-12;

/// A function of an echelon's inventory level, on whole numbers from `low` on; below it goes on as a straight line, as
/// costs do where every further unit short waits.
class LevelFunction {
 public:
  LevelFunction(int low, int high) : low_(low), values_(Index(high - low + 1)) {}

  int low() const { return low_; }
  int high() const { return low_ + static_cast<int>(values_.size()) - 1; }
  double& operator[](int level) { return values_[Index(level - low_)]; }
  double operator()(int level) const {
    if (level >= low_) return values_[Index(level - low_)];
    return values_[0] + (low_ - level) * (values_[0] - values_[1]);
  }
  int LowestPoint() const { return low_ + static_cast<int>(std::ranges::min_element(values_) - values_.begin()); }

 private:
  int low_;
  std::vector<double> values_;
};

/// Sites from the customer upwards.
std::vector<int> ChainOf(const Network& network) {
  const auto fail = [](const char* what) { throw ConfigError(fmt::format("the exact solution needs {}.", what)); };
  if (network.CalendarCycle() != 1) fail("orders in every period: leave out order_days and review_period");
  std::vector<int> chain;
  for (int site = network.sites_downstream_first.front(); site != kOutside;) {
    chain.push_back(site);
    if (network.lanes_into[Index(site)].size() != 1) fail("a chain of sites, each supplied on one lane");
    const auto lane = Index(network.lanes_into[Index(site)].front());
    if (network.order_cost[lane] > 0) fail("a chain without order_cost");
    if (network.lane_capacity[lane] < kUnlimited) fail("a chain without lane_capacity");
    site = network.lane_origin[lane];
  }
  if (static_cast<int>(chain.size()) != network.num_sites()) fail("a chain of sites, each feeding the next");
  for (const int site : chain)
    if ((network.site_series[Index(site)] != kNoSeries) != (site == chain.front()))
      fail("demand at the chain's end alone");
  if (network.backorder_share[Index(chain.front())] != 1) fail("backorders at the chain's end");
  for (int location = 0; location < network.num_locations(); ++location)
    if (network.overflow_cost[Index(location)] > 0) fail("a chain without overflow_cost");
  return chain;
}

}  // namespace

SerialSolution ClarkScarf(const std::vector<SerialStage>& stages, double stockout_cost,
                          std::span<const double> demand) {
  RESTOCK_CHECK(!stages.empty() && stockout_cost > 0);
  int total_lead_time = 1;
  double penalty =
      stockout_cost;  // p + h of all echelons: a unit short at the customer is also missing in each of them
  for (const SerialStage& stage : stages) {
    RESTOCK_CHECK(stage.lead_time >= 0 && stage.echelon_holding_cost >= 0);
    total_lead_time += stage.lead_time;
    penalty += stage.echelon_holding_cost;
  }
  const int most_demand = QuantileOf(SumOf(total_lead_time, demand), 1 - kRareDemand);

  // what a shortage costs at the customer
  LevelFunction induced(-most_demand, most_demand);
  for (int level = induced.low(); level <= induced.high(); ++level) induced[level] = penalty * std::max(-level, 0);

  SerialSolution solution;
  for (const SerialStage& stage : stages) {
    // the stage's cost by its position after ordering: a lead time later demand has come, and the level is what it is
    const CountProbabilities lead_time_demand = SumOf(stage.lead_time, demand);
    LevelFunction cost(induced.low(), induced.high());
    for (int position = cost.low(); position <= cost.high(); ++position) {
      double expected = 0;
      for (int units = 0; units < static_cast<int>(lead_time_demand.size()); ++units) {
        if (lead_time_demand[Index(units)] == 0) continue;
        const int level = position - units;
        expected += lead_time_demand[Index(units)] * (stage.echelon_holding_cost * level + induced(level));
      }
      cost[position] = expected;
    }
    const int best = cost.LowestPoint();
    solution.base_stock_level.push_back(best);
    solution.cost = cost(best);

    // what a shortage here costs the stages so far: they get less than they would order
    for (int level = induced.low(); level <= induced.high(); ++level) induced[level] = cost(std::min(level, best));
  }
  return solution;
}

SerialSolution SolveSerial(const Network& network, std::span<const double> demand) {
  const std::vector<int> chain = ChainOf(network);
  const double mean = MeanOf(demand);
  std::vector<SerialStage> stages;
  double difference = 0;  // of the book's cost to ours
  for (size_t i = 0; i < chain.size(); ++i) {
    const auto lane = Index(network.lanes_into[Index(chain[i])].front());
    const double holding = network.holding_cost[Index(chain[i])];
    const double holding_above = i + 1 < chain.size() ? network.holding_cost[Index(chain[i + 1])] : 0;
    if (holding <= holding_above)
      throw ConfigError(
          fmt::format("the exact solution needs a holding_cost that grows towards the customer, but at {} it "
                      "is {} and before it {}.",
                      network.SiteName(chain[i]), holding, holding_above));
    difference -= network.unit_cost[lane] * mean;
    if (i > 0 && network.lead_time[lane] == 0) {
      // what comes at once is sent on in the next period, as after a lead time of one, and held here until then
      stages.push_back({holding - holding_above, 1});
      continue;
    }
    stages.push_back({holding - holding_above, network.lead_time[lane] + (i == 0 ? 1 : 0)});
    difference += holding_above * mean * network.lead_time[lane];  // goods under way
    if (i > 0) difference += (holding - holding_above) * mean;     // demand of the period comes before its cost
  }
  const SerialSolution textbook = ClarkScarf(stages, network.stockout_cost[Index(chain.front())], demand);
  SerialSolution solution{textbook.cost - difference, std::vector<int>(chain.size())};
  for (size_t i = 0; i < chain.size(); ++i) solution.base_stock_level[Index(chain[i])] = textbook.base_stock_level[i];
  return solution;
}

}  // namespace restock
