#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/error.h"

namespace restock {

/// Writes to a temporary name in the same folder, syncs, renames, syncs the folder: after a crash the file is the old
/// or the new one, never half of it. A symbolic link stays and leads to the new file; a pipe or a terminal is written
/// into as it is. Throws std::runtime_error when the disk refuses.
void WriteFileAtomically(const std::filesystem::path& file, std::string_view content);
/// Whether a file is one that a killed writer left half written under its temporary name.
bool IsTemporaryFile(const std::filesystem::path& file);
/// Removes these in a folder and all below it. Nobody may be writing there.
void RemoveTemporaryFiles(const std::filesystem::path& folder);
/// Throws DataError when the file cannot be read.
std::string ReadFile(const std::filesystem::path& file);

/// Our container for everything that must come back exactly (weights, optimiser, random positions): named sections of
/// bytes, with a CRC-32C over the whole file. A flipped bit, a cut file, another kind or another version is a
/// DataError.
class SectionFileWriter {
 public:
  explicit SectionFileWriter(std::string kind) : kind_(std::move(kind)) {}
  void Add(std::string_view name, std::string_view bytes);
  template <class T>
  void AddValues(std::string_view name, const T* values, size_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    Add(name, std::string_view(reinterpret_cast<const char*>(values), count * sizeof(T)));
  }
  void Write(const std::filesystem::path& file) const;

 private:
  std::string kind_;  // what the file holds, "ppo learner" say; a reader of another kind refuses it
  std::vector<std::pair<std::string, std::string>> sections_;
};

class SectionFileReader {
 public:
  SectionFileReader(const std::filesystem::path& file, std::string_view kind);
  bool Has(std::string_view name) const;
  /// Throws DataError when there is no such section.
  const std::string& Get(std::string_view name) const;
  template <class T>
  std::vector<T> GetValues(std::string_view name) const {
    static_assert(std::is_trivially_copyable_v<T>);
    const std::string& bytes = Get(name);
    if (bytes.size() % sizeof(T) != 0) ThrowWrongSize(name);
    std::vector<T> values(bytes.size() / sizeof(T));
    bytes.copy(reinterpret_cast<char*>(values.data()), bytes.size());
    return values;
  }

 private:
  [[noreturn]] void ThrowWrongSize(std::string_view name) const;

  std::filesystem::path file_;
  std::vector<std::pair<std::string, std::string>> sections_;
};

/// CRC-32C (Castagnoli), as in our files and in TensorBoard's.
uint32_t Crc32c(std::string_view bytes);

}  // namespace restock
