#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/distributions.h"
#include "tests/env/problem_run.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

double Density(double z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi); }

// (h + p) phi(z) sigma sqrt(L + 1), z the p / (p + h) quantile: the newsvendor of the protection periods. The levels
// for all four p are simulated on the same demand.
TEST(ProblemCostsTest, BackordersWithNormalDemandCostWhatTheFormulaSays) {
  for (const int lead_time : {1, 4, 7, 10, 15, 20}) {
    for (const int shortage_cost : {4, 9, 19, 39}) {
      SCOPED_TRACE(fmt::format("L = {}, p = {}", lead_time, shortage_cost));
      const Problem problem = ShippedProblem("backorders_normal", {fmt::format("lead_time={}", lead_time),
                                                                   fmt::format("shortage_cost={}", shortage_cost)});
      const double z = NormalQuantile(shortage_cost / (shortage_cost + 1.0));
      const double deviation = 1.6 * std::sqrt(lead_time + 1.0);
      const MeanWithError cost =
          CostOf(problem, EchelonBaseStock({5.0 * (lead_time + 1) + z * deviation}), {.num_periods = 2100});
      EXPECT_LT(cost.standard_error, 0.004 * cost.mean);
      EXPECT_NEAR(cost.mean, (1 + shortage_cost) * Density(z) * deviation, 2 * cost.standard_error);
    }
  }
}

/// The cheapest base-stock level, on the same demand for each; costs fall and then grow with the level.
std::pair<int, MeanWithError> BestBaseStock(const Problem& problem, int first_level, const RunLength& run) {
  std::vector<double> levels(Index(problem.network->num_sites()));
  std::pair<int, MeanWithError> best = {0, {std::numeric_limits<double>::infinity(), 0}};
  for (int level = first_level;; ++level) {
    levels[0] = level;
    const MeanWithError cost = CostOf(problem, EchelonBaseStock(levels), run);
    if (cost.mean > best.second.mean) return best;
    best = {level, cost};
  }
}

// Temizoz et al. (2025): costs of the best base-stock policies, four digits, of 1000 simulated paths of 5000 periods,
// by the share of the customers who take the oldest units.
constexpr std::array<double, 3> kFifoShares = {1, 0.5, 0};  // f
struct ChoosyCosts {
  int shelf_life;
  int lead_time;
  double variation;            // v: standard deviation of all demand over the root of its mean
  std::array<double, 3> cost;  // by share
};
constexpr ChoosyCosts kChoosyCosts[] = {
    {3, 0, 1.0, {13.79, 34.39, 60.86}},  {3, 0, 1.5, {51.78, 78.06, 99.22}}, {3, 0, 2.0, {101.6, 122, 141.7}},
    {3, 1, 1.0, {24.6, 54.41, 84.9}},    {3, 1, 1.5, {71.69, 104.8, 130.8}}, {3, 1, 2.0, {126, 149.4, 175.1}},
    {3, 2, 1.0, {32.34, 67.13, 106.4}},  {3, 2, 1.5, {82.7, 121.3, 153.9}},  {3, 2, 2.0, {138.5, 165.6, 198.1}},
    {4, 0, 1.0, {3.707, 17.31, 44.2}},   {4, 0, 1.5, {26.85, 51.19, 77.69}}, {4, 0, 2.0, {64.7, 89.77, 112.3}},
    {4, 1, 1.0, {9.652, 32.2, 65.03}},   {4, 1, 1.5, {41.73, 73.14, 103.6}}, {4, 1, 2.0, {85.93, 113.6, 141.4}},
    {4, 2, 1.0, {14.59, 42.08, 79.32}},  {4, 2, 1.5, {51.4, 87.21, 120.3}},  {4, 2, 2.0, {98.11, 128.6, 160.3}},
    {5, 0, 1.0, {0.9715, 8.963, 35.14}}, {5, 0, 1.5, {13.83, 34.83, 62.91}}, {5, 0, 2.0, {42.16, 68.34, 92.65}},
    {5, 1, 1.0, {3.408, 19.11, 52.53}},  {5, 1, 1.5, {24.61, 52.68, 84.79}}, {5, 1, 2.0, {59.52, 89.24, 118}},
    {5, 2, 1.0, {6.258, 27.2, 64.18}},   {5, 2, 1.5, {32.28, 64.93, 99.52}}, {5, 2, 2.0, {70.72, 102.5, 135.1}},
};

