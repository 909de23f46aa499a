#include "env/assortment_env.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "env/vector_env.h"
#include "tests/env/count_allocations.h"
#include "tests/env/one_run.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

/// Whole numbers that depend on nothing but their place.
std::vector<float> RandomNumbers(const std::string& name, int count, int size, float scale = 1) {
  RandomStream random = Random(11).Stream(name).At(0);
  std::vector<float> numbers(Index(count));
  for (float& number : numbers) number = scale * static_cast<float>(random.UniformInt(size));
  return numbers;
}

/// An assortment with numbers of its own, orders and demand of some periods, and the same as ordinary networks see it.
struct Trial {
  static constexpr int kNumPeriods = 8;

  Trial(std::shared_ptr<const Network> the_network, int num_skus) : network(std::move(the_network)) {
    const int num_sites = network->num_sites();
    const int num_lanes = network->num_lanes();
    parameters.num_skus = num_skus;
    parameters.holding_cost = RandomNumbers("holding", num_sites * num_skus, 8, 0.25f);
    parameters.stockout_cost = RandomNumbers("stockout", num_skus, 8, 0.5f);  // the same at all sites
    parameters.price = RandomNumbers("price", num_skus, 3, 0.5f);
    parameters.volume = RandomNumbers("volume", num_skus, 4, 0.5f);
    parameters.initial_on_hand = RandomNumbers("stock", num_sites * num_skus, 20);
    parameters.unit_cost = RandomNumbers("unit cost", num_lanes * num_skus, 8, 0.25f);
    for (int period = 0; period < kNumPeriods; ++period) {
      const std::string name = std::to_string(period);
      orders.push_back(RandomNumbers("orders" + name, num_lanes * num_skus, 9));
      demand.push_back(RandomNumbers("demand" + name, num_sites * num_skus, 7));
      for (int site = 0; site < num_sites; ++site) {
        if (network->site_series[Index(site)] == kNoSeries)
          std::fill_n(demand.back().begin() + site * num_skus, num_skus, 0.f);
      }
    }
  }

  int num_skus() const { return parameters.num_skus; }
  /// The number of a row and SKU, as AssortmentParameters has it.
  float At(const std::vector<float>& values, int row, int sku) const {
    return values.size() == Index(num_skus()) ? values[Index(sku)] : values[Index(row * num_skus() + sku)];
  }

  AssortmentEnv MakeEnv(AssortmentConfig config = {.keep_outcomes = true}) const {
    return {network, parameters, MakeGivenAssortment(*network, {num_skus(), demand, {}}), config};
  }

  /// [row][sku] -> [block][row][sku]
  AlignedVector InBlocks(const std::vector<float>& values, int num_rows) const {
    const int num_blocks = (num_skus() + kBlockSize - 1) / kBlockSize;
    AlignedVector blocks(Index(num_blocks * num_rows * kBlockSize));
    for (int row = 0; row < num_rows; ++row) {
      for (int sku = 0; sku < num_skus(); ++sku) blocks[Place(row, num_rows, sku)] = At(values, row, sku);
    }
    return blocks;
  }
  static size_t Place(int row, int num_rows, int sku) {
    return Index(((sku / kBlockSize) * num_rows + row) * kBlockSize + sku % kBlockSize);
  }

  std::shared_ptr<const Network> network;
  AssortmentParameters parameters;
  std::vector<std::vector<float>> orders, demand;  // by period: [lane][sku], [site][sku]
};

/// The template as the network of one SKU.
std::shared_ptr<const Network> NetworkOfSku(const Trial& trial, int sku) {
  auto network = std::make_shared<Network>(*trial.network);
  for (int site = 0; site < network->num_sites(); ++site) {
    network->site_series[Index(site)] = site;
    network->holding_cost[Index(site)] = trial.At(trial.parameters.holding_cost, site, sku);
    network->stockout_cost[Index(site)] = trial.At(trial.parameters.stockout_cost, site, sku);
    network->initial_on_hand[Index(site)] = trial.At(trial.parameters.initial_on_hand, site, sku);
    network->volume[Index(site)] = trial.At(trial.parameters.volume, site, sku);
  }
  network->price.assign(Index(network->num_sites()), trial.parameters.price[Index(sku)]);
  for (int lane = 0; lane < network->num_lanes(); ++lane)
    network->unit_cost[Index(lane)] = trial.At(trial.parameters.unit_cost, lane, sku);
  return network;
}

