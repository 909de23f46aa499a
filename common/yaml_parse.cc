#include <algorithm>
#include <map>
#include <sstream>
#include <unordered_set>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "common/error.h"
#include "common/text.h"
#include "common/yaml_value.h"

namespace restock {
namespace {

constexpr size_t kMaxFileSize = 4 << 20;
constexpr int kMaxValues = 20'000;
constexpr int kMaxDepth = 32;
constexpr size_t kMaxKeySize = 100;

/// Builds our tree from yaml-cpp's events, so that nothing of what the user wrote is lost or silently chosen.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& name, bool has_lines) : name_(name), has_lines_(has_lines) {}

  std::shared_ptr<YamlValue> root() const { return root_; }
  std::string Place(const YAML::Mark& mark) const {
    if (!has_lines_) return name_;
    return fmt::format("{}:{}:{}", name_, std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) Fail(mark, "a second document begins here; a configuration is one.");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (ExpectsKey()) Fail(mark, "a key is missing before the colon.");
    Add(mark, anchor, YamlValue::Kind::kNull);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    RefuseTag(mark, tag);
    if (ExpectsKey()) {
      if (anchor != 0) Fail(mark, "a key cannot have an anchor (&).");
      return AddKey(mark, text);
    }
    const auto value = Add(mark, anchor, YamlValue::Kind::kScalar);
    value->text = text;
    value->is_quoted = tag == "!";
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (ExpectsKey()) Fail(mark, "a key must be a word, not an alias.");
    const auto target = anchors_.at(anchor);
    for (const Frame& open : open_)
      if (open.value == target) Fail(mark, "the alias stands inside the value that it names.");
    Attach(mark, Copy(mark, *target, static_cast<int>(open_.size())));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, YamlValue::Kind::kList);
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, YamlValue::Kind::kMap);
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  struct Frame {
    std::shared_ptr<YamlValue> value;
    bool has_key = false;                  // of a map: the last entry waits for its value
    std::unordered_set<std::string> keys;  // of a map: all so far
  };

  [[noreturn]] void Fail(const YAML::Mark& mark, const std::string& what) const {
    throw ConfigError(fmt::format("{}: {}", Place(mark), what));
  }

  bool ExpectsKey() const {
    return !open_.empty() && open_.back().value->kind == YamlValue::Kind::kMap && !open_.back().has_key;
  }

  void RefuseTag(const YAML::Mark& mark, const std::string& tag) const {
    if (!tag.empty() && tag != "?" && tag != "!")
      Fail(mark, fmt::format("tags such as {} are not used here.", Quote(tag)));
  }

  void AddKey(const YAML::Mark& mark, const std::string& key) {
    if (key == "<<") Fail(mark, "merge keys (<<) are not used here; write the keys out.");
    if (key.size() > kMaxKeySize) Fail(mark, fmt::format("the key {} is too long; is a quote left open?", Quote(key)));
    Frame& map = open_.back();
    if (!map.keys.insert(key).second) {
      const std::string first = KeyPlace(*map.value, key);
      Fail(mark, fmt::format("key {} stands twice{}.", Quote(key), has_lines_ ? ", first at " + first : ""));
    }
    map.value->entries.push_back({key, Place(mark), nullptr});
    map.has_key = true;
  }

  static std::string KeyPlace(const YamlValue& map, const std::string& key) {
    for (const YamlValue::Entry& entry : map.entries)
      if (entry.key == key) return entry.where;
    return "";
  }

  std::shared_ptr<YamlValue> Add(const YAML::Mark& mark, YAML::anchor_t anchor, YamlValue::Kind kind) {
    auto value = std::make_shared<YamlValue>();
    value->kind = kind;
    value->where = Place(mark);
    CountValue(mark);
    if (anchor != 0) anchors_[anchor] = value;
    Attach(mark, value);
    return value;
  }