double LastOfFourDigits(double value) { return std::pow(10, std::floor(std::log10(value)) - 3); }

// Both are simulated: of 81 costs about four lie beyond two standard errors of their difference, by chance none beyond
// four.
TEST(ProblemCostsTest, PerishablesForChoosyCustomersCostWhatWasPublished) {
  int num_beyond = 0;
  for (const ChoosyCosts& one : kChoosyCosts) {
    for (size_t i = 0; i < kFifoShares.size(); ++i) {
      const double share = kFifoShares[i];
      SCOPED_TRACE(fmt::format("m = {}, L = {}, v = {}, f = {}", one.shelf_life, one.lead_time, one.variation, share));
      const auto deviation = [&](double of_mean) { return 2 * one.variation * std::sqrt(of_mean); };
      const Problem problem = ShippedProblem(
          "perishable_choosy",
          {fmt::format("shelf_life={}", one.shelf_life), fmt::format("lead_time={}", one.lead_time),
           fmt::format("mean={}", 4 * share), fmt::format("deviation={}", deviation(share)),
           fmt::format("choosy_mean={}", 4 * (1 - share)), fmt::format("choosy_deviation={}", deviation(1 - share))});
      const RunLength run{.num_envs = 1024, .num_periods = 2100};
      const auto [level, cost] = BestBaseStock(problem, 3 + 3 * one.lead_time, run);
      EXPECT_LT(cost.standard_error, 0.012 * cost.mean);
      const double error_of_table = cost.standard_error * std::sqrt(1024 * 2000 / (1000 * 5000.0));
      const double error = std::hypot(cost.standard_error, error_of_table);
      const double rounding = LastOfFourDigits(one.cost[i]) / 2;
      EXPECT_NEAR(cost.mean, one.cost[i], 4 * error + rounding) << "level " << level;
      num_beyond += std::abs(cost.mean - one.cost[i]) > 2 * error + rounding;
    }
  }
  RecordProperty("beyond_two_errors", num_beyond);
  EXPECT_LE(num_beyond, 9);  // of 81: more happen once in a hundred times
}

/// Of each store's echelon the same fractile: what arrives at the warehouse is shared so that all stores cover the same
/// number of standard deviations.
BlockRule CrossDock(const Problem& problem, double level) {
  return [&problem, level](const VectorEnv& env, int block, EigenRows orders) {
    const Network& network = env.network();
    const NetworkState& state = env.state(block);
    orders(0) = (static_cast<float>(level) - EchelonPosition(network, state, 0)).max(0.f);
    // levels mean (L + 1) + z sd sqrt(L + 1) of one z: those above it get nothing
    const auto& lanes = network.lanes_out_of[0];
    for (int env_in_block = 0; env_in_block < kBlockSize; ++env_in_block) {
      const float stock = state.on_hand(0)[env_in_block];
      double low = -50, high = 50;
      const auto wanted = [&](int lane, double z) {
        const int site = network.lane_destination[Index(lane)];
        const DemandDistribution& demand = problem.processes[Index(site)].states[0];
        const double periods = network.lead_time[Index(lane)] + 1.0;
        const double up_to = demand.mean * periods + z * demand.standard_deviation * std::sqrt(periods);
        return std::max(0.0, up_to - static_cast<double>(InventoryPosition(network, state, site)[env_in_block]));
      };
      for (int halving = 0; halving < 22; ++halving) {
        const double z = (low + high) / 2;
        double sum = 0;
        for (const int lane : lanes) sum += wanted(lane, z);
        (sum > static_cast<double>(stock) ? high : low) = z;
      }
      for (const int lane : lanes) orders(lane)[env_in_block] = static_cast<float>(wanted(lane, high));
    }
  };
}

