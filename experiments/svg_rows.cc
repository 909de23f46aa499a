#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "experiments/html.h"
#include "experiments/svg_canvas.h"
#include "experiments/svg_chart.h"

namespace restock {

namespace {

constexpr double kRowHeight = 30;

/// The frame that charts of rows share: names at the left, vertical grid lines, labels below.
SvgCanvas DrawRows(const ChartFrame& frame, const std::vector<std::string>& names, const Extent& extent, double top,
                   std::string body) {
  double left = 40;
  for (const std::string& name : names) left = std::max(left, SvgTextWidth(Shorten(name, 34)) + 16);
  SvgCanvas canvas{left,
                   frame.width - 24.0,
                   top,
                   top + kRowHeight * static_cast<double>(names.size()),
                   NumberAxis(extent.low, extent.high, 6),
                   {},
                   std::move(body)};
  for (const Tick& tick : canvas.x.ticks) {
    const double x = canvas.X(tick.value);
    canvas.body += SvgLine(x, canvas.top, x, canvas.bottom, tick.value == 0 ? "axis" : "grid");
    canvas.body += SvgText(x, canvas.bottom + 18, "middle", tick.label) + "\n";
  }
  for (size_t row = 0; row < names.size(); ++row) {
    canvas.body += SvgText(canvas.left - 10, canvas.top + kRowHeight * (static_cast<double>(row) + 0.5) + 4, "end name",
                           Shorten(names[row], 34)) +
                   "\n";
  }
  canvas.body += SvgText((canvas.left + canvas.right) / 2, canvas.bottom + 38, "middle name", frame.x_label);
  return canvas;
}

}  // namespace

std::string DrawStackedBars(const StackedBars& chart) {
  // each row's parts pile up from 0 to the right, negative ones to the left
  Extent extent;
  for (const std::vector<double>& parts : chart.values) {
    double positive = 0, negative = 0;
    for (const double part : parts) {
      if (std::isfinite(part)) (part > 0 ? positive : negative) += part;
    }
    extent.Add(positive);
    extent.Add(negative);
  }
  if (extent.empty || extent.low == extent.high) return EmptySvg(chart.frame);

  std::vector<LegendEntry> legend;
  for (size_t part = 0; part < chart.parts.size(); ++part)
    legend.push_back({chart.parts[part], SwatchSample(static_cast<int>(part) % kNumChartColors, 1)});
  std::string body;
  const double top = DrawLegend(legend, 2, chart.frame.width - 14.0, body) + 10;
  SvgCanvas canvas = DrawRows(chart.frame, chart.rows, extent, top, std::move(body));

  for (size_t row = 0; row < chart.values.size(); ++row) {
    double positive = 0, negative = 0;
    for (size_t part = 0; part < chart.values[row].size(); ++part) {
      const double value = chart.values[row][part];
      if (!std::isfinite(value) || value == 0) continue;
      double& end = value > 0 ? positive : negative;
      const double from = canvas.X(std::min(end, end + value)), to = canvas.X(std::max(end, end + value));
      end += value;
      canvas.body += fmt::format(
          "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"bar c{}\">{}</rect>\n", from,
          canvas.top + kRowHeight * static_cast<double>(row) + 5, to - from, kRowHeight - 10,
          static_cast<int>(part) % kNumChartColors,
          SvgTooltip(fmt::format("{}, {}: {}", chart.rows[row], chart.parts[part], FormatNumber(value))));
    }
  }
  return WrapSvg(chart.frame, canvas.bottom + (chart.frame.x_label.empty() ? 28 : 46), canvas.body);
}

std::string DrawWaterfall(const Waterfall& chart) {
  Extent extent;
  std::vector<std::string> names = {chart.first_name};
  double sum = chart.first;
  extent.Add(sum);
  for (size_t row = 0; row < chart.rows.size(); ++row) {
    names.push_back(chart.rows[row]);
    sum += chart.changes[row];
    extent.Add(sum);
  }
  names.push_back(chart.last_name);
  if (extent.empty) return EmptySvg(chart.frame);
  if (extent.low == extent.high) extent.Add(0);

  SvgCanvas canvas = DrawRows(chart.frame, names, extent, 8, "");
  const auto middle = [&](size_t row) { return canvas.top + kRowHeight * (static_cast<double>(row) + 0.5); };
  const auto dot = [&](size_t row, double value) {
    canvas.body += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"6\" class=\"dot c0\">{}</circle>\n",
                               canvas.X(value), middle(row), SvgTooltip(names[row] + ": " + FormatNumber(value)));
  };
  dot(0, chart.first);
  sum = chart.first;
  for (size_t row = 1; row <= chart.rows.size(); ++row) {
    const double change = chart.changes[row - 1], before = sum;
    if (!std::isfinite(change)) continue;
    sum += change;
    const double from = canvas.X(std::min(before, sum)), to = canvas.X(std::max(before, sum));
    // a thin line leads from where the row above ended
    canvas.body += SvgLine(canvas.X(before), middle(row - 1), canvas.X(before), middle(row), "grid");
    canvas.body += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"bar c{}\">{}</rect>\n", from,
        middle(row) - kRowHeight / 2 + 5, std::max(1.0, to - from), kRowHeight - 10, change < 0 ? 1 : 2,
        SvgTooltip(fmt::format("{}: {}{}", names[row], change < 0 ? "" : "+", FormatNumber(change))));
  }
  canvas.body +=
      SvgLine(canvas.X(sum), middle(chart.rows.size()), canvas.X(sum), middle(chart.rows.size() + 1), "grid");
  dot(chart.rows.size() + 1, sum);
  return WrapSvg(chart.frame, canvas.bottom + (chart.frame.x_label.empty() ? 28 : 46), canvas.body);
}

