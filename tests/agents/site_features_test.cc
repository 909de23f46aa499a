#include "agents/site_features.h"

#include <cmath>

#include <gtest/gtest.h>

#include "common/error.h"
#include "env/observation.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

class SiteFeaturesTest : public ::testing::Test {
 protected:
  SiteFeaturesTest() : features_(FeatureNames(*OneSite({.holding_cost = 1, .stockout_cost = 9, .lead_time = 3}))) {
    observation_ = Eigen::MatrixXf::Zero(1, features_.num_features());
    Set("holding_cost", 1);
    Set("stockout_cost", 9);
    Set("forecast_mean", 19);
    Set("forecast_q0.9", 29);
  }

  void Set(const std::string& feature, float value) { observation_(0, features_.Column(feature)) = value; }
  float Input(const std::string& name) {
    Eigen::MatrixXf inputs;
    features_.Encode(observation_, inputs);
    for (int i = 0; i < features_.num_inputs(); ++i) {
      if (features_.formulas()[static_cast<size_t>(i)].name == name) return inputs(0, i);
    }
    ADD_FAILURE() << "there is no input " << name;
    return 0;
  }

  SiteFeatures features_;
  Eigen::MatrixXf observation_;
};

// scale = 19 + 1 = 20, spread = 29 - 19 = 10, money = 1 + 9 = 10
TEST_F(SiteFeaturesTest, DividesStocksByTheScaleOfDemand) {
  Set("on_hand", 10);
  EXPECT_FLOAT_EQ(Input("on_hand / scale"), 0.5f);
  Set("on_hand", 1e6);
  EXPECT_FLOAT_EQ(Input("on_hand / scale"), 10);
}

TEST_F(SiteFeaturesTest, MeasuresThePositionInSpreads) {
  Set("echelon_position", 24);
  EXPECT_FLOAT_EQ(Input("(echelon_position - forecast_mean) / spread"), 0.5f);
  Set("forecast_q0.9", 19);  // no spread at all counts as one unit
  EXPECT_FLOAT_EQ(Input("(echelon_position - forecast_mean) / spread"), 5);
}

TEST_F(SiteFeaturesTest, TakesCostsAsRatios) {
  EXPECT_FLOAT_EQ(Input("stockout_cost / money"), 0.9f);
  EXPECT_FLOAT_EQ(Input("log(holding_cost / money)"), std::log(0.1f));
  EXPECT_FLOAT_EQ(Input("log(order_cost / money)"), -5);
}

TEST_F(SiteFeaturesTest, KnowsThePipelineByAge) {
  Set("pipeline_2", 40);
  EXPECT_FLOAT_EQ(Input("pipeline_1 / scale"), 0);
  EXPECT_FLOAT_EQ(Input("pipeline_2 / scale"), 2);
}

TEST(SiteFeaturesErrorTest, NamesAMissingFeature) {
  try {
    SiteFeatures({"on_hand"});
    FAIL() << "was accepted";
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("forecast_mean"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace restock
