#include "env/sampled_demand.h"

#include <cmath>
#include <vector>

#include <boost/math/distributions/chi_squared.hpp>
#include <gtest/gtest.h>

#include "env/count_table.h"
#include "env/philox_rows.h"
#include "env/vector_env.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

TEST(PhiloxRowsTest, AreTheWordsOfTheScalarGenerator) {
  std::array<uint64_t, kBlockSize> first;
  for (size_t env = 0; env < kBlockSize; ++env) first[env] = static_cast<uint32_t>(env * 0x9E3779B9u);
  const uint64_t key = 0xfedcba9876543210;
  PhiloxWords words;
  PhiloxRows(first, 0xffffffff, 7, 1, key, words);
  for (size_t env = 0; env < kBlockSize; ++env) {
    const auto expected = Philox({static_cast<uint32_t>(first[env]), 0xffffffff, 7, 1}, {0x76543210, 0xfedcba98});
    for (size_t i = 0; i < 4; ++i) ASSERT_EQ(words[i][env], expected[i]);
  }
}

TEST(CountTableTest, DrawsABlockAsItDrawsOne) {
  RandomStream random = Random(2).At(0);
  for (const CountDistribution& distribution : {CountDistribution{0.2}, {5}, {5, 1}, {40}, {1000}, {30, 0.5}}) {
    const CountTable table(distribution);
    std::array<uint32_t, kBlockSize> bits;
    std::array<float, kBlockSize> counts;
    for (int round = 0; round < 2000; ++round) {
      for (uint32_t& word : bits) word = random.NextBits();
      bool any_escaped = false;
      const bool told = table.Draw(bits.data(), counts.data());
      for (size_t env = 0; env < kBlockSize; ++env) {
        ASSERT_EQ(counts[env], table.DrawOne(bits[env]));
        any_escaped |= counts[env] == table.escape();
      }
      ASSERT_EQ(told, any_escaped);
    }
  }
}

// Chi-squared test of the counts that sampled demand gives, for means from 0.1 to 1,000.
TEST(SampledDemandTest, HasTheDistributionAsked) {
  std::vector<CountDistribution> demand = {{0.1}, {1},    {5},    {0},      {9.5},   {25},
                                           {150}, {1000}, {5, 1}, {2, 0.3}, {100, 5}};
  NetworkBuilderForTests builder;
  const int location = builder.AddLocation("store");
  for (size_t i = 0; i < demand.size(); ++i)
    builder.AddSite(location, "sku " + std::to_string(i), kOutside, static_cast<int>(i), {});
  const auto network = builder.Build();
  constexpr int kNumPeriods = 4000;
  const auto source =
      MakeSampledSource(*network, {.demand = demand, .num_periods = kNumPeriods}, Random(6).Stream("demand"));

  std::vector<std::vector<double>> observed(demand.size());
  std::vector<int64_t> low, high;
  for (size_t site = 0; site < demand.size(); ++site) {
    low.push_back(demand[site].Quantile(1e-5));
    high.push_back(demand[site].Quantile(1 - 1e-5));
    observed[site].resize(static_cast<size_t>(high.back() - low.back() + 1));
  }
  std::vector<int> scenarios(kBlockSize);
  for (int env = 0; env < kBlockSize; ++env) scenarios[static_cast<size_t>(env)] = 1000 + 3 * env;
  AlignedVector counts(demand.size() * kBlockSize);
  for (int period = 0; period < kNumPeriods; ++period) {
    source->Demand(period, scenarios, *network, counts.data());
    for (size_t i = 0; i < counts.size(); ++i) {
      const size_t site = i / kBlockSize;
      ++observed[site]
                [static_cast<size_t>(std::clamp(static_cast<int64_t>(counts[i]), low[site], high[site]) - low[site])];
    }
  }

  constexpr double kNumDraws = double{kBlockSize} * kNumPeriods;
  for (size_t site = 0; site < demand.size(); ++site) {
    double statistic = 0, seen = 0, expected = 0;
    int cells = 0;
    for (size_t i = 0; i < observed[site].size(); ++i) {
      seen += observed[site][i];
      expected += kNumDraws * demand[site].Probability(low[site] + static_cast<int64_t>(i));
      if (expected < 20) continue;
      statistic += (seen - expected) * (seen - expected) / expected;
      seen = expected = 0;
      ++cells;
    }
    if (cells < 2) continue;
    EXPECT_GT(boost::math::cdf(boost::math::complement(boost::math::chi_squared(cells - 1), statistic)), 1e-4)
        << "site " << site;
  }
}

// Mean 4.4: sixteen columns hold the counts 0 ... 14, and P(D > 14) = 4.4e-5 is left out. P(D > 15 | D > 14) = 0.245.
TEST(CountTableTest, WhatTheTableLeavesOutComesAsOftenAsItShould) {
  const CountDistribution distribution{.mean = 4.4};
  const CountTable table(distribution);
  ASSERT_EQ(table.escape(), 15);
  double beyond[] = {0, 0};  // P(D > 14), P(D > 15)
  for (int64_t count = 60; count > 14; --count) {
    beyond[0] += distribution.Probability(count);
    if (count > 15) beyond[1] += distribution.Probability(count);
  }

  RandomStream random = Random(9).At(0);
  constexpr int kNumDraws = 8'000'000;
  double escapes = 0;
  for (int i = 0; i < kNumDraws; ++i) escapes += table.DrawOne(random.NextBits()) == table.escape();
  const double expected = kNumDraws * beyond[0];
  EXPECT_NEAR(escapes, expected, 4 * std::sqrt(expected));

  constexpr int kNumRest = 400'000;
  double above_15 = 0;
  for (int i = 0; i < kNumRest; ++i) above_15 += table.DrawRest(random.Uniform()) > 15;
  EXPECT_NEAR(above_15 / kNumRest, beyond[1] / beyond[0], 4 * 0.5 / std::sqrt(kNumRest));
}

TEST(SampledDemandTest, ForecastsAreTheDistributionsOwn) {
  const auto network = CentralAndStores({.lead_time = 2}, {{.lead_time = 1}, {.lead_time = 1}});
  const auto source = MakeSampledSource(*network, {.demand = {{0}, {3}, {4}}, .num_periods = 5}, Random(1));
  const std::vector<int> scenarios(kBlockSize, 0);
  AlignedVector forecast(3 * kBlockSize);
  const auto value = [&](int feature, int site) {
    source->Forecast(0, scenarios, *network, feature, forecast.data());
    return forecast[static_cast<size_t>(site * kBlockSize)];
  };
  EXPECT_EQ(value(kForecastMean, 1), 6);      // two periods of 3
  EXPECT_EQ(value(kForecastMean, 0), 4 * 7);  // 2 + 1 periods to the central site, 1 to the stores
  EXPECT_EQ(value(kForecastNextMean, 0), 7);
  EXPECT_EQ(value(kForecastFirstQuantile, 1), 6);      // Poisson(6): P(D <= 5) = 0.446, P(D <= 6) = 0.606
  EXPECT_EQ(value(kForecastFirstQuantile + 3, 1), 9);  // P(D <= 8) = 0.847, P(D <= 9) = 0.916
}

}  // namespace
}  // namespace restock
