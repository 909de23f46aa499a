#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <Eigen/Core>

namespace restock {

/// A table with a series in each row and a period in each column, as forecasting competitions publish their data:
/// `series,1998-01,1998-02,...`, or the M4 competition's `V1,V2,...` with rows that end early.
struct WideTable {
  std::vector<std::string> names;  // first column  (num_series)
  Eigen::MatrixXd values;          // empty cells are NaN  (num_periods, num_series)
};

/// Throws DataError with file, line and column where a cell is not a number.
WideTable ReadWideTable(const std::filesystem::path& file);

/// The values of a series up to the last that is known.
Eigen::VectorXd UpToLastKnown(const Eigen::VectorXd& values);

}  // namespace restock
