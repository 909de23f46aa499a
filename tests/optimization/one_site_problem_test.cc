#include "optimization/one_site_problem.h"

#include <map>

#include <gtest/gtest.h>

#include "common/count_probabilities.h"
#include "common/error.h"
#include "env/order_decoder.h"
#include "env/period_step.h"
#include "env/row_network.h"
#include "env/row_state.h"
#include "env/sampled_demand.h"
#include "env/vector_env.h"
#include "tests/env/test_networks.h"
#include "tests/optimization/follow_policy.h"

namespace restock {
namespace {

/// One site with a first lane as in `settings` and more lanes: their lead times and unit costs.
std::shared_ptr<const Network> SiteWithLanes(const SiteSettings& settings,
                                             const std::vector<std::pair<int, float>>& more_lanes = {}) {
  NetworkBuilderForTests builder;
  const int site = builder.AddSite(builder.AddLocation("store"), "milk", kOutside, 0, settings);
  for (const auto& [lead_time, unit_cost] : more_lanes)
    builder.AddLane(kOutside, site, {.lead_time = lead_time, .unit_cost = unit_cost});
  return builder.Build();
}

/// Steps the simulator from one state with one order through every demand, environment d meeting a demand of d.
class EveryDemand {
 public:
  explicit EveryDemand(std::shared_ptr<const Network> network)
      : network_(std::move(network)), rows_(*network_), state_(*network_) {
    outcome_.cost.resize(kNumCostKinds * kBlockSize);
    for (AlignedVector* values : {&outcome_.demand, &outcome_.sold, &site_cost_, &share_}) values->resize(kBlockSize);
    const auto lanes = static_cast<size_t>(network_->num_lanes());
    for (AlignedVector* values : {&orders_, &outcome_.shipped}) values->resize(lanes * kBlockSize);
    for (size_t demand = 0; demand < kBlockSize; ++demand) outcome_.demand[demand] = static_cast<float>(demand);
  }

  void Step(const OneSiteProblem& problem, int state, std::span<const int> orders) {
    state_.Clear();
    const int level = problem.LevelOf(state);
    state_.on_hand(0) = static_cast<float>(std::max(level, 0));
    state_.backorders(0) = static_cast<float>(std::max(-level, 0));
    // the lane with the longest lead time has everything that is on its way
    const std::vector<int> arriving = problem.ArrivingOf(state);
    for (int ahead = 1; ahead <= static_cast<int>(arriving.size()); ++ahead)
      state_.in_transit(LongestLane(), ahead) = static_cast<float>(arriving[static_cast<size_t>(ahead - 1)]);
    for (size_t lane = 0; lane < orders.size(); ++lane)
      std::fill_n(orders_.begin() + static_cast<ptrdiff_t>(lane) * kBlockSize, kBlockSize,
                  static_cast<float>(orders[lane]));
    StepPeriod(rows_, Rows{orders_.data()}, Exogenous<Rows>{{outcome_.demand.data()}}, RowState(*network_, state_),
               RowOutcome{{outcome_.shipped.data()},
                          {outcome_.sold.data()},
                          {site_cost_.data()},
                          {outcome_.cost.data()},
                          {share_.data()},
                          {}});
  }

  double Cost(int demand) const { return site_cost_[static_cast<size_t>(demand)]; }
  /// `lift`: units that a lower bound on the level adds.
  int NextState(const OneSiteProblem& problem, int demand, int lift) const {
    std::vector<int> arriving;
    for (int ahead = 1; ahead < network_->max_lead_time(); ++ahead) {
      float units = 0;
      for (int lane = 0; lane < network_->num_lanes(); ++lane)
        if (ahead <= network_->lead_time[static_cast<size_t>(lane)]) units += state_.in_transit(lane, ahead)[demand];
      arriving.push_back(static_cast<int>(units));
    }
    const float level = state_.on_hand(0)[demand] - state_.backorders(0)[demand];
    return problem.StateOf(static_cast<int>(level) + lift, arriving);
  }

 private:
  int LongestLane() const {
    return static_cast<int>(std::ranges::max_element(network_->lead_time) - network_->lead_time.begin());
  }

