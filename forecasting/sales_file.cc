#include "forecasting/sales_file.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "common/csv.h"
#include "forecasting/censoring.h"

namespace restock {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
constexpr int kMaxPeriods = 36'600;  // a century of days: more is a date with a typing error

/// The columns of the file by role, -1: not there.
struct Columns {
  int date, sku, demand, warehouse, category, stockout_hours, stockout, in_stock_share, open, holiday;
  std::vector<int> covariates;
};

/// One row as it was read.
struct Row {
  int line = 0;
  Date date;
  int series = 0;
  float sale = kUnknown;  // in the file's units
  float in_stock_share = 1;
  bool closed = false;
  bool holiday = false;
  std::vector<float> covariates;
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

/// Reads the rows and names the series in their sorted order.
class RowReader {
 public:
  RowReader(const DataConfig& config, const std::filesystem::path& file)
      : config_(config), csv_(file), columns_(FindColumns(csv_, config)) {}

  std::vector<Row> ReadRows() {
    std::vector<Row> rows;
    while (csv_.NextRow()) rows.push_back(ReadRow());
    if (rows.empty()) csv_.Fail("there is no row below the header.");
    return rows;
  }

  /// The series in their sorted order; `rank[i]` is the place of the i-th series that was met.
  std::vector<Series> SortedSeries(std::vector<int>& rank) const {
    std::vector<int> order(met_.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
    const auto key = [&](int i) {
      const Series& series = met_[static_cast<size_t>(i)];
      return std::pair(SortKey(series.warehouse), SortKey(series.sku));
    };
    std::sort(order.begin(), order.end(), [&](int a, int b) { return key(a) < key(b); });
    std::vector<Series> sorted;
    rank.resize(met_.size());
    for (size_t place = 0; place < order.size(); ++place) {
      rank[static_cast<size_t>(order[place])] = static_cast<int>(place);
      sorted.push_back(met_[static_cast<size_t>(order[place])]);
    }
    return sorted;
  }

 private:
  Row ReadRow() {
    Row row;
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
    if (is_new) met_.push_back(std::move(series));
    return found->second;
  }

  const DataConfig& config_;
  CsvReader csv_;
  Columns columns_;
  std::map<std::pair<std::string, std::string>, int> index_;
  std::vector<Series> met_;
};

int PeriodOf(Date date, Date first, PeriodLength length) {
  return (date.days_since_epoch - first.days_since_epoch) / (length == PeriodLength::kDay ? 1 : 7);
}

Date FirstDate(const std::vector<Row>& rows, PeriodLength length) {
  Date first = rows.front().date;
  for (const Row& row : rows) first = std::min(first, row.date);
  if (length == PeriodLength::kWeek) first.days_since_epoch -= first.weekday();
  return first;
}

/// Closed where every row of the period says so, a holiday where any does.
Calendar MakeCalendar(const std::vector<Row>& rows, Date first, PeriodLength length, int num_periods) {
  Calendar calendar;
  calendar.first_date = first;
  calendar.period_length = length;
  calendar.holiday.assign(static_cast<size_t>(num_periods), false);
  std::vector<int> open(static_cast<size_t>(num_periods)), closed(static_cast<size_t>(num_periods));
  for (const Row& row : rows) {
    const auto period = static_cast<size_t>(PeriodOf(row.date, first, length));
    ++(row.closed ? closed : open)[period];
    if (row.holiday) calendar.holiday[period] = true;
  }
  for (size_t period = 0; period < open.size(); ++period) {
    calendar.closed.push_back(closed[period] > 0 && open[period] == 0);
  }
  return calendar;
}

}  // namespace

DemandHistory ReadSalesFile(const DataConfig& config, const std::filesystem::path& file) {
  RowReader reader(config, file);
  const std::vector<Row> rows = reader.ReadRows();
  const auto fail = [&](const Row& row, const std::string& what) {
    throw DataError(fmt::format("{}:{}: {}", file.string(), row.line, what));
  };

  // the span of time: to the last sale, and beyond it what is known ahead
  const Date first = FirstDate(rows, config.period);
  int num_periods = 0;
  int num_all_periods = 0;
  for (const Row& row : rows) {
    const int period = PeriodOf(row.date, first, config.period);
    if (period >= kMaxPeriods) {
      fail(row, fmt::format("date {} lies more than a century after {}, the first in the file.", row.date.ToString(),
                            first.ToString()));
    }
    num_all_periods = std::max(num_all_periods, period + 1);
    if (!std::isnan(row.sale)) num_periods = std::max(num_periods, period + 1);
  }
  if (num_periods == 0) throw DataError(file.string() + ": no row has a quantity sold.");

  DemandHistory history;
  std::vector<int> rank;
  history.series = reader.SortedSeries(rank);
  history.calendar = MakeCalendar(rows, first, config.period, num_all_periods);
  history.unit = config.unit;
  history.unit_size = config.unit_size;
  history.currency = config.currency;
  const int num_series = history.num_series();
  history.sales = Eigen::MatrixXf::Constant(num_periods, num_series, kUnknown);
  history.in_stock_share = Eigen::MatrixXf::Ones(num_periods, num_series);
  for (const CovariateColumn& column : config.covariates) {
    history.covariates.push_back(
        {column.column, column.known_ahead, Eigen::MatrixXf::Constant(num_all_periods, num_series, kUnknown)});
  }

  // put every row into its place, once
  Eigen::MatrixXi line_of = Eigen::MatrixXi::Zero(num_all_periods, num_series);
  for (const Row& row : rows) {
    const int period = PeriodOf(row.date, first, config.period);
    const int series = rank[static_cast<size_t>(row.series)];
    const Series& name = history.series[static_cast<size_t>(series)];
    if (line_of(period, series) > 0) {
      fail(row, fmt::format("second row for {} of {} at {}; the first is in line {}.", row.date.ToString(), name.sku,
                            name.warehouse, line_of(period, series)));
    }
    line_of(period, series) = row.line;
    if (period < num_periods) {
      const bool nothing_could_be_sold = row.closed && row.sale == 0;
      history.sales(period, series) = nothing_could_be_sold ? kUnknown : row.sale;
      history.in_stock_share(period, series) = row.in_stock_share;
    }
    for (size_t i = 0; i < row.covariates.size(); ++i) {
      const bool is_known = period < num_periods || config.covariates[i].known_ahead;
      if (is_known) history.covariates[i].values(period, series) = row.covariates[i];
    }
  }
  return history;
}

}  // namespace restock
