#include "forecasting/automatic_choice.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "common/parallel.h"
#include "forecasting/score_functions.h"
#include "forecasting/series_models.h"

namespace restock {
namespace {

constexpr int kOrigins = 2;              // horizons held back
constexpr int kMostSeriesOfClass = 200;  // evenly spread, are enough to tell which model is best
constexpr Eigen::Index kShortestPast = 8;

/// Mean RMSSE of a model over the held-back horizons of one series; NaN where the series is too short or constant.
double BacktestScore(const std::string& name, const SeriesData& data, int horizon) {
  double sum = 0, count = 0;
  for (int back = 1; back <= kOrigins; ++back) {
    const Eigen::Index size = data.demand.size() - back * horizon;
    if (size < kShortestPast) break;
    const Eigen::VectorXd past = data.demand.head(size), actual = data.demand.segment(size, horizon);
    const auto model = MakeSeriesModel(name);
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
                                                     const std::vector<SeriesData>& all, int horizon) {
  std::vector<std::pair<std::string, double>> means;
  for (const std::string& candidate : candidates) {
    std::vector<double> scores(all.size());
    ParallelFor(static_cast<int>(all.size()), 0, [&](int i) {
      scores[static_cast<size_t>(i)] = BacktestScore(candidate, all[static_cast<size_t>(i)], horizon);
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
  const auto num_series = static_cast<size_t>(history.num_series());
  std::vector<DemandClass> classes(num_series);
  std::vector<std::string> names(num_series);
  for (const DemandClass demand_class : kDemandClasses) {
    std::vector<size_t> members;
    for (size_t series = 0; series < num_series; ++series) {
      int first = 0;
      classes[series] = PatternOf(SeriesOf(history, static_cast<int>(series), first).demand).demand_class();
      if (classes[series] == demand_class) members.push_back(series);
    }
    if (members.empty()) continue;

    // judge on some of them
    std::vector<SeriesData> judged;
    const size_t stride = 1 + (members.size() - 1) / kMostSeriesOfClass;
    for (size_t i = 0; i < members.size(); i += stride) {
      int first = 0;
      judged.push_back(SeriesOf(history, static_cast<int>(members[i]), first));
    }
    ClassChoice choice{.demand_class = demand_class,
                       .num_series = static_cast<int>(members.size()),
                       .num_judged = static_cast<int>(judged.size()),
                       .model = {},
                       .scores = ScoresOf(CandidatesFor(demand_class), judged, horizon())};
    choice.model = BestOf(choice.scores);
    for (const size_t series : members) names[series] = choice.model;
    choices_.push_back(std::move(choice));
  }
  return names;
}

}  // namespace restock
