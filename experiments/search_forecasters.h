#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "forecasting/settings_search.h"

namespace restock {

/// Searches the settings of `search:` in a configuration for the forecaster with the least weighted quantile loss. It
/// is fitted anew at past origins, a horizon of the backtest apart, that lie before data.holdout_periods and before the
/// origins of the backtest, so that neither has a say. Writes into `folder`
///
///   search.jsonl   what was judged so far; a search that was interrupted goes on from it, to the same end
///   best.yaml      the configuration with the best settings, as `restock forecast` and `restock run` read it
///
/// and returns the trials, the best first. Throws ConfigError where there is nothing to search, or a setting is
/// refused.
std::vector<SearchTrial> SearchForecasters(const std::filesystem::path& config_file,
                                           const std::vector<std::string>& overrides,
                                           const std::filesystem::path& folder);

/// The trials as lines for a terminal.
std::string SearchTable(const std::vector<SearchTrial>& trials);

}  // namespace restock