// Where SKUs share nothing, each is an environment of its own: the same numbers, bit by bit.
TEST(AssortmentEnvTest, EqualsANetworkPerSku) {
  for (uint64_t seed = 0; seed < 6; ++seed) {
    SCOPED_TRACE(seed);
    auto network = std::make_shared<Network>(*RandomNetwork(seed));
    std::fill(network->storage_capacity.begin(), network->storage_capacity.end(), kUnlimited);
    const Trial trial(network, 70);
    const int first_phase = GivenDemand(*network, {{0}})->first_phase();
    AssortmentEnv env = trial.MakeEnv({.first_phase = first_phase, .keep_outcomes = true});
    AssortmentBatch batch = env.MakeBatch();
    const int num_sites = network->num_sites(), num_lanes = network->num_lanes();

    // a run of the whole, kept
    std::vector<AssortmentBatch> record;
    env.Reset(1, batch);
    for (const auto& orders : trial.orders) {
      env.Step(trial.InBlocks(orders, num_lanes), batch);
      record.push_back(batch);
    }
    std::vector<double> cost(Trial::kNumPeriods);
    for (int sku = 0; sku < trial.num_skus(); ++sku) {
      std::vector<std::vector<float>> demand;
      for (const auto& of_period : trial.demand) {
        demand.emplace_back();
        for (int site = 0; site < num_sites; ++site) demand.back().push_back(trial.At(of_period, site, sku));
      }
      OneRun run(NetworkOfSku(trial, sku), demand, {.credit_leftovers = false, .auto_reset = AutoReset::kNextStep});
      for (int period = 0; period < Trial::kNumPeriods; ++period) {
        std::vector<float> orders;
        for (int lane = 0; lane < num_lanes; ++lane) orders.push_back(trial.At(trial.orders[Index(period)], lane, sku));
        run.Step(orders);
        const AssortmentBatch& seen = record[Index(period)];
        for (int site = 0; site < num_sites; ++site) {
          const size_t place = Trial::Place(site, num_sites, sku);
          ASSERT_EQ(seen.site_cost[place], run.site_cost(site));
          ASSERT_EQ(seen.sold[place], run.sold(site));
          const size_t on_hand = Trial::Place(site, num_sites * kNumAssortmentFeatures, sku);
          ASSERT_EQ(seen.observation[on_hand], run.on_hand(site));
          cost[Index(period)] += run.site_cost(site);
        }
        for (int lane = 0; lane < num_lanes; ++lane)
          ASSERT_EQ(seen.shipped[Trial::Place(lane, num_lanes, sku)], run.shipped(lane));
      }
    }
    for (int period = 0; period < Trial::kNumPeriods; ++period) {
      const double total = record[Index(period)].TotalCost();
      EXPECT_NEAR(total, cost[Index(period)], 1e-5 * std::abs(total));
    }
  }
}

