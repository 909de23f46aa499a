#include "common/progress.h"

#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace restock {
namespace {

using ::testing::internal::CaptureStderr;
using ::testing::internal::GetCapturedStderr;

TEST(ProgressLineTest, ShowsShareTimeLeftAndNote) {
  EXPECT_EQ(ProgressLine("training ppo", 40, 100, 20, "cost 12.3"),
            "training ppo  ########............   40 %  eta 0:30  cost 12.3");
  EXPECT_EQ(ProgressLine("x", 100, 100, 20, ""), "x  ####################  100 %  eta 0:00");
}

TEST(ProgressLineTest, KnowsNoTimeLeftAtTheStartNorWithoutATotal) {
  EXPECT_EQ(ProgressLine("x", 0, 10, 5, ""), "x  ....................    0 %");
  EXPECT_EQ(ProgressLine("reading", 7, 0, 5, "7 files"), "reading  7 files");
}

TEST(ProgressLineTest, NeverLeavesItsFrame) {
  EXPECT_EQ(ProgressLine("x", 200, 100, 20, ""), ProgressLine("x", 100, 100, 20, ""));
}

TEST(ProgressTest, PrintsOneLineAStageWhereThereIsNoTerminal) {
  CaptureStderr();
  {
    Progress progress("fitting lstm", 3);
    for (int epoch = 1; epoch <= 3; ++epoch) progress.Advance(epoch, "loss 1.5");
  }
  EXPECT_THAT(GetCapturedStderr(), ::testing::MatchesRegex("fitting lstm  [0-9.]+ s  loss 1.5\n"));
}

TEST(ProgressTest, IsSilentWhenQuietAndAfterAnError) {
  CaptureStderr();
  try {
    Progress progress("fails", 3);
    throw std::runtime_error("no");
  } catch (const std::runtime_error&) {
  }
  Progress::SetQuiet(true);
  { Progress progress("quiet", 3); }
  Progress::SetQuiet(false);
  EXPECT_EQ(GetCapturedStderr(), "");
}

}  // namespace
}  // namespace restock
