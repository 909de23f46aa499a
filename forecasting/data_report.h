#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace restock {

/// What can happen to a value of the sales on its way to the models, in the order in which it does.
enum class DataStep {
  kRowsMerged,       // several rows of one period and series became one
  kReturnNetted,     // a sale less what had come back by then
  kReturnUnmatched,  // came back, and nothing was sold since: left out
  kReturnDropped,    // a negative quantity: left out
  kMissingIsZero,    // there was no row: nothing was sold
  kStockout,         // demand estimated on a day with a stock-out
  kSoldOut,          // out of stock throughout: demand is not known
  kOutlier,          // a value that does not fit its neighbours, replaced for the models
  kImputed,          // a value that was not known, estimated for the models
};
/// `outlier replaced`
std::string NameOf(DataStep step);

/// One value that was changed, in units; NaN: not known.
struct DataChange {
  int series = 0;
  int period = 0;
  float before = 0;
  float after = 0;
  DataStep step = DataStep::kOutlier;
};

/// Collects what each step of preparing data has changed: how often in each series, and the first so many changes one
/// by one.
class DataReport {
 public:
  /// Of one step over all series.
  struct Total {
    DataStep step = DataStep::kOutlier;
    int num_values = 0;
    int num_series = 0;
    double units = 0;  // by how much values were changed, added up without sign, where both are known
  };

  void Add(const DataChange& change);
  void Add(const std::vector<DataChange>& changes) {
    for (const DataChange& change : changes) Add(change);
  }
  /// Steps that changed anything, in their order.
  std::vector<Total> Totals() const;
  /// Not more than kMostListed.
  const std::vector<DataChange>& changes() const { return changes_; }
  /// Forgets all but the given series and numbers them anew, in their order.
  void KeepSeries(const std::vector<int>& columns);

  static constexpr size_t kMostListed = 100'000;

 private:
  struct Count {
    int num_values = 0;
    double units = 0;
  };
  std::map<std::pair<DataStep, int>, Count> counts_;  // by step and series
  std::vector<DataChange> changes_;
};

/// A line per step: `outlier replaced: 12 values in 5 of 80 series, 230.5 kg`.
std::string Describe(const DataReport& report, int num_series, double unit_size, const std::string& unit);

}  // namespace restock
