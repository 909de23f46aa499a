#include "experiments/event_file.h"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/file.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

std::vector<std::filesystem::path> FilesIn(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  return files;
}

// Splits a file into the data of its TFRecords, checking their lengths.
std::vector<std::string> Records(const std::string& bytes) {
  std::vector<std::string> records;
  for (size_t at = 0; at < bytes.size();) {
    uint64_t length = 0;
    std::memcpy(&length, bytes.data() + at, 8);
    records.push_back(bytes.substr(at + 12, length));
    EXPECT_EQ(records.back().size(), length);
    at += 8 + 4 + length + 4;
  }
  return records;
}

TEST(EventFileTest, WritesTheRecordsThatTensorBoardReads) {
  const TemporaryFolder folder;
  {
    EventFile events(folder.path());
    events.Scalar("ppo-1/mean_cost", 300, 12.5);
  }
  const auto files = FilesIn(folder.path());
  ASSERT_EQ(files.size(), 1u);
  const auto records = Records(ReadFile(files[0]));
  ASSERT_EQ(records.size(), 2u);
  EXPECT_THAT(records[0], testing::EndsWith("\x1a\x0d"
                                            "brain.Event:2"));  // field 3, 13 bytes

  // field 1: wall time, 8 bytes; field 2: step 300 = 0xac 0x02; field 5: summary of 24 bytes, in it field 1: value of
  // 22 bytes, in it field 1: the tag of 15 bytes, and field 2: the float 12.5 = 0x41480000
  const std::string& event = records[1];
  EXPECT_EQ(event[0], '\x09');
  const std::string expected("\x10\xac\x02\x2a\x18\x0a\x16\x0a\x0fppo-1/mean_cost\x15\x00\x00\x48\x41", 29);
  EXPECT_EQ(event.substr(9), expected);
}

// The published check value of CRC-32C, masked as TFRecords do: rotated right by 15, plus 0xa282ead8.
TEST(EventFileTest, MasksTheChecksumOfTheLength) {
  const TemporaryFolder folder;
  { EventFile events(folder.path()); }
  const std::string bytes = ReadFile(FilesIn(folder.path())[0]);
  uint32_t masked = 0;
  std::memcpy(&masked, bytes.data() + 8, 4);
  const uint32_t rotated = masked - 0xa282ead8u;
  EXPECT_EQ((rotated >> 17 | rotated << 15), Crc32c(bytes.substr(0, 8)));
}

TEST(EventFileTest, TakesThePlaceOfAnOlderFile) {
  const TemporaryFolder folder;
  WriteFileAtomically(folder.path() / "events.out.tfevents.1.restock", "old");
  { EventFile events(folder.path()); }
  EXPECT_EQ(FilesIn(folder.path()).size(), 1u);
}

}  // namespace
}  // namespace restock