/// A central warehouse and two stores for all SKUs from `first` to `end`, with little room, docks, a budget and
/// vehicles; sites and lanes SKU by SKU. Weights of units are those of `trial`.
std::shared_ptr<const Network> CrowdedNetwork(const Trial* trial, int num_skus, bool refuses) {
  NetworkBuilderForTests builder;
  const int central = builder.AddLocation("central", 60, 0.5f);
  const int stores[] = {builder.AddLocation("east", 50, 2), builder.AddLocation("west", 50, 1)};
  const auto number = [&](auto values, int row, int sku) { return trial ? trial->At(values, row, sku) : 1.f; };
  static const AssortmentParameters none;
  const AssortmentParameters& numbers = trial ? trial->parameters : none;
  Network& network = builder.network();
  JointLimit dock{"dock", {}, {}, 90}, budget{"budget", {}, {}, 400};
  Vehicles vehicles{{}, {}, 16, 3};
  for (int sku = 0; sku < num_skus; ++sku) {
    const auto settings = [&](int row, int lead_time) {
      return SiteSettings{.holding_cost = number(numbers.holding_cost, row, sku),
                          .stockout_cost = number(numbers.stockout_cost, row, sku),
                          .backorder_share = row == 1 ? 1.f : 0.f,
                          .volume = number(numbers.volume, row, sku),
                          .initial_on_hand = trial ? number(numbers.initial_on_hand, row, sku) : 0,
                          .lead_time = lead_time,
                          .unit_cost = number(numbers.unit_cost, row, sku),
                          .order_cost = 1};
    };
    const std::string name = "sku " + std::to_string(sku);
    const int origin = builder.AddSite(central, name, kOutside, 3 * sku, settings(0, 2));
    network.price.push_back(number(numbers.price, 0, sku));
    for (int store = 0; store < 2; ++store) {
      builder.AddSite(stores[store], name, origin, 3 * sku + store + 1, settings(store + 1, store));
      network.price.push_back(number(numbers.price, store + 1, sku));
    }
    // all three lanes cost money; what leaves for the stores passes the dock, and travels in vehicles
    for (int lane = 0; lane < 3; ++lane) {
      budget.lanes.push_back(3 * sku + lane);
      budget.weight.push_back(number(numbers.unit_cost, lane, sku));
      if (lane == 0) continue;
      dock.lanes.push_back(3 * sku + lane);
      dock.weight.push_back(1);
      vehicles.lanes.push_back(3 * sku + lane);
      vehicles.weight.push_back(number(numbers.volume, lane, sku));
    }
  }
  network.joint_limits = {dock, budget};
  network.vehicles = {vehicles};
  if (refuses) network.refusing_locations = {stores[1]};
  return builder.Build();
}

// SKUs that share storage, a dock, a budget and vehicles are sites of one ordinary network.
TEST(AssortmentEnvTest, EqualsOneNetworkOfAllSkusWhereTheyShare) {
  for (const bool refuses : {false, true}) {
    SCOPED_TRACE(refuses);
    const int num_skus = 66;
    Trial trial(CrowdedNetwork(nullptr, 1, refuses), num_skus);
    for (float& stock : trial.parameters.initial_on_hand) stock = std::min(stock, 1.f);
    const auto& volume = trial.parameters.volume;
    trial.parameters.limit_weight = {{}, trial.parameters.unit_cost};
    trial.parameters.vehicle_weight = {volume};
    const auto network = CrowdedNetwork(&trial, num_skus, refuses);

    std::vector<std::vector<float>> demand;
    for (const auto& of_period : trial.demand) {
      demand.emplace_back();
      for (int sku = 0; sku < num_skus; ++sku) {
        for (int site = 0; site < 3; ++site) demand.back().push_back(trial.At(of_period, site, sku));
      }
    }
    OneRun run(network, demand, {.credit_leftovers = false, .auto_reset = AutoReset::kNextStep});
    AssortmentEnv env = trial.MakeEnv();
    AssortmentBatch batch = env.MakeBatch();
    env.Reset(1, batch);
    double overflow = 0, order = 0;
    for (const auto& of_period : trial.orders) {
      std::vector<float> orders;
      for (int sku = 0; sku < num_skus; ++sku) {
        for (int lane = 0; lane < 3; ++lane) orders.push_back(trial.At(of_period, lane, sku));
      }
      run.Step(orders);
      env.Step(trial.InBlocks(of_period, 3), batch);
      double scale = 0;
      for (int sku = 0; sku < num_skus; ++sku) {
        for (int row = 0; row < 3; ++row) {
          const size_t place = Trial::Place(row, 3, sku);
          ASSERT_EQ(batch.shipped[place], run.shipped(3 * sku + row)) << "sku " << sku << " row " << row;
          ASSERT_EQ(env.state(sku / kBlockSize).on_hand(row)[sku % kBlockSize], run.on_hand(3 * sku + row));
          ASSERT_NEAR(batch.site_cost[place], run.site_cost(3 * sku + row), 1e-4);
          scale += std::abs(run.site_cost(3 * sku + row));
        }
      }
      for (int kind = 0; kind < kLeftoverCredit; ++kind)
        EXPECT_NEAR(batch.cost[Index(kind)], run.cost(static_cast<CostKind>(kind)), 1e-5 * scale)
            << kCostNames[Index(kind)];
      EXPECT_NEAR(batch.TotalCost(), -run.reward(), 1e-5 * scale);
      overflow += batch.cost[kOverflow];
      order += batch.cost[kOrder];
    }
    EXPECT_GT(overflow, 0);
    EXPECT_GT(order, 0);
  }
}

