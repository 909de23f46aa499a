#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace restock {

/// One setting and the values that a table gives it: `lead_time=1,2,3,4`.
struct VariedSetting {
  std::string key;
  std::vector<std::string> values;
};

/// Throws ConfigError where the text is no such thing.
VariedSetting ParseVariedSetting(const std::string& text);

/// Instances of one problem file that belong together: all combinations of the varied settings.
struct TableBlock {
  std::string name;  // empty where a table has but one
  std::filesystem::path problem;
  std::vector<std::string> overrides;  // of every instance
  std::vector<VariedSetting> varied;
  bool beside_rule = false;  // compared with the best rule instead of the least known cost
};

/// One run of a table.
struct TableInstance {
  size_t block = 0;
  std::string name;  // `lost_sales/poisson-4-1`: block and values, the folder of its run
  std::filesystem::path problem;
  std::vector<std::string> overrides;
};

/// The instances of all blocks in their order, `overrides` last. Throws ConfigError where two would have the same name.
std::vector<TableInstance> InstancesOf(const std::vector<TableBlock>& blocks,
                                       const std::vector<std::string>& overrides);

/// Whether a configuration is a table file: it has a list `table`.
bool IsTableFile(const std::filesystem::path& file);

/// Reads `table:`, a list of blocks `{name, problem, set, vary, compare_with}`; `problem` is a path relative to the
/// file, `set` gives settings by their dotted path, `vary` lists of values. Throws ConfigError with file, line and
/// cure.
std::vector<TableBlock> ReadTableFile(const std::filesystem::path& file);

}  // namespace restock
