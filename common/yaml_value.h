#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"

namespace restock {

/// A YAML value that knows where it stands: what configurations are read from and written back to. Used by ConfigNode
/// only.
struct YamlValue {
  enum class Kind { kNull, kScalar, kList, kMap };
  struct Entry {
    std::string key;
    std::string where;  // of the key
    std::shared_ptr<YamlValue> value;
  };

  Kind kind = Kind::kNull;
  std::string where;                              // file:line:column, or the override it came from
  std::string parameter;                          // whose value this is; empty: of none
  std::string text;                               // of a scalar
  bool is_quoted = false;                         // a text, whatever it looks like
  bool is_default = false;                        // not the user's: a reader asked for it and there was none
  std::vector<std::shared_ptr<YamlValue>> items;  // of a list
  std::vector<Entry> entries;                     // of a map, in their order
  std::vector<std::string> known_keys;            // of a map: those that a reader asked for, in that order
  std::vector<std::string> parameters;            // of the whole configuration: names that an override may set

  /// The value under `key`, or null.
  std::shared_ptr<YamlValue> Find(std::string_view key) const;
  /// The words of a plain text with commas (`ppo, dqn`) or of a list of scalars; `none` alone means no word.
  std::vector<std::string> Words() const;
  /// Turns words into a map with an empty value for each.
  void MakeMapOfWords();
};

/// The parsed text, which may be null. Every odd thing throws ConfigError: duplicate or missing keys, keys that are no
/// words, tags, a second document, aliases that expand beyond bounds, absurd nesting. `name`, the file or an override,
/// and for a file line and column begin the messages.
std::shared_ptr<YamlValue> ParseYaml(const std::string& text, const std::string& name, bool has_lines = true);

/// Applies "a.b.2.c=value" to the tree, creating missing keys.
void ApplyOverride(const std::string& override_text, YamlValue& root);

/// Applies all of them in their order. Where the tree has `parameters:`, a map of names, an override tries these first,
/// and every value `$name` becomes the value of the parameter: `lead_time=3` reaches each `$lead_time`. Afterwards the
/// parameters are gone.
void ApplyOverrides(const std::vector<std::string>& overrides, YamlValue& root);

/// Block style, keys in the order in which they were asked for, then those that nobody asked for.
std::string EmitYaml(const YamlValue& value);

}  // namespace restock
