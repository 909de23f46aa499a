#include "experiments/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/experiments/markup.h"

namespace restock {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(EscapeTest, LeavesNothingThatABrowserWouldRun) {
  EXPECT_EQ(Escape("<script>alert('x')</script>"), "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
  EXPECT_EQ(Escape("\" onmouseover=\"x & y"), "&quot; onmouseover=&quot;x &amp; y");
}

TEST(EscapeTest, KeepsOtherScripts) { EXPECT_EQ(Escape("Käse 牛奶 🧀"), "Käse 牛奶 🧀"); }

TEST(EscapeTest, ReplacesBrokenUtf8AndControlCharacters) {
  EXPECT_EQ(Escape("a\xFF"
                   "b"),
            "a\uFFFDb");
  EXPECT_EQ(Escape("cut \xE7\x89"), "cut \uFFFD\uFFFD");
  EXPECT_EQ(Escape(std::string_view("nul\0!", 5)), "nul\uFFFD!");
  EXPECT_EQ(Escape("overlong \xC0\xBC"), "overlong \uFFFD\uFFFD");
  EXPECT_EQ(Escape("surrogate \xED\xA0\x80"), "surrogate \uFFFD\uFFFD\uFFFD");
}

TEST(HtmlTableTest, EscapesCellsHeadersAndCaption) {
  HtmlTable table({"<b>", "Cost"}, 1);
  table.AddGroup("<i>");
  table.AddRow({"A & B", "1 < 2"}, true);
  const std::string html = table.ToHtml("\"quoted\"");
  EXPECT_EQ(MarkupProblem(html), "");
  EXPECT_THAT(html, HasSubstr("A &amp; B"));
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_THAT(html, Not(HasSubstr("<i>")));
}

TEST(HtmlPageTest, IsWellFormedAndLeavesEmptySectionsOut) {
  const std::string page =
      HtmlPage("A <run> & more", "<h1>Run</h1>", {{"one", "First", "<p>text</p>"}, {"two", "Second", ""}});
  EXPECT_EQ(MarkupProblem(page), "");
  EXPECT_THAT(page, HasSubstr("href=\"#one\""));
  EXPECT_THAT(page, Not(HasSubstr("Second")));
}

TEST(HtmlPageTest, ForbidsScriptsAndEverythingFromOutside) {
  const std::string page = HtmlPage("Run", "", {{"one", "First", "<p>text</p>"}});
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, Not(HasSubstr("unsafe")));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("http://")));
  EXPECT_THAT(page, Not(HasSubstr("https://")));
  EXPECT_THAT(page, Not(HasSubstr(" style=\"")));  // the policy would drop it
}

TEST(HtmlPageTest, AppliesItsStyleByANonceThatDependsOnTheWholePage) {
  const auto nonce = [](const std::string& page) { return page.substr(page.find("nonce-"), 22); };
  const std::string page = HtmlPage("Run", "", {{"one", "First", "<p>text</p>"}});
  EXPECT_THAT(page, HasSubstr("<style nonce=\"" + nonce(page).substr(6) + "\""));
  EXPECT_NE(nonce(page), nonce(HtmlPage("Run", "", {{"one", "First", "<p>other</p>"}})));
}

}  // namespace
}  // namespace restock
