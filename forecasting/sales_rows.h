#pragma once

#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "common/calendar.h"
#include "common/demand.h"
#include "forecasting/data_config.h"

namespace restock {

/// One row of a sales file.
struct SalesRow {
  int line = 0;
  Date date;
  int series = 0;                                        // index into SalesRows::series
  float sale = std::numeric_limits<float>::quiet_NaN();  // in unit sizes; NaN: not known
  float returned = 0;                                    // what came back, in unit sizes
  float in_stock_share = 1;
  bool closed = false;
  bool holiday = false;
  std::vector<float> covariates;  // in the order of the configuration, NaN: not known
};

struct SalesRows {
  std::vector<SalesRow> rows;                  // in the order of the file, at least one
  std::vector<Series> series;                  // sorted by warehouse and SKU, numbers by their value
  std::function<std::string(int line)> place;  // of a line in messages: `sales.csv:12`
};

/// Reads a sales file (CSV, tidy or wide, or SQLite) row by row. What is wrong with a cell is a DataError with line,
/// column, value and cure.
SalesRows ReadSalesRows(const DataConfig& config, const std::filesystem::path& file);

}  // namespace restock
