#include "forecasting/sales_file.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "forecasting/sales_rows.h"

namespace restock {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
constexpr int kMaxPeriods = 36'600;  // a century of days: more is a date with a typing error

int PeriodOf(Date date, Date first, PeriodLength length) {
  return (date.days_since_epoch - first.days_since_epoch) / (length == PeriodLength::kDay ? 1 : 7);
}

Date FirstDate(const std::vector<SalesRow>& rows, PeriodLength length) {
  Date first = rows.front().date;
  for (const SalesRow& row : rows) first = std::min(first, row.date);
  if (length == PeriodLength::kWeek) first.days_since_epoch -= first.weekday();
  return first;
}

/// Closed where every row of the period says so, a holiday where any does.
Calendar MakeCalendar(const std::vector<SalesRow>& rows, Date first, PeriodLength length, int num_periods) {
  Calendar calendar;
  calendar.first_date = first;
  calendar.period_length = length;
  calendar.holiday.assign(static_cast<size_t>(num_periods), false);
  std::vector<int> open(static_cast<size_t>(num_periods)), closed(static_cast<size_t>(num_periods));
  for (const SalesRow& row : rows) {
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
  const auto [rows, series] = ReadSalesRows(config, file);
  const auto fail = [&](const SalesRow& row, const std::string& what) {
    throw DataError(fmt::format("{}:{}: {}", file.string(), row.line, what));
  };

  // the span of time: to the last sale, and beyond it what is known ahead
  const Date first = FirstDate(rows, config.period);
  int num_periods = 0;
  int num_all_periods = 0;
  for (const SalesRow& row : rows) {
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
  history.series = series;
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
  for (const SalesRow& row : rows) {
    const int period = PeriodOf(row.date, first, config.period);
    if (line_of(period, row.series) > 0) {
      const Series& name = series[static_cast<size_t>(row.series)];
      const std::string date = history.calendar.DateOf(period).ToString();
      const bool is_week = config.period == PeriodLength::kWeek;
      fail(row, fmt::format("second row for {}{} of {} at {}; the first is in line {}.{}",
                            is_week ? "the week of " : "", date, name.sku, name.warehouse, line_of(period, row.series),
                            is_week ? " Sum the days of a week, or set data.period to day." : ""));
    }
    line_of(period, row.series) = row.line;
    if (period < num_periods) {
      const bool nothing_could_be_sold = row.closed && row.sale == 0;
      history.sales(period, row.series) = nothing_could_be_sold ? kUnknown : row.sale;
      history.in_stock_share(period, row.series) = row.in_stock_share;
    }
    for (size_t i = 0; i < row.covariates.size(); ++i) {
      const bool is_known = period < num_periods || config.covariates[i].known_ahead;
      if (is_known) history.covariates[i].values(period, row.series) = row.covariates[i];
    }
  }
  return history;
}

}  // namespace restock
