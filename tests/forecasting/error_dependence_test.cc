#include "forecasting/error_dependence.h"

#include <cmath>

#include <gtest/gtest.h>

#include "common/random.h"
#include "tests/forecasting/test_histories.h"

namespace restock {
namespace {

TEST(ErrorDependenceTest, FindsWhatSeriesHaveInCommon) {
  std::vector<Series> series;
  for (int warehouse = 0; warehouse < 6; ++warehouse) {
    for (int sku = 0; sku < 12; ++sku) series.push_back({std::to_string(warehouse), std::to_string(sku), ""});
  }
  const SeriesGroups groups(series);
  Eigen::MatrixXf errors(600, 72);
  RandomStream stream = Random(5).At(0);
  for (Eigen::Index time = 0; time < errors.rows(); ++time) {
    const double all = stream.Normal();
    Eigen::VectorXd warehouse(6), sku(12);
    for (double& value : warehouse) value = stream.Normal();
    for (double& value : sku) value = stream.Normal();
    for (Eigen::Index i = 0; i < 72; ++i) {
      errors(time, i) = static_cast<float>(std::sqrt(0.1) * all + std::sqrt(0.05) * warehouse[i / 12] +
                                           std::sqrt(0.25) * sku[i % 12] + std::sqrt(0.6) * stream.Normal());
    }
  }
  errors(3, 5) = kUnknown;
  const CommonShares shares = EstimateCommonShares(errors, groups);
  EXPECT_NEAR(shares.all, 0.1, 0.03);
  EXPECT_NEAR(shares.warehouse, 0.05, 0.02);
  EXPECT_NEAR(shares.sku, 0.25, 0.03);
}

TEST(ErrorDependenceTest, OneWarehouseHasEverythingInCommon) {
  const SeriesGroups groups({{"a", "x", ""}, {"a", "y", ""}});
  Eigen::MatrixXf errors(400, 2);
  RandomStream stream = Random(6).At(0);
  for (Eigen::Index time = 0; time < errors.rows(); ++time) {
    const double common = stream.Normal();
    for (Eigen::Index i = 0; i < 2; ++i)
      errors(time, i) = static_cast<float>(std::sqrt(0.5) * (common + stream.Normal()));
  }
  EXPECT_NEAR(EstimateCommonShares(errors, groups).all, 0.5, 0.08);
  EXPECT_EQ(EstimateCommonShares(errors, groups).sku, 0);
}

TEST(ErrorDependenceTest, StepCorrelationIsThatOfTheErrors) {
  // two origins, two steps, two series: products 2 and -1, 2, 1 -> sum 4 over sqrt(sum of squares 7 * 7)
  Eigen::MatrixXf first(2, 2), second(2, 2);
  first << 1, 1, 2, -1;
  second << 2, 1, 1, 1;
  EXPECT_NEAR(EstimateStepCorrelation({first, second})(1, 0), 4.f / 7, 1e-6);
}

}  // namespace
}  // namespace restock