  std::shared_ptr<const Network> network_;
  RowNetwork rows_;
  NetworkState state_;
  PeriodOutcome outcome_;
  AlignedVector orders_, site_cost_, share_;
};

// Every state, every choice and every demand: next states, their probabilities and costs are the simulator's.
void ExpectMovesOfTheSimulator(const std::shared_ptr<const Network>& network, const std::vector<double>& demand,
                               const OneSiteBounds& bounds) {
  const OneSiteProblem problem(*network, demand, bounds);
  EveryDemand simulator(network);
  ASSERT_LE(demand.size(), size_t{kBlockSize});
  std::vector<SmallProblem::Choice> choices;
  int num_moves = 0;
  for (int state = 0; state < problem.num_states(); ++state) {
    problem.Choices(state, choices);
    for (int number = 0; number < static_cast<int>(choices.size()); ++number, ++num_moves) {
      SCOPED_TRACE(testing::Message() << "state " << state << ", choice " << number);
      const SmallProblem::Choice& choice = choices[static_cast<size_t>(number)];
      const SmallProblem::Chance& chance = problem.chances()[static_cast<size_t>(choice.chance)];
      const std::vector<int> orders = problem.OrdersOf(state, number);
      ASSERT_EQ(problem.ChoiceOf(state, orders), number);

      simulator.Step(problem, state, orders);
      std::map<int, double> next;
      double cost = 0;
      for (int units = 0; units < static_cast<int>(demand.size()); ++units) {
        const double probability = demand[static_cast<size_t>(units)];
        cost += probability * simulator.Cost(units);
        // what falls below the lowest level of the problem is put there
        const int lift = bounds.min_level < 0 ? std::max(0, units - choice.chance) : 0;
        next[simulator.NextState(problem, units, lift)] += probability;
      }
      ASSERT_NEAR(choice.cost + chance.cost, cost, 1e-4);
      for (size_t i = 0; i < chance.offset.size(); ++i) next[choice.base + chance.offset[i]] -= chance.probability[i];
      for (const auto& [next_state, difference] : next) ASSERT_NEAR(difference, 0, 1e-12) << "to " << next_state;
    }
  }
  EXPECT_GT(num_moves, 50);
}

TEST(OneSiteProblemTest, LostSalesMoveAsInTheSimulator) {
  const std::vector<double> demand = ProbabilitiesOf({.mean = 2});
  for (int lead_time = 0; lead_time <= 4; ++lead_time) {
    const auto network = SiteWithLanes(
        {.holding_cost = 1, .stockout_cost = 4, .lead_time = lead_time, .unit_cost = 0.5f, .order_cost = 3});
    ExpectMovesOfTheSimulator(network, demand, {.max_position = 12, .max_order = {5}});
  }
}

TEST(OneSiteProblemTest, BackordersOnSeveralLanesMoveAsInTheSimulator) {
  const std::vector<double> demand = {0.2, 0.2, 0.2, 0.2, 0.2};
  const SiteSettings site = {.holding_cost = 5, .stockout_cost = 95, .backorder_share = 1, .unit_cost = 105};
  ExpectMovesOfTheSimulator(SiteWithLanes(site, {{3, 100.f}}), demand,
                            {.max_position = 8, .max_order = {4, 3}, .min_level = -6});
  ExpectMovesOfTheSimulator(SiteWithLanes(site, {{1, 102.f}, {2, 100.f}}), demand,
                            {.max_position = 7, .max_order = {3, 3, 2}, .min_level = -5});
}

TEST(OneSiteProblemTest, OptimalPolicyCostsInTheSimulatorWhatItsValueSays) {
  struct Case {
    CountDistribution demand;
    float shortage_cost;
    int lead_time;
  };
  for (const Case& one : {Case{{.mean = 5}, 4, 3}, Case{{.mean = 5, .dispersion = 1}, 19, 2},
                          Case{{.mean = 3.3, .dispersion = 4}, 11, 1}}) {
    SCOPED_TRACE(testing::Message() << "lead time " << one.lead_time);
    const auto network = OneSite({.holding_cost = 1, .stockout_cost = one.shortage_cost, .lead_time = one.lead_time});
    const std::vector<double> demand = ProbabilitiesOf(one.demand);
    const OneSiteSolution solution = SolveOneSite(*network, demand);
    const OneSiteProblem problem(*network, demand, solution.bounds);
    VectorEnv env(network, MakeSampledSource(*network, {.demand = {one.demand}, .num_periods = 2100}, Random(5)),
                  {.num_envs = 512, .shuffle_scenarios = false, .credit_leftovers = false, .features = {"on_hand"}});
    const MeanWithError simulated = MeanCost(env, Follow(problem, solution.optimum.policy), /*warm_up=*/100, 1);
    EXPECT_LT(simulated.standard_error, 2e-3 * solution.optimum.cost());
    EXPECT_NEAR(simulated.mean, solution.optimum.cost(), 3 * simulated.standard_error);
  }
}

// What is ordered now meets demand of L + 1 periods, whose newsvendor is the optimum where shortages wait.
TEST(OneSiteProblemTest, BackordersWithLeadTimeAreTheNewsvendorOfTheProtectionPeriods) {
  const auto network = OneSite({.holding_cost = 1, .stockout_cost = 9, .backorder_share = 1, .lead_time = 2});
  const CountDistribution protected_demand = {.mean = 6};
  const auto level = static_cast<int>(protected_demand.Quantile(0.9));
  double newsvendor = 0;
  const std::vector<double> probabilities = ProbabilitiesOf(protected_demand);
  for (int units = 0; units < static_cast<int>(probabilities.size()); ++units)
    newsvendor += probabilities[static_cast<size_t>(units)] * (units < level ? level - units : 9 * (units - level));
  const OneSiteSolution solution = SolveOneSite(*network, ProbabilitiesOf({.mean = 2}));
  EXPECT_NEAR(solution.optimum.cost(), newsvendor, 1e-5);
}

// Lost sales without lead time and with unit cost c: a unit short saves its purchase, so p - c stands for p, and the
// mean demand is paid for besides.
TEST(OneSiteProblemTest, UnitCostIsSavedOnSalesThatAreLost) {
  const std::vector<double> demand = ProbabilitiesOf({.mean = 4});
  const auto costly = OneSite({.holding_cost = 1, .stockout_cost = 7, .lead_time = 2, .unit_cost = 3});
  const auto free = OneSite({.holding_cost = 1, .stockout_cost = 4, .lead_time = 2});
  EXPECT_NEAR(SolveOneSite(*costly, demand).optimum.cost(), SolveOneSite(*free, demand).optimum.cost() + 3 * 4, 1e-4);
}

// Whatever the costs, lead times and kinds of demand: more room than the solution took for itself would not help.
TEST(OneSiteProblemTest, WiderBoundsChangeNothing) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomStream random = Random(seed).Stream("wider bounds").At(0);
    const SiteSettings settings = {.holding_cost = 1,
                                   .stockout_cost = static_cast<float>(2 + random.UniformInt(30)),
                                   .backorder_share = static_cast<float>(random.UniformInt(2)),
                                   .lead_time = random.UniformInt(3),
                                   .unit_cost = static_cast<float>(random.UniformInt(2)),
                                   .order_cost = static_cast<float>(random.UniformInt(2) * random.UniformInt(20))};
    std::vector<std::pair<int, float>> more_lanes;
    if (settings.order_cost == 0 && random.UniformInt(3) == 0)
      more_lanes.emplace_back(random.UniformInt(2), settings.unit_cost + 0.5f);
    const auto network = SiteWithLanes(settings, more_lanes);
    const CountProbabilities demand = ProbabilitiesOf(
        {.mean = 1 + 2 * random.Uniform(), .dispersion = random.UniformInt(2) * (1 + 3 * random.Uniform())});

