#include "experiments/svg_axis.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

namespace restock {

namespace {

constexpr double kLargest = 1e300;  // beyond, differences could overflow
constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::chrono::year_month_day CivilDay(int days_since_epoch) {
  return std::chrono::sys_days(std::chrono::days(days_since_epoch));
}

/// 1234567 -> 1,234,567, a sign and decimals staying as they are.
std::string GroupDigits(std::string number) {
  const size_t start = number.starts_with('-') ? 1 : 0;
  size_t end = std::min(number.find('.'), number.size());
  while (end > start + 3) number.insert(end -= 3, ",");
  return number;
}

/// A number with a fixed count of decimals, and no minus before a zero.
std::string FixedNumber(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find_first_not_of("-0.") == std::string::npos && text.starts_with('-')) text.erase(0, 1);
  return GroupDigits(text);
}

/// Large numbers are told in thousands of millions, so that labels stay short.
struct Magnitude {
  double divisor;
  const char* suffix;
};
Magnitude MagnitudeOf(double value) {
  if (std::abs(value) >= 1e9) return {1e9, " bn"};
  if (std::abs(value) >= 1e6) return {1e6, " M"};
  return {1, ""};
}

/// 1, 2 or 5 times a power of ten, at least `step`.
double RoundStep(double step) {
  const double power = std::pow(10.0, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= step * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

/// A tick's label: as many decimals as the step needs.
std::string TickLabel(double value, double step) {
  const double largest = std::max(std::abs(value), step);
  if (largest >= 1e13 || step < 1e-6) return value == 0 ? "0" : fmt::format("{:.3g}", value);
  const auto [divisor, suffix] = MagnitudeOf(largest);
  const int decimals = static_cast<int>(std::clamp(-std::floor(std::log10(step / divisor) + 1e-9), 0.0, 8.0));
  return FixedNumber(value / divisor, decimals) + (value == 0 ? "" : suffix);
}

}  // namespace

void Extent::Add(double value) {
  if (!std::isfinite(value)) return;
  value = std::clamp(value, -kLargest, kLargest);
  low = empty ? value : std::min(low, value);
  high = empty ? value : std::max(high, value);
  empty = false;
}

void Extent::Add(std::span<const double> values) {
  for (const double value : values) Add(value);
}

Axis NumberAxis(double low, double high, int max_ticks) {
  // a range that can be divided
  low = std::isfinite(low) ? std::clamp(low, -kLargest, kLargest) : 0;
  high = std::isfinite(high) ? std::clamp(high, -kLargest, kLargest) : low;
  if (low > high) std::swap(low, high);
  const double smallest_range = std::max(std::abs(low), std::abs(high)) * 1e-9;
  if (high - low <= smallest_range) {
    const double margin = high == 0 ? 1 : std::abs(high) * 0.1;
    low = low > 0 ? std::max(0.0, low - margin) : low - margin;
    high += margin;
  }

  // whole ticks around it
  const double step = RoundStep((high - low) / std::max(1, max_ticks));
  const double first = std::floor(low / step + 1e-9);
  const double last = std::ceil(high / step - 1e-9);
  Axis axis{first * step, last * step, {}};
  for (double tick = first; tick <= last + 0.5; ++tick)
    axis.ticks.push_back({tick * step, TickLabel(tick * step, step)});
  return axis;
}

std::string FormatDay(int days_since_epoch, bool with_year) {
  const auto day = CivilDay(days_since_epoch);
  const std::string text = fmt::format("{} {}", unsigned(day.day()), kMonths[unsigned(day.month()) - 1]);
  return with_year ? fmt::format("{} {}", text, int(day.year())) : text;
}

Axis DateAxis(double low, double high, int max_ticks) {
  constexpr double kLastDay = 1e6;  // the year 4707: later than any data, early enough for calendars
  low = std::isfinite(low) ? std::clamp(low, -kLastDay, kLastDay) : 0;
  high = std::isfinite(high) ? std::clamp(high, -kLastDay, kLastDay) : low;
  if (high - low < 1) high = low + 1;
  Axis axis{low, high, {}};
  const int first = static_cast<int>(std::ceil(low));
  const double range = high - low;

  // days and weeks; day 4 of the epoch was a Monday
  for (const int step : {1, 2, 7, 14}) {
    if (range / step > max_ticks) continue;
    const int start = step < 7 ? first : first + ((4 - first) % 7 + 7) % 7;
    for (int day = start; day <= high; day += step) axis.ticks.push_back({double(day), FormatDay(day, day == start)});
    return axis;
  }

  // the first of every so many months
  int step = 1;
  for (const int months : {2, 3, 6, 12, 24, 60, 120, 600, 1200, 12'000}) {
    if (range / (30.4 * step) > max_ticks) step = months;
  }
  auto month = CivilDay(first).year() / CivilDay(first).month();
  for (int i = 0; i <= range / 28 + 1; ++i, month += std::chrono::months(1)) {
    const int count = int(month.year()) * 12 + int(unsigned(month.month())) - 1;
    const auto day = static_cast<int>(std::chrono::sys_days(month / 1).time_since_epoch().count());
    if (count % step != 0 || day < low || day > high) continue;
    const std::string year = std::to_string(int(month.year()));
    axis.ticks.push_back(
        {double(day), step >= 12 ? year : fmt::format("{} {}", kMonths[unsigned(month.month()) - 1], year)});
  }
  return axis;
}

std::string FormatNumber(double value, int digits) {
  if (!std::isfinite(value)) return "–";
  if (value == 0) return "0";
  if (std::abs(value) >= 1e13 || std::abs(value) < 1e-6) return fmt::format("{:.{}g}", value, digits);
  const auto [divisor, suffix] = MagnitudeOf(value);
  const double scaled = value / divisor;
  const int decimals = digits - 1 - static_cast<int>(std::floor(std::log10(std::abs(scaled)) + 1e-12));
  return FixedNumber(scaled, std::clamp(decimals, 0, 9)) + suffix;
}

}  // namespace restock
