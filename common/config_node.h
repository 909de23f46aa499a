#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/error.h"

namespace restock {

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
Range Between(double low, double high);          // both ends belong to it
Range AboveAndUpTo(double low, double high);     // (low, high]
Range Inside(double low, double high);           // (low, high)

/// A view of one YAML value that knows where it stands. Reading is strict: a wrong type, a value out of range, an unknown or
/// duplicate key, an octal-looking number, an alias bomb and absurd nesting throw ConfigError with
/// `file:line:column: key.path ...` and the cure.
///
///   ConfigNode root = LoadConfig("run.yaml", {"agents.ppo.clip_range=0.1"});
///   ConfigNode ppo = root.Child("agents").Child("ppo");
///   ppo.Read("clip_range", config.clip_range, Above(0));
///   ppo.ExpectNoMoreKeys();
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
  void Read(std::string_view key, std::vector<int>& value, std::optional<Range> range = {});
  void Read(std::string_view key, std::vector<double>& value, std::optional<Range> range = {});
  void Read(std::string_view key, std::vector<std::string>& value);
  /// One of the given words.
  template <class Enum>
  void ReadChoice(std::string_view key, Enum& value, const std::vector<std::pair<std::string, Enum>>& choices) {
    std::vector<std::string> words;
    for (const auto& [word, unused] : choices) words.push_back(word);
    if (const auto chosen = ReadWord(key, words)) value = choices[*chosen].second;
  }

  bool Has(std::string_view key) const;
  bool IsNull() const;
  bool IsScalar() const;
  bool IsMap() const;
  bool IsList() const;
  /// The value under `key`; an empty map when the key is missing. Marks the key as known.
  ConfigNode Child(std::string_view key);
  /// The entries of a list, or the one value where a list could stand.
  std::vector<ConfigNode> Items();
  /// The keys of a map in their order; reading them marks them as known.
  std::vector<std::pair<std::string, ConfigNode>> Entries();
  std::string AsString() const;

  /// Throws for every key that nobody has read, naming the nearest known one.
  void ExpectNoMoreKeys();
  /// `file:line:column: key.path <what>`
  [[noreturn]] void Fail(const std::string& what) const;
  /// The same, for the value under `key`.
  [[noreturn]] void Fail(std::string_view key, const std::string& what) const;
  std::string Where() const;  // file:line:column
  std::string path() const;   // a.b.c

  struct Data;  // the parsed document, in config_node.cc
  explicit ConfigNode(std::shared_ptr<Data> data) : data_(std::move(data)) {}

 private:
  std::optional<size_t> ReadWord(std::string_view key, const std::vector<std::string>& words);

  std::shared_ptr<Data> data_;
};

/// Reads a YAML file and applies `overrides` ("a.b=value", the value being YAML) in their order. An override may create a key;
/// whether it is known, the reader decides. Errors in an override name it as `override a.b=value`.
ConfigNode LoadConfig(const std::filesystem::path& file, const std::vector<std::string>& overrides = {});
/// The same from text, for tests; `name` stands for the file in messages.
ConfigNode ParseConfig(const std::string& text, const std::string& name, const std::vector<std::string>& overrides = {});

}  // namespace restock
