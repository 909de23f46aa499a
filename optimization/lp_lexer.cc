#include "optimization/lp_lexer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"

namespace restock {
namespace {

constexpr double kInfiniteInFile = 1e20;  // bounds of this size and more mean: none

struct Heading {
  std::string_view words;
  LpSection section;
};

// longer ones before those that they begin with
constexpr Heading kHeadings[] = {{"minimize", LpSection::kMinimize},
                                 {"minimise", LpSection::kMinimize},
                                 {"minimum", LpSection::kMinimize},
                                 {"min", LpSection::kMinimize},
                                 {"maximize", LpSection::kMaximize},
                                 {"maximise", LpSection::kMaximize},
                                 {"maximum", LpSection::kMaximize},
                                 {"max", LpSection::kMaximize},
                                 {"subject to", LpSection::kConstraints},
                                 {"such that", LpSection::kConstraints},
                                 {"s.t.", LpSection::kConstraints},
                                 {"st.", LpSection::kConstraints},
                                 {"st", LpSection::kConstraints},
                                 {"bounds", LpSection::kBounds},
                                 {"bound", LpSection::kBounds},
                                 {"generals", LpSection::kGeneral},
                                 {"general", LpSection::kGeneral},
                                 {"gen", LpSection::kGeneral},
                                 {"integers", LpSection::kGeneral},
                                 {"integer", LpSection::kGeneral},
                                 {"int", LpSection::kGeneral},
                                 {"binaries", LpSection::kBinary},
                                 {"binary", LpSection::kBinary},
                                 {"bin", LpSection::kBinary},
                                 {"semi-continuous", LpSection::kNotLinear},
                                 {"semis", LpSection::kNotLinear},
                                 {"semi", LpSection::kNotLinear},
                                 {"sos1", LpSection::kNotLinear},
                                 {"sos2", LpSection::kNotLinear},
                                 {"sos", LpSection::kNotLinear},
                                 {"end", LpSection::kEnd}};

bool IsDigit(char letter) { return letter >= '0' && letter <= '9'; }
bool IsLetter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }
bool IsBlank(char letter) { return letter == ' ' || letter == '\t' || letter == '\r'; }
char Lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

bool IsEqualButForCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char left, char right) { return Lower(left) == Lower(right); });
}

bool IsInfinityWord(std::string_view word) {
  return IsEqualButForCase(word, "inf") || IsEqualButForCase(word, "infinity");
}

/// How many characters of the text the words take, a blank in them being any number of blanks; 0 if it does not begin
/// with them.
size_t SizeOfHeading(std::string_view text, std::string_view words) {
  size_t place = 0;
  for (const char letter : words) {
    if (letter == ' ') {
      const size_t before = place;
      while (place < text.size() && IsBlank(text[place])) ++place;
      if (place == before) return 0;
    } else if (place == text.size() || Lower(text[place++]) != letter) {
      return 0;
    }
  }
  return place < text.size() && IsLpNameCharacter(text[place]) ? 0 : place;
}

}  // namespace

bool IsLpNameStart(char letter) { return IsLpNameCharacter(letter) && !IsDigit(letter) && letter != '.'; }

bool IsLpNameCharacter(char letter) {
  constexpr std::string_view kOthers = "!\"#$%&(),.;?@_'`{}~/|";
  return IsLetter(letter) || IsDigit(letter) || kOthers.find(letter) != std::string_view::npos;
}

bool IsLpFreeWord(std::string_view name) { return IsEqualButForCase(name, "free"); }

bool IsLpKeyword(std::string_view name) {
  if (IsInfinityWord(name) || IsLpFreeWord(name)) return true;
  if (!name.empty() && Lower(name[0]) == 'e' && (name.size() == 1 || IsDigit(name[1]))) return true;
  // also the first words of headings that have two
  if (IsEqualButForCase(name, "subject") || IsEqualButForCase(name, "such")) return true;
  return std::ranges::any_of(kHeadings, [&](const Heading& known) { return IsEqualButForCase(name, known.words); });
}

void LpLexer::Fail(const std::string& what, int at_line) const {
  throw DataError(fmt::format("{}:{}: {}.", file_, at_line, what));
}

