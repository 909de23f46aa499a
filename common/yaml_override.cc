#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "common/text.h"
#include "common/yaml_value.h"

namespace restock {
namespace {

using Kind = YamlValue::Kind;

std::optional<size_t> ParseIndex(const std::string& text) {
  size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return index;
}

/// The slot under `key` of a map, which is made when it is missing; of a list the item of that number.
std::shared_ptr<YamlValue>& Descend(YamlValue& parent, const std::string& key, const std::string& path,
                                    const std::string& where) {
  const auto fail = [&](const std::string& what) { throw ConfigError(fmt::format("{}: {} {}", where, path, what)); };
  if (key.empty()) fail("is followed by two dots or ends with one; write a.b.c=value.");

  // an item of a list by its number
  if (parent.kind == Kind::kList && ParseIndex(key)) {
    const size_t index = *ParseIndex(key);
    if (index >= parent.items.size())
      fail(fmt::format("is a list of {}; its first item has number 0.", parent.items.size()));
    return parent.items[index];
  }

  // `agents: ppo, dqn` and `agents: [ppo, dqn]` stand for maps without settings
  if (parent.kind == Kind::kScalar || parent.kind == Kind::kList) {
    bool is_word = false;
    for (const std::string& word : parent.Words()) is_word = is_word || word == key;
    if (!is_word)
      fail(parent.kind == Kind::kList ? "is a list; write the number of an item."
                                      : "is a single value, it has no keys.");
    parent.MakeMapOfWords();
  }

  parent.kind = Kind::kMap;
  for (YamlValue::Entry& entry : parent.entries)
    if (entry.key == key) return entry.value;
  auto missing = std::make_shared<YamlValue>();
  missing->where = where;
  parent.entries.push_back({key, where, std::move(missing)});
  return parent.entries.back().value;
}

}  // namespace

void ApplyOverride(const std::string& override_text, YamlValue& root) {
  const std::string where = "override " + Printable(override_text, 100);
  const size_t equals = override_text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw ConfigError(fmt::format("{}: write key=value, such as seed=7.", where));
  std::shared_ptr<YamlValue> value = ParseYaml(override_text.substr(equals + 1), where, /*has_lines=*/false);

  // walk down to the slot and fill it
  YamlValue* parent = &root;
  std::shared_ptr<YamlValue>* slot = nullptr;
  std::string path;
  for (const std::string& key : Split(override_text.substr(0, equals), '.')) {
    if (slot) parent = slot->get();
    slot = &Descend(*parent, key, path.empty() ? "the configuration" : path, where);
    path += path.empty() ? key : "." + key;
  }
  *slot = std::move(value);
}

}  // namespace restock