/// A template with everything that chance decides.
std::shared_ptr<const Network> ChancyNetwork() {
  return NetworkOf(
      "locations: [{name: w, initial_on_hand: 30, rationing: least_shortage}, {name: \"*\", stockout_cost: 2, "
      "holding_cost: 1, initial_on_hand: 9, backorder_share: 0.5, shelf_life: 3, waste_cost: 1, storage_capacity: 500, "
      "overflow_cost: 1, goodwill: {after_stockout: 0.8, otherwise: 1.1, least: 0.3, most: 1.5}}]\nlanes: [{from: "
      "supplier, to: w, yield: 0.8, disruption: {failure_probability: 0.3, recovery_probability: 0.5}, pipeline_cost: "
      "0.5, lead_time: {kind: "
      "uniform, low: 1, high: 3}}, {from: w, to: \"*\", lead_time: 1, unfilled: wait, unfilled_cost: 0.5}]",
      {"a", "b"});
}

AssortmentParameters CostsOfSkus(const Network& network, int num_skus) {
  AssortmentParameters parameters{.num_skus = num_skus};
  parameters.holding_cost = RandomNumbers("holding", num_skus, 8, 0.25f);
  parameters.stockout_cost = RandomNumbers("stockout", network.num_sites() * num_skus, 30, 0.3f);
  return parameters;
}

std::shared_ptr<const AssortmentDemand> SampledDemand(const Network& network, int num_skus, double dispersion = 0) {
  std::vector<float> mean;
  for (int site = 0; site < network.num_sites(); ++site) {
    for (int sku = 0; sku < num_skus; ++sku) mean.push_back(0.1f * static_cast<float>(sku % 50 + site));
  }
  return MakeSampledAssortment(network, {num_skus, mean, dispersion}, Random(3).Stream("demand"));
}

/// All that the steps of an environment return.
std::vector<double> Record(AssortmentEnv& env, int num_periods) {
  AssortmentBatch batch = env.MakeBatch();
  std::vector<double> record;
  const auto num_lanes = env.network().num_lanes();
  for (int i = 0; i < num_periods; ++i) {
    const int num_orders = env.num_blocks() * num_lanes * kBlockSize;
    env.Step(RandomNumbers("orders" + std::to_string(env.period()), num_orders, 9), batch);
    for (const AlignedVector* values :
         {&batch.observation, &batch.site_cost, &batch.demand, &batch.sold, &batch.shipped})
      record.insert(record.end(), values->begin(), values->end());
    record.insert(record.end(), batch.cost.begin(), batch.cost.end());
  }
  return record;
}

std::vector<double> Record(AssortmentEnv& env, uint64_t seed, int num_periods) {
  AssortmentBatch batch = env.MakeBatch();
  env.Reset(seed, batch);
  return Record(env, num_periods);
}

AssortmentEnv SampledEnv(const std::shared_ptr<const Network>& network, int num_skus, int num_threads) {
  return {network,
          CostsOfSkus(*network, num_skus),
          SampledDemand(*network, num_skus, 1.5),
          {.num_threads = num_threads, .keep_outcomes = true}};
}

