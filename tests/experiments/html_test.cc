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
  EXPECT_TRUE(Has(page, "href=\"#one\""));
  EXPECT_FALSE(Has(page, "Second"));
}

TEST(HtmlPageTest, ForbidsScriptsAndEverythingFromOutside) {
  const std::string page = HtmlPage("Run", "", {{"one", "First", "<p>text</p>"}});
  EXPECT_TRUE(Has(page, "default-src 'none'"));
  EXPECT_FALSE(Has(page, "unsafe"));
  EXPECT_FALSE(Has(page, "<script"));
  EXPECT_FALSE(Has(page, "http://"));
  EXPECT_FALSE(Has(page, "https://"));
  EXPECT_FALSE(Has(page, " style=\""));  // the policy would drop it
}

TEST(HtmlPageTest, AppliesItsStyleByANonceThatDependsOnTheWholePage) {
  const auto nonce = [](const std::string& page) { return page.substr(page.find("nonce-"), 22); };
  const std::string page = HtmlPage("Run", "", {{"one", "First", "<p>text</p>"}});
  EXPECT_TRUE(Has(page, "<style nonce=\"" + nonce(page).substr(6) + "\""));
  EXPECT_NE(nonce(page), nonce(HtmlPage("Run", "", {{"one", "First", "<p>other</p>"}})));
}

}  // namespace
}  // namespace restock
