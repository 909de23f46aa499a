#include "agents/level_grid.h"

#include <gtest/gtest.h>

#include "env/observation.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

class LevelDecoderTest : public ::testing::Test {
 protected:
  LevelDecoderTest() : names_(FeatureNames(*OneSite({.lead_time = 1}))), decoder_({.step = 0.5f, .reach = 4}, names_) {
    observation_ = Eigen::MatrixXf::Zero(1, static_cast<Eigen::Index>(names_.size()));
    const float quantiles[] = {10, 12, 14, 18, 20, 24};
    for (int i = 0; i < LevelDecoder::kNumQuantiles; ++i) observation_(0, decoder_.quantile(i)) = quantiles[i];
  }

  float OrderAt(float action, float rule_score = 1) const {
    Eigen::ArrayXf orders(1);
    decoder_.Orders(observation_, Eigen::ArrayXf::Constant(1, rule_score), Eigen::ArrayXf::Constant(1, action), orders);
    return orders[0];
  }
  float OrderAtScore(float score) const { return OrderAt(static_cast<float>(decoder_.grid().middle()), score); }

  std::vector<std::string> names_;
  LevelDecoder decoder_;
  Eigen::MatrixXf observation_;
};

TEST_F(LevelDecoderTest, OrdersUpToTheQuantileOfTheScore) {
  EXPECT_EQ(OrderAtScore(0), 10);
  EXPECT_EQ(OrderAtScore(1.281552f), 18);
  EXPECT_EQ(OrderAtScore((1.281552f + 1.644854f) / 2), 19);
  observation_(0, decoder_.position()) = 7;
  EXPECT_EQ(OrderAtScore(1.281552f), 11);
}

// above the highest quantile (24 - 10) / 1.96 units a score, below the median (12 - 10) / 0.524401
TEST_F(LevelDecoderTest, GoesOnBeyondTheQuantiles) {
  EXPECT_EQ(OrderAtScore(2.8f), 30);  // 24 + 0.84 * 7.143
  EXPECT_EQ(OrderAtScore(-0.8f), 7);  // 10 - 0.8 * 3.814
}

// the middle action, 5, is the rule; each further one half a score more
TEST_F(LevelDecoderTest, StepsAroundTheRule) {
  EXPECT_EQ(decoder_.grid().num_actions(), 10);
  EXPECT_EQ(OrderAt(5, 0), 10);
  EXPECT_EQ(OrderAt(7, 0.281552f), 18);
  EXPECT_EQ(OrderAt(4.5f, 1.531552f), 18);
}

TEST_F(LevelDecoderTest, OrdersNothingAtActionZeroAndWhenTheLaneIsClosed) {
  EXPECT_EQ(OrderAt(0), 0);
  EXPECT_EQ(OrderAt(0.49f), 0);
  EXPECT_EQ(OrderAt(1), 6);  // score 1 - 4 * 0.5: 10 - 3.81
  observation_(0, decoder_.periods_to_next_order()) = 1;
  EXPECT_EQ(OrderAt(5), 0);
}

TEST_F(LevelDecoderTest, StaysOnTheGrid) {
  EXPECT_EQ(OrderAt(9), OrderAt(100));
  observation_(0, decoder_.position()) = 1000;
  EXPECT_EQ(OrderAt(9), 0);
}

}  // namespace
}  // namespace restock
