#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace restock {

/// The finite decimal number that `text` is as a whole ("12", "-0.5", "1e-4"); nothing for anything else, such as
/// blanks around it, "nan", "inf", hexadecimal digits or numbers beyond what a double holds. Knows no locale.
std::optional<double> ParseNumber(std::string_view text);

/// The word that `typed` was probably meant to be: the one with the fewest insertions, deletions, replacements and
/// swaps of neighbours between them, upper and lower case being alike; nothing when all are far away.
std::optional<std::string> NearestWord(std::string_view typed, std::span<const std::string> words);

/// " Did you mean learning_rate?", or " Known ones: a, b, c." when nothing is near, for the end of a message.
std::string Suggestion(std::string_view typed, std::span<const std::string> words);

/// The parts between separators, without blanks around them.
std::vector<std::string> Split(std::string_view text, char separator);
std::string_view Trim(std::string_view text);

/// The text as it may stand in a message: cut after `max_size` bytes, control characters as escapes.
std::string Printable(std::string_view text, size_t max_size = 60);
/// The same in quotes.
std::string Quote(std::string_view text);

/// Where `text` first breaks the rules of UTF-8 or has a NUL byte.
std::optional<size_t> FindInvalidUtf8(std::string_view text);

/// 0:07, 12:34, 2:03:00.
std::string FormatDuration(double seconds);

}  // namespace restock
