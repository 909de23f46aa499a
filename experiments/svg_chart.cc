#include "experiments/svg_chart.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "experiments/svg_canvas.h"

namespace restock {

namespace {

constexpr size_t kMaxPoints = 400;  // of a series: about what the width can show

/// Horizontal grid lines with labels, and the labels below.
void DrawAxes(const ChartFrame& frame, SvgCanvas& canvas) {
  for (const Tick& tick : canvas.y.ticks) {
    const double y = canvas.Y(tick.value);
    canvas.body += SvgLine(canvas.left, y, canvas.right, y, tick.value == 0 ? "axis" : "grid");
    canvas.body += SvgText(canvas.left - 8, y + 4, "end", tick.label) + "\n";
  }
  double free_from = 0;
  for (const Tick& tick : canvas.x.ticks) {
    const double x = canvas.X(tick.value), half = SvgTextWidth(tick.label) / 2;
    const double middle = std::max(half, std::min(x, frame.width - half));
    canvas.body += SvgLine(x, canvas.bottom, x, canvas.bottom + 4, "axis");
    if (middle - half < free_from) continue;
    canvas.body += SvgText(middle, canvas.bottom + 18, "middle", tick.label) + "\n";
    free_from = middle + half + 8;
  }
  canvas.body += SvgLine(canvas.left, canvas.bottom, canvas.right, canvas.bottom, "axis");
  canvas.body += SvgText(canvas.left - 8 - std::min(SvgTextWidth(frame.y_label), canvas.left - 8), canvas.top - 10,
                         "name", frame.y_label);
  if (!frame.x_label.empty()) canvas.body += SvgText(canvas.right, canvas.bottom + 36, "end name", frame.x_label);
}

/// At most kMaxPoints of a series, the smallest and the largest of each stretch among them.
Trace Thin(const Trace& trace) {
  const size_t size = std::min(trace.x.size(), trace.y.size());
  Trace thin{trace.name, trace.mark, trace.color, {}, {}};
  const size_t stretch = std::max<size_t>(1, (2 * size + kMaxPoints - 1) / kMaxPoints);
  const auto add = [&](size_t i) {
    thin.x.push_back(trace.x[i]);
    thin.y.push_back(trace.y[i]);
  };
  for (size_t begin = 0; begin < size; begin += stretch) {
    const size_t end = std::min(size, begin + stretch);
    const auto less = [&](size_t a, size_t b) { return trace.y[a] < trace.y[b] || std::isnan(trace.y[b]); };
    size_t low = begin, high = begin;
    for (size_t i = begin + 1; i < end; ++i) {
      if (less(i, low)) low = i;
      if (less(high, i)) high = i;
    }
    add(std::min(low, high));
    if (low != high) add(std::max(low, high));
  }
  return thin;
}

bool IsPoint(double x, double y) { return std::isfinite(x) && std::isfinite(y); }

/// The path of a line or a step; what is not finite interrupts it.
std::string PathOf(const SvgCanvas& canvas, const Trace& trace) {
  std::string path;
  bool is_drawing = false;
  for (size_t i = 0; i < trace.x.size(); ++i) {
    const bool is_point = IsPoint(trace.x[i], trace.y[i]);
    if (is_point && is_drawing && trace.mark == Mark::kStep)
      path += fmt::format("H{:.1f}V{:.1f}", canvas.X(trace.x[i]), canvas.Y(trace.y[i]));
    else if (is_point)
      path += fmt::format("{}{:.1f} {:.1f}", is_drawing ? 'L' : 'M', canvas.X(trace.x[i]), canvas.Y(trace.y[i]));
    is_drawing = is_point;
  }
  return path;
}

/// The least distance between neighbours: bars must not touch the next.
double Spacing(const std::vector<double>& x) {
  double spacing = 0;
  for (size_t i = 1; i < x.size(); ++i) {
    const double distance = x[i] - x[i - 1];
    if (distance > 0 && (spacing == 0 || distance < spacing)) spacing = distance;
  }
  return spacing == 0 ? 1 : spacing;
}

std::string XText(const XyChart& chart, double x) {
  return chart.x_is_date ? FormatDay(static_cast<int>(std::clamp(x, -1e6, 1e6)), true) : FormatNumber(x);
}

void DrawTrace(const XyChart& chart, const Trace& full, int dash, SvgCanvas& canvas) {
  const Trace trace = Thin(full);
  const double zero = canvas.Y(std::clamp(0.0, canvas.y.low, canvas.y.high));
  const double bar_width = std::clamp(0.7 * (canvas.X(canvas.x.low + Spacing(trace.x)) - canvas.left), 1.0, 24.0);

  // lines and steps: one path, and where a point stands alone, a dot
  if (trace.mark == Mark::kLine || trace.mark == Mark::kStep) {
    canvas.body += fmt::format("<path d=\"{}\" class=\"line c{} d{}\">{}</path>\n", PathOf(canvas, trace), trace.color,
                               dash, SvgTooltip(trace.name));
  }
  for (size_t i = 0; i < trace.x.size(); ++i) {
    if (!IsPoint(trace.x[i], trace.y[i])) continue;
    const double x = canvas.X(trace.x[i]), y = canvas.Y(trace.y[i]);
    const auto value = [&] {
      return SvgTooltip(fmt::format("{}, {}: {}", trace.name, XText(chart, trace.x[i]), FormatNumber(trace.y[i])));
    };
    const bool is_alone =
        (i == 0 || !std::isfinite(trace.y[i - 1])) && (i + 1 == trace.x.size() || !std::isfinite(trace.y[i + 1]));
    if (trace.mark == Mark::kBars) {
      if (trace.y[i] == 0) continue;
      canvas.body += fmt::format(
          "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"fill c{}\" "
          "fill-opacity=\"0.75\">{}</rect>",
          x - bar_width / 2, std::min(y, zero), bar_width, std::abs(zero - y), trace.color, value());
    } else if (trace.mark == Mark::kDots || is_alone) {
      canvas.body += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" class=\"dot c{}\">{}</circle>", x, y,
                                 trace.color, value());
    }
  }
  canvas.body += "\n";
}

void DrawBand(const Band& band, SvgCanvas& canvas) {
  const size_t size = std::min({band.x.size(), band.low.size(), band.high.size()});
  const size_t stride = std::max<size_t>(1, size / kMaxPoints);
  std::string there, back;
  for (size_t i = 0; i < size; i += stride) {
    if (!IsPoint(band.x[i], band.low[i]) || !std::isfinite(band.high[i])) continue;
    there += fmt::format("{}{:.1f} {:.1f}", there.empty() ? 'M' : 'L', canvas.X(band.x[i]), canvas.Y(band.high[i]));
    back = fmt::format("L{:.1f} {:.1f}", canvas.X(band.x[i]), canvas.Y(band.low[i])) + back;
  }
  canvas.body += fmt::format("<path d=\"{}{}{}\" class=\"fill c{}\" fill-opacity=\"{:.2f}\">{}</path>\n", there, back,
                             there.empty() ? "" : "Z", band.color, band.opacity, SvgTooltip(band.name));
}

/// Lines are told apart by dashes too, for those who see few colours: each colour has its own, the first is whole.
std::vector<int> DashesOf(const XyChart& chart) {
  std::vector<int> dashes, colors;
  for (const Trace& trace : chart.traces) {
    const bool is_line = trace.mark == Mark::kLine || trace.mark == Mark::kStep;
    const auto place = std::find(colors.begin(), colors.end(), trace.color);
    dashes.push_back(is_line ? static_cast<int>(place - colors.begin()) % 5 : 0);
    if (is_line && place == colors.end()) colors.push_back(trace.color);
  }
  return dashes;
}

std::vector<LegendEntry> LegendOf(const XyChart& chart, const std::vector<int>& dashes) {
  std::vector<LegendEntry> entries;
  const auto add = [&](const std::string& name, std::string sample) {
    const auto has_name = [&](const LegendEntry& entry) { return entry.name == name; };
    if (!name.empty() && std::none_of(entries.begin(), entries.end(), has_name))
      entries.push_back({name, std::move(sample)});
  };
  for (size_t i = 0; i < chart.traces.size(); ++i) {
    const Trace& trace = chart.traces[i];
    add(trace.name, trace.mark == Mark::kBars   ? SwatchSample(trace.color, 0.75)
                    : trace.mark == Mark::kDots ? DotSample(trace.color)
                                                : LineSample(trace.color, dashes[i]));
  }
  for (const Band& band : chart.bands) add(band.name, SwatchSample(band.color, std::min(1.0, band.opacity + 0.1)));
  return entries;
}

}  // namespace