std::string DrawIntervalChart(const IntervalChart& chart) {
  Extent extent;
  std::vector<std::string> names;
  for (const IntervalRow& row : chart.rows) {
    extent.Add(std::vector{row.value, row.low, row.high});
    names.push_back(row.name);
  }
  if (extent.empty) return EmptySvg(chart.frame);
  if (chart.reference) extent.Add(chart.reference->value);

  const double top = chart.reference ? 24 : 8;
  SvgCanvas canvas = DrawRows(chart.frame, names, extent, top, "");
  if (chart.reference && std::isfinite(chart.reference->value)) {
    const double x = canvas.X(chart.reference->value);
    const bool is_at_right = x > (canvas.left + canvas.right) / 2;
    canvas.body += SvgLine(x, canvas.top - 8, x, canvas.bottom, "rule");
    canvas.body +=
        SvgText(is_at_right ? x - 5 : x + 5, canvas.top - 10, is_at_right ? "end" : "", chart.reference->name) + "\n";
  }
  for (size_t i = 0; i < chart.rows.size(); ++i) {
    const IntervalRow& row = chart.rows[i];
    if (!std::isfinite(row.value)) continue;
    const double y = canvas.top + kRowHeight * (static_cast<double>(i) + 0.5);
    const bool has_interval = std::isfinite(row.low) && std::isfinite(row.high) && row.high > row.low;
    const std::string interval =
        has_interval ? fmt::format(" ({} to {})", FormatNumber(row.low), FormatNumber(row.high)) : "";
    if (has_interval)
      canvas.body += SvgLine(canvas.X(row.low), y, canvas.X(row.high), y,
                             fmt::format("whisker{} c{}", row.is_detail ? " thin" : "", row.color));
    canvas.body += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" class=\"dot c{}\">{}</circle>\n",
                               canvas.X(row.value), y, row.is_detail ? 3.5 : 6, row.color,
                               SvgTooltip(row.name + ": " + FormatNumber(row.value) + interval));
  }
  return WrapSvg(chart.frame, canvas.bottom + (chart.frame.x_label.empty() ? 28 : 46), canvas.body);
}

}  // namespace restock
