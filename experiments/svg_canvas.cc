#include "experiments/svg_canvas.h"

#include <fmt/format.h>

#include "experiments/html.h"

namespace restock {

namespace {

constexpr double kCharacterWidth = 7;  // of the average character at 12 pixels
constexpr double kLineHeight = 18;

}  // namespace

double SvgTextWidth(const std::string& text) { return kCharacterWidth * static_cast<double>(CountCharacters(text)); }

std::string SvgText(double x, double y, const char* classes, const std::string& text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}\">{}</text>", x, y, classes, Escape(text));
}

std::string SvgLine(double x1, double y1, double x2, double y2, const std::string& classes) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>", x1, y1, x2, y2,
                     classes);
}

std::string SvgTooltip(const std::string& text) { return "<title>" + Escape(text) + "</title>"; }

double DrawLegend(const std::vector<LegendEntry>& entries, double left, double right, std::string& body) {
  if (entries.empty()) return 0;
  double x = left, y = 4;
  for (const LegendEntry& entry : entries) {
    const std::string name = Shorten(entry.name, 60);
    const double width = 24 + SvgTextWidth(name) + 20;
    if (x > left && x + width > right) {
      x = left;
      y += kLineHeight;
    }
    body += fmt::format("<g transform=\"translate({:.1f} {:.1f})\">{}</g>", x, y, entry.sample);
    body += SvgText(x + 24, y + 9, "name", name) + "\n";
    x += width;
  }
  return y + kLineHeight;
}

std::string SwatchSample(int color, double opacity) {
  return fmt::format("<rect width=\"18\" height=\"10\" class=\"fill c{}\" fill-opacity=\"{:.2f}\"/>", color, opacity);
}

std::string LineSample(int color, int dash) {
  return fmt::format("<line x1=\"0\" y1=\"5\" x2=\"18\" y2=\"5\" class=\"line c{} d{}\"/>", color, dash);
}

std::string DotSample(int color) {
  return fmt::format("<circle cx=\"9\" cy=\"5\" r=\"3.5\" class=\"dot c{}\"/>", color);
}

std::string WrapSvg(const ChartFrame& frame, double height, const std::string& body) {
  return fmt::format(
      "<svg viewBox=\"0 0 {0} {1:.0f}\" width=\"{0}\" height=\"{1:.0f}\" role=\"img\" "
      "xmlns=\"http://www.w3.org/2000/svg\">"
      "<title>{2}</title><desc>{3}</desc>\n{4}</svg>\n",
      frame.width, height, Escape(frame.title), Escape(frame.description), body);
}

std::string EmptySvg(const ChartFrame& frame) {
  return WrapSvg(frame, 60, SvgText(frame.width / 2.0, 34, "middle", "Nothing to show: no finite value."));
}

}  // namespace restock
