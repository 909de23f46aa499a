#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace restock {

/// What is wrong with a piece of HTML or SVG written as XML: elements that are not closed in order, attributes without
/// quotes, a bare & or <. Empty where all is well.
inline std::string MarkupProblem(std::string_view markup) {
  std::vector<std::string> open;
  const auto near = [&](size_t place) { return " near: " + std::string(markup.substr(place, 60)); };
  for (size_t i = 0; i < markup.size(); ++i) {
    if (markup[i] == '&' && markup.substr(i, 10).find(';') == std::string_view::npos) return "bare &" + near(i);
    if (markup[i] == '>') return "bare >" + near(i);
    if (markup[i] != '<') continue;

    // the tag, quotes in pairs
    size_t end = i + 1;
    bool is_quoted = false;
    for (; end < markup.size() && (is_quoted || markup[end] != '>'); ++end) {
      if (markup[end] == '"') is_quoted = !is_quoted;
      if (markup[end] == '<') return "< inside a tag" + near(i);
      if (!is_quoted && markup[end] == '=' && markup[end + 1] != '"') return "attribute without quotes" + near(i);
    }
    if (end == markup.size()) return "a tag never ends" + near(i);
    const std::string_view tag = markup.substr(i + 1, end - i - 1);
    const std::string name(
        tag.substr(tag.starts_with('/') ? 1 : 0, tag.find_first_of(" /", 1) - (tag.starts_with('/') ? 1 : 0)));
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != name) return "</" + name + "> closes nothing" + near(i);
      open.pop_back();
    } else if (!tag.ends_with('/') && !tag.starts_with('!')) {
      open.push_back(name);
    }
    i = end;
    if (name == "style" && !tag.starts_with('/')) i = markup.find("</style", i) - 1;
  }
  return open.empty() ? "" : "<" + open.back() + "> is never closed";
}

inline bool Has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// How often `part` stands in `text`.
inline int CountOf(std::string_view text, std::string_view part) {
  int count = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace restock