// No policy costs less than (h + p) phi(z) sqrt(3 Var(D) + (L + 1) (sum of deviations)^2) / N a store, the printed
// figures; that of equal fractiles little more (Federgruen & Zipkin 1984).
TEST(ProblemCostsTest, TransshipmentCostsLittleMoreThanItsBound) {
  struct Case {
    const char* name;
    int lead_time;
    int shortage_cost;
    double bound;
  };
  for (const Case& one : {Case{"three", 2, 4, 5.7537}, Case{"three", 2, 9, 7.2136}, Case{"three", 6, 4, 7.7172},
                          Case{"three", 6, 9, 9.6753}, Case{"five", 2, 4, 5.2964}, Case{"five", 2, 9, 6.6402},
                          Case{"five", 6, 4, 7.1695}, Case{"five", 6, 9, 8.9886}, Case{"ten", 2, 4, 5.5359},
                          Case{"ten", 2, 9, 6.9405}, Case{"ten", 6, 4, 7.5462}, Case{"ten", 6, 9, 9.4609}}) {
    SCOPED_TRACE(fmt::format("{} stores, L = {}, p = {}", one.name, one.lead_time, one.shortage_cost));
    const Problem problem = ShippedProblem(
        fmt::format("transshipment_{}_stores", one.name),
        {fmt::format("lead_time={}", one.lead_time), fmt::format("shortage_cost={}", one.shortage_cost)});
    double mean = 0, deviations = 0, squares = 0;
    int num_stores = 0;
    for (const DemandProcess& process : problem.processes) {
      if (process.is_none()) continue;
      const DemandDistribution& demand = process.states[0];
      mean += demand.mean;
      deviations += demand.standard_deviation;
      squares += demand.standard_deviation * demand.standard_deviation;
      ++num_stores;
    }
    const double variance = 0.5 * squares + 0.5 * deviations * deviations;
    const double z = NormalQuantile(one.shortage_cost / (one.shortage_cost + 1.0));
    const double deviation = std::sqrt(3 * variance + (one.lead_time + 1) * deviations * deviations);
    const double bound = (1 + one.shortage_cost) * Density(z) * deviation / num_stores;
    EXPECT_NEAR(bound, one.bound, 1e-4 * one.bound);

    const double level = mean * (3 + one.lead_time + 1) + z * deviation;
    const MeanWithError cost =
        CostOf(problem, CrossDock(problem, level), {.num_envs = 256, .num_periods = 500, .warm_up = 100});
    EXPECT_GT(cost.mean / num_stores, bound - 2 * cost.standard_error / num_stores);
    EXPECT_LT(cost.mean / num_stores, 1.01 * bound + 2 * cost.standard_error / num_stores);
  }
}

// Van Roy et al. (1997) print 1302 for the best levels 330 and 23 of setting 1, and 1449 for 460 and 22 of setting 2. A
// benchmark suite that follows Gijsbrechts et al. (2022), invman, finds 910 and 1138 for the best levels, and so do we:
// the rules that share what the warehouse has, or the demand, must differ from those of the first paper.
TEST(ProblemCostsTest, SpecialDeliveryCostsWhatAnotherSimulationSays) {
  struct Case {
    std::vector<std::string> settings;
    float warehouse, store;
    double cost;
  };
  for (const Case& one :
       {Case{{}, 300, 24, 910},
        Case{{"mean=0", "deviation=20", "warehouse_lead_time=5", "store_lead_time=3"}, 520, 24, 1138}}) {
    const Problem problem = ShippedProblem("special_delivery", one.settings);
    std::vector<float> levels(Index(problem.network->num_sites()), one.store);
    levels[0] = one.warehouse;
    const MeanWithError cost =
        CostOf(problem, BaseStock(levels), {.num_envs = 256, .num_periods = 600, .warm_up = 100});
    EXPECT_NEAR(cost.mean, one.cost, 0.01 * one.cost);
  }
}

}  // namespace
}  // namespace restock
