#include "common/calendar.h"

#include <gtest/gtest.h>

namespace restock {
namespace {

TEST(DateTest, CountsDaysSince1970) {
  EXPECT_EQ(Date::Parse("1970-01-01")->days_since_epoch, 0);
  EXPECT_EQ(Date::Parse("2000-03-01")->days_since_epoch, 11017);  // date -d 2000-03-01 +%s is 951868800
  EXPECT_EQ(Date::Parse("1969-12-31")->days_since_epoch, -1);
}

TEST(DateTest, WritesWhatItReads) {
  for (const char* text : {"0001-01-01", "1900-02-28", "2024-02-29", "2024-12-31", "9999-12-31"})
    EXPECT_EQ(Date::Parse(text).value().ToString(), text);
}

TEST(DateTest, RefusesWhatIsNoDate) {
  for (const char* text :
       {"",           "2024-1-1",   "2024-02-30", "2023-02-29",       "1900-02-29",  "2024-13-01", "2024-00-10",
        "2024-01-00", "24-01-01",   "2024/01/01", "2024-01-01 ",      " 2024-01-01", "2024-01-0x", "2024-01--1",
        "-024-01-01", "+024-01-01", "20240101",   "2024-01-01T00:00", "01.02.2024",  "0000-01-01"})
    EXPECT_FALSE(Date::Parse(text)) << text;
}

TEST(DateTest, KnowsWeekDays) {
  EXPECT_EQ(Date::Parse("2024-07-01")->weekday(), 0);  // a Monday
  EXPECT_EQ(Date::Parse("2024-07-07")->weekday(), 6);
  EXPECT_EQ(Date::Parse("1969-12-31")->weekday(), 2);  // a Wednesday
}

TEST(DateTest, KnowsTheDayOfTheYearAndTheMonth) {
  EXPECT_EQ(Date::Parse("2023-01-01")->day_of_year(), 0);
  EXPECT_EQ(Date::Parse("2023-12-31")->day_of_year(), 364);
  EXPECT_EQ(Date::Parse("2024-12-31")->day_of_year(), 365);
  EXPECT_EQ(Date::Parse("2024-03-01")->day_of_year(), 60);
  EXPECT_EQ(Date::Parse("2024-01-31")->month(), 0);
  EXPECT_EQ(Date::Parse("2024-12-01")->month(), 11);
}

TEST(CalendarTest, LeadsFromPeriodsToDatesBothWays) {
  Calendar calendar;
  calendar.first_date = *Date::Parse("2024-02-28");
  EXPECT_EQ(calendar.DateOf(2).ToString(), "2024-03-01");
  EXPECT_EQ(calendar.DateOf(-1).ToString(), "2024-02-27");
  calendar.period_length = PeriodLength::kWeek;
  EXPECT_EQ(calendar.DateOf(1).ToString(), "2024-03-06");
  EXPECT_EQ(calendar.season(), 52);
}

TEST(CalendarTest, IsOpenBeyondWhatIsKnown) {
  const Calendar calendar{.first_date = {}, .closed = {false, true}, .holiday = {true, false}};
  EXPECT_FALSE(calendar.IsClosed(0));
  EXPECT_TRUE(calendar.IsClosed(1));
  EXPECT_FALSE(calendar.IsClosed(2));
  EXPECT_FALSE(calendar.IsClosed(-1));
  EXPECT_TRUE(calendar.IsHoliday(0));
  EXPECT_FALSE(calendar.IsHoliday(2));
}

TEST(CalendarTest, GoesOnFromALaterPeriod) {
  const Calendar calendar{.first_date = *Date::Parse("2026-01-01"),
                          .period_length = PeriodLength::kDay,
                          .closed = {false, false, true},
                          .holiday = {true, false, false}};
  const Calendar later = calendar.From(1, 3);
  EXPECT_EQ(later.first_date.ToString(), "2026-01-02");
  EXPECT_EQ(later.closed, (std::vector<bool>{false, true, false}));
  EXPECT_EQ(later.holiday, (std::vector<bool>{false, false, false}));
}

}  // namespace
}  // namespace restock