    const OneSiteSolution solution = SolveOneSite(*network, demand);
    OneSiteBounds wider = solution.bounds;
    wider.max_position += 4;
    for (int& order : wider.max_order) order += 2;
    if (wider.min_level < 0) wider.min_level -= 10;
    const OptimalPolicy optimum = MinimizeAverageCost(OneSiteProblem(*network, demand, wider));
    EXPECT_NEAR(optimum.cost(), solution.optimum.cost(), 3e-6 * optimum.cost());
  }
}

TEST(OneSiteProblemTest, SaysWhatItCannotSolve) {
  const std::vector<double> demand = ProbabilitiesOf({.mean = 5});
  const auto solve = [&](const Network& network) { SolveOneSite(network, demand); };
  EXPECT_THROW(solve(*OneSite({.holding_cost = 1, .stockout_cost = 39, .lead_time = 12})), ConfigError);
  EXPECT_THROW(solve(*OneSite({.holding_cost = 1, .stockout_cost = 9, .backorder_share = 0.5f})), ConfigError);
  EXPECT_THROW(solve(*OneSite({.holding_cost = 0, .stockout_cost = 9})), ConfigError);
  EXPECT_THROW(solve(*CentralAndStores({.lead_time = 1}, {{.lead_time = 1}})), ConfigError);
}

}  // namespace
}  // namespace restock