  void Attach(const YAML::Mark& mark, std::shared_ptr<YamlValue> value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Frame& parent = open_.back(); parent.value->kind == YamlValue::Kind::kList) {
      parent.value->items.push_back(std::move(value));
    } else {
      if (!parent.has_key) Fail(mark, "a key must be a word.");
      YamlValue::Entry& entry = parent.value->entries.back();
      if (value->kind == YamlValue::Kind::kNull) value->where = entry.where;  // yaml-cpp does not know where nothing is
      entry.value = std::move(value);
      parent.has_key = false;
    }
  }

  void Open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlValue::Kind kind) {
    RefuseTag(mark, tag);
    if (ExpectsKey()) Fail(mark, "a key must be a word, not a list or a map; is a bracket left open?");
    if (open_.size() >= kMaxDepth) Fail(mark, fmt::format("values are nested more than {} deep.", kMaxDepth));
    open_.push_back({Add(mark, anchor, kind), false, {}});
  }

  /// Each use of an anchor is a value of its own, so that an override of one leaves the others alone.
  std::shared_ptr<YamlValue> Copy(const YAML::Mark& mark, const YamlValue& value, int depth) {
    CountValue(mark);
    if (depth > kMaxDepth) Fail(mark, fmt::format("values are nested more than {} deep.", kMaxDepth));
    auto copy = std::make_shared<YamlValue>(value);
    for (auto& item : copy->items) item = Copy(mark, *item, depth + 1);
    for (YamlValue::Entry& entry : copy->entries) entry.value = Copy(mark, *entry.value, depth + 1);
    return copy;
  }

  void CountValue(const YAML::Mark& mark) {
    if (++num_values_ > kMaxValues)
      Fail(mark, fmt::format("there are more than {} values, counting what aliases stand for.", kMaxValues));
  }

  const std::string name_;
  const bool has_lines_;
  std::shared_ptr<YamlValue> root_;
  std::vector<Frame> open_;  // the maps and lists around the present place
  std::map<YAML::anchor_t, std::shared_ptr<YamlValue>> anchors_;
  int num_values_ = 0;
};

void CheckText(const std::string& text, const std::string& name) {
  if (text.size() > kMaxFileSize)
    throw ConfigError(fmt::format("{}: is larger than {} MB, which no configuration is.", name, kMaxFileSize >> 20));
  if (const auto bad = FindInvalidUtf8(text)) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*bad), '\n');
    throw ConfigError(fmt::format("{}:{}: is not UTF-8 text.", name, line));
  }
}

std::string_view LineOf(std::string_view text, int line) {
  for (; line > 0 && !text.empty(); --line) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find('\n'));
}

std::string Explain(const YAML::Exception& error, const std::string& text) {
  // a tab in the indentation is a usual cause, and nothing that one could see
  const std::string_view line = LineOf(text, error.mark.line);
  const std::string_view indentation = line.substr(0, line.find_first_not_of(" \t\r"));
  if (indentation.find('\t') != std::string_view::npos) return "the line is indented with a tab; use blanks.";
  return fmt::format("is not valid YAML ({}); look for a missing blank, quote or bracket here and just above.",
                     error.msg);
}

}  // namespace

std::shared_ptr<YamlValue> ParseYaml(const std::string& text, const std::string& name, bool has_lines) {
  CheckText(text, name);
  TreeBuilder builder(name, has_lines);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    throw ConfigError(fmt::format("{}: {}", builder.Place(error.mark), Explain(error, text)));
  }
  if (builder.root()) return builder.root();
  auto nothing = std::make_shared<YamlValue>();
  nothing->where = has_lines ? name + ":1:1" : name;
  return nothing;
}

std::shared_ptr<YamlValue> YamlValue::Find(std::string_view key) const {
  for (const Entry& entry : entries)
    if (entry.key == key) return entry.value;
  return nullptr;
}

std::vector<std::string> YamlValue::Words() const {
  std::vector<std::string> words;
  if (kind == Kind::kScalar && !is_quoted && text != "none") words = Split(text, ',');
  if (kind == Kind::kScalar && is_quoted) words = {text};
  for (const auto& item : items)
    if (item->kind == Kind::kScalar) words.push_back(item->text);
  return words;
}

void YamlValue::MakeMapOfWords() {
  for (const std::string& word : Words()) {
    if (Find(word)) throw ConfigError(where + ": names " + word + " twice: keep one.");
    auto value = std::make_shared<YamlValue>();
    value->where = where;
    entries.push_back({word, where, std::move(value)});
  }
  kind = Kind::kMap;
  items.clear();
  text.clear();
}

}  // namespace restock
