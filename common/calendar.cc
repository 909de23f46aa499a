#include "common/calendar.h"

#include <charconv>
#include <chrono>

#include <fmt/format.h>

namespace restock {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

sys_days ToDays(Date date) { return sys_days(days(date.days_since_epoch)); }
year_month_day ToCivil(Date date) { return year_month_day(ToDays(date)); }

/// The number that fills `digits` completely, or -1.
int ParseDigits(std::string_view digits) {
  for (const char c : digits)
    if (c < '0' || c > '9') return -1;
  int value = -1;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace

std::optional<Date> Date::Parse(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = ParseDigits(text.substr(0, 4));
  const int month = ParseDigits(text.substr(5, 2));
  const int day = ParseDigits(text.substr(8, 2));
  if (year < 1 || month < 1 || day < 1) return std::nullopt;
  const year_month_day civil(std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                             std::chrono::day{static_cast<unsigned>(day)});
  if (!civil.ok()) return std::nullopt;
  return Date{static_cast<int>(sys_days(civil).time_since_epoch().count())};
}

std::string Date::ToString() const {
  const year_month_day civil = ToCivil(*this);
  return fmt::format("{:04}-{:02}-{:02}", int{civil.year()}, unsigned{civil.month()}, unsigned{civil.day()});
}

int Date::weekday() const { return static_cast<int>(std::chrono::weekday(ToDays(*this)).iso_encoding()) - 1; }

int Date::day_of_year() const {
  const sys_days new_year = ToCivil(*this).year() / std::chrono::January / 1;
  return static_cast<int>((ToDays(*this) - new_year).count());
}

int Date::month() const { return static_cast<int>(unsigned{ToCivil(*this).month()}) - 1; }

Date Calendar::DateOf(int period) const { return Date{first_date.days_since_epoch + period * days_per_period()}; }

Calendar Calendar::From(int period, int num_periods) const {
  Calendar later{.first_date = DateOf(period), .period_length = period_length, .closed = {}, .holiday = {}};
  for (int i = period; i < period + num_periods; ++i) {
    later.closed.push_back(IsClosed(i));
    later.holiday.push_back(IsHoliday(i));
  }
  return later;
}

bool Calendar::IsClosed(int period) const {
  return period >= 0 && period < static_cast<int>(closed.size()) && closed[static_cast<size_t>(period)];
}

bool Calendar::IsHoliday(int period) const {
  return period >= 0 && period < static_cast<int>(holiday.size()) && holiday[static_cast<size_t>(period)];
}

}  // namespace restock
