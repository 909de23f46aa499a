#include "forecasting/sales_rows.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "common/csv.h"
#include "common/text.h"
#include "forecasting/censoring.h"

namespace restock {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

/// The columns of the file by role, -1: not there.
struct Columns {
  int date, sku, demand, warehouse, category, stockout_hours, stockout, in_stock_share, open, holiday;
  std::vector<int> covariates;
};

int FindRole(const CsvReader& csv, const std::optional<std::string>& name, const char* role, bool needed) {
  if (name) return csv.RequireColumn(*name);
  if (needed) return csv.RequireColumn(role);
  return csv.FindColumn(role).value_or(-1);
}

Columns FindColumns(const CsvReader& csv, const DataConfig& config) {
  const SalesColumns& names = config.columns;
  Columns columns{};
  columns.date = FindRole(csv, names.date, "date", true);
  columns.sku = FindRole(csv, names.sku, "sku", true);
  columns.demand = FindRole(csv, names.demand, "demand", true);
  columns.warehouse = FindRole(csv, names.warehouse, "warehouse", false);
  columns.category = FindRole(csv, names.category, "category", false);
  columns.stockout_hours = FindRole(csv, names.stockout_hours, "stockout_hours", false);
  columns.stockout = FindRole(csv, names.stockout, "stockout", false);
  columns.in_stock_share = FindRole(csv, names.in_stock_share, "in_stock_share", false);
  columns.open = FindRole(csv, names.open, "open", false);
  columns.holiday = FindRole(csv, names.holiday, "holiday", false);
  for (const CovariateColumn& covariate : config.covariates) {
    columns.covariates.push_back(csv.RequireColumn(covariate.column));
  }
  return columns;
}

/// A number in [low, high]; `fallback` where the cell is empty.
double NumberIn(const CsvReader& csv, int column, double low, double high, double fallback) {
  if (csv.IsEmpty(column)) return fallback;
  const double value = csv.Number(column);
  if (value < low || value > high) {
    csv.Fail(column, fmt::format("{} must be between {} and {}.", csv.Text(column), low, high));
  }
  return value;
}

bool Flag(const CsvReader& csv, int column, bool fallback) {
  if (csv.IsEmpty(column)) return fallback;
  const double value = csv.Number(column);
  if (value != 0 && value != 1) csv.Fail(column, fmt::format("{} must be 0 or 1.", csv.Text(column)));
  return value == 1;
}

Date ReadDate(const CsvReader& csv, int column) {
  const auto date = Date::Parse(csv.Text(column));
  if (!date) csv.Fail(column, fmt::format("\"{}\" is no date; write it as YYYY-MM-DD.", csv.Text(column)));
  return *date;
}

float ReadSale(const CsvReader& csv, int column, double unit_size) {
  if (csv.IsEmpty(column)) return kUnknown;
  const double sale = csv.Number(column, "units");
  if (sale < 0) {
    csv.Fail(column, fmt::format("{} is negative; keep returns in a column of their own.", csv.Text(column)));
  }
  if (sale / unit_size > 1e7) csv.Fail(column, fmt::format("{} is more than 10 million units.", csv.Text(column)));
  return static_cast<float>(sale / unit_size);
}

/// Hours of the day without stock, among those in which something could be sold.
double ReadStockoutHours(const CsvReader& csv, int column, double open_hours) {
  if (csv.IsEmpty(column)) return 0;
  const double hours = csv.Number(column, "hours");
  if (hours < 0) csv.Fail(column, fmt::format("{} is negative; write 0 where stock never ran out.", csv.Text(column)));
  if (hours > open_hours) {
    csv.Fail(column, fmt::format("{} is more than the {} hours of data.open_hours; count the open hours without stock, "
                                 "or set data.open_hours to the length of the day.",
                                 csv.Text(column), open_hours));
  }
  return hours;
}

float ReadInStockShare(const CsvReader& csv, const Columns& columns, const DataConfig& config) {
  if (columns.in_stock_share >= 0) return static_cast<float>(NumberIn(csv, columns.in_stock_share, 0, 1, 1));
  if (columns.stockout_hours >= 0) {
    const double hours = ReadStockoutHours(csv, columns.stockout_hours, config.open_hours);
    return static_cast<float>(InStockShare(hours, config.open_hours, config.censoring.hourly_profile));
  }
  const bool ran_out = columns.stockout >= 0 && Flag(csv, columns.stockout, false);
  return ran_out ? static_cast<float>(config.censoring.stockout_share) : 1.f;
}

/// Numbers by their value, other names by their letters, numbers first.
std::pair<double, std::string> SortKey(const std::string& name) {
  const bool is_number = !name.empty() && name.size() < 16 && name.find_first_not_of("0123456789") == std::string::npos;
  return {is_number ? std::stod(name) : std::numeric_limits<double>::infinity(), name};
}

/// Reads the rows, and numbers the series as they are met.
class RowReader {
 public:
  RowReader(const DataConfig& config, const std::filesystem::path& file)
      : config_(config), csv_(file), columns_(FindColumns(csv_, config)) {}

