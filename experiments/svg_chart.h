#pragma once

#include <optional>
#include <string>
#include <vector>

namespace restock {

// Static charts as SVG text, to be set into a page that has the style of html_style.h: colours come from its variables,
// `color` counts them (0 ... 6). Each chart tells its title and description to those who cannot see it, and each mark
// its value on hovering. Values that are not finite are gaps; long series are thinned to what the eye can tell apart,
// extremes staying.

inline constexpr int kNumChartColors = 7;
inline constexpr int kWideChart = 1080;

/// What stands around a chart. The x label may be empty where the ticks speak for themselves.
struct ChartFrame {
  std::string title;        // what is shown
  std::string description;  // in a sentence what there is to see
  std::string x_label;
  std::string y_label;  // with its unit
  int width = 520;      // in pixels; half a page, or kWideChart
  int height = 270;
};

enum class Mark { kLine, kStep, kDots, kBars };

/// One series: y over ascending x. A step holds its value until the next x.
struct Trace {
  std::string name;
  Mark mark = Mark::kLine;
  int color = 0;
  std::vector<double> x;
  std::vector<double> y;
};

/// The area between two lines, a forecast's interval say.
struct Band {
  std::string name;
  int color = 0;
  double opacity = 0.2;
  std::vector<double> x;
  std::vector<double> low;
  std::vector<double> high;
};

/// A named line across the whole chart.
struct Rule {
  std::string name;
  double value = 0;
};

/// Lines, steps, dots and bars over one x axis, bands behind them.
struct XyChart {
  ChartFrame frame;
  bool x_is_date = false;                // x counts days since 1970-01-01
  std::vector<double> y_includes = {0};  // values that the y axis reaches in any case
  std::vector<Band> bands;
  std::vector<Trace> traces;
  std::optional<Rule> vertical;  // at an x: where the forecast begins
};
std::string DrawXyChart(const XyChart& chart);

/// Horizontal bars made of parts, from 0 to both sides: cost by kind.
struct StackedBars {
  ChartFrame frame;
  std::vector<std::string> rows;
  std::vector<std::string> parts;
  std::vector<std::vector<double>> values;  // by row: (num_parts)
};
std::string DrawStackedBars(const StackedBars& chart);

/// How one number comes about: from `first`, a row for each change, to the sum of all. The axis need not reach 0.
struct Waterfall {
  ChartFrame frame;
  std::string first_name;
  double first = 0;
  std::vector<std::string> rows;
  std::vector<double> changes;  // (num_rows)
  std::string last_name;
};
std::string DrawWaterfall(const Waterfall& chart);

/// Dots with their intervals, one row each: how policies compare.
struct IntervalRow {
  std::string name;
  double value = 0;
  double low = 0;  // equal to high: no interval is known
  double high = 0;
  int color = 0;
  bool is_detail = false;  // drawn smaller: one seed of a policy
};
struct IntervalChart {
  ChartFrame frame;
  std::vector<IntervalRow> rows;
  std::optional<Rule> reference;  // at an x: no difference, or a bound
};
std::string DrawIntervalChart(const IntervalChart& chart);

}  // namespace restock
