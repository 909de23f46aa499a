#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace restock {

/// A place on an axis that carries a label.
struct Tick {
  double value;
  std::string label;
};

/// Maps values to shares of a picture's width or height, and knows where its ticks stand.
struct Axis {
  double low = 0;
  double high = 1;
  std::vector<Tick> ticks;

  /// 0 at `low` and below, 1 at `high` and above.
  double Share(double value) const { return std::clamp((value - low) / (high - low), 0.0, 1.0); }
};

/// An axis over [low, high], widened to whole ticks: steps of 1, 2 or 5 times a power of ten, about `max_ticks` of
/// them. Any numbers are fine: not finite ones and empty ranges give an axis around 0.
Axis NumberAxis(double low, double high, int max_ticks);

/// An axis over days since 1970-01-01, ticks on days, Mondays, or the first of a month or year.
Axis DateAxis(double low, double high, int max_ticks);

/// The smallest and largest finite values, absurd ones cut to 1e300 so that differences are finite; {0, 0} where there
/// are none.
struct Extent {
  double low = 0;
  double high = 0;
  bool empty = true;
  void Add(double value);
  void Add(std::span<const double> values);
};

/// `1,234`, `12.3`, `0.0123`, `-1.2 M`: about `digits` significant digits, grouped; "–" for what is not finite.
std::string FormatNumber(double value, int digits = 3);

/// `2024-06-03` as `3 Jun`, with the year where `with_year`.
std::string FormatDay(int days_since_epoch, bool with_year);

}  // namespace restock
