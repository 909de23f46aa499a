#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace restock {

/// Text as it may stand in an element or in a quoted attribute of HTML and SVG: & < > " ' are escaped, control
/// characters and broken UTF-8 become U+FFFD, so that hostile names stay names.
std::string Escape(std::string_view text);

/// Characters of UTF-8 text, and a name cut to so many at most.
size_t CountCharacters(std::string_view text);
std::string Shorten(const std::string& name, size_t max_characters);

/// A table of plain texts.
class HtmlTable {
 public:
  /// The first `num_text_columns` are text, the others numbers, aligned at the right.
  HtmlTable(std::vector<std::string> header, int num_text_columns);
  /// Plain texts, escaped here. The first cell heads the row; `highlight` sets the row off.
  void AddRow(const std::vector<std::string>& cells, bool highlight = false);
  /// A line across the table that names the rows below it.
  void AddGroup(std::string_view name);
  bool empty() const { return rows_.empty(); }
  /// `caption` tells those who hear the page what the table is.
  std::string ToHtml(std::string_view caption) const;

 private:
  std::vector<std::string> header_;
  int num_text_columns_;
  std::string rows_;
};

/// A paragraph of plain text in small print: how something was measured, what it does not say.
std::string SmallPrint(std::string_view text);

/// A picture with its caption (plain text) and its numbers in a table that opens on demand. A wide one takes the whole
/// width of the page.
std::string Figure(const std::string& svg, std::string_view caption, const std::string& table_html, bool is_wide);

/// A heading with an anchor that the page's navigation leads to.
struct Section {
  std::string id;     // letters only
  std::string title;  // plain text
  std::string html;   // finished
};

/// A whole page: its style inside, no script, no address outside; a content security policy forbids both. It opens from
/// a file without a network, follows the reader's light or dark setting and prints. Sections without content are left
/// out.
std::string HtmlPage(std::string_view title, const std::string& lead_html, const std::vector<Section>& sections);

}  // namespace restock
