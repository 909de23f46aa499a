#include "forecasting/drift.h"

#include <cmath>

#include <gtest/gtest.h>

#include "forecasting/count_regression.h"
#include "forecasting/importance.h"
#include "tests/forecasting/test_histories.h"

namespace restock {
namespace {

std::vector<double> Normals(int count, double mean, uint64_t seed) {
  RandomStream stream = Random(seed).At(0);
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(mean + stream.Normal());
  return values;
}

TEST(DriftTest, StabilityIndexOfTwoBinsByHand) {
  // half of the reference lies below 1; of the recent values a quarter: (0.5 - 0.25) log(0.5 / 0.25)
  // + (0.5 - 0.75) log(0.5 / 0.75) = 0.1733 + 0.1014
  EXPECT_NEAR(PopulationStability({0, 0, 1, 1}, {0, 1, 1, 1}), 0.2747, 1e-4);
  EXPECT_EQ(PopulationStability({}, {1}), 0);
}

TEST(DriftTest, StabilityIndexTellsAShiftFromChance) {
  EXPECT_LT(PopulationStability(Normals(2000, 0, 1), Normals(2000, 0, 2)), 0.02);
  EXPECT_GT(PopulationStability(Normals(2000, 0, 1), Normals(2000, 0.7, 2)), 0.2);
}

TEST(DriftTest, CumulativeSumsFindAShiftOfTheMean) {
  std::vector<double> sequence = Normals(40, 0, 3);
  EXPECT_LT(LargestCumulativeSum(sequence), 5);
  for (size_t i = 25; i < sequence.size(); ++i) sequence[i] -= 2;
  EXPECT_GT(LargestCumulativeSum(sequence), 5);
  EXPECT_EQ(LargestCumulativeSum({1, 2, 3}), 0);
  EXPECT_EQ(LargestCumulativeSum(std::vector<double>(20, 7.0)), 0);
}

/// Two sorts of covariates: one doubles demand where it is 1, the other does nothing.
DemandHistory WithCovariates(int num_periods) {
  RandomStream stream = Random(9).At(0);
  Eigen::MatrixXf demand(num_periods, 6), useful = Eigen::MatrixXf::Zero(num_periods, 6), useless = useful;
  for (Eigen::Index i = 0; i < demand.size(); ++i) {
    useful(i) = stream.Uniform() < 0.3 ? 1.f : 0.f;
    useless(i) = stream.Uniform() < 0.3 ? 1.f : 0.f;
    demand(i) = static_cast<float>(stream.Poisson(useful(i) > 0 ? 40 : 20));
  }
  DemandHistory history = HistoryOf(demand);
  history.covariates = {{"useful", true, useful}, {"useless", true, useless}};
  return history;
}

TEST(ImportanceTest, FindsTheCovariateThatMatters) {
  const DemandHistory history = WithCovariates(120);
  CountRegression forecaster(7);
  forecaster.Fit(history);
  const auto inputs = PermutationImportance(forecaster, history, 14, Random(1));
  ASSERT_EQ(inputs.size(), 4u);
  EXPECT_EQ(inputs.front().input, "useful");
  EXPECT_GT(inputs.front().increase, 0.2);
  for (const InputImportance& input : inputs) {
    if (input.input == "useless") {
      EXPECT_NEAR(input.increase, 0, 0.03);
    }
  }
}

TEST(DriftTest, SeesThatPromotionsHaveBecomeRare) {
  DemandHistory history = WithCovariates(120);
  const auto checks_of = [&] {
    const auto results =
        RunBacktest({.num_origins = 3, .horizon = 7, .rivals = {}},
                    {.model = "count_regression", .horizon = 7, .calibration = {}, .neural = {}}, history, Random(1));
    return FindDrift(history, results.front());
  };
  for (const DriftCheck& check : checks_of()) EXPECT_FALSE(check.alarm) << check.name << " " << check.value;
  history.covariates[0].values.bottomRows(28).setZero();
  bool found = false;
  for (const DriftCheck& check : checks_of()) found = found || (check.name == "useful" && check.alarm);
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace restock
