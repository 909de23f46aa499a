#include "forecasting/data_report.h"

#include <cmath>

#include <fmt/format.h>

namespace restock {

std::string NameOf(DataStep step) {
  switch (step) {
    case DataStep::kRowsMerged:
      return "rows merged";
    case DataStep::kReturnNetted:
      return "return taken off a sale of its day or later";
    case DataStep::kReturnUnmatched:
      return "return without a sale since";
    case DataStep::kReturnDropped:
      return "return left out";
    case DataStep::kMissingIsZero:
      return "missing row taken as zero";
    case DataStep::kStockout:
      return "demand estimated at a stock-out";
    case DataStep::kSoldOut:
      return "out of stock throughout, not known";
    case DataStep::kOutlier:
      return "outlier replaced";
    case DataStep::kImputed:
      return "missing value imputed";
  }
  return "";
}

void DataReport::Add(const DataChange& change) {
  Count& count = counts_[{change.step, change.series}];
  ++count.num_values;
  const double difference = std::abs(static_cast<double>(change.after) - static_cast<double>(change.before));
  if (!std::isnan(difference)) count.units += difference;
  if (changes_.size() < kMostListed) changes_.push_back(change);
}

std::vector<DataReport::Total> DataReport::Totals() const {
  std::vector<Total> totals;
  for (const auto& [key, count] : counts_) {
    if (totals.empty() || totals.back().step != key.first) totals.push_back({.step = key.first});
    totals.back().num_values += count.num_values;
    totals.back().num_series += 1;
    totals.back().units += count.units;
  }
  return totals;
}

void DataReport::KeepSeries(const std::vector<int>& columns) {
  std::map<int, int> number;  // by the number before
  for (size_t i = 0; i < columns.size(); ++i) number[columns[i]] = static_cast<int>(i);
  std::map<std::pair<DataStep, int>, Count> kept;
  for (const auto& [key, count] : counts_) {
    if (const auto found = number.find(key.second); found != number.end()) kept[{key.first, found->second}] = count;
  }
  counts_ = std::move(kept);
  std::erase_if(changes_, [&](const DataChange& change) { return !number.contains(change.series); });
  for (DataChange& change : changes_) change.series = number[change.series];
}

std::string Describe(const DataReport& report, int num_series, double unit_size, const std::string& unit) {
  std::string text;
  for (const DataReport::Total& total : report.Totals()) {
    text += fmt::format("{}: {} value{} in {} of {} series", NameOf(total.step), total.num_values,
                        total.num_values == 1 ? "" : "s", total.num_series, num_series);
    if (total.units > 0) text += fmt::format(", {:.6g} {}", total.units * unit_size, unit);
    text += '\n';
  }
  return text;
}

}  // namespace restock