  std::vector<SalesRow> ReadRows() {
    std::vector<SalesRow> rows;
    while (csv_.NextRow()) rows.push_back(ReadRow());
    if (rows.empty()) csv_.Fail("there is no row below the header.");
    return rows;
  }

  const std::vector<Series>& met() const { return met_; }

 private:
  SalesRow ReadRow() {
    SalesRow row;
    row.line = csv_.line();
    row.date = ReadDate(csv_, columns_.date);
    row.series = FindSeries();
    row.sale = ReadSale(csv_, columns_.demand, config_.unit_size);
    row.in_stock_share = ReadInStockShare(csv_, columns_, config_);
    row.closed = columns_.open >= 0 && !Flag(csv_, columns_.open, true);
    row.holiday = columns_.holiday >= 0 && Flag(csv_, columns_.holiday, false);
    for (const int column : columns_.covariates) {
      row.covariates.push_back(csv_.IsEmpty(column) ? kUnknown : static_cast<float>(csv_.Number(column)));
    }
    return row;
  }

  int FindSeries() {
    Series series;
    series.sku = csv_.Text(columns_.sku);
    if (series.sku.empty()) csv_.Fail(columns_.sku, "is empty; every row needs a product.");
    series.warehouse = columns_.warehouse >= 0 ? std::string(csv_.Text(columns_.warehouse)) : "all";
    if (series.warehouse.empty()) csv_.Fail(columns_.warehouse, "is empty; every row needs a warehouse.");
    if (columns_.category >= 0) series.category = csv_.Text(columns_.category);
    const auto [found, is_new] = index_.try_emplace({series.warehouse, series.sku}, static_cast<int>(met_.size()));
    if (is_new) {
      CheckName(columns_.sku, series.sku);
      if (columns_.warehouse >= 0) CheckName(columns_.warehouse, series.warehouse);
      met_.push_back(std::move(series));
    }
    return found->second;
  }

  /// Refuses names that were hardly meant: over several lines, or another one with other blanks around it.
  void CheckName(int column, const std::string& name) {
    if (name.find_first_of("\r\n") != std::string::npos)
      csv_.Fail(column, Quote(name) + " goes over several lines; is a quote missing?");
    const auto [same, is_new] = spelling_.try_emplace({column, std::string(Trim(name))}, name);
    if (same->second != name) {
      csv_.Fail(column, fmt::format("{} is {} but for blanks; write both alike.", Quote(name), Quote(same->second)));
    }
  }

  const DataConfig& config_;
  CsvReader csv_;
  Columns columns_;
  std::map<std::pair<std::string, std::string>, int> index_;
  std::vector<Series> met_;
  std::map<std::pair<int, std::string>, std::string> spelling_;  // by column and name without blanks
};

/// The places of all series in their sorted order.
std::vector<size_t> SortedOrder(const std::vector<Series>& series) {
  std::vector<size_t> order(series.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto key = [&](size_t i) { return std::pair(SortKey(series[i].warehouse), SortKey(series[i].sku)); };
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return key(a) < key(b); });
  return order;
}

}  // namespace

SalesRows ReadSalesRows(const DataConfig& config, const std::filesystem::path& file) {
  RowReader reader(config, file);
  SalesRows sales{.rows = reader.ReadRows(), .series = {}};

  // number the series in their sorted order
  std::vector<int> number(reader.met().size());
  for (const size_t place : SortedOrder(reader.met())) {
    number[place] = static_cast<int>(sales.series.size());
    sales.series.push_back(reader.met()[place]);
  }
  for (SalesRow& row : sales.rows) row.series = number[static_cast<size_t>(row.series)];
  return sales;
}

}  // namespace restock
