#include <cmath>

#include <fmt/format.h>

#include "experiments/stages.h"
#include "forecasting/automatic_choice.h"
#include "forecasting/drift.h"
#include "forecasting/explanation.h"
#include "forecasting/importance.h"
#include "forecasting/retraining.h"

namespace restock {
namespace {

nlohmann::ordered_json ScoresJson(const std::string& model, const ForecastScores& scores) {
  nlohmann::ordered_json json = {{"model", model},
                                 {"count", scores.count},
                                 {"wape", scores.wape},
                                 {"bias", scores.bias},
                                 {"mase", scores.mase},
                                 {"rmsse", scores.rmsse},
                                 {"weighted_quantile_loss", scores.weighted_quantile_loss}};
  for (size_t i = 0; i < scores.coverage.size(); ++i) {
    json["coverage"][fmt::format("{}", kForecastLevels[i])] = scores.coverage[i];
  }
  return json;
}

// What moved the forecasts of a few items, in the units of the data.
nlohmann::ordered_json ExplanationsJson(const ExperimentConfig& config, const Forecaster& forecaster,
                                        const DemandHistory& past, const Random& random) {
  auto items = nlohmann::ordered_json::array();
  const double unit = past.unit_size;
  for (const ForecastExplanation& explanation :
       ExplainForecasts(config.explain, forecaster, past, config.forecast_horizon, random)) {
    const Series& series = past.series[static_cast<size_t>(explanation.series)];
    nlohmann::ordered_json item = {{"warehouse", series.warehouse},
                                   {"sku", series.sku},
                                   {"forecast", unit * explanation.forecast},
                                   {"baseline", unit * explanation.baseline},
                                   {"fidelity", explanation.fidelity}};
    for (const InputContribution& input : explanation.inputs)
      item["inputs"].push_back({{"input", input.input},
                                {"contribution", unit * input.contribution},
                                {"standard_error", unit * input.standard_error}});
    items.push_back(std::move(item));
  }
  if (items.empty()) return nullptr;
  const char* method = config.explain.method == ExplanationMethod::kLime      ? "lime"
                       : config.explain.method == ExplanationMethod::kShapley ? "shapley"
                                                                              : "integrated_gradients";
  return {{"method", method}, {"num_periods", config.forecast_horizon}, {"items", items}};
}

// What walking forward over the past found; interval and gain relative to the loss of the first model.
nlohmann::ordered_json RetrainingJson(const ExperimentConfig& config, const DemandHistory& past, const Random& random) {
  const WalkForwardResult walk = WalkForward(config.retrain, config.forecaster, config.backtest.horizon, past, random);
  const auto date = [&](int num_periods) { return past.calendar.DateOf(num_periods - 1).ToString(); };
  const double scale = walk.gain.relative != 0 ? walk.gain.relative / walk.gain.mean : 0;
  nlohmann::ordered_json json = {
      {"relative", walk.gain.relative},           {"low", scale * walk.gain.low},
      {"high", scale * walk.gain.high},           {"confidence", config.retrain.confidence},
      {"tries", nlohmann::ordered_json::array()}, {"steps", nlohmann::ordered_json::array()}};
  for (const RetrainTry& one : walk.tries)
    json["tries"].push_back({{"date", date(one.period)},
                             {"reason", one.reason},
                             {"relative", one.comparison.relative},
                             {"chance", one.comparison.chance},
                             {"replaced", one.replaced}});
  for (const WalkStep& step : walk.steps)
    json["steps"].push_back({{"origin", date(step.origin)},
                             {"fitted_until", date(step.fitted_on)},
                             {"loss", step.loss},
                             {"loss_of_first", step.loss_of_first}});
  return json;
}

// Which model the automatic choice took for each class of demand, and the scores that told.
nlohmann::ordered_json ChoicesJson(const AutomaticChoice& automatic) {
  auto json = nlohmann::ordered_json::array();
  for (const ClassChoice& choice : automatic.choices()) {
    nlohmann::ordered_json row = {{"class", NameOf(choice.demand_class)},
                                  {"num_series", choice.num_series},
                                  {"num_judged", choice.num_judged},
                                  {"model", choice.model}};
    for (const auto& [model, score] : choice.scores) row["scores"].push_back({{"model", model}, {"rmsse", score}});
    json.push_back(std::move(row));
  }
  return json;
}

}  // namespace

std::unique_ptr<Forecaster> FitForecaster(const ExperimentConfig& config, const DemandHistory& past,
                                          const Random& random, const std::filesystem::path& file) {
  auto forecaster = MakeForecaster(config.forecaster, random.Stream("forecaster"));
  const std::filesystem::path checkpoint = file.string() + ".checkpoint";  // where an interrupted fit goes on
  if (std::filesystem::exists(file)) {
    forecaster->Load(file);
  } else {
    forecaster->FitResumable(past, checkpoint);
    forecaster->Save(file);
  }
  std::filesystem::remove(checkpoint);
  return forecaster;
}

nlohmann::ordered_json WriteForecasts(const ExperimentConfig& config, const Forecaster& forecaster,
                                      const DemandSplit& demand, const Random& random, const RunDirectory& run) {
  const DemandHistory& past = demand.past;
  const Forecast forecast = forecaster.Predict(past, config.forecast_horizon);
  WriteForecastFile(forecast, past, run.forecast());
  nlohmann::ordered_json summary = {
      {"model", forecaster.name()}, {"held_out", nullptr}, {"backtest", nlohmann::ordered_json::array()}};
  if (demand.full.num_periods() >= past.num_periods() + forecast.num_periods) {
    ForecastScorer scorer;
    const Eigen::MatrixXf actual = UncensoredSales(demand.full, past.num_periods(), forecast.num_periods);
    scorer.Add(forecast, actual, past.demand, past.calendar.season());
    summary["held_out"] = ScoresJson(forecaster.name(), scorer.Scores());
  }
  if (const auto* automatic = dynamic_cast<const AutomaticChoice*>(&forecaster.inner()); automatic != nullptr)
    summary["choices"] = ChoicesJson(*automatic);
  if (auto explanations = ExplanationsJson(config, forecaster, past, random.Stream("explanations"));
      !explanations.is_null())
    summary["explanations"] = std::move(explanations);
  if (config.retrain.on != RetrainOn::kNever)
    summary["retraining"] = RetrainingJson(config, past, random.Stream("retraining"));
  if (config.backtest.num_origins == 0) return summary;

  const auto results = RunBacktest(config.backtest, config.forecaster, past, random.Stream("backtest"));
  WriteBacktestFile({results.front()}, past, run.backtest());
  for (const BacktestResult& result : results) summary["backtest"].push_back(ScoresJson(result.model, result.scores));
  for (const DriftCheck& check : FindDrift(past, results.front())) {
    summary["drift"].push_back({{"kind", check.kind},
                                {"name", check.name},
                                {"value", check.value},
                                {"limit", check.limit},
                                {"alarm", check.alarm}});
  }
  const Random shuffle = random.Stream("importance");
  for (const InputImportance& input : PermutationImportance(forecaster, past, config.backtest.horizon, shuffle))
    summary["importance"].push_back({{"input", input.input}, {"increase", input.increase}});
  return summary;
}

}  // namespace restock
