#include "agents/replay_buffer.h"

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"

namespace restock {
namespace {

constexpr int kNumPeriods = 4;
constexpr int kNumRows = 3;

// Inputs and costs that tell where they come from: 100 round + 10 period + row.
void Fill(int round, ReplayBuffer& buffer) {
  buffer.StartRound();
  for (int period = 0; period <= kNumPeriods; ++period) {
    for (int row = 0; row < kNumRows; ++row) {
      const auto mark = static_cast<float>(100 * round + 10 * period + row);
      buffer.inputs(period, row).setConstant(mark);
      if (period < kNumPeriods) buffer.Record(period, row, 2 * mark, 1, period != 1);
    }
  }
}

TEST(ReplayBufferTest, DrawsReturnsOfNumStepsOrToTheEnd) {
  ReplayBuffer buffer(2, kNumPeriods, kNumRows, 2);
  Fill(0, buffer);
  RandomStream random(1, 0);
  const ReplayBuffer::Sample sample = buffer.Draw(200, 3, 0.5f, random);
  for (int i = 0; i < 200; ++i) {
    const auto index = static_cast<size_t>(i);
    const int mark = static_cast<int>(sample.inputs(i, 0));
    const int period = mark / 10;
    EXPECT_NE(period, 1) << "no order was possible there";
    const int steps = std::min(3, kNumPeriods - period);
    EXPECT_EQ(sample.next_inputs(i, 1), static_cast<float>(mark + 10 * steps));
    EXPECT_EQ(sample.action[index], static_cast<float>(2 * mark));
    EXPECT_FLOAT_EQ(sample.discount[index], std::pow(0.5f, static_cast<float>(steps)));
    EXPECT_FLOAT_EQ(sample.cost[index], 2 * (1 - std::pow(0.5f, static_cast<float>(steps))));
  }
}

TEST(ReplayBufferTest, ForgetsTheOldestRound) {
  ReplayBuffer buffer(2, kNumPeriods, kNumRows, 2);
  for (int round = 0; round < 3; ++round) Fill(round, buffer);
  RandomStream random(1, 0);
  const ReplayBuffer::Sample sample = buffer.Draw(200, 1, 1, random);
  EXPECT_GE(sample.inputs.minCoeff(), 100);
  EXPECT_GE(sample.inputs.maxCoeff(), 200);
}

TEST(ReplayBufferTest, ComesBackFromAFile) {
  const TemporaryFolder folder;
  ReplayBuffer buffer(2, kNumPeriods, kNumRows, 2);
  Fill(4, buffer);
  SectionFileWriter writer("buffer");
  buffer.Save(writer);
  writer.Write(folder / "buffer");
  ReplayBuffer loaded(2, kNumPeriods, kNumRows, 2);
  const SectionFileReader reader(folder / "buffer", "buffer");
  loaded.Load(reader);
  RandomStream random(1, 0), again(1, 0);
  EXPECT_EQ(buffer.Draw(50, 2, 0.9f, random).inputs, loaded.Draw(50, 2, 0.9f, again).inputs);
  ReplayBuffer other_shape(3, kNumPeriods, kNumRows, 2);
  EXPECT_THROW(other_shape.Load(reader), DataError);
}

}  // namespace
}  // namespace restock
