// One warehouse and its retailers as Kaynov et al. (2024) tell it, simulated once more in plain words with random
// numbers of the standard library: all 14 instances, by both rules that share what the warehouse has, must cost the
// same in the simulator.

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <functional>
#include <numeric>
#include <random>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/env/problem_run.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

using Generator = std::mt19937_64;
using Draw = std::function<int(Generator&)>;

Draw Poisson(double mean) {
  return [mean](Generator& random) { return std::poisson_distribution<int>(mean)(random); };
}
Draw RoundedNormal(double mean, double deviation) {
  return [mean, deviation](Generator& random) {
    const double value = std::normal_distribution<double>(mean, deviation)(random);
    return static_cast<int>(std::round(std::max(0.0, value)));
  };
}
Draw UpToSix() {
  return [](Generator& random) { return std::uniform_int_distribution<int>(0, 6)(random); };
}
struct Retailer {
  int lead_time = 1;
  int level = 10;  // base-stock
  Draw demand = Poisson(3);
  int start = level;
};

enum class Regime { kLostSales, kBackorders, kEmergencies };

struct Instance {
  Regime regime;
  int warehouse_lead_time;
  int warehouse_level;  // of the echelon
  std::vector<Retailer> retailers;
  double warehouse_holding_cost = 0.5, holding_cost = 1, shortage_cost = 9;
  int warehouse_start = -1;  // -1: what retailers leave of the level
};

/// What `wanted` gets of `stock`: in proportion, rounded down; or unit by unit to whom most is missing.
std::vector<int> Share(const std::vector<int>& wanted, int stock, bool in_proportion) {
  const int total = std::accumulate(wanted.begin(), wanted.end(), 0);
  if (total <= stock) return wanted;
  std::vector<int> given(wanted.size());
  if (in_proportion) {
    for (size_t i = 0; i < wanted.size(); ++i) given[i] = wanted[i] * stock / total;
    return given;
  }
  std::vector<int> missing = wanted;
  for (; stock > 0; --stock) {
    const auto most = static_cast<size_t>(std::max_element(missing.begin(), missing.end()) - missing.begin());
    --missing[most];
    ++given[most];
  }
  return given;
}

/// Cost of 100 periods of one path.
double CostOfPath(const Instance& instance, bool in_proportion, Generator& random) {
  const size_t num_retailers = instance.retailers.size();
  int retailers_start = 0;
  std::vector<int> stock, net(num_retailers);
  std::vector<std::deque<int>> pipeline;
  for (const Retailer& retailer : instance.retailers) {
    stock.push_back(retailer.start);
    retailers_start += retailer.start;
    pipeline.emplace_back(retailer.lead_time, 0);
  }
  int warehouse = instance.warehouse_start >= 0 ? instance.warehouse_start
                                                : std::max(0, instance.warehouse_level - retailers_start);
  std::deque<int> inbound(Index(instance.warehouse_lead_time), 0);
  double cost = 0;
  for (int period = 0; period < 100; ++period) {
    warehouse += inbound.front();
    inbound.pop_front();

    // orders up to the levels, of what is there and on its way; stock is negative where customers wait
    std::vector<int> wanted;
    int system = warehouse + std::accumulate(inbound.begin(), inbound.end(), 0);
    for (size_t i = 0; i < num_retailers; ++i) {
      const int position = stock[i] + std::accumulate(pipeline[i].begin(), pipeline[i].end(), 0);
      wanted.push_back(std::max(0, instance.retailers[i].level - position));
      system += position;
    }
    inbound.push_back(std::max(0, instance.warehouse_level - system));
    const std::vector<int> sent = Share(wanted, warehouse, in_proportion);
    warehouse -= std::accumulate(sent.begin(), sent.end(), 0);

    for (size_t i = 0; i < num_retailers; ++i) {
      pipeline[i].push_back(sent[i]);
      stock[i] += pipeline[i].front();
      pipeline[i].pop_front();
      stock[i] -= instance.retailers[i].demand(random);
      int unmet = std::max(0, -stock[i]);
      if (instance.regime == Regime::kEmergencies) {
        const int accept = std::binomial_distribution<int>(unmet, 0.8)(random);
        const int served = std::min(accept, warehouse);
        warehouse -= served;
        unmet -= served;
      }
      cost += instance.shortage_cost * unmet + instance.holding_cost * std::max(0, stock[i]);
      if (instance.regime != Regime::kBackorders) stock[i] = std::max(0, stock[i]);
    }
    cost += instance.warehouse_holding_cost * warehouse;
  }
  return cost;
}

MeanWithError CostInWords(const Instance& instance, bool in_proportion, int num_paths) {
  Generator random(1);
  double sum = 0, squares = 0;
  for (int path = 0; path < num_paths; ++path) {
    const double cost = CostOfPath(instance, in_proportion, random);
    sum += cost;
    squares += cost * cost;
  }
  const double mean = sum / num_paths;
  return {mean, std::sqrt((squares / num_paths - mean * mean) / num_paths)};
}

