#include "common/text.h"

#include <gtest/gtest.h>

namespace restock {
namespace {

TEST(ParseNumberTest, ReadsFiniteDecimals) {
  EXPECT_EQ(ParseNumber("12"), 12);
  EXPECT_EQ(ParseNumber("-0.5"), -0.5);
  EXPECT_EQ(ParseNumber("1e-4"), 1e-4);
  EXPECT_EQ(ParseNumber(".5"), 0.5);
  EXPECT_EQ(ParseNumber("0.1"), 0.1);
  EXPECT_EQ(ParseNumber("1.7976931348623157e308"), 1.7976931348623157e308);
}

TEST(ParseNumberTest, RefusesEverythingElse) {
  for (const char* text :
       {"",     "-",  ".",  "e5",  "1e",    "nan", "NaN", "inf",   "-inf", "infinity", "1e400", "-1e400",
        "0x10", "1 ", " 1", "1,5", "1_000", "+1",  "--1", "1.2.3", "1f",   "one",      "1e5.5", "\xEF\xBC\x91"})
    EXPECT_FALSE(ParseNumber(text)) << text;
}

TEST(NearestWordTest, FindsTypingErrors) {
  const std::vector<std::string> words = {"learning_rate", "clip_range", "gamma", "num_epochs"};
  EXPECT_EQ(NearestWord("learning_rte", words), "learning_rate");
  EXPECT_EQ(NearestWord("clip_rnage", words), "clip_range");
  EXPECT_EQ(NearestWord("Gamma", words), "gamma");
  EXPECT_EQ(NearestWord("gama", words), "gamma");
  EXPECT_EQ(NearestWord("epochs", words), std::nullopt);
  EXPECT_EQ(NearestWord("colour", words), std::nullopt);
  EXPECT_EQ(NearestWord("", words), std::nullopt);
}

TEST(SuggestionTest, NamesTheNearestOrAllWords) {
  const std::vector<std::string> words = {"day", "week"};
  EXPECT_EQ(Suggestion("wek", words), " Did you mean week?");
  EXPECT_EQ(Suggestion("month", words), " Known: day, week.");
  EXPECT_EQ(Suggestion("month", {}), "");
}

TEST(SplitTest, TakesBlanksAway) {
  EXPECT_EQ(Split(" a, b ,,c", ','), (std::vector<std::string>{"a", "b", "", "c"}));
  EXPECT_EQ(Split("", ','), std::vector<std::string>{""});
}

TEST(QuoteTest, ShowsControlCharactersAndCutsLongTexts) {
  EXPECT_EQ(Quote("n/a"), "\"n/a\"");
  EXPECT_EQ(Quote("a\nb\x1b[31m"), "\"a\\x0ab\\x1b[31m\"");
  EXPECT_EQ(Quote(std::string(100, 'x')), "\"" + std::string(60, 'x') + "...\"");
  const std::string umlauts = Quote("x" + std::string(30, '\xC3') + "");
  EXPECT_LE(umlauts.size(), 70u);
}

TEST(FindInvalidUtf8Test, AcceptsEveryCharacterAndNothingElse) {
  EXPECT_EQ(FindInvalidUtf8("plain, \xC3\xA9, \xE2\x82\xAC, \xF0\x9F\xA5\x9B, and some more plain text"), std::nullopt);
  EXPECT_EQ(FindInvalidUtf8(""), std::nullopt);
  EXPECT_EQ(FindInvalidUtf8("caf\xE9"), 3u) << "Latin-1";
  EXPECT_EQ(FindInvalidUtf8(std::string_view("0123456789\0 abcdefgh", 20)), 10u) << "a zero byte";
  EXPECT_EQ(FindInvalidUtf8("\xC0\x80"), 0u) << "overlong";
  EXPECT_EQ(FindInvalidUtf8("\xE0\x9F\xBF"), 0u) << "overlong";
  EXPECT_EQ(FindInvalidUtf8("\xF0\x8F\xBF\xBF"), 0u) << "overlong";
  EXPECT_EQ(FindInvalidUtf8("\xED\xA0\x80"), 0u) << "a surrogate";
  EXPECT_EQ(FindInvalidUtf8("\xF4\x90\x80\x80"), 0u) << "beyond U+10FFFF";
  EXPECT_EQ(FindInvalidUtf8("ab\xE2\x82"), 2u) << "cut short";
  EXPECT_EQ(FindInvalidUtf8("\x80"), 0u) << "a continuation alone";
}

TEST(FindInvalidUtf8Test, FindsAZeroByteWhereverItStands) {
  for (size_t place = 0; place < 40; ++place) {
    std::string text(40, 'a');
    text[place] = '\0';
    EXPECT_EQ(FindInvalidUtf8(text), place);
  }
}

TEST(FormatDurationTest, ReadsLikeAClock) {
  EXPECT_EQ(FormatDuration(0.4), "0:00");
  EXPECT_EQ(FormatDuration(59.6), "1:00");
  EXPECT_EQ(FormatDuration(754), "12:34");
  EXPECT_EQ(FormatDuration(7380), "2:03:00");
}

}  // namespace
}  // namespace restock
