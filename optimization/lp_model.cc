#include "optimization/lp_model.h"

#include <fmt/format.h>

#include "common/check.h"

namespace restock {

int LpModel::AddRow(double lower_bound, double upper_bound, std::string row) {
  row_lower.push_back(lower_bound);
  row_upper.push_back(upper_bound);
  row_name.push_back(std::move(row));
  return num_rows() - 1;
}

int LpModel::AddColumn(double column_cost, double lower_bound, double upper_bound, std::span<const LpEntry> entries,
                       std::string column) {
  for (const LpEntry& entry : entries) {
    RESTOCK_CHECK(entry.row >= 0 && entry.row < num_rows());
    if (entry.value == 0) continue;
    index.push_back(entry.row);
    value.push_back(entry.value);
  }
  start.push_back(num_entries());
  cost.push_back(column_cost);
  lower.push_back(lower_bound);
  upper.push_back(upper_bound);
  column_name.push_back(std::move(column));
  return num_columns() - 1;
}

int LpModel::AddColumn(double column_cost, double lower_bound, double upper_bound,
                       std::initializer_list<LpEntry> entries, std::string column) {
  return AddColumn(column_cost, lower_bound, upper_bound, std::span(entries.begin(), entries.size()),
                   std::move(column));
}

std::string LpModel::RowName(int row) const {
  const std::string& given = row_name[static_cast<size_t>(row)];
  return given.empty() ? fmt::format("R{}", row) : given;
}

std::string LpModel::ColumnName(int column) const {
  const std::string& given = column_name[static_cast<size_t>(column)];
  return given.empty() ? fmt::format("C{}", column) : given;
}

double LpModel::Objective(std::span<const double> values) const {
  double objective = objective_offset;
  for (size_t j = 0; j < cost.size(); ++j) objective += cost[j] * values[j];
  return objective;
}

std::vector<double> LpModel::RowActivity(std::span<const double> values) const {
  std::vector<double> activity(row_lower.size(), 0);
  for (size_t j = 0; j < cost.size(); ++j) {
    for (int k = start[j]; k < start[j + 1]; ++k) {
      const auto entry = static_cast<size_t>(k);
      activity[static_cast<size_t>(index[entry])] += value[entry] * values[j];
    }
  }
  return activity;
}

}  // namespace restock
