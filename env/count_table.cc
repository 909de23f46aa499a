#include "env/count_table.h"

#include <algorithm>
#include <cmath>

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include "common/check.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr double kMostEscapes = 1e-4;  // of all draws: an escape costs some hundred times a draw
constexpr int kMaxLogColumns = 16;
constexpr double kSmallestProbability = 1e-24;  // counts that are rarer never come

}  // namespace

CountTable::CountTable(const CountDistribution& distribution) {
  RESTOCK_CHECK(distribution.mean >= 0 && distribution.mean <= 1 << 20);
  ChooseRange(distribution);

  // weights of the counts in the table, in units of 2^-32; the rest goes to the escape
  std::vector<uint64_t> weights(Index(num_columns()));
  uint64_t left = uint64_t{1} << 32;
  for (int i = 0; i < num_counts_; ++i) {
    const double probability = distribution.Probability(static_cast<int64_t>(first_) + i);
    weights[Index(i)] = std::min(static_cast<uint64_t>(probability * 0x1p32), left);
    left -= weights[Index(i)];
  }
  weights.back() += left;
  FillColumns(std::move(weights));

  // what the escape stands for
  const double mean = distribution.mean;
  double total = 0;
  const auto last = static_cast<int64_t>(first_) + num_counts_ - 1;
  for (int64_t count = 0;; ++count) {
    const double probability = distribution.Probability(count);
    if (static_cast<double>(count) > mean && count > last && probability < kSmallestProbability) break;
    const bool in_table = count >= static_cast<int64_t>(first_) && count <= last;
    const double rest = in_table ? probability - std::floor(probability * 0x1p32) * 0x1p-32 : probability;
    if (rest <= 0) continue;
    rest_counts_.push_back(static_cast<float>(count));
    rest_cumulative_.push_back(total += rest);
  }
}

// The most probable counts, as few as leave out little: all of them lie around the mode.
void CountTable::ChooseRange(const CountDistribution& distribution) {
  int64_t low = static_cast<int64_t>(distribution.mean);
  while (low > 0 && distribution.Probability(low - 1) >= distribution.Probability(low)) --low;
  int64_t high = low;
  double covered = distribution.Probability(low);
  const auto grow = [&](int size) {
    while (high - low + 1 < size && covered < 1 - 1e-15) {
      const double below = distribution.Probability(low - 1);
      const double above = distribution.Probability(high + 1);
      below > above ? --low : ++high;
      covered += std::max(below, above);
    }
  };
  grow(num_columns() - 1);
  while (1 - covered > kMostEscapes && log_columns_ < kMaxLogColumns) {
    ++log_columns_;
    grow(num_columns() - 1);
  }
  first_ = static_cast<float>(low);
  num_counts_ = static_cast<int>(high - low + 1);
}

// Every column holds the same total: its own outcome, and above the cut another one.
void CountTable::FillColumns(std::vector<uint64_t> weights) {
  const uint64_t capacity = (uint64_t{1} << 32) >> log_columns_;
  cut_.resize(weights.size());
  other_.resize(weights.size());
  std::vector<int> small, large;
  for (int i = 0; i < num_columns(); ++i) (weights[Index(i)] < capacity ? small : large).push_back(i);
  while (!small.empty()) {
    const int column = small.back();
    const int giver = large.back();
    small.pop_back();
    cut_[Index(column)] = static_cast<uint32_t>(weights[Index(column)]);
    other_[Index(column)] = first_ + static_cast<float>(giver);
    weights[Index(giver)] -= capacity - weights[Index(column)];
    if (weights[Index(giver)] < capacity) {
      large.pop_back();
      small.push_back(giver);
    }
  }
  for (const int column : large) {
    RESTOCK_CHECK_EQ(weights[Index(column)], capacity);
    cut_[Index(column)] = static_cast<uint32_t>(capacity);
    other_[Index(column)] = first_ + static_cast<float>(column);
  }
}

float CountTable::DrawOne(uint32_t bits) const {
  const int shift = 32 - log_columns_;
  const uint32_t column = bits >> shift;
  const uint32_t height = bits & ((uint32_t{1} << shift) - 1);
  return height < cut_[column] ? first_ + static_cast<float>(column) : other_[column];
}

#if defined(__AVX512F__)
// A table of 32 columns fits into registers, where looking up is one instruction.
bool CountTable::DrawFromRegisters(const uint32_t* bits, float* counts) const {
  using Words = uint32_t __attribute__((vector_size(64)));
  const int shift = 32 - log_columns_;
  const ptrdiff_t second_half = log_columns_ == 5 ? 16 : 0;
  const __m512i cut_low = _mm512_load_si512(cut_.data());
  const __m512i cut_high = _mm512_load_si512(cut_.data() + second_half);
  const __m512 other_low = _mm512_load_ps(other_.data());
  const __m512 other_high = _mm512_load_ps(other_.data() + second_half);
  const __m512 escaped = _mm512_set1_ps(escape());
  __mmask16 any_escaped = 0;
  for (int env = 0; env < kBlockSize; env += 16) {
    const auto words = reinterpret_cast<Words>(_mm512_loadu_si512(bits + env));
    const Words columns = words >> shift;
    const Words heights = words & ((uint32_t{1} << shift) - 1);
    const auto index = reinterpret_cast<__m512i>(columns);
    const __m512i cut = _mm512_permutex2var_epi32(cut_low, index, cut_high);
    const __m512 other = _mm512_permutex2var_ps(other_low, index, other_high);
    const __m512 own = first_ + reinterpret_cast<__m512>(__builtin_convertvector(columns, __m512));
    const __mmask16 is_own = _mm512_cmplt_epu32_mask(reinterpret_cast<__m512i>(heights), cut);
    const __m512 count = _mm512_mask_blend_ps(is_own, other, own);
    _mm512_storeu_ps(counts + env, count);
    any_escaped = static_cast<__mmask16>(any_escaped | _mm512_cmpeq_ps_mask(count, escaped));
  }
  return any_escaped != 0;
}
#endif

bool CountTable::Draw(const uint32_t* bits, float* counts) const {
#if defined(__AVX512F__)
  if (log_columns_ <= 5) return DrawFromRegisters(bits, counts);
#endif
  bool any_escaped = false;
  for (int env = 0; env < kBlockSize; ++env) counts[env] = DrawOne(bits[env]);
  for (int env = 0; env < kBlockSize; ++env) any_escaped |= counts[env] == escape();
  return any_escaped;
}

float CountTable::DrawRest(double uniform) const {
  const auto above =
      std::upper_bound(rest_cumulative_.begin(), rest_cumulative_.end(), uniform * rest_cumulative_.back());
  const auto index =
      std::min<ptrdiff_t>(above - rest_cumulative_.begin(), static_cast<ptrdiff_t>(rest_counts_.size()) - 1);
  return rest_counts_[static_cast<size_t>(index)];
}

}  // namespace restock
