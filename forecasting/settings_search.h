#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "forecasting/search_space.h"

namespace restock {

/// What a search has found so far, a file that is whole after every entry: a line that names the search, then one per
/// forecast that was judged. An interrupted search that is begun again with the file goes on where it was.
class SearchJournal {
 public:
  /// Reads `file` where there is one. `search`: text that tells this search from others. Throws DataError where the
  /// file is of another search, or damaged.
  SearchJournal(std::filesystem::path file, std::string search);
  const double* Find(int trial, int origin) const;  // null: not judged yet
  void Add(int trial, int origin, double loss, const Settings& settings);

 private:
  std::filesystem::path file_;
  std::string text_;
  std::map<std::pair<int, int>, double> losses_;
};

/// How one choice of settings did.
struct SearchTrial {
  int trial = 0;  // its index
  Settings settings;
  std::vector<double> losses;  // by origin, the last origin first; those who were left behind have fewer
  double mean_loss() const;
};

/// The loss of a choice at an origin (0: the last one), the same whenever it is asked for.
using TrialLoss = std::function<double(const Settings& settings, int origin)>;

/// Tries settings and returns them, the best first. Grid and random search judge all by all origins. Successive halving
/// (Jamieson & Talwalkar 2016) judges all by the last origin, the better half by two, the better half of these by four,
/// and so on: what is saved is spent on more settings. Those judged by more origins come first; equal ones in the order
/// of trials.
std::vector<SearchTrial> SearchSettings(const SearchConfig& config, const Random& random, const TrialLoss& loss,
                                        SearchJournal& journal);

}  // namespace restock
