#include "common/config_node.h"

#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "common/file.h"
#include "common/text.h"
#include "common/yaml_value.h"

namespace restock {
namespace {

using Kind = YamlValue::Kind;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A value as it is told to the user: -0.2, "text", a list.
std::string Describe(const YamlValue& value) {
  switch (value.kind) {
    case Kind::kNull:
      return "empty";
    case Kind::kScalar:
      return value.is_quoted || !ParseNumber(value.text) ? Quote(value.text) : value.text;
    case Kind::kList:
      return "a list";
    case Kind::kMap:
      return "a map";
  }
  return "";
}

std::string TextOf(bool value) { return value ? "true" : "false"; }
std::string TextOf(const std::string& value) { return value; }
template <class T>
std::string TextOf(T value) {
  return fmt::format("{}", value);
}

std::shared_ptr<YamlValue> MakeScalar(const std::string& text) {
  auto value = std::make_shared<YamlValue>();
  value->kind = Kind::kScalar;
  value->text = text;
  return value;
}

template <class T>
std::shared_ptr<YamlValue> MakeList(const std::vector<T>& values) {
  auto list = std::make_shared<YamlValue>();
  list->kind = Kind::kList;
  for (const T& value : values) list->items.push_back(MakeScalar(TextOf(value)));
  return list;
}

[[noreturn]] void FailAt(const YamlValue& value, const std::string& path, std::string what) {
  if (!what.ends_with('.') && !what.ends_with('?')) what += '.';
  const std::string parameter = value.parameter.empty() ? "" : fmt::format("(parameter {}) ", value.parameter);
  throw ConfigError(fmt::format("{}: {}{}{}{}", value.where, path, path.empty() ? "" : " ", parameter, what));
}

/// What is wrong with a text that looks like a number and is none.
std::string NumberTrap(const std::string& text) {
  const std::string_view digits =
      text.starts_with('-') || text.starts_with('+') ? std::string_view(text).substr(1) : text;
  if (digits.size() < 2 || digits[0] != '0' || digits[1] == '.' || digits[1] == 'e' || digits[1] == 'E') return "";
  return "which may be read as octal or hexadecimal; write it in decimal without a leading zero";
}

template <class T>
std::optional<T> ParseAs(const std::string& text) {
  if constexpr (std::is_floating_point_v<T>) {
    const auto number = ParseNumber(text);
    if (!number || !std::isfinite(static_cast<T>(*number))) return std::nullopt;
    return static_cast<T>(*number);
  } else {
    T number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
  }
}

template <class T>
std::string KindOfNumber() {
  return std::is_floating_point_v<T> ? "a finite number"
         : std::is_unsigned_v<T>     ? "a whole number from 0 to 2^64 - 1"
                                     : "a whole number";
}

/// `default_note`: " (default 0.2)", or nothing.
template <class T>
T NumberFrom(const YamlValue& value, const std::string& path, const std::optional<Range>& range,
             const std::string& default_note) {
  const bool is_plain = value.kind == Kind::kScalar && !value.is_quoted;
  const std::string trap = is_plain ? NumberTrap(value.text) : "";
  if (!trap.empty()) FailAt(value, path, fmt::format("is {}, {}", value.text, trap));
  const auto number = is_plain ? ParseAs<T>(value.text) : std::nullopt;
  if (!number)
    FailAt(value, path, fmt::format("must be {}, but is {}{}", KindOfNumber<T>(), Describe(value), default_note));
  if (range && !range->Contains(static_cast<double>(*number)))
    FailAt(value, path, fmt::format("must be {}, but is {}{}", range->ToString(), value.text, default_note));
  return *number;
}

/// The parts of a list, the one value where a list could stand, or the words of `a, b` and of `none`. These become a
/// list in the tree, so that the resolved configuration says what was read.
std::vector<std::shared_ptr<YamlValue>> ItemsOf(const std::shared_ptr<YamlValue>& value) {
  if (value->kind == Kind::kNull) return {};
  if (value->kind == Kind::kList) return value->items;
  const bool is_word = value->kind == Kind::kScalar && !value->is_quoted;
  if (!is_word || (value->text != "none" && value->text.find(',') == std::string::npos)) return {value};
  for (const std::string& word : value->Words()) {
    value->items.push_back(MakeScalar(word));
    value->items.back()->where = value->where;
  }
  value->kind = Kind::kList;
  return value->items;
}

std::string DefaultNote(const std::string& text) { return text.empty() ? "" : fmt::format(" (default {})", text); }

}  // namespace

bool Range::Contains(double value) const {
  const bool is_above = low_open ? value > low : value >= low;
  return is_above && (high_open ? value < high : value <= high);
}

std::string Range::ToString() const {
  if (low == -kInfinity) return fmt::format("{} {}", high_open ? "below" : "at most", high);
  if (high == kInfinity) return fmt::format("{} {}", low_open ? "above" : "at least", low);
  if (!low_open && !high_open) return fmt::format("between {} and {}", low, high);
  return fmt::format("{} {} and {} {}", low_open ? "above" : "at least", low, high_open ? "below" : "at most", high);
}

Range Above(double low) { return {low, kInfinity, true, false}; }
Range AtLeast(double low) { return {low, kInfinity, false, false}; }
Range Between(double low, double high) { return {low, high, false, false}; }
Range AboveAndUpTo(double low, double high) { return {low, high, true, false}; }
Range Inside(double low, double high) { return {low, high, true, true}; }

void ConfigNode::Read(std::string_view key, bool& value) {
  const auto given = Ask(key);
  if (!given) return KeepDefault(key, MakeScalar(TextOf(value)));
  const bool is_word = given->kind == Kind::kScalar && !given->is_quoted;
  if (!is_word || (given->text != "true" && given->text != "false"))
    FailAt(*given, PathOf(key), fmt::format("must be true or false, but is {} (default {})", Describe(*given), value));
  value = given->text == "true";
}

template <class T>
void ConfigNode::ReadNumber(std::string_view key, T& value, const std::optional<Range>& range) {
  if (const auto given = Ask(key)) {
    value = NumberFrom<T>(*given, PathOf(key), range, DefaultNote(TextOf(value)));
  } else if (std::isfinite(static_cast<double>(value))) {
    KeepDefault(key, MakeScalar(TextOf(value)));
  }
}

void ConfigNode::Read(std::string_view key, int& value, std::optional<Range> range) { ReadNumber(key, value, range); }
void ConfigNode::Read(std::string_view key, int64_t& value, std::optional<Range> range) {
  ReadNumber(key, value, range);
}
void ConfigNode::Read(std::string_view key, uint64_t& value) { ReadNumber(key, value, std::nullopt); }
void ConfigNode::Read(std::string_view key, float& value, std::optional<Range> range) { ReadNumber(key, value, range); }
void ConfigNode::Read(std::string_view key, double& value, std::optional<Range> range) {
  ReadNumber(key, value, range);
}

void ConfigNode::Read(std::string_view key, std::string& value) {
  const auto given = Ask(key);
  if (!given) return KeepDefault(key, MakeScalar(value));
  if (given->kind != Kind::kScalar)
    FailAt(*given, PathOf(key), fmt::format("must be a text, but is {}{}", Describe(*given), DefaultNote(value)));
  value = given->text;
}

template <class T>
void ConfigNode::ReadNumbers(std::string_view key, std::vector<T>& value, const std::optional<Range>& range) {
  const auto given = Ask(key);
  if (!given) return KeepDefault(key, MakeList(value));
  value.clear();
  const auto items = ItemsOf(given);
  for (size_t i = 0; i < items.size(); ++i)
    value.push_back(NumberFrom<T>(*items[i], fmt::format("{}.{}", PathOf(key), i), range, ""));
}

void ConfigNode::Read(std::string_view key, std::vector<int>& value, std::optional<Range> range) {
  ReadNumbers(key, value, range);
}
void ConfigNode::Read(std::string_view key, std::vector<double>& value, std::optional<Range> range) {
  ReadNumbers(key, value, range);
}

void ConfigNode::Read(std::string_view key, std::vector<std::vector<double>>& value, std::optional<Range> range) {
  const auto given = Ask(key);
  if (!given) return;
  value.clear();
  const auto rows = ItemsOf(given);
  for (size_t row = 0; row < rows.size(); ++row) {
    value.emplace_back();
    const auto items = ItemsOf(rows[row]);
    for (size_t i = 0; i < items.size(); ++i)
      value.back().push_back(NumberFrom<double>(*items[i], fmt::format("{}.{}.{}", PathOf(key), row, i), range, ""));
  }
}

void ConfigNode::Read(std::string_view key, std::vector<std::string>& value) {
  const auto given = Ask(key);
  if (!given) return KeepDefault(key, MakeList(value));
  value.clear();
  for (const auto& item : ItemsOf(given)) {
    if (item->kind != Kind::kScalar)
      FailAt(*item, PathOf(key), fmt::format("must be a list of texts, but holds {}", Describe(*item)));
    value.push_back(item->text);
  }
}

std::optional<size_t> ConfigNode::ReadWord(std::string_view key, const std::vector<std::string>& words,
                                           const std::string& default_word) {
  const auto given = Ask(key);
  if (!given) {
    KeepDefault(key, MakeScalar(default_word));
    return std::nullopt;
  }
  for (size_t i = 0; i < words.size(); ++i)
    if (given->kind == Kind::kScalar && given->text == words[i]) return i;
  const std::string cure = given->kind == Kind::kScalar ? Suggestion(given->text, words) : Suggestion("", words);
  FailAt(*given, PathOf(key), fmt::format("cannot be {}{}.{}", Describe(*given), DefaultNote(default_word), cure));
}

bool ConfigNode::Has(std::string_view key) const {
  const auto value = Ask(key);
  return value && value->kind != Kind::kNull;
}

bool ConfigNode::IsNull() const { return value_->kind == Kind::kNull; }
bool ConfigNode::IsScalar() const { return value_->kind == Kind::kScalar; }
bool ConfigNode::IsMap() const { return value_->kind == Kind::kMap; }
bool ConfigNode::IsList() const { return value_->kind == Kind::kList; }

ConfigNode ConfigNode::Child(std::string_view key) {
  if (!Ask(key) && !value_->Find(key)) {
    auto nothing = std::make_shared<YamlValue>();
    nothing->kind = Kind::kMap;
    KeepDefault(key, std::move(nothing));
  }
  return ConfigNode(value_->Find(key), PathOf(key));
}

std::vector<ConfigNode> ConfigNode::Items() {
  ItemsOf(value_);
  if (value_->is_default && value_->kind == Kind::kMap && value_->entries.empty()) return {};
  if (value_->kind != Kind::kList) return IsNull() ? std::vector<ConfigNode>() : std::vector<ConfigNode>{*this};

  std::vector<ConfigNode> items;
  for (size_t i = 0; i < value_->items.size(); ++i)
    items.emplace_back(value_->items[i], fmt::format("{}{}{}", path_, path_.empty() ? "" : ".", i));
  return items;
}

std::vector<std::pair<std::string, ConfigNode>> ConfigNode::Entries() {
  if (IsScalar() || IsList()) {
    for (const auto& item : value_->items)
      if (item->kind != Kind::kScalar) FailAt(*item, path_, "must be a map, or a list of names");
    value_->MakeMapOfWords();
  }
  ExpectMap();
  std::vector<std::pair<std::string, ConfigNode>> entries;
  for (const YamlValue::Entry& entry : value_->entries) {
    Ask(entry.key);
    entries.emplace_back(entry.key, ConfigNode(entry.value, PathOf(entry.key)));
  }
  return entries;
}

std::string ConfigNode::AsString() const {
  if (!IsScalar()) FailAt(*value_, path_, fmt::format("must be a single value, but is {}", Describe(*value_)));
  return value_->text;
}

void ConfigNode::ExpectNoMoreKeys() {
  ExpectMap();
  for (const YamlValue::Entry& entry : value_->entries) {
    bool is_known = false;
    for (const std::string& key : value_->known_keys) is_known = is_known || key == entry.key;
    if (is_known) continue;
    std::vector<std::string> names = value_->known_keys;
    if (entry.where.starts_with("override ")) {
      const std::vector<std::string>& parameters = value_->parameters;
      names.insert(names.begin(), parameters.begin(), parameters.end());
    }
    throw ConfigError(fmt::format("{}: unknown key {}.{}", entry.where, Printable(PathOf(entry.key), 200),
                                  Suggestion(entry.key, names)));
  }
}

void ConfigNode::Fail(const std::string& what) const { FailAt(*value_, path_, what); }

void ConfigNode::Fail(std::string_view key, const std::string& what) const {
  const auto value = value_->Find(key);
  FailAt(value ? *value : *value_, PathOf(key), what);
}

std::string ConfigNode::Where() const { return value_->where; }

std::string ConfigNode::ResolvedYaml() const { return EmitYaml(*value_); }

/// What the user gave for `key`, or nothing; from now on the key is known.
std::shared_ptr<YamlValue> ConfigNode::Ask(std::string_view key) const {
  ExpectMap();
  bool is_known = false;
  for (const std::string& known : value_->known_keys) is_known = is_known || known == key;
  if (!is_known) value_->known_keys.emplace_back(key);
  const auto value = value_->Find(key);
  return value && !value->is_default ? value : nullptr;
}

void ConfigNode::KeepDefault(std::string_view key, std::shared_ptr<YamlValue> value) {
  if (value_->Find(key)) return;
  value->where = value_->where;
  value->is_default = true;
  value_->entries.push_back({std::string(key), value_->where, std::move(value)});
}

/// A null stands for a map without keys: `ppo:`.
void ConfigNode::ExpectMap() const {
  if (value_->kind == Kind::kNull) value_->kind = Kind::kMap;
  if (value_->kind == Kind::kMap) return;
  FailAt(*value_, path_, fmt::format("must be a map of keys and values, but is {}", Describe(*value_)));
}

std::string ConfigNode::PathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

ConfigNode LoadConfig(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  std::string text;
  try {
    text = ReadFile(file);
  } catch (const DataError& error) {
    throw ConfigError(error.what());
  }
  return ParseConfig(text, file.string(), overrides);
}

ConfigNode ParseConfig(const std::string& text, const std::string& name, const std::vector<std::string>& overrides) {
  const auto root = ParseYaml(text, name);
  if (root->kind == Kind::kNull) FailAt(*root, "", "the configuration is empty");
  if (root->kind != Kind::kMap)
    FailAt(*root, "", fmt::format("a configuration is a map of keys and values, but this is {}", Describe(*root)));
  ApplyOverrides(overrides, *root);
  return ConfigNode(root, "");
}

}  // namespace restock
