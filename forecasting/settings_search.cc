#include "forecasting/settings_search.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "common/progress.h"

namespace restock {
namespace {

/// A round: so many of the trials that are left are judged by so many origins.
struct Rung {
  size_t num_trials;
  int num_origins;
};

std::vector<Rung> RungsOf(const SearchConfig& config, size_t num_trials) {
  if (config.method != SearchMethod::kSuccessiveHalving) return {{num_trials, config.num_origins}};
  std::vector<Rung> rungs;
  const auto reduction = static_cast<size_t>(config.reduction);
  for (int64_t origins = 1;; origins *= config.reduction) {
    rungs.push_back({num_trials, static_cast<int>(std::min<int64_t>(origins, config.num_origins))});
    if (origins >= config.num_origins) return rungs;
    num_trials = (num_trials + reduction - 1) / reduction;
  }
}

int64_t NumForecasts(const std::vector<Rung>& rungs) {
  int64_t count = 0;
  int judged = 0;
  for (const Rung& rung : rungs) {
    count += static_cast<int64_t>(rung.num_trials) * (rung.num_origins - judged);
    judged = rung.num_origins;
  }
  return count;
}

bool IsBetter(const SearchTrial& a, const SearchTrial& b) {
  if (a.losses.size() != b.losses.size()) return a.losses.size() > b.losses.size();
  if (a.mean_loss() != b.mean_loss()) return a.mean_loss() < b.mean_loss();
  return a.trial < b.trial;
}

}  // namespace

double SearchTrial::mean_loss() const {
  double sum = 0;
  for (const double loss : losses) sum += loss;
  return losses.empty() ? std::numeric_limits<double>::infinity() : sum / static_cast<double>(losses.size());
}

std::vector<SearchTrial> SearchSettings(const SearchConfig& config, const Random& random, const TrialLoss& loss,
                                        SearchJournal& journal) {
  std::vector<SearchTrial> trials;
  for (Settings& settings : SettingsToTry(config, random))
    trials.push_back({.trial = static_cast<int>(trials.size()), .settings = std::move(settings), .losses = {}});
  const std::vector<Rung> rungs = RungsOf(config, trials.size());
  Progress progress("search", NumForecasts(rungs));
  int64_t num_done = 0;
  for (const Rung& rung : rungs) {
    for (size_t i = 0; i < rung.num_trials; ++i) {
      SearchTrial& trial = trials[i];
      for (auto origin = static_cast<int>(trial.losses.size()); origin < rung.num_origins; ++origin) {
        if (journal.Find(trial.trial, origin) == nullptr) {
          const double found = loss(trial.settings, origin);
          journal.Add(trial.trial, origin, std::isfinite(found) ? found : std::numeric_limits<double>::infinity(),
                      trial.settings);
        }
        trial.losses.push_back(*journal.Find(trial.trial, origin));
        progress.Advance(++num_done, fmt::format("loss {:.4g}", trial.losses.back()));
      }
    }
    // the best go on
    std::sort(trials.begin(), trials.end(), IsBetter);
  }
  return trials;
}

}  // namespace restock
