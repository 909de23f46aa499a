#include "forecasting/zero_inflation.h"

#include <gtest/gtest.h>

#include "common/random.h"
#include "tests/forecasting/test_histories.h"

namespace restock {
namespace {

/// 200 periods of 5 series, each value zero with probability `zero_share` and else Poisson.
double ExcessOf(double zero_share, double mean) {
  Eigen::MatrixXf demand(200, 5);
  RandomStream stream = Random(1).At(0);
  for (float& value : demand.reshaped()) {
    value = stream.Uniform() < zero_share ? 0.f : static_cast<float>(stream.Poisson(mean));
  }
  return ExcessOfZeros(HistoryOf(demand));
}

TEST(ZeroInflationTest, CountsHaveNoExcessHoweverRareTheyAre) {
  for (const double mean : {0.2, 1.0, 20.0}) EXPECT_LT(ExcessOf(0, mean), 0.01) << mean;
}

// Half zeros, half near 50: mean 25, variance 650, so r = 25^2 / 625 = 1 and P(0) = 1 / 26 = 0.038 instead of 0.5.
TEST(ZeroInflationTest, ZerosBesideLargeValuesAreTooMany) { EXPECT_NEAR(ExcessOf(0.5, 50), 0.462, 0.03); }

TEST(ZeroInflationTest, UnknownAndEmptySeriesSayNothing) {
  Eigen::MatrixXf demand = Eigen::MatrixXf::Constant(30, 2, kUnknown);
  demand.col(1).setZero();
  EXPECT_EQ(ExcessOfZeros(HistoryOf(demand)), 0);
}

}  // namespace
}  // namespace restock
