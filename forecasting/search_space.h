#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/config_node.h"
#include "common/random.h"

namespace restock {

enum class SearchMethod { kGrid, kRandom, kSuccessiveHalving };

/// What a search may choose for one setting of a forecaster: one of some values, or a number of a range.
struct SearchedSetting {
  std::string key;                  // dotted path below `forecaster:`, such as lstm.learning_rate
  std::vector<std::string> values;  // of a list; empty: a range
  double low = 0, high = 0;
  bool is_log = false;    // drawn evenly on the logarithmic scale
  bool is_whole = false;  // rounded
  int num_steps = 3;      // of a grid
};

/// The `search:` block of a configuration:
///
///   search:
///     method: successive_halving            # or grid, random
///     num_trials: 16
///     space:
///       model: [lstm, gru]
///       lstm.learning_rate: {low: 5e-4, high: 8e-3, scale: log}
struct SearchConfig {
  SearchMethod method = SearchMethod::kSuccessiveHalving;
  int num_trials = 16;  // settings to try, that of the configuration among them; a grid has as many as it has
  int num_origins = 4;  // past origins, a horizon apart, that the best of them are judged by
  int reduction = 2;    // of successive halving: 1 in so many goes on to so many times the origins
  std::vector<SearchedSetting> space;
};

SearchConfig ReadSearchConfig(ConfigNode search);

/// One choice: a value for each key; empty: the configuration as it is.
using Settings = std::vector<std::pair<std::string, std::string>>;

/// The settings to try, no two alike, the configuration as it is first. More trials do not change earlier ones.
std::vector<Settings> SettingsToTry(const SearchConfig& config, const Random& random);

/// `model=gru, lstm.learning_rate=0.002`
std::string Describe(const Settings& settings);

}  // namespace restock
