#include "common/random.h"

#include "common/check.h"

namespace restock {
namespace {

uint32_t Low(uint64_t value) { return static_cast<uint32_t>(value); }
uint32_t High(uint64_t value) { return static_cast<uint32_t>(value >> 32); }

// Counters of streams hold a position in their first 64 bits, which never comes near this bit; so a key made here is
// independent of every number drawn from the same family.
constexpr uint32_t kNamedChild = 0x80000000u;
constexpr uint32_t kNumberedChild = 0x80000001u;

uint64_t ChildKey(uint64_t key, uint64_t index, uint32_t kind) {
  const auto words = Philox({Low(index), kind, High(index), 0}, {Low(key), High(key)});
  return uint64_t{words[1]} << 32 | words[0];
}

// FNV-1a, 64 bits
uint64_t HashOf(std::string_view name) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3u;
  return hash;
}

}  // namespace

std::array<uint32_t, 4> Philox(const std::array<uint32_t, 4>& counter, const std::array<uint32_t, 2>& key) {
  auto [a, b, c, d] = counter;
  auto [k0, k1] = key;
  for (int round = 0; round < 10; ++round) {
    const uint64_t left = uint64_t{0xD2511F53u} * a;
    const uint64_t right = uint64_t{0xCD9E8D57u} * c;
    a = High(right) ^ b ^ k0;
    b = Low(right);
    c = High(left) ^ d ^ k1;
    d = Low(left);
    k0 += 0x9E3779B9u;  // golden ratio
    k1 += 0xBB67AE85u;  // sqrt(3) - 1
  }
  return {a, b, c, d};
}

uint32_t RandomStream::NextBits() {
  const uint64_t block = position_ / 4;
  if (position_ % 4 == 0)
    words_ = Philox({Low(block), High(block), Low(address_), High(address_)}, {Low(key_), High(key_)});
  return words_[position_++ % 4];
}

void RandomStream::Seek(uint64_t position) {
  position_ = position - position % 4;
  while (position_ < position) NextBits();
}

double RandomStream::Uniform() {
  const uint64_t high = NextBits();
  const uint64_t bits = high << 32 | NextBits();
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

// Lemire (2019), "Fast random integer generation in an interval"
int RandomStream::UniformInt(int size) {
  RESTOCK_CHECK_GT(size, 0);
  const auto range = static_cast<uint32_t>(size);
  const uint32_t rejected = -range % range;  // 2^32 mod range
  while (true) {
    const uint64_t product = uint64_t{NextBits()} * range;
    if (Low(product) >= rejected) return static_cast<int>(High(product));
  }
}

Random Random::Stream(std::string_view name) const { return Random(ChildKey(key_, HashOf(name), kNamedChild)); }

Random Random::Child(uint64_t index) const { return Random(ChildKey(key_, index, kNumberedChild)); }

}  // namespace restock