TEST(AssortmentEnvTest, OneAndTwoThreadsGiveEqualBits) {
  for (const auto& network : {ChancyNetwork(), CrowdedNetwork(nullptr, 1, true), RandomNetwork(3)}) {
    AssortmentEnv one = SampledEnv(network, 700, 1);
    AssortmentEnv two = SampledEnv(network, 700, 2);
    const auto record = Record(one, 1, 8);
    EXPECT_EQ(record, Record(two, 1, 8));
    EXPECT_EQ(one.Save(), two.Save());
    EXPECT_EQ(record, Record(one, 1, 8)) << "the same seed again";
    EXPECT_NE(record, Record(one, 2, 8)) << "another seed";
  }
}

TEST(AssortmentEnvTest, GoesOnFromWhatWasSaved) {
  for (const auto& network : {ChancyNetwork(), CrowdedNetwork(nullptr, 1, false)}) {
    AssortmentEnv env = SampledEnv(network, 100, 1);
    Record(env, 5, 4);
    const std::string saved = env.Save();
    const auto expected = Record(env, 4);
    AssortmentEnv other = SampledEnv(network, 100, 2);
    other.Load(saved);
    EXPECT_EQ(other.period(), 4);
    EXPECT_EQ(Record(other, 4), expected);

    AssortmentEnv larger = SampledEnv(network, 101, 1);
    EXPECT_THROW(larger.Load(saved), DataError);
    EXPECT_THROW(env.Load(saved.substr(0, saved.size() - 1)), DataError);
    EXPECT_THROW(env.Load(saved + "x"), DataError);
    EXPECT_THROW(env.Load("x"), DataError);
  }
}

// What a SKU meets does not depend on how many there are.
TEST(AssortmentEnvTest, MoreSkusChangeNothingForTheOthers) {
  auto network = std::make_shared<Network>(*ChancyNetwork());
  std::fill(network->storage_capacity.begin(), network->storage_capacity.end(), kUnlimited);
  const AssortmentParameters few{.num_skus = 40}, many{.num_skus = 130};
  AssortmentEnv small(network, few, SampledDemand(*network, 40), {});
  AssortmentEnv large(network, many, SampledDemand(*network, 130), {.num_threads = 2});
  AssortmentBatch small_batch = small.MakeBatch(), large_batch = large.MakeBatch();
  small.Reset(1, small_batch);
  large.Reset(1, large_batch);
  for (int period = 0; period < 6; ++period) {
    const auto num_lanes = network->num_lanes();
    const auto orders = RandomNumbers("orders", large.num_blocks() * num_lanes * kBlockSize, 9);
    large.Step(orders, large_batch);
    small.Step(std::span(orders).first(Index(num_lanes * kBlockSize)), small_batch);
    for (int row = 0; row < network->num_sites(); ++row) {
      for (int sku = 0; sku < 40; ++sku) {
        const size_t place = Trial::Place(row, network->num_sites(), sku);
        ASSERT_EQ(small_batch.site_cost[place], large_batch.site_cost[place]);
      }
      for (size_t sku = 40; sku < kBlockSize; ++sku)
        ASSERT_EQ(small_batch.site_cost[Index(row) * kBlockSize + sku], 0) << "behind the last SKU";
    }
  }
}

TEST(AssortmentEnvTest, ASupplierBreaksDownForAllSkus) {
  const auto network = NetworkOf(
      "locations: [{name: \"*\", stockout_cost: 1}]\nlanes: [{from: supplier, to: \"*\", disruption: "
      "{failure_probability: 0.5, "
      "recovery_probability: 0.5}}]",
      {"a"});
  AssortmentEnv env(network, {.num_skus = 100}, SampledDemand(*network, 100), {.keep_outcomes = true});
  AssortmentBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  int num_down = 0;
  for (int period = 0; period < 40; ++period) {
    env.Step(std::vector<float>(2 * kBlockSize, 3.f), batch);
    for (size_t sku = 0; sku < 100; ++sku) ASSERT_EQ(batch.shipped[sku], batch.shipped[0]);
    num_down += batch.shipped[0] == 0 ? 1 : 0;
  }
  EXPECT_GT(num_down, 5);
  EXPECT_LT(num_down, 35);
}

