#include "experiments/event_file.h"

#include <bit>
#include <chrono>
#include <stdexcept>
#include <vector>

#include "common/file.h"

namespace restock {
namespace {

// The wire types of protocol buffers that an event needs.
enum WireType : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

std::string LittleEndian(uint64_t value, int num_bytes) {
  std::string bytes;
  for (int i = 0; i < num_bytes; ++i) bytes.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
  return bytes;
}

std::string Varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>((value & 0x7f) | 0x80));
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

std::string Tag(int field, WireType type) { return Varint(static_cast<uint64_t>(field) << 3 | type); }

std::string BytesField(int field, std::string_view bytes) {
  return Tag(field, kBytes) + Varint(bytes.size()) + std::string(bytes);
}

// Event { double wall_time = 1; int64 step = 2; ... }
std::string EventHead(int64_t step) {
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  return Tag(1, kFixed64) + LittleEndian(std::bit_cast<uint64_t>(now.count()), 8) +  //
         Tag(2, kVarint) + Varint(static_cast<uint64_t>(step));
}

uint32_t MaskedCrc(std::string_view bytes) {
  const uint32_t crc = Crc32c(bytes);
  return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

std::filesystem::path ReplaceOlder(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> older;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with("events.out.tfevents.")) older.push_back(entry.path());
  }
  for (const auto& file : older) std::filesystem::remove(file);
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  return folder / ("events.out.tfevents." + std::to_string(now.count()) + ".restock");
}

}  // namespace

EventFile::EventFile(const std::filesystem::path& folder) {
  const std::filesystem::path file = ReplaceOlder(folder);
  out_.open(file, std::ios::binary);
  if (!out_) throw std::runtime_error(file.string() + ": cannot be written.");
  WriteRecord(EventHead(0) + BytesField(3, "brain.Event:2"));  // file_version
}

void EventFile::Scalar(std::string_view tag, int64_t step, double value) {
  // Summary { repeated Value value = 1 },  Value { string tag = 1; float simple_value = 2 }
  const auto bits = std::bit_cast<uint32_t>(static_cast<float>(value));
  const std::string entry = BytesField(1, tag) + Tag(2, kFixed32) + LittleEndian(bits, 4);
  WriteRecord(EventHead(step) + BytesField(5, BytesField(1, entry)));
}

void EventFile::WriteRecord(const std::string& event) {
  const std::string length = LittleEndian(event.size(), 8);
  out_ << length << LittleEndian(MaskedCrc(length), 4) << event << LittleEndian(MaskedCrc(event), 4);
}

}  // namespace restock