std::string DrawXyChart(const XyChart& chart) {
  // what is there
  Extent x, y;
  double spacing = 0;
  for (const Trace& trace : chart.traces) {
    for (size_t i = 0; i < std::min(trace.x.size(), trace.y.size()); ++i) {
      if (!IsPoint(trace.x[i], trace.y[i])) continue;
      x.Add(trace.x[i]);
      y.Add(trace.y[i]);
    }
    if (trace.mark == Mark::kBars) spacing = std::max(spacing, Spacing(trace.x));
  }
  for (const Band& band : chart.bands) {
    x.Add(band.x);
    y.Add(band.low);
    y.Add(band.high);
  }
  if (x.empty || y.empty) return EmptySvg(chart.frame);
  y.Add(chart.y_includes);
  if (chart.vertical) x.Add(chart.vertical->value);
  x.Add(x.low - spacing / 2);  // room for the outer bars
  x.Add(x.high + spacing / 2);

  // legend above, axes around
  SvgCanvas canvas{
      0, chart.frame.width - 14.0, 0, chart.frame.height - (chart.frame.x_label.empty() ? 26.0 : 44.0), {}, {}, ""};
  canvas.y = NumberAxis(y.low, y.high, 5);
  for (const Tick& tick : canvas.y.ticks) canvas.left = std::max(canvas.left, SvgTextWidth(tick.label) + 14);
  const int max_ticks = chart.frame.width / 90;
  canvas.x = chart.x_is_date ? DateAxis(x.low, x.high, max_ticks) : NumberAxis(x.low, x.high, max_ticks);
  if (!chart.x_is_date && x.high - x.low > 0) {  // series fill the width; ticks beyond them go
    canvas.x.low = x.low;
    canvas.x.high = x.high;
    std::erase_if(canvas.x.ticks, [&](const Tick& tick) { return tick.value < x.low || tick.value > x.high; });
  }
  const std::vector<int> dashes = DashesOf(chart);
  canvas.top = DrawLegend(LegendOf(chart, dashes), 2, canvas.right, canvas.body) + 26;
  DrawAxes(chart.frame, canvas);

  // marks, bands behind
  for (const Band& band : chart.bands) DrawBand(band, canvas);
  if (chart.vertical) {
    const double at = canvas.X(chart.vertical->value), width = SvgTextWidth(chart.vertical->name);
    const double text = at + 4 + width <= canvas.right ? at + 4 : at - 4 - width;
    canvas.body +=
        SvgLine(at, canvas.top, at, canvas.bottom, "rule") + SvgText(text, canvas.top + 10, "", chart.vertical->name);
  }
  for (size_t i = 0; i < chart.traces.size(); ++i) {
    if (chart.traces[i].mark == Mark::kBars) DrawTrace(chart, chart.traces[i], 0, canvas);
  }
  for (size_t i = 0; i < chart.traces.size(); ++i) {
    if (chart.traces[i].mark != Mark::kBars) DrawTrace(chart, chart.traces[i], dashes[i], canvas);
  }
  return WrapSvg(chart.frame, chart.frame.height, canvas.body);
}

}  // namespace restock
