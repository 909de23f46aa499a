#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/error.h"

namespace restock {

struct YamlValue;

/// The valid range of a number, as it is told to the user: "above 0", "between 0 and 1".
struct Range {
  double low;
  double high;
  bool low_open;
  bool high_open;
  bool Contains(double value) const;
  std::string ToString() const;
};
Range Above(double low);
Range AtLeast(double low);
Range Between(double low, double high);       // both ends belong to it
Range AboveAndUpTo(double low, double high);  // (low, high]
Range Inside(double low, double high);        // (low, high)

/// A view of one YAML value that knows where it stands. Reading is strict: a wrong type, a value out of range, an
/// unknown or duplicate key, an octal-looking number, an alias bomb and absurd nesting throw ConfigError with
/// `file:line:column: key.path ...` and the cure.
///
///   ConfigNode root = LoadConfig("run.yaml", {"agents.ppo.clip_range=0.1"});
///   ConfigNode ppo = root.Child("agents").Child("ppo");
///   ppo.Read("clip_range", config.clip_range, Above(0));
///   ppo.ExpectNoMoreKeys();
///
/// Each read leaves its default in the tree where the user gave no value, so that after all reading ResolvedYaml() is
/// the whole configuration, which reads back to the same.
class ConfigNode {
 public:
  /// Reads `key` into `value` and leaves `value` as it is (its default) when the key is missing.
  void Read(std::string_view key, bool& value);
  void Read(std::string_view key, int& value, std::optional<Range> range = {});
  void Read(std::string_view key, int64_t& value, std::optional<Range> range = {});
  void Read(std::string_view key, uint64_t& value);
  void Read(std::string_view key, float& value, std::optional<Range> range = {});
  void Read(std::string_view key, double& value, std::optional<Range> range = {});
  void Read(std::string_view key, std::string& value);
  /// Lists: `[1, 2]`, or without brackets `1, 2`, or the one value; `none` alone is the empty list.
  void Read(std::string_view key, std::vector<int>& value, std::optional<Range> range = {});
  void Read(std::string_view key, std::vector<double>& value, std::optional<Range> range = {});
  void Read(std::string_view key, std::vector<std::string>& value);
  /// A list of such lists, or the one number; leaves no default.
  void Read(std::string_view key, std::vector<std::vector<double>>& value, std::optional<Range> range = {});
  /// One of the given words.
  template <class Enum>
  void ReadChoice(std::string_view key, Enum& value, const std::vector<std::pair<std::string, Enum>>& choices) {
    std::vector<std::string> words;
    std::string default_word;
    for (const auto& [word, choice] : choices) {
      words.push_back(word);
      if (choice == value) default_word = word;
    }
    if (const auto chosen = ReadWord(key, words, default_word)) value = choices[*chosen].second;
  }

  /// The user gave a value (not null) for `key`. Marks the key as known.
  bool Has(std::string_view key) const;
  bool IsNull() const;
  bool IsScalar() const;
  bool IsMap() const;
  bool IsList() const;
  /// The value under `key`; an empty map when the key is missing or has no value. Marks the key as known.
  ConfigNode Child(std::string_view key);
  /// The entries of a list, or the one value where a list could stand.
  std::vector<ConfigNode> Items();
  /// The keys of a map in their order; reading them marks them as known. `ppo, dqn` and `[ppo, dqn]` are read as
  /// `{ppo: {}, dqn: {}}`, and `none` as `{}`.
  std::vector<std::pair<std::string, ConfigNode>> Entries();
  /// The text of a single value.
  std::string AsString() const;

  /// Throws for the first key that nobody has asked for, naming the nearest known one.
  void ExpectNoMoreKeys();
  /// `file:line:column: key.path <what>`
  [[noreturn]] void Fail(const std::string& what) const;
  /// The same, for the value under `key`.
  [[noreturn]] void Fail(std::string_view key, const std::string& what) const;
  std::string Where() const;                         // file:line:column
  const std::string& path() const { return path_; }  // a.b.c

  /// The configuration as YAML, with the defaults of all that was read so far; keys in the order of reading. Defaults
  /// that are infinite stay out: a missing key means them.
  std::string ResolvedYaml() const;

  ConfigNode(std::shared_ptr<YamlValue> value, std::string path) : value_(std::move(value)), path_(std::move(path)) {}

 private:
  std::optional<size_t> ReadWord(std::string_view key, const std::vector<std::string>& words,
                                 const std::string& default_word);
  template <class T>
  void ReadNumber(std::string_view key, T& value, const std::optional<Range>& range);
  template <class T>
  void ReadNumbers(std::string_view key, std::vector<T>& value, const std::optional<Range>& range);
  std::shared_ptr<YamlValue> Ask(std::string_view key) const;
  void KeepDefault(std::string_view key, std::shared_ptr<YamlValue> value);
  void ExpectMap() const;
  std::string PathOf(std::string_view key) const;

  std::shared_ptr<YamlValue> value_;
  std::string path_;
};

/// Reads a YAML file, which must hold a map, and applies `overrides` ("a.b=value", the value being YAML) in their
/// order. A file may declare `parameters:` by name and refer to them as `$name`; an override `name=value` tries these
/// first. An override may create a key; whether it is known, the reader decides. Errors in an override name it as
/// `override a.b=value`.
ConfigNode LoadConfig(const std::filesystem::path& file, const std::vector<std::string>& overrides = {});
/// The same from text, for tests; `name` stands for the file in messages.
ConfigNode ParseConfig(const std::string& text, const std::string& name,
                       const std::vector<std::string>& overrides = {});

}  // namespace restock