/// An instance of the paper, with the best levels that `restock run` finds from a start with these levels in stock.
struct Case {
  int number;
  const char* file;
  std::vector<std::string> settings;
  bool in_proportion;
  Instance instance;
};

const std::vector<std::string> kUnlikeDemand = {
    "demand.0={location: north, kind: rounded_normal, mean: 1, standard_deviation: 5}",
    "demand.1={location: middle, kind: rounded_normal, mean: 5, standard_deviation: 1}",
    "demand.2={location: south, kind: poisson, mean: 0.5}"};
const std::vector<std::string> kThreeKinds = {
    "demand.0={location: north, kind: uniform, low: 0, high: 6}",
    "demand.1={location: middle, kind: rounded_normal, mean: 3, standard_deviation: 1}"};

std::vector<Retailer> Poissons(std::array<int, 3> levels, std::array<int, 3> lead_times = {1, 1, 1}) {
  std::vector<Retailer> retailers;
  for (size_t i = 0; i < 3; ++i) retailers.push_back({lead_times[i], levels[i], Poisson(3)});
  return retailers;
}
std::vector<Retailer> Unlike(std::array<int, 3> levels, int lead_time) {
  return {{lead_time, levels[0], RoundedNormal(1, 5)},
          {lead_time, levels[1], RoundedNormal(5, 1)},
          {lead_time, levels[2], Poisson(0.5)}};
}
std::vector<Retailer> ThreeKinds(std::array<int, 3> levels) {
  return {{1, levels[0], UpToSix()}, {1, levels[1], RoundedNormal(3, 1)}, {1, levels[2], Poisson(3)}};
}

void ExpectEqualCosts(const Case& one, int num_paths) {
  SCOPED_TRACE(fmt::format("instance {}, {}", one.number, one.in_proportion ? "proportional" : "least shortage"));
  const Instance& instance = one.instance;
  std::vector<std::string> settings = one.settings;
  settings.push_back(one.in_proportion ? "rationing=proportional" : "rationing=least_shortage");
  settings.push_back(fmt::format("warehouse_lead_time={}", instance.warehouse_lead_time));
  std::vector<double> levels = {static_cast<double>(instance.warehouse_level)};
  for (const Retailer& retailer : instance.retailers) levels.push_back(retailer.level);
  const Problem problem = ShippedProblem(one.file, settings);
  const MeanWithError ours =
      CostOf(problem, EchelonBaseStock(levels), {.num_envs = num_paths, .num_periods = 100, .warm_up = 0});
  const MeanWithError words = CostInWords(instance, one.in_proportion, num_paths);
  EXPECT_LT(words.standard_error, 0.004 * words.mean);
  EXPECT_NEAR(100 * ours.mean, words.mean, 3 * std::hypot(100 * ours.standard_error, words.standard_error));
}

/// Stocks of the three retailers, and at the warehouse what they leave of its level.
std::vector<std::string> StartOf(const Instance& instance) {
  const char* names[] = {"north", "middle", "south"};
  std::vector<std::string> settings;
  int left = instance.warehouse_level;
  for (size_t i = 0; i < 3; ++i) {
    settings.push_back(fmt::format("{}_stock={}", names[i], instance.retailers[i].start));
    left -= instance.retailers[i].start;
  }
  settings.push_back(fmt::format("warehouse_stock={}", std::max(0, left)));
  return settings;
}

