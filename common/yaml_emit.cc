#include <algorithm>

#include <fmt/format.h>

#include "common/text.h"
#include "common/yaml_value.h"

namespace restock {
namespace {

using Kind = YamlValue::Kind;

/// Letters, digits and a few signs that mean nothing to YAML, or a number.
bool IsPlain(const std::string& text) {
  if (ParseNumber(text)) return true;
  if (text == "null" || text == "Null" || text == "NULL") return false;
  const auto is_word_sign = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  const auto is_inner_sign = [&](char c) { return is_word_sign(c) || c == '-' || c == '.' || c == '/' || c == '+'; };
  return !text.empty() && (is_word_sign(text[0]) || text[0] == '/') &&
         std::all_of(text.begin(), text.end(), is_inner_sign);
}

std::string InQuotes(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      quoted += {'\\', c};
    else if (byte < 0x20 || byte == 0x7f)
      quoted += fmt::format("\\x{:02x}", byte);
    else
      quoted += c;
  }
  return quoted + '"';
}

std::string Key(const std::string& text) { return IsPlain(text) ? text : InQuotes(text); }

/// On one line: scalars, empty lists and maps, lists of such.
std::string Inline(const YamlValue& value) {
  if (value.kind == Kind::kNull) return "null";
  if (value.kind == Kind::kMap) return "{}";
  if (value.kind == Kind::kScalar) return value.is_quoted || !IsPlain(value.text) ? InQuotes(value.text) : value.text;
  std::string line = "[";
  for (const auto& item : value.items) line += (line.size() > 1 ? ", " : "") + Inline(*item);
  return line + "]";
}

/// A map that somebody looked for, that is not there and in which nothing has a default.
bool IsNothing(const YamlValue& value) { return value.is_default && value.kind == Kind::kMap && value.entries.empty(); }

std::vector<const YamlValue::Entry*> InReadingOrder(const YamlValue& map) {
  std::vector<const YamlValue::Entry*> entries;
  for (const YamlValue::Entry& entry : map.entries)
    if (!IsNothing(*entry.value)) entries.push_back(&entry);
  const auto rank = [&](const YamlValue::Entry* entry) {
    return std::find(map.known_keys.begin(), map.known_keys.end(), entry->key) - map.known_keys.begin();
  };
  std::stable_sort(entries.begin(), entries.end(), [&](auto a, auto b) { return rank(a) < rank(b); });
  return entries;
}

bool FitsOnOneLine(const YamlValue& value) {
  if (value.kind == Kind::kMap) return InReadingOrder(value).empty();
  return std::all_of(value.items.begin(), value.items.end(), [](const auto& item) { return FitsOnOneLine(*item); });
}

/// The lines of a value that does not fit on one, each with `indent` before it.
void EmitBlock(const YamlValue& value, const std::string& indent, std::string& out) {
  for (const auto& item : value.items) {
    if (FitsOnOneLine(*item)) {
      out += indent + "- " + Inline(*item) + '\n';
    } else {
      std::string block;
      EmitBlock(*item, indent + "  ", block);
      block[indent.size()] = '-';
      out += block;
    }
  }
  if (value.kind != Kind::kMap) return;
  for (const YamlValue::Entry* entry : InReadingOrder(value)) {
    const bool is_short = FitsOnOneLine(*entry->value);
    out += indent + Key(entry->key) + (is_short ? ": " + Inline(*entry->value) : ":") + '\n';
    if (!is_short) EmitBlock(*entry->value, indent + "  ", out);
  }
}

}  // namespace

std::string EmitYaml(const YamlValue& value) {
  std::string text;
  if (FitsOnOneLine(value)) return Inline(value) + '\n';
  EmitBlock(value, "", text);
  return text;
}

}  // namespace restock
