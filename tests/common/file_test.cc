#include "common/file.h"

#include <csignal>
#include <filesystem>
#include <random>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/temporary_folder.h"

namespace restock {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

size_t NumFiles(const std::filesystem::path& folder) {
  return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(FileTest, ReadsBackWhatItWrote) {
  const TemporaryFolder folder;
  const std::string content("a\0b\r\n\xff", 6);
  WriteFileAtomically(folder / "x", content);
  EXPECT_EQ(ReadFile(folder / "x"), content);
  WriteFileAtomically(folder / "x", "");
  EXPECT_EQ(ReadFile(folder / "x"), "");
  EXPECT_EQ(NumFiles(folder.path()), 1u) << "temporary files are gone";
}

TEST(FileTest, WritesIntoTheWorkingFolder) {
  const TemporaryFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  WriteFileAtomically("plain_name", "x");
  std::filesystem::current_path(before);
  EXPECT_EQ(ReadFile(folder / "plain_name"), "x");
}

TEST(FileTest, AMissingFileIsADataError) {
  const TemporaryFolder folder;
  const std::string file = (folder / "nothing.csv").string();
  EXPECT_THAT([&] { ReadFile(file); }, ThrowsMessage<DataError>(file + ": cannot be read: No such file or directory."));
  EXPECT_THAT([&] { ReadFile(folder.path()); }, ThrowsMessage<DataError>(HasSubstr("Is a directory")));
}

TEST(FileTest, AFailedWriteLeavesTheOldFileAndNothingElse) {
  const TemporaryFolder folder;
  EXPECT_THAT(
      [&] { WriteFileAtomically(folder / "no_folder/x", "x"); },
      ThrowsMessage<std::runtime_error>(HasSubstr("no_folder/x: cannot be written: No such file or directory.")));

  // a folder stands where the file should go, so that the last step fails
  std::filesystem::create_directories(folder / "target/inside");
  EXPECT_THROW(WriteFileAtomically(folder / "target", "x"), std::runtime_error);
  EXPECT_EQ(NumFiles(folder.path()), 1u);
}

TEST(FileTest, ALinkStaysAndLeadsToTheNewFile) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "elsewhere");
  std::filesystem::create_symlink("elsewhere/target", folder / "first");  // nothing is there yet
  std::filesystem::create_symlink(folder / "first", folder / "second");
  for (const std::string content : {"one", "two"}) {
    WriteFileAtomically(folder / "second", content);
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "first"));
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "second"));
    EXPECT_EQ(ReadFile(folder / "elsewhere/target"), content);
  }
  EXPECT_EQ(NumFiles(folder / "elsewhere"), 1u);
}

TEST(FileTest, APipeIsWrittenIntoAndStaysOne) {
  const TemporaryFolder folder;
  const std::filesystem::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::filesystem::create_symlink(pipe, folder / "link");
  const int reader = ::open(pipe.c_str(), O_RDWR | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  WriteFileAtomically(folder / "link", "through");
  char content[16];
  const ssize_t size = ::read(reader, content, sizeof(content));
  ::close(reader);
  ASSERT_GE(size, 0);
  EXPECT_EQ(std::string(content, static_cast<size_t>(size)), "through");
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
}

TEST(FileTest, KilledWhileWritingLeavesTheOldOrTheNewFile) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder / "state";
  const std::string one(300'000, '1');
  const std::string two(200'000, '2');
  WriteFileAtomically(file, one);

  std::mt19937 random(1);
  for (int round = 0; round < 30; ++round) {
    const pid_t writer = ::fork();
    if (writer == 0) {
      while (true) {
        WriteFileAtomically(file, two);
        WriteFileAtomically(file, one);
      }
    }
    std::this_thread::sleep_for(std::chrono::microseconds(500 + random() % 5000));
    ::kill(writer, SIGKILL);
    ::waitpid(writer, nullptr, 0);
    const std::string content = ReadFile(file);
    ASSERT_TRUE(content == one || content == two) << "round " << round << ": " << content.size() << " bytes";
  }
}

TEST(FileTest, TwoWritersNeverMixTheirFiles) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder / "state";
  const auto write = [&](char c) {
    for (int round = 0; round < 20; ++round) WriteFileAtomically(file, std::string(10'000, c));
  };
  std::thread other(write, 'a');
  write('b');
  other.join();
  const std::string content = ReadFile(file);
  EXPECT_EQ(content, std::string(10'000, content[0]));
  EXPECT_EQ(NumFiles(folder.path()), 1u);
}

}  // namespace
}  // namespace restock
