#include "forecasting/explanation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "common/text.h"
#include "forecasting/forecast_inputs.h"
#ifdef RESTOCK_WITH_TORCH
#include "forecasting/neural/integrated_gradients.h"
#endif

namespace restock {
namespace {

[[maybe_unused]] constexpr double kLargestDifference = 0.01;  // of two computations of one forecast

/// Mean demand of the coming periods, summed, by series.
Eigen::VectorXd Totals(const Forecaster& forecaster, const DemandHistory& history, int num_periods) {
  return forecaster.Predict(history, num_periods).mean.cast<double>().colwise().sum().transpose();
}

int SeriesNamed(const std::string& item, const DemandHistory& history) {
  std::vector<std::string> names;
  for (const Series& series : history.series) names.push_back(series.warehouse + "/" + series.sku);
  const auto found = std::find(names.begin(), names.end(), item);
  if (found == names.end())
    throw DataError(fmt::format("explain.items names {}, which the sales do not have.{}", Quote(item),
                                names.size() < 1000 ? Suggestion(item, names) : ""));
  return static_cast<int>(found - names.begin());
}

/// Those of which the forecast lies furthest from what it would be if all inputs were as usual.
std::vector<int> FurthestFromUsual(const Forecaster& forecaster, const DemandHistory& history, int num_periods,
                                   int count) {
  std::vector<int> all(static_cast<size_t>(history.num_series()));
  std::iota(all.begin(), all.end(), 0);
  const ForecastInputs inputs(history, all);
  const DemandHistory usual = inputs.With(Coalition(inputs.names().size(), false));
  const Eigen::VectorXd distance =
      (Totals(forecaster, history, num_periods) - Totals(forecaster, usual, num_periods)).cwiseAbs();
  std::stable_sort(all.begin(), all.end(), [&](int a, int b) { return distance[a] > distance[b]; });
  all.resize(std::min(all.size(), static_cast<size_t>(count)));
  return all;
}

void SortByContribution(ForecastExplanation& explanation) {
  std::stable_sort(explanation.inputs.begin(), explanation.inputs.end(),
                   [](const auto& a, const auto& b) { return std::abs(a.contribution) > std::abs(b.contribution); });
}

#ifdef RESTOCK_WITH_TORCH
/// What the gradients of a network say of one series. `total`: what the forecaster says of it.
ForecastExplanation ExplainByGradients(const NeuralForecaster& network, const DemandHistory& seen, int series,
                                       int num_periods, double total) {
  const GradientAttribution found = IntegratedGradients(network, seen, series, num_periods);
  if (std::abs(found.value - total) > kLargestDifference * (1 + std::abs(total))) {
    const Series& name = seen.series[static_cast<size_t>(series)];
    throw ConfigError(
        fmt::format("explain.method: integrated_gradients tells what the network says, but the forecast of {} at {} is "
                    "that of like products (forecaster.cold_start). Use shapley.",
                    name.sku, name.warehouse));
  }
  ForecastExplanation explanation{
      .series = series, .forecast = found.value, .baseline = found.baseline, .fidelity = 1, .inputs = {}};
  for (size_t i = 0; i < found.inputs.size(); ++i)
    if (found.contribution[i] != 0) explanation.inputs.push_back({found.inputs[i], found.contribution[i], 0});
  SortByContribution(explanation);
  return explanation;
}
#endif

/// By the gradients of a network, series by series, on the history that it sees.
std::vector<ForecastExplanation> ExplainNetwork(const Forecaster& forecaster,
                                                [[maybe_unused]] const DemandHistory& history,
                                                [[maybe_unused]] int num_periods,
                                                [[maybe_unused]] const std::vector<int>& series) {
#ifdef RESTOCK_WITH_TORCH
  if (const auto* network = dynamic_cast<const NeuralForecaster*>(&forecaster.inner())) {
    const DemandHistory seen = forecaster.AsSeen(history);
    const Eigen::VectorXd totals = Totals(forecaster, history, num_periods);
    std::vector<ForecastExplanation> explanations;
    for (const int column : series)
      explanations.push_back(ExplainByGradients(*network, seen, column, num_periods, totals[column]));
    return explanations;
  }
#endif
  throw ConfigError("explain.method: integrated_gradients is for networks, but the model is " + forecaster.name() +
                    ". Use shapley.");
}

}  // namespace

ExplainConfig ReadExplainConfig(ConfigNode explain) {
  ExplainConfig config;
  explain.ReadChoice<ExplanationMethod>("method", config.method,
                                        {{"none", ExplanationMethod::kNone},
                                         {"shapley", ExplanationMethod::kShapley},
                                         {"lime", ExplanationMethod::kLime},
                                         {"integrated_gradients", ExplanationMethod::kIntegratedGradients}});
  explain.Read("num_items", config.num_items, Between(0, 100));
  explain.Read("items", config.items);
  explain.Read("num_evaluations", config.num_evaluations, Between(2, 100'000));
  explain.ExpectNoMoreKeys();
  return config;
}

std::vector<ForecastExplanation> ExplainForecasts(const ExplainConfig& config, const Forecaster& forecaster,
                                                  const DemandHistory& history, int num_periods, const Random& random) {
  if (config.method == ExplanationMethod::kNone || history.num_series() == 0) return {};
  std::vector<int> series;
  for (const std::string& item : config.items) series.push_back(SeriesNamed(item, history));
  if (config.items.empty()) series = FurthestFromUsual(forecaster, history, num_periods, config.num_items);
  if (series.empty()) return {};

  if (config.method == ExplanationMethod::kIntegratedGradients)
    return ExplainNetwork(forecaster, history, num_periods, series);

  // series do not change each other's forecasts, so that one forecast plays the game of all items
  const ForecastInputs inputs(history, series);
  const auto game = [&](const Coalition& coalition) -> Eigen::VectorXd {
    return Totals(forecaster, inputs.With(coalition), num_periods)(series);
  };
  const auto num_inputs = static_cast<int>(inputs.names().size());
  const Attribution attribution =
      config.method == ExplanationMethod::kShapley
          ? ShapleyValues(game, num_inputs, config.num_evaluations, random.Stream("shapley").At(0))
          : LimeWeights(game, num_inputs, config.num_evaluations, random.Stream("lime").At(0));

  std::vector<ForecastExplanation> explanations;
  for (size_t item = 0; item < series.size(); ++item) {
    const auto output = static_cast<Eigen::Index>(item);
    ForecastExplanation explanation{.series = series[item],
                                    .forecast = attribution.value[output],
                                    .baseline = attribution.baseline[output],
                                    .fidelity = attribution.fidelity[output],
                                    .inputs = {}};
    for (int input = 0; input < num_inputs; ++input)
      explanation.inputs.push_back({inputs.names()[static_cast<size_t>(input)], attribution.contribution(input, output),
                                    attribution.standard_error(input, output)});
    SortByContribution(explanation);
    explanations.push_back(std::move(explanation));
  }
  return explanations;
}

}  // namespace restock
