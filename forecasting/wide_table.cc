#include "forecasting/wide_table.h"

#include <cmath>
#include <limits>

#include "common/csv.h"

namespace restock {

WideTable ReadWideTable(const std::filesystem::path& file) {
  CsvReader csv(file);
  const auto num_periods = static_cast<int>(csv.header().size()) - 1;
  if (num_periods < 1) csv.Fail("a series needs a name and at least one period.");
  WideTable table;
  std::vector<double> values;
  while (csv.NextRow()) {
    table.names.emplace_back(csv.Text(0));
    for (int period = 0; period < num_periods; ++period) {
      const bool is_empty = csv.IsEmpty(period + 1);
      values.push_back(is_empty ? std::numeric_limits<double>::quiet_NaN() : csv.Number(period + 1));
    }
  }
  table.values =
      Eigen::Map<const Eigen::MatrixXd>(values.data(), num_periods, static_cast<Eigen::Index>(table.names.size()));
  return table;
}

Eigen::VectorXd UpToLastKnown(const Eigen::VectorXd& values) {
  Eigen::Index size = values.size();
  while (size > 0 && std::isnan(values[size - 1])) --size;
  return values.head(size);
}

}  // namespace restock
