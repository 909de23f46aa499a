#pragma once

#include <string>
#include <string_view>

namespace restock {

/// The headings of an LP file, and the end of the text.
enum class LpSection { kMinimize, kMaximize, kConstraints, kBounds, kGeneral, kBinary, kNotLinear, kEnd, kEndOfText };

enum class LpToken { kSection, kName, kNumber, kLess, kGreater, kEqual, kPlus, kMinus, kColon };

/// Whether a character may stand in a name of the LP format, at its beginning or after it.
bool IsLpNameStart(char letter);
bool IsLpNameCharacter(char letter);
/// Whether a name reads as something else: a heading, "free", "inf", or, like e9, the exponent of the number before.
bool IsLpKeyword(std::string_view name);
bool IsLpFreeWord(std::string_view name);

/// Cuts an LP file into tokens. Comments go from a backslash to the end of the line. A heading counts as one only at
/// the beginning of a line and where no colon or comparison follows, so that a row or a column may be called `end`.
class LpLexer {
 public:
  LpLexer(std::string_view text, const std::string& file) : text_(text), file_(file) { Next(); }

  // the token that is next
  LpToken token = LpToken::kSection;
  LpSection section = LpSection::kEndOfText;
  std::string_view text;  // as it stands in the file
  double number = 0;      // infinite for 1e20 and more, and for inf and infinity
  int line = 1;

  void Next();
  /// Goes on if the next token is this one.
  bool Skip(LpToken wanted);
  /// Whether a colon follows the next token, which then is a label.
  bool ColonFollows() const;
  [[noreturn]] void Fail(const std::string& what) const { Fail(what, line); }
  [[noreturn]] void Fail(const std::string& what, int at_line) const;

 private:
  void SkipBlanks();
  bool TakeSection();
  void TakeNumber();
  void TakeName();
  void TakeSign();
  void Take(LpToken kind, size_t size);

  std::string_view text_;
  const std::string& file_;
  size_t position_ = 0;
  bool starts_line_ = true;
};

}  // namespace restock