TEST(OneWarehouseTest, ThreeRetailersCostWhatTheirStorySays) {
  using enum Regime;
  const std::vector<std::string> none;
  const auto lead_times = [](int north, int middle, int south) -> std::vector<std::string> {
    return {fmt::format("north_lead_time={}", north), fmt::format("middle_lead_time={}", middle),
            fmt::format("south_lead_time={}", south)};
  };
  const char* plain = "one_warehouse";
  const char* emergencies = "one_warehouse_emergencies";
  const std::vector<Case> cases = {
      {1, plain, none, false, {kBackorders, 2, 48, Poissons({10, 10, 10})}},
      {1, plain, none, true, {kBackorders, 2, 49, Poissons({10, 10, 10})}},
      {2, plain, kThreeKinds, false, {kBackorders, 2, 47, ThreeKinds({10, 9, 10})}},
      {2, plain, kThreeKinds, true, {kBackorders, 2, 48, ThreeKinds({11, 9, 10})}},
      {3, plain, kUnlikeDemand, false, {kBackorders, 2, 46, Unlike({12, 13, 3}, 1)}},
      {3, plain, kUnlikeDemand, true, {kBackorders, 2, 47, Unlike({12, 13, 3}, 1)}},
      {4, plain, lead_times(1, 2, 3), false, {kBackorders, 2, 58, Poissons({10, 14, 18}, {1, 2, 3})}},
      {4, plain, lead_times(1, 2, 3), true, {kBackorders, 2, 60, Poissons({10, 14, 17}, {1, 2, 3})}},
      {5, plain, kUnlikeDemand, false, {kBackorders, 5, 92, Unlike({20, 24, 4}, 3)}},
      {5, plain, kUnlikeDemand, true, {kBackorders, 5, 93, Unlike({20, 24, 4}, 3)}},
      {6, plain, none, false, {kLostSales, 1, 35, Poissons({9, 10, 10})}},
      {6, plain, none, true, {kLostSales, 1, 36, Poissons({12, 12, 12})}},
      {7, plain, none, false, {kLostSales, 2, 44, Poissons({10, 10, 10})}},
      {7, plain, none, true, {kLostSales, 2, 45, Poissons({10, 10, 10})}},
      {8, plain, none, false, {kLostSales, 5, 70, Poissons({10, 10, 10})}},
      {8, plain, none, true, {kLostSales, 5, 71, Poissons({10, 10, 10})}},
      {9, plain, lead_times(1, 2, 3), false, {kLostSales, 2, 52, Poissons({10, 13, 16}, {1, 2, 3})}},
      {9, plain, lead_times(1, 2, 3), true, {kLostSales, 2, 53, Poissons({13, 16, 19}, {1, 2, 3})}},
      {10, plain, kUnlikeDemand, false, {kLostSales, 5, 75, Unlike({14, 24, 4}, 3)}},
      {10, plain, kUnlikeDemand, true, {kLostSales, 5, 77, Unlike({14, 23, 3}, 3)}},
      {11, emergencies, none, false, {kEmergencies, 2, 43, Poissons({6, 6, 6})}},
      {11, emergencies, none, true, {kEmergencies, 2, 42, Poissons({6, 6, 6})}},
      {12, emergencies, kUnlikeDemand, false, {kEmergencies, 2, 38, Unlike({4, 10, 1}, 1)}},
      {12, emergencies, kUnlikeDemand, true, {kEmergencies, 2, 38, Unlike({4, 10, 1}, 1)}},
  };
  for (Case one : cases) {
    for (const std::string& setting : StartOf(one.instance)) one.settings.push_back(setting);
    if (one.instance.regime == kBackorders) one.settings.push_back("shortage=backorders");
    if (one.number == 5 || one.number == 10)
      for (const std::string& setting : lead_times(3, 3, 3)) one.settings.push_back(setting);
    ExpectEqualCosts(one, 4096);
  }
}

// Instances 13 and 14, from the stock of the files. A retailer that sells ten in every period has no deviation.
TEST(OneWarehouseTest, TenRetailersCostWhatTheirStorySays) {
  const auto with_start = [](std::vector<Retailer> retailers, int level) {
    for (Retailer& retailer : retailers) {
      retailer.lead_time = 2;
      retailer.start = 25;
    }
    return Instance{Regime::kEmergencies, 2, level, std::move(retailers), 3, 3, 60, 100};
  };
  const std::vector<Retailer> equal(10, {2, 28, RoundedNormal(5, 14)});
  const std::vector<Retailer> unlike = {{2, 24, RoundedNormal(0, 20)}, {2, 24, RoundedNormal(2, 16)},
                                        {2, 24, RoundedNormal(4, 12)}, {2, 27, RoundedNormal(6, 8)},
                                        {2, 30, RoundedNormal(8, 4)},  {2, 30, RoundedNormal(10, 0)},
                                        {2, 3, Poisson(0.5)},          {2, 13, Poisson(3)},
                                        {2, 33, Poisson(9)},           {2, 42, Poisson(12)}};
  for (const bool in_proportion : {false, true}) {
    ExpectEqualCosts({13, "ten_retailers", {}, in_proportion, with_start(equal, 530)}, 1024);
    ExpectEqualCosts({14, "ten_unlike_retailers", {}, in_proportion, with_start(unlike, 430)}, 1024);
  }
}

// Costs of 100 periods, 2000 simulated paths, of an independent simulation of the same start (standard errors 1.6).
TEST(OneWarehouseTest, CostsWhatAnotherSimulationSays) {
  struct Case {
    std::vector<std::string> settings;
    int level;
    double cost;
  };
  for (const Case& one : {Case{{"warehouse_lead_time=1"}, 35, 1368.6}, Case{{"warehouse_lead_time=2"}, 44, 1416.7},
                          Case{{"warehouse_lead_time=5"}, 70, 1535.6},
                          Case{{"warehouse_lead_time=2", "shortage=backorders"}, 48, 1580.1}}) {
    std::vector<std::string> settings = one.settings;
    settings.push_back(fmt::format("warehouse_stock={}", one.level - 30));
    const Problem problem = ShippedProblem("one_warehouse", settings);
    const MeanWithError cost = CostOf(problem, EchelonBaseStock({static_cast<double>(one.level), 10, 10, 10}),
                                      {.num_envs = 8192, .num_periods = 100, .warm_up = 0});
    EXPECT_NEAR(100 * cost.mean, one.cost, 2 * std::hypot(100 * cost.standard_error, 1.6));
  }
}

}  // namespace
}  // namespace restock
