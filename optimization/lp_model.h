#pragma once

#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace restock {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

enum class LpSense { kMinimize, kMaximize };

/// One coefficient of a column.
struct LpEntry {
  int row;
  double value;
};

/// A linear program as on paper:
///
///   minimise (or maximise)  objective_offset + sum_j cost_j x_j
///   subject to              row_lower_i <= sum_j a_ij x_j <= row_upper_i      for every row i
///                           lower_j     <= x_j            <= upper_j          for every column j
///
/// Bounds may be infinite, rows and columns empty. The matrix stands column by column. Rows come first, then columns:
///
///   LpModel lp;
///   const int supply = lp.AddRow(-kInfinity, 20, "supply");
///   const int shipped = lp.AddColumn(/*cost=*/3, /*lower=*/0, kInfinity, {{supply, 1}}, "shipped");
struct LpModel {
  std::string name;
  LpSense sense = LpSense::kMinimize;
  double objective_offset = 0;
  int num_relaxed_integers =
      0;  // columns that were to be whole numbers where the model comes from, and need not be here

  // columns
  std::vector<double> cost;              // c  (num_columns)
  std::vector<double> lower;             // (num_columns)
  std::vector<double> upper;             // (num_columns)
  std::vector<std::string> column_name;  // "" where a column was not named  (num_columns)

  // rows
  std::vector<double> row_lower;      // (num_rows)
  std::vector<double> row_upper;      // (num_rows)
  std::vector<std::string> row_name;  // "" where a row was not named  (num_rows)

  // the matrix A: entries start[j] ... start[j + 1] - 1 belong to column j
  std::vector<int> start = {0};  // (num_columns + 1)
  std::vector<int> index;        // rows  (num_entries)
  std::vector<double> value;     // (num_entries)

  int num_rows() const { return static_cast<int>(row_lower.size()); }
  int num_columns() const { return static_cast<int>(cost.size()); }
  int num_entries() const { return static_cast<int>(index.size()); }

  /// Both return the index of what they added.
  int AddRow(double lower_bound, double upper_bound, std::string row = {});
  /// The rows of `entries` must exist and differ; zeros are left out.
  int AddColumn(double column_cost, double lower_bound, double upper_bound, std::span<const LpEntry> entries,
                std::string column = {});
  int AddColumn(double column_cost, double lower_bound, double upper_bound, std::initializer_list<LpEntry> entries = {},
                std::string column = {});

  /// The name, or "R5" for the row (C5 for the column) with index 5 where it has none.
  std::string RowName(int row) const;
  std::string ColumnName(int column) const;

  /// offset + c'x, in the model's own sense.
  double Objective(std::span<const double> values) const;
  /// A x.
  std::vector<double> RowActivity(std::span<const double> values) const;
};

}  // namespace restock
