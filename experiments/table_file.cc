#include "experiments/table_file.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "common/config_node.h"
#include "common/error.h"

namespace restock {
namespace {

// What is neither a letter nor a digit would be in the way in a folder's name.
std::string InFileName(std::string value) {
  for (char& letter : value)
    if (!std::isalnum(static_cast<unsigned char>(letter)) && letter != '.' && letter != '_') letter = '_';
  return value;
}

std::vector<TableInstance> InstancesOf(const TableBlock& block) {
  std::vector<TableInstance> instances = {{.name = {}, .problem = block.problem, .overrides = block.overrides}};
  for (const VariedSetting& setting : block.varied) {
    std::vector<TableInstance> more;
    for (const TableInstance& instance : instances) {
      for (const std::string& value : setting.values) {
        more.push_back(instance);
        more.back().name += (instance.name.empty() ? "" : "-") + InFileName(value);
        more.back().overrides.push_back(setting.key + "=" + value);
      }
    }
    instances = std::move(more);
  }
  return instances;
}

std::vector<std::string> ReadSettings(ConfigNode node) {
  std::vector<std::string> overrides;
  for (auto& [key, value] : node.Entries()) {
    if (!value.IsScalar()) value.Fail("must be one value; put lists and maps into quotes");
    overrides.push_back(key + "=" + value.AsString());
  }
  return overrides;
}

std::vector<VariedSetting> ReadVaried(ConfigNode node) {
  std::vector<VariedSetting> varied;
  for (auto& [key, values] : node.Entries()) {
    varied.push_back({key, {}});
    for (const ConfigNode& value : values.Items()) varied.back().values.push_back(value.AsString());
    if (varied.back().values.empty()) values.Fail("must be a list of values, such as [1, 2, 3]");
  }
  return varied;
}

TableBlock ReadBlock(ConfigNode& entry, const std::filesystem::path& folder) {
  TableBlock block;
  entry.Read("name", block.name);
  if (block.name.empty() || block.name != InFileName(block.name) || block.name.starts_with('.'))
    entry.Fail("needs a name of letters, digits and underscores: that of its folder");
  std::string problem;
  entry.Read("problem", problem);
  if (problem.empty()) entry.Fail("needs a problem: a file such as ../problems/lost_sales.yaml");
  block.problem = folder / problem;
  if (!std::filesystem::exists(block.problem)) entry.Fail("problem", "there is no file " + block.problem.string());
  block.overrides = ReadSettings(entry.Child("set"));
  block.varied = ReadVaried(entry.Child("vary"));
  entry.ReadChoice("compare_with", block.beside_rule, {{"least_known_cost", false}, {"best_rule", true}});
  entry.ExpectNoMoreKeys();
  return block;
}

}  // namespace

VariedSetting ParseVariedSetting(const std::string& text) {
  const size_t equals = text.find('=');
  VariedSetting setting{text.substr(0, equals), {}};
  for (size_t first = equals; first != std::string::npos;) {
    const size_t end = text.find(',', first + 1);
    setting.values.push_back(text.substr(first + 1, end == std::string::npos ? end : end - first - 1));
    first = end;
  }
  const bool has_gap = std::ranges::any_of(setting.values, &std::string::empty);
  if (setting.key.empty() || setting.values.empty() || has_gap)
    throw ConfigError("--vary " + text + ": must be a setting and its values, such as lead_time=1,2,3.");
  return setting;
}

std::vector<TableInstance> InstancesOf(const std::vector<TableBlock>& blocks,
                                       const std::vector<std::string>& overrides) {
  std::vector<TableInstance> all;
  std::set<std::string> names;
  for (size_t i = 0; i < blocks.size(); ++i) {
    for (TableInstance instance : InstancesOf(blocks[i])) {
      instance.block = i;
      const bool has_both = !blocks[i].name.empty() && !instance.name.empty();
      instance.name = blocks[i].name + (has_both ? "/" : "") + instance.name;
      if (instance.name.empty()) instance.name = "instance";
      if (!names.insert(instance.name).second)
        throw ConfigError("the table has two instances that would both be called " + instance.name +
                          ": name each block and each value once.");
      instance.overrides.insert(instance.overrides.end(), overrides.begin(), overrides.end());
      all.push_back(std::move(instance));
    }
  }
  return all;
}

bool IsTableFile(const std::filesystem::path& file) { return LoadConfig(file).Has("table"); }

std::vector<TableBlock> ReadTableFile(const std::filesystem::path& file) {
  ConfigNode root = LoadConfig(file);
  std::vector<TableBlock> blocks;
  std::set<std::string> names;
  for (ConfigNode& entry : root.Child("table").Items()) {
    blocks.push_back(ReadBlock(entry, file.parent_path()));
    if (!names.insert(blocks.back().name).second) entry.Fail("name", "is that of another block");
  }
  root.ExpectNoMoreKeys();
  if (blocks.empty()) root.Fail("table", "must list blocks of instances: {name: ..., problem: ...}");
  return blocks;
}

}  // namespace restock
