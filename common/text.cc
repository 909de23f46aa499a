#include "common/text.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace restock {
namespace {

char Lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

/// Optimal string alignment distance: Levenshtein's, a swap of neighbours counting once.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> before_last(b.size() + 1);
  std::vector<size_t> last(b.size() + 1);
  std::vector<size_t> current(b.size() + 1);
  std::iota(last.begin(), last.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool equal = Lower(a[i - 1]) == Lower(b[j - 1]);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + (equal ? 0 : 1)});
      if (i > 1 && j > 1 && Lower(a[i - 1]) == Lower(b[j - 2]) && Lower(a[i - 2]) == Lower(b[j - 1]))
        current[j] = std::min(current[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, current);
  }
  return last[b.size()];
}

}  // namespace

std::optional<double> ParseNumber(std::string_view text) {
  // from_chars reads "inf" and "nan" too
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || !(digits[0] == '.' || (digits[0] >= '0' && digits[0] <= '9'))) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::string> NearestWord(std::string_view typed, std::span<const std::string> words) {
  std::optional<std::string> nearest;
  size_t nearest_distance = std::min<size_t>(3, 1 + typed.size() / 4) + 1;  // farther is no typing error
  for (const std::string& word : words) {
    if (word.size() > typed.size() + 3 || typed.size() > word.size() + 3) continue;
    const size_t distance = EditDistance(typed, word);
    if (distance >= nearest_distance || distance >= std::max(word.size(), typed.size())) continue;
    nearest = word;
    nearest_distance = distance;
  }
  return nearest;
}

std::string Suggestion(std::string_view typed, std::span<const std::string> words) {
  if (const auto nearest = NearestWord(typed, words)) return fmt::format(" Did you mean {}?", *nearest);
  if (words.empty() || words.size() > 40) return "";
  return fmt::format(" Known: {}.", fmt::join(words, ", "));
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.emplace_back(Trim(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string Printable(std::string_view text, size_t max_size) {
  size_t size = std::min(text.size(), max_size);
  while (size < text.size() && size > 0 && (text[size] & 0xC0) == 0x80) --size;  // not within a UTF-8 character
  std::string printable;
  for (const char c : text.substr(0, size)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      printable += fmt::format("\\x{:02x}", byte);
    else
      printable += c;
  }
  return size < text.size() ? printable + "..." : printable;
}

std::string Quote(std::string_view text) { return fmt::format("\"{}\"", Printable(text)); }

std::optional<size_t> FindInvalidUtf8(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  size_t i = 0;
  while (i < text.size()) {
    // eight bytes of plain ASCII at a time, none of them zero
    if (i + 8 <= text.size()) {
      uint64_t word;
      std::memcpy(&word, text.data() + i, 8);
      const uint64_t has_zero = (word - 0x0101010101010101u) & ~word;
      if (((word | has_zero) & 0x8080808080808080u) == 0) {
        i += 8;
        continue;
      }
    }
    // lead byte, then 0 to 3 that begin with the bits 10; overlong forms, surrogates and what lies beyond U+10FFFF are
    // wrong
    const unsigned lead = byte(i);
    const size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (lead == 0 || length == 0 || i + length > text.size()) return i;
    for (size_t k = 1; k < length; ++k)
      if ((byte(i + k) & 0xC0) != 0x80) return i;
    const unsigned second = length > 2 ? byte(i + 1) : 0;
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second >= 0xA0)) return i;
    if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second >= 0x90)) return i;
    i += length;
  }
  return std::nullopt;
}

std::string FormatDuration(double seconds) {
  const auto total = static_cast<int64_t>(std::max(0.0, std::round(seconds)));
  const int64_t hours = total / 3600;
  const int64_t minutes = total / 60 % 60;
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, total % 60);
  return fmt::format("{}:{:02}", minutes, total % 60);
}

}  // namespace restock
