#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "experiments/html.h"
#include "experiments/report_sections.h"
#include "experiments/report_words.h"
#include "experiments/svg_axis.h"
#include "experiments/svg_chart.h"

namespace restock {

using nlohmann::json;

namespace {

constexpr double kDaysBefore = 28;  // of past demand shown before a fan

/// The metrics that the table shows; smaller is better but for the bias, which should be 0.
struct Metric {
  const char* key;
  const char* label;
  bool is_share;
};
constexpr Metric kMetrics[] = {
    {"weighted_quantile_loss", "Weighted quantile loss", false},
    {"wape", "WAPE", true},
    {"bias", "Bias", true},
    {"mase", "MASE", false},
    {"rmsse", "RMSSE", false},
};

constexpr const char* kCoverageLevels[] = {"0.5", "0.9", "0.975"};

/// The run's model and the best rival in weighted quantile loss, in words.
std::string AccuracyWords(const json& forecast) {
  const std::string model = TextAt(forecast, "model");
  double own = std::numeric_limits<double>::quiet_NaN(), rival = std::numeric_limits<double>::infinity();
  std::string rival_name;
  for (const json& row : ListAt(forecast, "backtest")) {
    const double loss = NumberAt(row, "weighted_quantile_loss");
    if (TextAt(row, "model") == model) {
      own = loss;
    } else if (loss < rival) {
      rival = loss;
      rival_name = TextAt(row, "model");
    }
  }
  if (!std::isfinite(own) || rival_name.empty() || rival <= 0) return "";
  const double gain = (rival - own) / rival;
  return fmt::format(
      "<p>The run's forecaster is {}. Its weighted quantile loss is {} {} than that of the best rival, {}.</p>\n",
      Escape(ModelLabel(model)), Percent(std::abs(gain)), gain >= 0 ? "lower" : "higher",
      Escape(ModelLabel(rival_name)));
}

std::string AccuracyTable(const json& forecast) {
  const json& rows = ListAt(forecast, "backtest");
  if (rows.empty()) return "";

  std::vector<std::string> header = {"Model"};
  for (const Metric& metric : kMetrics) header.push_back(metric.label);
  for (const char* level : kCoverageLevels) header.push_back(fmt::format("Below q{}", level));
  HtmlTable table(header, 1);
  for (const json& row : rows) {
    std::vector<std::string> cells = {ModelLabel(TextAt(row, "model"))};
    for (const Metric& metric : kMetrics) {
      const double value = NumberAt(row, metric.key);
      cells.push_back(metric.is_share ? Percent(value, metric.key == std::string("bias")) : FormatNumber(value));
    }
    for (const char* level : kCoverageLevels) cells.push_back(Percent(NumberAt(ObjectAt(row, "coverage"), level)));
    table.AddRow(cells, TextAt(row, "model") == TextAt(forecast, "model"));
  }
  return AccuracyWords(forecast) +
         table.ToHtml(
             "Accuracy in the rolling-origin backtest, on days with stock; smaller is better, a bias of 0 is best") +
         "<p class=\"soft\">Below q0.9: how often demand lay at or below the forecast's 0.9 quantile; 90 % is best. "
         "Where demand is a few whole units it often equals a quantile, so that shares above the level are natural "
         "there.</p>\n";
}

/// How often demand lay below each quantile, against how often it should.
std::string CalibrationFigure(const json& forecast) {
  XyChart chart;
  HtmlTable table({"Model", "Quantile", "Demand below it"}, 1);
  for (const json& row : ListAt(forecast, "backtest")) {
    Trace trace{
        ModelLabel(TextAt(row, "model")), Mark::kLine, static_cast<int>(chart.traces.size()) % kNumChartColors, {}, {}};
    std::map<double, double> shares;
    for (const auto& [level, share] : ObjectAt(row, "coverage").items()) {
      if (share.is_number()) shares[std::atof(level.c_str())] = share.get<double>();
    }
    for (const auto& [level, share] : shares) {
      trace.x.push_back(100 * level);
      trace.y.push_back(100 * share);
      table.AddRow({trace.name, FormatNumber(level), Percent(share)});
    }
    if (shares.size() > 2) chart.traces.push_back(trace);
  }
  if (chart.traces.empty()) return "";
  chart.traces.push_back({"as it should be", Mark::kLine, 6, {0, 100}, {0, 100}});
  chart.frame.title = "Calibration";
  chart.frame.description =
      "Share of outcomes below each forecast quantile; on the diagonal the forecast is as sure as it should be.";
  chart.frame.x_label = "Quantile of the forecast [%]";
  chart.frame.y_label = "Outcomes below it [%]";
  return Figure(DrawXyChart(chart), "Are the quantiles as sure as they claim?", table.ToHtml("Calibration"), false);
}

/// Demand that is known, from `traces`, between two days.
Trace DemandTrace(const RunFiles& run, const Fan& fan) {
  Trace trace{"Demand", Mark::kDots, 6, {}, {}};
  for (const json& series : ListAt(run.traces, "series")) {
    if (TextAt(series, "warehouse") != fan.warehouse || TextAt(series, "sku") != fan.sku) continue;
    const std::vector<double> days = DatesAt(series, "dates"), demand = NumbersAt(series, "demand");
    for (size_t i = 0; i < std::min(days.size(), demand.size()); ++i) {
      if (!(days[i] > fan.origin - kDaysBefore) || days[i] > fan.day.back()) continue;
      trace.x.push_back(days[i]);
      trace.y.push_back(demand[i]);
    }
  }
  return trace;
}

/// A forecast's quantiles around its median; a level that is missing is NaN.
std::vector<double> QuantileOf(const Fan& fan, float level) {
  const auto found = fan.quantiles.find(level);
  return found != fan.quantiles.end() ? found->second
                                      : std::vector<double>(fan.day.size(), std::numeric_limits<double>::quiet_NaN());
}

std::string FanFigure(const RunFiles& run, const Fan& fan) {
  const RunUnits units = UnitsOf(run);
  XyChart chart;
  chart.x_is_date = true;
  chart.frame.title = fmt::format("Forecast of {} at {}", Shorten(fan.sku, 60), Shorten(fan.warehouse, 60));
  chart.frame.description =
      "The median forecast with the ranges that hold 60 and 95 of 100 outcomes, and the demand that is known.";
  chart.frame.y_label = fmt::format("Demand [{} per {}]", units.unit, units.period);
  chart.bands = {{"95 of 100 outcomes", 0, 0.16, fan.day, QuantileOf(fan, 0.025f), QuantileOf(fan, 0.975f)},
                 {"60 of 100 outcomes", 0, 0.32, fan.day, QuantileOf(fan, 0.2f), QuantileOf(fan, 0.8f)}};
  const Trace demand = DemandTrace(run, fan);
  chart.traces = {{"Median forecast", Mark::kLine, 0, fan.day, QuantileOf(fan, 0.5f)}, demand};
  chart.vertical = Rule{"", fan.origin + 0.5};

  HtmlTable table({"Date", "Demand", "Mean", "q0.025", "Median", "q0.975"}, 1);
  for (size_t i = 0; i < fan.day.size(); ++i) {
    const auto known = std::find(demand.x.begin(), demand.x.end(), fan.day[i]);
    table.AddRow({FormatDay(static_cast<int>(fan.day[i]), true),
                  known == demand.x.end() ? "–" : FormatNumber(demand.y[static_cast<size_t>(known - demand.x.begin())]),
                  FormatNumber(fan.mean[i]), FormatNumber(QuantileOf(fan, 0.025f)[i]),
                  FormatNumber(QuantileOf(fan, 0.5f)[i]), FormatNumber(QuantileOf(fan, 0.975f)[i])});
  }
  return Figure(DrawXyChart(chart),
                fmt::format("{} at {}, forecast made after {}", Shorten(fan.sku, 60), Shorten(fan.warehouse, 60),
                            FormatDay(fan.origin, true)),
                table.ToHtml("Forecast and demand"), false);
}

/// The latest fan of each series, of one model where several were tried.
std::vector<Fan> LatestFans(const std::vector<Fan>& fans, const std::string& model) {
  std::vector<Fan> latest;
  for (const Fan& fan : fans) {
    if (fan.day.empty() || (!fan.model.empty() && fan.model != model)) continue;
    const auto same = std::find_if(latest.begin(), latest.end(), [&](const Fan& other) {
      return other.warehouse == fan.warehouse && other.sku == fan.sku;
    });
    if (same == latest.end()) {
      latest.push_back(fan);
    } else if (fan.origin > same->origin) {
      *same = fan;
    }
  }
  return latest;
}

std::string FanFigures(const RunFiles& run, const std::vector<Fan>& fans, int max_charts, const std::string& title) {
  std::string html;
  for (size_t i = 0; i < fans.size() && static_cast<int>(i) < max_charts; ++i) html += FanFigure(run, fans[i]);
  return html.empty() ? "" : fmt::format("<h3>{}</h3>\n<div class=\"pair\">{}</div>\n", title, html);
}

}  // namespace

std::string ForecastsHtml(const RunFiles& run, int max_charts) {
  const json& forecast = ObjectAt(run.summary, "forecast");
  return AccuracyTable(forecast) + CalibrationFigure(forecast) +
         FanFigures(run, LatestFans(run.backtests, TextAt(forecast, "model")), max_charts,
                    "Past forecasts against what came") +
         FanFigures(run, LatestFans(run.forecasts, ""), max_charts, "The latest forecast");
}

}  // namespace restock
