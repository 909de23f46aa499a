#include "forecasting/sales_rows.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "common/csv.h"
#include "common/text.h"
#include "forecasting/censoring.h"
#include "forecasting/sqlite_table.h"
#include "forecasting/wide_sales.h"

namespace restock {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

/// The columns of the file by role, -1: not there.
struct Columns {
  int date, sku, demand, warehouse, category, stockout_hours, stockout, in_stock_share, open, holiday, returned;
  std::vector<int> covariates;
};

int FindRole(const TableReader& table, const std::optional<std::string>& name, const char* role, bool needed) {
  if (name) return table.RequireColumn(*name);
  if (needed) return table.RequireColumn(role);
  return table.FindColumn(role).value_or(-1);
}

Columns FindColumns(const TableReader& table, const DataConfig& config) {
  const SalesColumns& names = config.columns;
  Columns columns{};
  columns.date = FindRole(table, names.date, "date", true);
  columns.sku = FindRole(table, names.sku, "sku", true);
  columns.demand = FindRole(table, names.demand, "demand", true);
  columns.warehouse = FindRole(table, names.warehouse, "warehouse", false);
  columns.category = FindRole(table, names.category, "category", false);
  columns.stockout_hours = FindRole(table, names.stockout_hours, "stockout_hours", false);
  columns.stockout = FindRole(table, names.stockout, "stockout", false);
  columns.in_stock_share = FindRole(table, names.in_stock_share, "in_stock_share", false);
  columns.open = FindRole(table, names.open, "open", false);
  columns.holiday = FindRole(table, names.holiday, "holiday", false);
  columns.returned = names.returned ? table.RequireColumn(*names.returned) : -1;
  for (const CovariateColumn& covariate : config.covariates) {
    columns.covariates.push_back(table.RequireColumn(covariate.column));
  }
  return columns;
}

/// A number in [low, high]; `fallback` where the cell is empty.
double NumberIn(const TableReader& table, int column, double low, double high, double fallback) {
  if (table.IsEmpty(column)) return fallback;
  const double value = table.Number(column);
  if (value < low || value > high) {
    table.Fail(column, fmt::format("{} must be between {} and {}.", table.Text(column), low, high));
  }
  return value;
}

bool Flag(const TableReader& table, int column, bool fallback) {
  if (table.IsEmpty(column)) return fallback;
  const double value = table.Number(column);
  if (value != 0 && value != 1) table.Fail(column, fmt::format("{} must be 0 or 1.", table.Text(column)));
  return value == 1;
}

Date ReadDate(const TableReader& table, int column) {
  const auto date = Date::Parse(table.Text(column));
  if (!date) table.Fail(column, fmt::format("\"{}\" is no date; write it as YYYY-MM-DD.", table.Text(column)));
  return *date;
}

/// In unit sizes.
float ReadUnits(const TableReader& table, int column, double unit_size) {
  const double units = table.Number(column, "units") / unit_size;
  if (std::abs(units) > 1e7) table.Fail(column, fmt::format("{} is more than 10 million units.", table.Text(column)));
  return static_cast<float>(units);
}

/// What was sold, and what came back where quantities may be negative.
void ReadSale(const TableReader& table, const Columns& columns, const DataConfig& config, SalesRow& row) {
  if (columns.returned >= 0 && !table.IsEmpty(columns.returned))
    row.returned = std::abs(ReadUnits(table, columns.returned, config.unit_size));
  if (table.IsEmpty(columns.demand)) return;
  row.sale = ReadUnits(table, columns.demand, config.unit_size);
  if (row.sale >= 0) return;
  if (config.returns == ReturnRule::kRefuse) {
    table.Fail(columns.demand,
               fmt::format("{} is negative; is it a return? Set data.returns to net (off the sales that "
                           "follow) or drop.",
                           table.Text(columns.demand)));
  }
  row.returned -= row.sale;
  row.sale = 0;
}

/// Hours of the day without stock, among those in which something could be sold.
double ReadStockoutHours(const TableReader& table, int column, double open_hours) {
  if (table.IsEmpty(column)) return 0;
  const double hours = table.Number(column, "hours");
  if (hours < 0)
    table.Fail(column, fmt::format("{} is negative; write 0 where stock never ran out.", table.Text(column)));
  if (hours > open_hours) {
    table.Fail(column,
               fmt::format("{} is more than the {} hours of data.open_hours; count the open hours without stock, "
                           "or set data.open_hours to the length of the day.",
                           table.Text(column), open_hours));
  }
  return hours;
}

float ReadInStockShare(const TableReader& table, const Columns& columns, const DataConfig& config) {
  if (columns.in_stock_share >= 0) return static_cast<float>(NumberIn(table, columns.in_stock_share, 0, 1, 1));
  if (columns.stockout_hours >= 0) {
    const double hours = ReadStockoutHours(table, columns.stockout_hours, config.open_hours);
    return static_cast<float>(InStockShare(hours, config.open_hours, config.censoring.hourly_profile));
  }
  const bool ran_out = columns.stockout >= 0 && Flag(table, columns.stockout, false);
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
  RowReader(const DataConfig& config, TableReader& table)
      : config_(config), table_(table), columns_(FindColumns(table_, config)) {}

  std::vector<SalesRow> ReadRows() {
    std::vector<SalesRow> rows;
    while (table_.NextRow()) rows.push_back(ReadRow());
    if (rows.empty()) table_.Fail("there is no row below the header.");
    return rows;
  }

  const std::vector<Series>& met() const { return met_; }

 private:
  SalesRow ReadRow() {
    SalesRow row;
    row.line = table_.line();
    row.date = ReadDate(table_, columns_.date);
    row.series = FindSeries();
    ReadSale(table_, columns_, config_, row);
    row.in_stock_share = ReadInStockShare(table_, columns_, config_);
    row.closed = columns_.open >= 0 && !Flag(table_, columns_.open, true);
    row.holiday = columns_.holiday >= 0 && Flag(table_, columns_.holiday, false);
    for (const int column : columns_.covariates) {
      row.covariates.push_back(table_.IsEmpty(column) ? kUnknown : static_cast<float>(table_.Number(column)));
    }
    return row;
  }

  int FindSeries() {
    Series series;
    series.sku = table_.Text(columns_.sku);
    if (series.sku.empty()) table_.Fail(columns_.sku, "is empty; every row needs a product.");
    series.warehouse = columns_.warehouse >= 0 ? std::string(table_.Text(columns_.warehouse)) : "all";
    if (series.warehouse.empty()) table_.Fail(columns_.warehouse, "is empty; every row needs a warehouse.");
    if (columns_.category >= 0) series.category = table_.Text(columns_.category);
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
      table_.Fail(column, Quote(name) + " goes over several lines; is a quote missing?");
    const auto [same, is_new] = spelling_.try_emplace({column, std::string(Trim(name))}, name);
    if (same->second != name) {
      table_.Fail(column, fmt::format("{} is {} but for blanks; write both alike.", Quote(name), Quote(same->second)));
    }
  }

  const DataConfig& config_;
  TableReader& table_;
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

/// The file as a table of one row per period and series.
std::shared_ptr<TableReader> OpenSales(const DataConfig& config, const std::filesystem::path& file) {
  if (IsSqliteFile(file)) {
    const std::string table = config.table.empty() ? "sales" : config.table;
    return std::make_shared<SqliteTable>(file, config.query.empty() ? SqliteTable::AllOf(table) : config.query);
  }
  const int days_per_period = config.period == PeriodLength::kDay ? 1 : 7;
  if (config.layout == SalesLayout::kWide) return std::make_shared<WideSales>(file, config.first_date, days_per_period);
  return std::make_shared<CsvReader>(file);
}

}  // namespace

SalesRows ReadSalesRows(const DataConfig& config, const std::filesystem::path& file) {
  const std::shared_ptr<TableReader> table = OpenSales(config, file);
  RowReader reader(config, *table);
  SalesRows sales{.rows = reader.ReadRows(), .series = {}, .place = [table](int line) { return table->PlaceOf(line); }};

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
