#include "forecasting/automatic_choice.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "common/parallel.h"
#include "forecasting/score_functions.h"
#include "forecasting/series_models.h"
#include "forecasting/transformed_model.h"

namespace restock {
namespace {

constexpr int kOrigins = 2;              // horizons held back
constexpr int kMostSeriesOfClass = 200;  // evenly spread, are enough to tell which model is best
constexpr Eigen::Index kShortestPast = 8;

/// Mean RMSSE of a model over the held-back horizons of one series; NaN where the series is too short or constant.
double BacktestScore(const std::string& name, TransformKind transform, const SeriesData& data, int horizon) {
  double sum = 0, count = 0;
  for (int back = 1; back <= kOrigins; ++back) {
    const Eigen::Index size = data.demand.size() - back * horizon;
    if (size < kShortestPast) break;
    const Eigen::VectorXd past = data.demand.head(size), actual = data.demand.segment(size, horizon);
    const auto model = MakeTransformedModel(MakeSeriesModel(name), transform);
    model->Fit({past, data.season});
    const Eigen::VectorXd forecast = ForecastAfter(*model, past, horizon).cwiseMax(0);
    const double score = RootSquaredScaledError(actual, forecast, past);
    if (std::isnan(score)) continue;
    sum += score;
    ++count;
  }
  return sum / count;
}

/// Mean score of each candidate; NaN where nothing could be told.
std::vector<std::pair<std::string, double>> ScoresOf(const std::vector<std::string>& candidates,
                                                     TransformKind transform, const std::vector<SeriesData>& all,
                                                     int horizon) {
  std::vector<std::pair<std::string, double>> means;
  for (const std::string& candidate : candidates) {
    std::vector<double> scores(all.size());
    ParallelFor(static_cast<int>(all.size()), 0, [&](int i) {
      scores[static_cast<size_t>(i)] = BacktestScore(candidate, transform, all[static_cast<size_t>(i)], horizon);
    });
    double sum = 0, count = 0;
    for (const double score : scores) {
      if (std::isnan(score)) continue;
      sum += score;
      ++count;
    }
    means.emplace_back(candidate, sum / count);
  }
  return means;
}

/// The one with the least score; the first where none can be told apart.
std::string BestOf(const std::vector<std::pair<std::string, double>>& scores) {
  std::string best = scores.front().first;
  double least = std::numeric_limits<double>::infinity();
  for (const auto& [candidate, score] : scores) {
    if (!(score < least)) continue;
    least = score;
    best = candidate;
  }
  return best;
}

}  // namespace

std::vector<std::string> CandidatesFor(DemandClass demand_class) {
  if (demand_class == DemandClass::kSmooth || demand_class == DemandClass::kErratic)
    return {"simple_smoothing", "holt_winters", "ets", "theta", "arima", "ensemble", "stacking"};
  return {"simple_smoothing", "moving_average", "sba", "tsb", "adida", "theta", "count_state_space"};
}

std::vector<std::string> AutomaticChoice::ChooseModels(const DemandHistory& history) {
  choices_.clear();
  std::map<DemandClass, std::vector<int>> members;
  int first = 0;
  for (int series = 0; series < history.num_series(); ++series)
    members[PatternOf(SeriesOf(history, series, first).demand).demand_class()].push_back(series);

  std::vector<std::string> names(static_cast<size_t>(history.num_series()));
  for (const DemandClass demand_class : kDemandClasses) {
    const std::vector<int>& of_class = members[demand_class];
    if (of_class.empty()) continue;

    // judge on some of them
    std::vector<SeriesData> judged;
    const size_t stride = 1 + (of_class.size() - 1) / kMostSeriesOfClass;
    for (size_t i = 0; i < of_class.size(); i += stride) judged.push_back(SeriesOf(history, of_class[i], first));
    ClassChoice choice{.demand_class = demand_class,
                       .num_series = static_cast<int>(of_class.size()),
                       .num_judged = static_cast<int>(judged.size()),
                       .model = {},
                       .scores = ScoresOf(CandidatesFor(demand_class), transform(), judged, horizon())};
    choice.model = BestOf(choice.scores);
    for (const int series : of_class) names[static_cast<size_t>(series)] = choice.model;
    choices_.push_back(std::move(choice));
  }
  return names;
}

void AutomaticChoice::AddReasons(SectionFileWriter& file) const {
  std::string text;
  for (const ClassChoice& choice : choices_) {
    text += fmt::format("{} {} {} {}", static_cast<int>(choice.demand_class), choice.num_series, choice.num_judged,
                        choice.model);
    for (const auto& [model, score] : choice.scores) text += fmt::format(" {} {:.17g}", model, score);
    text += '\n';
  }
  file.Add("choices", text);
}

void AutomaticChoice::LoadReasons(const SectionFileReader& file) {
  choices_.clear();
  std::istringstream lines(file.Get("choices"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    ClassChoice choice;
    int demand_class = 0;
    words >> demand_class >> choice.num_series >> choice.num_judged >> choice.model;
    choice.demand_class = static_cast<DemandClass>(demand_class);
    for (std::string model, score; words >> model >> score;) choice.scores.emplace_back(model, std::stod(score));
    choices_.push_back(std::move(choice));
  }
}

}  // namespace restock
