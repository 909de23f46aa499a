#include <algorithm>

#include <fmt/format.h>

#include "common/text.h"
#include "common/yaml_value.h"

namespace restock {
namespace {

using Kind = YamlValue::Kind;

/// Replaces every `$name` below `value` by the parameter's value, and notes which parameters were used.
void Substitute(std::shared_ptr<YamlValue>& value, const YamlValue& parameters, std::vector<std::string>& used) {
  for (auto& item : value->items) Substitute(item, parameters, used);
  for (YamlValue::Entry& entry : value->entries) Substitute(entry.value, parameters, used);
  if (value->kind != Kind::kScalar || value->is_quoted || !value->text.starts_with('$')) return;
  const std::string name = value->text.substr(1);
  const auto parameter = parameters.Find(name);
  if (!parameter) {
    std::vector<std::string> names;
    for (const YamlValue::Entry& entry : parameters.entries) names.push_back(entry.key);
    throw ConfigError(
        fmt::format("{}: there is no parameter {}.{}", value->where, Quote(name), Suggestion(name, names)));
  }
  used.push_back(name);
  value = std::make_shared<YamlValue>(*parameter);
  value->parameter = name;
}

}  // namespace

void ApplyOverrides(const std::vector<std::string>& overrides, YamlValue& root) {
  const auto is_parameters = [](const YamlValue::Entry& entry) { return entry.key == "parameters"; };
  const auto found = std::ranges::find_if(root.entries, is_parameters);
  if (found == root.entries.end()) {
    for (const std::string& one : overrides) ApplyOverride(one, root);
    return;
  }
  const std::shared_ptr<YamlValue> parameters = found->value;
  if (parameters->kind != Kind::kMap)
    throw ConfigError(fmt::format("{}: parameters must be a map of names and values.", parameters->where));

  // an override tries a parameter of that name first
  for (const std::string& one : overrides) {
    const bool is_parameter = parameters->Find(one.substr(0, one.find('='))) != nullptr;
    ApplyOverride(one, is_parameter ? *parameters : root);
  }

  // the parameters go where they are named, and are no keys of the configuration themselves
  std::erase_if(root.entries, is_parameters);
  std::vector<std::string> used;
  for (YamlValue::Entry& entry : root.entries) Substitute(entry.value, *parameters, used);
  for (const YamlValue::Entry& entry : parameters->entries) {
    root.parameters.push_back(entry.key);
    if (std::ranges::find(used, entry.key) == used.end())
      throw ConfigError(fmt::format("{}: parameter {} is used nowhere; write ${} where it belongs.", entry.where,
                                    entry.key, entry.key));
  }
}

}  // namespace restock
