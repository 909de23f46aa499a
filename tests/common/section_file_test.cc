#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/file.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class SectionFileTest : public ::testing::Test {
 protected:
  /// A file of three sections, one of them empty, of about 150 bytes.
  std::string WriteExample() {
    SectionFileWriter writer("ppo learner");
    const std::vector<double> weights = {1.5, -2.25, 0.1};
    writer.AddValues("weights", weights.data(), weights.size());
    writer.Add("nothing", "");
    writer.Add("note", std::string_view("a\0b", 3));
    writer.Write(file_);
    return ReadFile(file_);
  }

  /// Without the wait for the disk.
  void Replace(std::string_view content) {
    std::filesystem::remove(file_);
    std::ofstream(file_, std::ios::binary) << content;
  }

  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "learner.bin";
};

TEST(Crc32cTest, MatchesThePublishedValues) {
  // RFC 3720, appendix B.4
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62A8AB43u);
  EXPECT_EQ(Crc32c("123456789"), 0xE3069283u);
  EXPECT_EQ(Crc32c(""), 0u);
}

TEST_F(SectionFileTest, GivesBackEveryBit) {
  WriteExample();
  const SectionFileReader reader(file_, "ppo learner");
  EXPECT_EQ(reader.GetValues<double>("weights"), (std::vector<double>{1.5, -2.25, 0.1}));
  EXPECT_EQ(reader.Get("nothing"), "");
  EXPECT_EQ(reader.Get("note"), std::string("a\0b", 3));
  EXPECT_TRUE(reader.Has("note"));
  EXPECT_FALSE(reader.Has("weight"));
}

TEST_F(SectionFileTest, WritesTheSameBytesForTheSameContent) { EXPECT_EQ(WriteExample(), WriteExample()); }

TEST_F(SectionFileTest, NoticesEverySingleFlippedBit) {
  const std::string good = WriteExample();
  for (size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    Replace(bad);
    EXPECT_THROW(SectionFileReader(file_, "ppo learner"), DataError) << "bit " << bit;
  }
}

TEST_F(SectionFileTest, NoticesACutAtEveryByteAndAnAddedByte) {
  const std::string good = WriteExample();
  for (size_t size = 0; size < good.size(); ++size) {
    Replace(good.substr(0, size));
    EXPECT_THROW(SectionFileReader(file_, "ppo learner"), DataError) << size << " bytes";
  }
  Replace(good + '\0');
  EXPECT_THROW(SectionFileReader(file_, "ppo learner"), DataError);
}

TEST_F(SectionFileTest, TellsWhatIsWrong) {
  const std::string good = WriteExample();
  EXPECT_THAT([&] { SectionFileReader(file_, "lstm"); },
              ThrowsMessage<DataError>(file_.string() + ": holds a ppo learner, not a lstm."));
  const SectionFileReader reader(file_, "ppo learner");
  EXPECT_THAT([&] { reader.Get("bias"); }, ThrowsMessage<DataError>(HasSubstr("has no section bias")));
  EXPECT_THAT([&] { reader.GetValues<double>("note"); },
              ThrowsMessage<DataError>(HasSubstr("section note has 3 bytes")));

  Replace(good.substr(0, 50));
  EXPECT_THAT([&] { SectionFileReader(file_, "ppo learner"); }, ThrowsMessage<DataError>(HasSubstr("cut short")));
  Replace("hello");
  EXPECT_THAT([&] { SectionFileReader(file_, "ppo learner"); },
              ThrowsMessage<DataError>(EndsWith("is not a ppo learner file of Restock.")));
}

TEST_F(SectionFileTest, RefusesSizesThatReachBeyondTheFileThoughTheChecksumIsRight) {
  // the length of the first section's name becomes enormous, and the checksum is made to fit
  std::string bad = WriteExample();
  const size_t name_size = bad.find("weights") - 8;
  for (size_t byte = 0; byte < 8; ++byte) bad[name_size + byte] = '\xff';
  const uint32_t crc = Crc32c(std::string_view(bad).substr(0, bad.size() - 4));
  for (size_t byte = 0; byte < 4; ++byte) bad[bad.size() - 4 + byte] = static_cast<char>(crc >> (8 * byte));
  Replace(bad);
  EXPECT_THROW(SectionFileReader(file_, "ppo learner"), DataError);
}

}  // namespace
}  // namespace restock
