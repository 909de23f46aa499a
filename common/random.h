#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace restock {

/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"): 128 bits of counter
/// and 64 bits of key give 128 random bits, in any order.
std::array<uint32_t, 4> Philox(const std::array<uint32_t, 4>& counter, const std::array<uint32_t, 2>& key);

/// Draws numbers one after the other from one stream. Cheap to make, copy and save: its state is a key and a position.
/// All samplers are exact and our own, so the same seed gives the same numbers with any compiler.
class RandomStream {
 public:
  RandomStream(uint64_t key, uint64_t address) : key_(key), address_(address) {}

  uint32_t NextBits();
  double Uniform();              // [0, 1), 53 bits
  int UniformInt(int size);      // 0 ... size - 1, unbiased
  double Normal();               // mean 0, variance 1
  double Gamma(double shape);    // scale 1; shape > 0
  int64_t Poisson(double mean);  // 0 <= mean <= 1e12
  /// Gamma-mixed Poisson with variance mean + mean^2 / dispersion; dispersion > 0.
  int64_t NegativeBinomial(double mean, double dispersion);
  template <class T>
  const T& Choice(std::span<const T> values) {
    return values[static_cast<size_t>(UniformInt(static_cast<int>(values.size())))];
  }

  /// 32-bit words drawn so far; going back to a position gives the same numbers again.
  uint64_t position() const { return position_; }
  void Seek(uint64_t position);

 private:
  uint64_t key_;
  uint64_t address_;
  uint64_t position_ = 0;
  std::array<uint32_t, 4> words_ = {};  // those of the counter that position_ lies in, once one of them was drawn
};

/// The root of all chance in a run. Streams are named, so adding one changes no other, and addressed by integers, so
/// that (seed, stream, scenario, period, site) give the same numbers on any thread and in any order.
class Random {
 public:
  explicit Random(uint64_t seed) : key_(seed) {}

  /// A family of its own: everything drawn below it depends on the name and on nothing drawn elsewhere.
  Random Stream(std::string_view name) const;
  Random Child(uint64_t index) const;
  /// The numbers at one address.
  RandomStream At(uint64_t address) const { return RandomStream(key_, address); }
  uint64_t key() const { return key_; }

 private:
  uint64_t key_;
};

}  // namespace restock
