#include "experiments/html.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/file.h"
#include "experiments/html_style.h"

namespace restock {

namespace {

constexpr const char* kReplacement = "\uFFFD";

/// Bytes of the UTF-8 character that starts `text`; 0 where none does.
size_t CharacterLength(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const size_t length = byte(0) < 0x80   ? 1
                        : byte(0) < 0xC2 ? 0
                        : byte(0) < 0xE0 ? 2
                        : byte(0) < 0xF0 ? 3
                        : byte(0) < 0xF5 ? 4
                                         : 0;
  if (length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }

  // forms that are longer than needed, surrogates, and what lies beyond the last character
  if (length < 3) return length;
  const bool is_wrong = (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xED && byte(1) > 0x9F) ||
                        (byte(0) == 0xF0 && byte(1) < 0x90) || (byte(0) == 0xF4 && byte(1) > 0x8F);
  return is_wrong ? 0 : length;
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
}

bool StartsCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

/// A value that nobody who names a SKU can guess, since it depends on the whole page: only a style that carries it is
/// applied.
std::string Nonce(std::string_view page) { return fmt::format("{:08x}{:08x}", Crc32c(page), page.size()); }

}  // namespace

std::string Escape(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  while (!text.empty()) {
    const size_t length = CharacterLength(text);
    if (length == 0 || IsControl(text[0])) {
      escaped += kReplacement;
    } else if (text[0] == '&') {
      escaped += "&amp;";
    } else if (text[0] == '<') {
      escaped += "&lt;";
    } else if (text[0] == '>') {
      escaped += "&gt;";
    } else if (text[0] == '"') {
      escaped += "&quot;";
    } else if (text[0] == '\'') {
      escaped += "&#39;";
    } else {
      escaped += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return escaped;
}

size_t CountCharacters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), StartsCharacter));
}

std::string Shorten(const std::string& name, size_t max_characters) {
  if (CountCharacters(name) <= max_characters) return name;
  size_t characters = 0, end = 0;
  for (; end < name.size(); ++end) {
    if (StartsCharacter(name[end]) && ++characters == max_characters) break;
  }
  return name.substr(0, end) + "…";
}

HtmlTable::HtmlTable(std::vector<std::string> header, int num_text_columns)
    : header_(std::move(header)), num_text_columns_(num_text_columns) {}

void HtmlTable::AddRow(const std::vector<std::string>& cells, bool highlight) {
  rows_ += highlight ? "<tr class=\"best\">" : "<tr>";
  for (size_t i = 0; i < cells.size(); ++i) {
    const char* attributes = static_cast<int>(i) < num_text_columns_ ? "" : " class=\"number\"";
    rows_ += i == 0 ? fmt::format("<th scope=\"row\"{}>{}</th>", attributes, Escape(cells[i]))
                    : fmt::format("<td{}>{}</td>", attributes, Escape(cells[i]));
  }
  rows_ += "</tr>\n";
}

void HtmlTable::AddGroup(std::string_view name) {
  rows_ += fmt::format("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n", header_.size(),
                       Escape(name));
}

std::string HtmlTable::ToHtml(std::string_view caption) const {
  std::string head;
  for (size_t i = 0; i < header_.size(); ++i) {
    const char* attributes = static_cast<int>(i) < num_text_columns_ ? "" : " class=\"number\"";
    head += fmt::format("<th scope=\"col\"{}>{}</th>", attributes, Escape(header_[i]));
  }
  return fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table><caption>{0}</caption>\n"
      "<thead><tr>{1}</tr></thead>\n<tbody>\n{2}</tbody></table></div>\n",
      Escape(caption), head, rows_);
}

std::string SmallPrint(std::string_view text) { return "<p class=\"soft\">" + Escape(text) + "</p>\n"; }

std::string Figure(const std::string& svg, std::string_view caption, const std::string& table_html, bool is_wide) {
  std::string html = fmt::format(
      "<figure><figcaption>{0}</figcaption>\n"
      "<div class=\"picture{1}\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\">{2}</div>\n",
      Escape(caption), is_wide ? " wide" : "", svg);
  if (!table_html.empty())
    html += fmt::format("<details><summary>The numbers as a table</summary>{}</details>\n", table_html);
  return html + "</figure>\n";
}

std::string HtmlPage(std::string_view title, const std::string& lead_html, const std::vector<Section>& sections) {
  // the body: a lead, links, sections
  std::string links, body;
  for (const Section& section : sections) {
    if (section.html.empty()) continue;
    links += fmt::format("<li><a href=\"#{}\">{}</a></li>", section.id, Escape(section.title));
    body +=
        fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-title\"><h2 id=\"{0}-title\">{1}</h2>\n{2}</section>\n",
                    section.id, Escape(section.title), section.html);
  }
  body = fmt::format("<header>{}</header>\n<nav aria-label=\"Sections\"><ul>{}</ul></nav>\n<main>\n{}</main>\n",
                     lead_html, links, body);

  // the frame: nothing is loaded from anywhere, nothing runs
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'nonce-{0}'; base-uri "
      "'none'; form-action 'none'\"/>\n"
      "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>{1}</title>\n"
      "<style nonce=\"{0}\">{2}</style></head>\n<body>\n{3}"
      "<footer>Written by Restock. The page is complete in itself: it loads nothing and runs no "
      "script.</footer>\n</body></html>\n",
      Nonce(body), Escape(title), kPageStyle, body);
}

}  // namespace restock
