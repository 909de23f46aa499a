#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace restock {

/// A civil date, counted in days since 1970-01-01.
struct Date {
  int days_since_epoch = 0;

  /// Reads YYYY-MM-DD; nothing when the text is no date.
  static std::optional<Date> Parse(std::string_view text);
  std::string ToString() const;
  /// 0 = Monday ... 6 = Sunday.
  int weekday() const;
  int day_of_year() const;  // 0 ... 365
  int month() const;        // 0 ... 11

  friend bool operator==(Date, Date) = default;
  friend auto operator<=>(Date, Date) = default;
};

enum class PeriodLength { kDay, kWeek };

/// Leads from periods (0, 1, 2, ...) to dates, closed days and holidays. Covers observed and known future periods.
struct Calendar {
  Date first_date;  // of period 0; of a week: its first day
  PeriodLength period_length = PeriodLength::kDay;
  std::vector<bool> closed;   // no sales are possible (num_periods)
  std::vector<bool> holiday;  // (num_periods)

  int days_per_period() const { return period_length == PeriodLength::kDay ? 1 : 7; }
  /// Also for periods before 0 and beyond the last.
  Date DateOf(int period) const;
  /// Periods after which demand repeats: 7 for days, 52 for weeks.
  int season() const { return period_length == PeriodLength::kDay ? 7 : 52; }
  /// The calendar whose period 0 is `period` of this one, with what is known of `num_periods` periods.
  Calendar From(int period, int num_periods) const;
  bool IsClosed(int period) const;   // false beyond what is known
  bool IsHoliday(int period) const;  // false beyond what is known
};

}  // namespace restock
