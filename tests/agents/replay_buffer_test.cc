#include "agents/replay_buffer.h"

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"

namespace restock {
namespace {

using Row = Eigen::RowVectorXf;

// A decision marked by a number, and one or two periods of cost 3 and 4 at discount 1/2.
void Add(int mark, ReplayBuffer& buffer) {
  const auto value = static_cast<float>(mark);
  const int place = buffer.Start(Row::Constant(2, value), 10 * value);
  buffer.AddCost(place, 3, 0.5f);
  if (mark % 2 == 0) buffer.AddCost(place, 4, 0.5f);
  buffer.Finish(place, Row::Constant(2, -value));
}

TEST(ReplayBufferTest, AddsUpDiscountedCosts) {
  ReplayBuffer buffer(10, 2);
  for (int mark = 1; mark <= 6; ++mark) Add(mark, buffer);
  EXPECT_EQ(buffer.size(), 6);
  RandomStream random(1, 0);
  const ReplayBuffer::Sample sample = buffer.Draw(100, random);
  for (int i = 0; i < 100; ++i) {
    const auto index = static_cast<size_t>(i);
    const float mark = sample.inputs(i, 0);
    const bool has_two_periods = static_cast<int>(mark) % 2 == 0;
    EXPECT_EQ(sample.next_inputs(i, 1), -mark);
    EXPECT_EQ(sample.action[index], 10 * mark);
    EXPECT_EQ(sample.cost[index], has_two_periods ? 5 : 3);
    EXPECT_EQ(sample.discount[index], has_two_periods ? 0.25f : 0.5f);
  }
}

TEST(ReplayBufferTest, ForgetsTheOldest) {
  ReplayBuffer buffer(4, 2);
  for (int mark = 1; mark <= 6; ++mark) Add(mark, buffer);
  EXPECT_EQ(buffer.size(), 4);
  RandomStream random(1, 0);
  const ReplayBuffer::Sample sample = buffer.Draw(200, random);
  EXPECT_EQ(sample.inputs.minCoeff(), 3);
  EXPECT_EQ(sample.inputs.maxCoeff(), 6);
}

TEST(ReplayBufferTest, ComesBackFromAFile) {
  const TemporaryFolder folder;
  ReplayBuffer buffer(4, 2);
  for (int mark = 1; mark <= 6; ++mark) Add(mark, buffer);
  SectionFileWriter writer("buffer");
  buffer.Save(writer);
  writer.Write(folder / "buffer");
  const SectionFileReader reader(folder / "buffer", "buffer");
  ReplayBuffer loaded(4, 2);
  loaded.Load(reader);
  Add(7, buffer);
  Add(7, loaded);
  RandomStream random(1, 0), again(1, 0);
  EXPECT_EQ(buffer.Draw(50, random).inputs, loaded.Draw(50, again).inputs);
  ReplayBuffer other_shape(5, 2);
  EXPECT_THROW(other_shape.Load(reader), DataError);
}

}  // namespace
}  // namespace restock