TEST(AssortmentEnvTest, AStepAllocatesNothing) {
  if (!kCountsAllocations) GTEST_SKIP() << "a sanitizer has its own malloc";
  for (const auto& network : {ChancyNetwork(), CrowdedNetwork(nullptr, 1, true), RandomNetwork(3)}) {
    for (const int num_threads : {1, 2}) {
      AssortmentEnv env = SampledEnv(network, 300, num_threads);
      AssortmentBatch batch = env.MakeBatch();
      env.Reset(1, batch);
      const auto orders = RandomNumbers("orders", env.num_blocks() * network->num_lanes() * kBlockSize, 9);
      env.Step(orders, batch);
      const int64_t before = num_allocations;
      for (int period = 0; period < 5; ++period) env.Step(orders, batch);
      EXPECT_EQ(num_allocations - before, 0) << num_threads << " threads";
    }
  }
  const int64_t before = num_allocations;
  void* volatile memory = std::malloc(1);
  std::free(memory);
  EXPECT_GT(num_allocations, before) << "allocations are not counted";
}

TEST(AssortmentEnvTest, SampledDemandHasItsMean) {
  const auto network = OneSite({.initial_on_hand = 1e6f});
  for (const double dispersion : {0.0, 2.0}) {
    const int num_skus = 50;
    AssortmentEnv env(network, {.num_skus = num_skus}, SampledDemand(*network, num_skus, dispersion),
                      {.keep_outcomes = true});
    AssortmentBatch batch = env.MakeBatch();
    env.Reset(1, batch);
    const int num_periods = 4000;
    std::vector<double> sum(num_skus), squares(num_skus);
    for (int period = 0; period < num_periods; ++period) {
      env.Step(std::vector<float>(kBlockSize, 0.f), batch);
      for (size_t sku = 0; sku < num_skus; ++sku) {
        sum[sku] += batch.demand[sku];
        squares[sku] += batch.demand[sku] * batch.demand[sku];
      }
    }
    for (size_t sku = 0; sku < num_skus; ++sku) {
      const double mean = 0.1 * static_cast<double>(sku);
      const double variance = mean + (dispersion > 0 ? mean * mean / dispersion : 0);
      EXPECT_NEAR(sum[sku] / num_periods, mean, 4.5 * std::sqrt(variance / num_periods)) << sku;
      const double sampled = squares[sku] / num_periods - mean * mean;
      EXPECT_NEAR(sampled, variance, 0.25 * variance + 1e-9) << sku;
      EXPECT_FLOAT_EQ(batch.observation[kAssortmentForecastMean * kBlockSize + sku], 0.1f * static_cast<float>(sku));
    }
  }
}

std::string MessageOf(const AssortmentParameters& parameters) {
  const auto network = OneSite({});
  try {
    AssortmentEnv(network, parameters, SampledDemand(*network, 3), {});
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(AssortmentEnvTest, BadParametersAreRefused) {
  EXPECT_EQ(MessageOf({.num_skus = 3, .holding_cost = {1, 2, 3}}), "accepted");
  EXPECT_THAT(MessageOf({.num_skus = 0}), testing::HasSubstr("num_skus is 0"));
  EXPECT_THAT(MessageOf({.num_skus = 3, .holding_cost = {1, 2}}), testing::HasSubstr("2 numbers of holding_cost"));
  EXPECT_THAT(MessageOf({.num_skus = 3, .price = {1, 2, -1}}), testing::HasSubstr("price of SKU 2 is -1"));
  EXPECT_THAT(MessageOf({.num_skus = 3, .unit_cost = {1, NAN, 1}}), testing::HasSubstr("unit_cost of SKU 1"));
  EXPECT_THAT(MessageOf({.num_skus = 3, .vehicle_weight = {{1, 1, 1}}}), testing::HasSubstr("vehicle_weight"));
  const auto network = OneSite({});
  EXPECT_THROW(MakeSampledAssortment(*network, {2, {1, 701}}, Random(1)), ConfigError);
  EXPECT_THROW(MakeGivenAssortment(*network, {2, {{1, 2, 3}}, {}}), ConfigError);
  EXPECT_THROW(MakeGivenAssortment(*network, {2, {}, {}}), ConfigError);
}

}  // namespace
}  // namespace restock
