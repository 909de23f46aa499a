#include "common/file.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <regex>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace restock {
namespace {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags) : id_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int id() const { return id_; }
  bool is_open() const { return id_ >= 0; }
  bool Close() { return id_ < 0 || ::close(std::exchange(id_, -1)) == 0; }

 private:
  int id_;
};

bool WriteAll(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

/// A name in the same folder that no other process and no other thread uses.
std::filesystem::path TemporaryName(const std::filesystem::path& file) {
  static std::atomic<int> counter = 0;
  return file.parent_path() / fmt::format(".{}.{}-{}.tmp", file.filename().string(), ::getpid(), counter++);
}

std::filesystem::path FolderOf(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

/// A pipe, a terminal, a folder: something is there that a new file must not replace.
bool IsOtherThanFile(const std::filesystem::path& file) {
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(file, ignored);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
}

/// Where a symbolic link leads, also when nothing is there yet; any other name as it is.
std::filesystem::path FollowLinks(std::filesystem::path file) {
  constexpr int kMostLinks = 40;  // as many as Linux follows
  std::error_code ignored;
  for (int link = 0; link < kMostLinks && std::filesystem::is_symlink(file, ignored); ++link)
    file = file.parent_path() / std::filesystem::read_symlink(file);
  return file;
}

[[noreturn]] void FailToWrite(const std::filesystem::path& file, int error) {
  throw std::runtime_error(fmt::format("{}: cannot be written: {}.", file.string(), std::strerror(error)));
}

void WriteInto(const std::filesystem::path& file, std::string_view content) {
  Descriptor output(file, O_WRONLY);
  if (!output.is_open() || !WriteAll(output.id(), content) || !output.Close()) FailToWrite(file, errno);
}

}  // namespace

void WriteFileAtomically(const std::filesystem::path& file, std::string_view content) {
  if (IsOtherThanFile(file)) return WriteInto(file, content);
  const std::filesystem::path target = FollowLinks(file);
  const std::filesystem::path temporary = TemporaryName(target);
  const auto fail = [&] {
    const int error = errno;
    ::unlink(temporary.c_str());
    FailToWrite(file, error);
  };

  // the content reaches the disk before the name does
  Descriptor output(temporary, O_WRONLY | O_CREAT | O_EXCL);
  if (!output.is_open()) fail();
  if (!WriteAll(output.id(), content) || ::fsync(output.id()) != 0 || !output.Close()) fail();
  if (::rename(temporary.c_str(), target.c_str()) != 0) fail();

  // the folder holds the name; some file systems cannot sync folders, and then need not
  const Descriptor folder(FolderOf(target), O_RDONLY | O_DIRECTORY);
  if (folder.is_open() && ::fsync(folder.id()) != 0 && errno != EINVAL) fail();
}

bool IsTemporaryFile(const std::filesystem::path& file) {
  static const std::regex kTemporaryName(R"(\..+\.\d+-\d+\.tmp)");  // as TemporaryName makes them
  return std::regex_match(file.filename().string(), kTemporaryName);
}

void RemoveTemporaryFiles(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (IsTemporaryFile(entry.path())) found.push_back(entry.path());
  }
  for (const auto& file : found) std::filesystem::remove(file);
}

std::string ReadFile(const std::filesystem::path& file) {
  const auto fail = [&](int error) {
    throw DataError(fmt::format("{}: cannot be read: {}.", file.string(), std::strerror(error)));
  };
  const Descriptor input(file, O_RDONLY);
  if (!input.is_open()) fail(errno);
  struct stat status = {};
  if (::fstat(input.id(), &status) != 0) fail(errno);
  if (S_ISDIR(status.st_mode)) fail(EISDIR);

  // the size is a hint only: a pipe has none, another program may be writing
  std::string content;
  content.resize(static_cast<size_t>(status.st_size) + 1);
  size_t size = 0;
  while (true) {
    const ssize_t num_read = ::read(input.id(), content.data() + size, content.size() - size);
    if (num_read < 0 && errno == EINTR) continue;
    if (num_read < 0) fail(errno);
    if (num_read == 0) break;
    size += static_cast<size_t>(num_read);
    if (size == content.size()) content.resize(2 * size);
  }
  content.resize(size);
  return content;
}

}  // namespace restock
