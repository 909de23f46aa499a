#include "forecasting/search_space.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace restock {
namespace {

constexpr size_t kMostGridPoints = 10'000;
constexpr int kMostDraws = 100;

SearchedSetting ReadSetting(const std::string& key, ConfigNode node) {
  SearchedSetting setting{.key = key, .values = {}};
  if (!node.IsMap()) {
    for (const ConfigNode& item : node.Items()) setting.values.push_back(item.AsString());
    if (setting.values.empty()) node.Fail("must name values, such as [1, 2], or a range {low: 1, high: 2}.");
    return setting;
  }
  if (!node.Has("low") || !node.Has("high"))
    node.Fail("must be a list of values, or a range {low: 0.001, high: 0.01, scale: log}.");
  node.Read("low", setting.low);
  node.Read("high", setting.high);
  if (!(setting.high >= setting.low)) node.Fail("high", fmt::format("must be at least low, {}.", setting.low));
  node.ReadChoice("scale", setting.is_log, {{"linear", false}, {"log", true}});
  if (setting.is_log && setting.low <= 0) node.Fail("low", "must be above 0 where the scale is log.");
  node.Read("whole", setting.is_whole);
  node.Read("num_steps", setting.num_steps, Between(1, 1000));
  node.ExpectNoMoreKeys();
  return setting;
}

/// The value at a share of the way from the low end to the high one, as text that reads back to it.
std::string ValueAt(const SearchedSetting& setting, double share) {
  if (!setting.values.empty()) {
    const auto index = static_cast<size_t>(share * static_cast<double>(setting.values.size()));
    return setting.values[std::min(index, setting.values.size() - 1)];
  }
  const double value = setting.is_log ? setting.low * std::pow(setting.high / setting.low, share)
                                      : setting.low + share * (setting.high - setting.low);
  // three digits are enough to tell settings apart, and are read easily
  return setting.is_whole ? fmt::format("{:.0f}", std::round(value)) : fmt::format("{:.3g}", value);
}

std::vector<std::string> GridOf(const SearchedSetting& setting) {
  if (!setting.values.empty()) return setting.values;
  std::vector<std::string> values;
  for (int step = 0; step < setting.num_steps; ++step) {
    std::string value =
        ValueAt(setting, setting.num_steps == 1 ? 0.5 : static_cast<double>(step) / (setting.num_steps - 1));
    if (values.empty() || values.back() != value) values.push_back(std::move(value));
  }
  return values;
}

std::vector<Settings> Grid(const std::vector<SearchedSetting>& space) {
  std::vector<Settings> all = {{}};
  for (const SearchedSetting& setting : space) {
    std::vector<Settings> longer;
    for (const Settings& settings : all) {
      for (const std::string& value : GridOf(setting)) {
        longer.push_back(settings);
        longer.back().emplace_back(setting.key, value);
      }
    }
    all = std::move(longer);
    if (all.size() > kMostGridPoints)
      throw ConfigError(
          fmt::format("search.space: the grid has more than {} points. Use method: random.", kMostGridPoints));
  }
  return all;
}

}  // namespace

SearchConfig ReadSearchConfig(ConfigNode search) {
  SearchConfig config;
  search.ReadChoice("method", config.method,
                    {{"grid", SearchMethod::kGrid},
                     {"random", SearchMethod::kRandom},
                     {"successive_halving", SearchMethod::kSuccessiveHalving}});
  search.Read("num_trials", config.num_trials, Between(1, 10'000));
  search.Read("num_origins", config.num_origins, Between(1, 100));
  search.Read("reduction", config.reduction, Between(2, 10));
  for (auto& [key, node] : search.Child("space").Entries()) config.space.push_back(ReadSetting(key, node));
  search.ExpectNoMoreKeys();
  return config;
}

std::vector<Settings> SettingsToTry(const SearchConfig& config, const Random& random) {
  std::vector<Settings> all = {{}};
  if (config.space.empty()) return all;
  if (config.method == SearchMethod::kGrid) {
    for (Settings& settings : Grid(config.space)) all.push_back(std::move(settings));
    return all;
  }
  for (int trial = 1; trial < config.num_trials; ++trial) {
    RandomStream stream = random.At(static_cast<uint64_t>(trial));
    Settings settings;
    const auto draw = [&] {
      settings.clear();
      for (const SearchedSetting& setting : config.space)
        settings.emplace_back(setting.key, ValueAt(setting, stream.Uniform()));
    };
    // a choice that was drawn before is drawn again; where none is left there are fewer trials
    for (int attempt = 0; attempt < kMostDraws; ++attempt) {
      draw();
      if (std::find(all.begin(), all.end(), settings) == all.end()) break;
    }
    if (std::find(all.begin(), all.end(), settings) == all.end()) all.push_back(std::move(settings));
  }
  return all;
}

std::string Describe(const Settings& settings) {
  std::string text;
  for (const auto& [key, value] : settings) text += (text.empty() ? "" : ", ") + key + "=" + value;
  return text.empty() ? "the configuration as it is" : text;
}

}  // namespace restock
