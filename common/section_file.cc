#include <cstring>

#include <boost/crc.hpp>
#include <fmt/format.h>

#include "common/file.h"

namespace restock {
namespace {

// magic, version, kind, number of sections, sections (name, bytes), CRC-32C of all before it; numbers little endian,
// texts and bytes with their length before them
constexpr std::string_view kMagic = "RESTOCK\n";
constexpr uint32_t kVersion = 1;

void PutNumber(std::string& out, uint64_t value, int num_bytes) {
  for (int byte = 0; byte < num_bytes; ++byte) out.push_back(static_cast<char>(value >> (8 * byte) & 0xff));
}

void PutBytes(std::string& out, std::string_view bytes) {
  PutNumber(out, bytes.size(), 8);
  out += bytes;
}

/// Takes values from the front of what is left; remembers when there was too little.
class Cursor {
 public:
  explicit Cursor(std::string_view rest) : rest_(rest) {}

  uint64_t TakeNumber(int num_bytes) {
    uint64_t value = 0;
    const std::string_view bytes = Take(static_cast<uint64_t>(num_bytes));
    for (size_t byte = 0; byte < bytes.size(); ++byte)
      value |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[byte])) << (8 * byte);
    return value;
  }
  std::string_view TakeBytes() { return Take(TakeNumber(8)); }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view Take(uint64_t size) {
    ok_ = ok_ && size <= rest_.size();
    if (!ok_) return {};
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

uint32_t Crc32c(std::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

void SectionFileWriter::Add(std::string_view name, std::string_view bytes) { sections_.emplace_back(name, bytes); }

void SectionFileWriter::Write(const std::filesystem::path& file) const {
  std::string content(kMagic);
  PutNumber(content, kVersion, 4);
  PutBytes(content, kind_);
  PutNumber(content, sections_.size(), 4);
  for (const auto& [name, bytes] : sections_) {
    PutBytes(content, name);
    PutBytes(content, bytes);
  }
  PutNumber(content, Crc32c(content), 4);
  WriteFileAtomically(file, content);
}

SectionFileReader::SectionFileReader(const std::filesystem::path& file, std::string_view kind) : file_(file) {
  const std::string content = ReadFile(file);
  const auto fail = [&](const std::string& what) { throw DataError(fmt::format("{}: {}.", file.string(), what)); };

  // is it ours, whole and unchanged?
  if (!content.starts_with(kMagic)) fail(fmt::format("is not a {} file of Restock", kind));
  const std::string damaged = "is damaged or was cut short; make it again or take another copy";
  if (content.size() < kMagic.size() + 8) fail(damaged);
  const std::string_view body = std::string_view(content).substr(0, content.size() - 4);
  if (Cursor(std::string_view(content).substr(body.size())).TakeNumber(4) != Crc32c(body)) fail(damaged);

  // is it what the caller expects?
  Cursor cursor(body.substr(kMagic.size()));
  const uint64_t version = cursor.TakeNumber(4);
  if (version != kVersion) fail(fmt::format("has format version {}, this program reads {}", version, kVersion));
  const std::string_view found_kind = cursor.TakeBytes();
  if (cursor.ok() && found_kind != kind) fail(fmt::format("holds a {}, not a {}", found_kind, kind));

  // take the sections apart
  const uint64_t num_sections = cursor.TakeNumber(4);
  for (uint64_t section = 0; section < num_sections && cursor.ok(); ++section) {
    const std::string_view name = cursor.TakeBytes();
    sections_.emplace_back(name, cursor.TakeBytes());
  }
  if (!cursor.ok() || !cursor.at_end()) fail(damaged);
}

bool SectionFileReader::Has(std::string_view name) const {
  for (const auto& section : sections_)
    if (section.first == name) return true;
  return false;
}

const std::string& SectionFileReader::Get(std::string_view name) const {
  for (const auto& section : sections_)
    if (section.first == name) return section.second;
  throw DataError(fmt::format("{}: has no section {}; it was written by another version.", file_.string(), name));
}

void SectionFileReader::ThrowWrongSize(std::string_view name) const {
  throw DataError(fmt::format("{}: section {} has {} bytes, which does not fit; it was written by another version.",
                              file_.string(), name, Get(name).size()));
}

}  // namespace restock
