#include "agents/rollout_buffer.h"

#include <gtest/gtest.h>

namespace restock {
namespace {

// discount 0.5, lambda 0.5; surprises: value - cost - 0.5 next_value
//   t 2: 4 - 1 - 0.5 * 2 = 2        advantage 2
//   t 1: 2 - 1 - 0.5 * 6 = -2       the episode ends here: advantage -2, with the value of its last state (6)
//   t 0: 3 - 2 - 0.5 * 2 = 0        advantage 0 + 0.25 * -2 = -0.5
TEST(RolloutBufferTest, EstimatesAdvantagesAsWorkedByHand) {
  RolloutBuffer buffer(3, 1, 1, 1);
  buffer.cost << 2, 1, 1;
  buffer.value << 3, 2, 4;
  buffer.next_value << 2, 6, 2;
  buffer.EstimateAdvantages({false, true, false}, 0.5f, 0.5f);
  EXPECT_FLOAT_EQ(buffer.advantage(0, 2), 2);
  EXPECT_FLOAT_EQ(buffer.advantage(0, 1), -2);
  EXPECT_FLOAT_EQ(buffer.advantage(0, 0), -0.5);
  EXPECT_FLOAT_EQ(buffer.target(0, 0), 3.5);
  EXPECT_FLOAT_EQ(buffer.target(0, 2), 2);
}

TEST(RolloutBufferTest, TakesOffTheMeanOfTheGroup) {
  RolloutBuffer buffer(1, 4, 1, 1);
  buffer.advantage << 1, 3, 10, 20;
  buffer.SubtractGroupMeans(2);
  EXPECT_TRUE((buffer.advantage.col(0) == Eigen::Array4f(-1, 1, -5, 5)).all());
}

}  // namespace
}  // namespace restock
