#include "forecasting/wide_sales.h"

#include <fmt/format.h>

#include "common/text.h"

namespace restock {

WideSales::WideSales(const std::filesystem::path& file, std::optional<Date> first_date, int days_per_period)
    : csv_(file) {
  const std::vector<std::string>& columns = csv_.header();
  for (int column = 0; column < static_cast<int>(columns.size()); ++column) {
    const std::string& name = columns[static_cast<size_t>(column)];
    if (const auto date = DateOf(name, first_date, days_per_period)) {
      periods_.push_back({column, date->ToString()});
    } else {
      named_.push_back(column);
      header_.push_back(name);
    }
  }
  if (periods_.empty()) {
    csv_.Fail(
        "no column is called by a date (2011-01-29) or numbered (d_1). Leave data.layout away where each row is "
        "one period.");
  }
  for (const char* role : {"date", "demand"}) {
    if (csv_.FindColumn(role)) csv_.Fail(fmt::format("a wide table has no column {}; remove or rename it.", role));
    header_.emplace_back(role);
  }
}

std::optional<Date> WideSales::DateOf(const std::string& column, std::optional<Date> first_date,
                                      int days_per_period) const {
  if (const auto date = Date::Parse(column)) return date;
  if (!column.starts_with("d_")) return std::nullopt;
  const auto number = ParseNumber(column.substr(2));
  if (!number || *number < 1 || *number > 100'000 || *number != static_cast<int>(*number)) return std::nullopt;
  if (!first_date) {
    throw DataError(fmt::format("{}: column {} is numbered: tell the date of d_1 as data.first_date: 2011-01-29.",
                                csv_.PlaceOf(1), column));
  }
  return Date{first_date->days_since_epoch + (static_cast<int>(*number) - 1) * days_per_period};
}

bool WideSales::NextRow() {
  while (true) {
    if (!has_row_ || ++period_ == periods_.size()) {
      if (!csv_.NextRow()) return false;
      has_row_ = true;
      period_ = 0;
    }
    if (!csv_.IsEmpty(periods_[period_].column)) return true;
  }
}

std::string_view WideSales::Text(int column) const {
  const auto index = static_cast<size_t>(column);
  if (index < named_.size()) return csv_.Text(named_[index]);
  return index == named_.size() ? std::string_view(periods_[period_].date) : csv_.Text(periods_[period_].column);
}

std::string WideSales::ColumnName(int column) const {
  const auto index = static_cast<size_t>(column);
  const bool is_demand = index == named_.size() + 1 && has_row_;
  return is_demand ? csv_.header()[static_cast<size_t>(periods_[period_].column)] : header_[index];
}

}  // namespace restock