bool LpLexer::Skip(LpToken wanted) {
  if (token != wanted) return false;
  Next();
  return true;
}

bool LpLexer::ColonFollows() const {
  size_t place = position_;
  while (place < text_.size() && IsBlank(text_[place])) ++place;
  return place < text_.size() && text_[place] == ':';
}

void LpLexer::Next() {
  SkipBlanks();
  if (position_ == text_.size()) {
    section = LpSection::kEndOfText;
    return Take(LpToken::kSection, 0);
  }
  if (starts_line_ && TakeSection()) return;
  const char letter = text_[position_];
  if (IsDigit(letter) || letter == '.') return TakeNumber();
  return IsLpNameStart(letter) ? TakeName() : TakeSign();
}

/// Blanks, ends of lines and comments.
void LpLexer::SkipBlanks() {
  for (; position_ < text_.size(); ++position_) {
    const char letter = text_[position_];
    if (letter == '\\') {
      position_ = std::min(text_.find('\n', position_), text_.size());
      if (position_ == text_.size()) return;
    }
    if (text_[position_] == '\n') {
      ++line;
      starts_line_ = true;
    } else if (!IsBlank(letter)) {
      return;
    }
  }
}

bool LpLexer::TakeSection() {
  const std::string_view rest = text_.substr(position_);
  for (const Heading& heading : kHeadings) {
    const size_t size = SizeOfHeading(rest, heading.words);
    if (size == 0) continue;
    size_t after = size;
    while (after < rest.size() && IsBlank(rest[after])) ++after;
    constexpr std::string_view kMakeItAName = ":<>=";
    if (after < rest.size() && kMakeItAName.find(rest[after]) != std::string_view::npos) return false;
    section = heading.section;
    Take(LpToken::kSection, size);
    return true;
  }
  return false;
}

void LpLexer::TakeNumber() {
  const char* const begin = text_.data() + position_;
  const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), number);
  if (error != std::errc()) {
    Fail(fmt::format("{} is not a number that a double can hold",
                     Quote(text_.substr(position_, std::max<size_t>(1, static_cast<size_t>(end - begin))))));
  }
  if (number >= kInfiniteInFile) number = std::numeric_limits<double>::infinity();
  Take(LpToken::kNumber, static_cast<size_t>(end - begin));
}

void LpLexer::TakeName() {
  size_t end = position_;
  while (end < text_.size() && IsLpNameCharacter(text_[end])) ++end;
  const bool is_infinity = IsInfinityWord(text_.substr(position_, end - position_));
  if (is_infinity) number = std::numeric_limits<double>::infinity();
  Take(is_infinity ? LpToken::kNumber : LpToken::kName, end - position_);
}

void LpLexer::TakeSign() {
  const char letter = text_[position_];
  const char next = position_ + 1 < text_.size() ? text_[position_ + 1] : ' ';
  switch (letter) {
    case '+':
      return Take(LpToken::kPlus, 1);
    case '-':
      if (next == '>') Fail("\"->\" makes the constraint depend on a column; only linear constraints can be solved");
      return Take(LpToken::kMinus, 1);
    case ':':
      return Take(LpToken::kColon, 1);
    case '<':
      return Take(LpToken::kLess, next == '=' ? 2 : 1);
    case '>':
      return Take(LpToken::kGreater, next == '=' ? 2 : 1);
    case '=':
      if (next == '<' || next == '>') return Take(next == '<' ? LpToken::kLess : LpToken::kGreater, 2);
      return Take(LpToken::kEqual, 1);
    case '[':
    case '^':
    case '*':
      Fail(fmt::format("\"{}\" begins a quadratic term; write 2 x for a multiple, only linear ones can be solved",
                       letter));
    default:
      Fail(fmt::format("{} can stand neither in a name nor in a number", Quote(text_.substr(position_, 1))));
  }
}

void LpLexer::Take(LpToken kind, size_t size) {
  token = kind;
  text = text_.substr(position_, size);
  position_ += size;
  starts_line_ = false;
}

}  // namespace restock
