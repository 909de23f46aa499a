#include "forecasting/sales_file.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "forecasting/returns.h"
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

/// Puts the rows into their places of the tables.
class TableFiller {
 public:
  TableFiller(const DataConfig& config, const SalesRows& sales, int num_all_periods, DataReport& report,
              DemandHistory& history)
      : config_(config), sales_(sales), report_(report), history_(history) {
    line_of_ = Eigen::MatrixXi::Zero(num_all_periods, history.num_series());
    returned_ = Eigen::MatrixXf::Zero(history.sales.rows(), history.num_series());
  }

  void Put(const SalesRow& row) {
    const int period = PeriodOf(row.date, history_.calendar.first_date, config_.period);
    int& line = line_of_(period, row.series);
    if (line > 0 && config_.duplicates == DuplicateRule::kRefuse) FailTwice(row, period, line);
    const auto num_periods = static_cast<int>(history_.sales.rows());
    if (period < num_periods) PutSale(row, period, line == 0);
    for (size_t i = 0; i < row.covariates.size(); ++i) {
      const bool is_known = period < num_periods || config_.covariates[i].known_ahead;
      if (is_known && (line == 0 || !std::isnan(row.covariates[i])))
        history_.covariates[i].values(period, row.series) = row.covariates[i];
    }
    if (line == 0) line = row.line;
  }

  /// What can be done when all rows are there.
  void Finish() {
    if (config_.returns == ReturnRule::kNet) NetReturns(returned_, history_.sales, report_);
    if (config_.missing_rows_are_zero) FillMissingRows();
  }

 private:
  void PutSale(const SalesRow& row, int period, bool is_first) {
    const bool nothing_could_be_sold = row.closed && row.sale == 0;
    const float sale = nothing_could_be_sold ? kUnknown : row.sale;
    float& sales = history_.sales(period, row.series);
    float& share = history_.in_stock_share(period, row.series);
    const float before = sales;
    const bool add_up = config_.duplicates == DuplicateRule::kSum && !std::isnan(before);
    if (is_first || !std::isnan(sale)) sales = add_up ? before + (std::isnan(sale) ? 0 : sale) : sale;
    share = is_first || config_.duplicates == DuplicateRule::kLast ? row.in_stock_share
                                                                   : std::min(share, row.in_stock_share);
    if (!is_first) report_.Add({row.series, period, before, sales, DataStep::kRowsMerged});
    float& returned = returned_(period, row.series);
    returned = config_.duplicates == DuplicateRule::kLast ? row.returned : returned + row.returned;
    if (config_.returns == ReturnRule::kDrop && row.returned != 0)
      report_.Add({row.series, period, -row.returned, 0, DataStep::kReturnDropped});
  }

  /// From a series' first row on, where nothing closed the shop.
  void FillMissingRows() {
    for (int series = 0; series < history_.num_series(); ++series) {
      bool has_begun = false;
      for (int period = 0; period < history_.sales.rows(); ++period) {
        has_begun = has_begun || line_of_(period, series) > 0;
        if (!has_begun || line_of_(period, series) > 0 || history_.calendar.IsClosed(period)) continue;
        history_.sales(period, series) = 0;
        report_.Add({series, period, kUnknown, 0, DataStep::kMissingIsZero});
      }
    }
  }

  [[noreturn]] void FailTwice(const SalesRow& row, int period, int first_line) const {
    const Series& name = history_.series[static_cast<size_t>(row.series)];
    const bool is_week = config_.period == PeriodLength::kWeek;
    throw DataError(fmt::format(
        "{}: second row for {}{} of {} at {}; the first is in line {}. {}Set data.duplicates to sum or last.",
        sales_.place(row.line), is_week ? "the week of " : "", history_.calendar.DateOf(period).ToString(), name.sku,
        name.warehouse, first_line, is_week ? "Sum the days of a week, or set data.period to day. " : ""));
  }

  const DataConfig& config_;
  const SalesRows& sales_;
  DataReport& report_;
  DemandHistory& history_;
  Eigen::MatrixXi line_of_;   // of the first row, 0: none  (num_all_periods, num_series)
  Eigen::MatrixXf returned_;  // units that came back  (num_periods, num_series)
};

}  // namespace

DemandHistory ReadSalesFile(const DataConfig& config, const std::filesystem::path& file, DataReport* report) {
  const SalesRows sales = ReadSalesRows(config, file);
  const std::vector<SalesRow>& rows = sales.rows;

  // the span of time: to the last sale, and beyond it what is known ahead
  const Date first = FirstDate(rows, config.period);
  int num_periods = 0;
  int num_all_periods = 0;
  for (const SalesRow& row : rows) {
    const int period = PeriodOf(row.date, first, config.period);
    if (period >= kMaxPeriods) {
      throw DataError(fmt::format("{}: date {} lies more than a century after {}, the first in the file.",
                                  sales.place(row.line), row.date.ToString(), first.ToString()));
    }
    num_all_periods = std::max(num_all_periods, period + 1);
    if (!std::isnan(row.sale)) num_periods = std::max(num_periods, period + 1);
  }
  if (num_periods == 0) throw DataError(file.string() + ": no row has a quantity sold.");

  DemandHistory history;
  history.series = sales.series;
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

  // put every row into its place
  DataReport unread;
  TableFiller filler(config, sales, num_all_periods, report != nullptr ? *report : unread, history);
  for (const SalesRow& row : rows) filler.Put(row);
  filler.Finish();
  return history;
}

}  // namespace restock
