#pragma once

#include <string>
#include <vector>

#include "experiments/svg_axis.h"
#include "experiments/svg_chart.h"

namespace restock {

// What the charts of svg_chart.h are drawn with: text, lines, legends. Coordinates in pixels, (0, 0) at the top left.

/// The drawing area between its axes; marks are added to `body`.
struct SvgCanvas {
  double left, right, top, bottom;
  Axis x, y;
  std::string body;

  double X(double value) const { return left + (right - left) * x.Share(value); }
  double Y(double value) const { return bottom - (bottom - top) * y.Share(value); }
};

/// About how wide a text is.
double SvgTextWidth(const std::string& text);

std::string SvgText(double x, double y, const char* classes, const std::string& text);
std::string SvgLine(double x1, double y1, double x2, double y2, const std::string& classes);
/// What a browser shows when the pointer rests on a mark.
std::string SvgTooltip(const std::string& text);

/// Names with a sample of their mark, in as many lines as they need; returns the height.
struct LegendEntry {
  std::string name;
  std::string sample;  // SVG between (0, 0) and (18, 10)
};
double DrawLegend(const std::vector<LegendEntry>& entries, double left, double right, std::string& body);
std::string SwatchSample(int color, double opacity);
std::string LineSample(int color, int dash);
std::string DotSample(int color);

/// The finished picture, and the one for data without a single finite value.
std::string WrapSvg(const ChartFrame& frame, double height, const std::string& body);
std::string EmptySvg(const ChartFrame& frame);

}  // namespace restock
