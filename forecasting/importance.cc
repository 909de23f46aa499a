#include "forecasting/importance.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "forecasting/backtest.h"
#include "forecasting/forecast_metrics.h"

namespace restock {
namespace {

/// Deals the known values of a table out anew.
void Shuffle(Eigen::MatrixXf& values, RandomStream stream) {
  std::vector<float*> known;
  for (float& value : values.reshaped()) {
    if (!std::isnan(value)) known.push_back(&value);
  }
  for (size_t i = known.size(); i > 1; --i) {
    std::swap(*known[i - 1], *known[static_cast<size_t>(stream.UniformInt(static_cast<int>(i)))]);
  }
}

void Hide(DemandHistory& past, int num_periods) {
  const auto hidden = std::min(num_periods, past.num_periods());
  past.demand.bottomRows(hidden).setConstant(std::numeric_limits<float>::quiet_NaN());
  past.sales.bottomRows(hidden).setConstant(std::numeric_limits<float>::quiet_NaN());
}

}  // namespace

std::vector<InputImportance> PermutationImportance(const Forecaster& forecaster, const DemandHistory& history,
                                                   int num_periods, const Random& random, int num_repetitions) {
  const int origin = history.num_periods() - num_periods;
  const DemandHistory past = history.Until(origin);
  const Eigen::MatrixXf actual = UncensoredSales(history, origin, num_periods);
  const auto loss_of = [&](const DemandHistory& changed) {
    ForecastScorer scorer;
    scorer.Add(forecaster.Predict(changed, num_periods), actual, past.demand, history.calendar.season());
    return scorer.Scores().weighted_quantile_loss;
  };
  const double loss = loss_of(past);
  if (!(loss > 0) || !std::isfinite(loss)) return {};

  std::vector<InputImportance> all;
  const auto add = [&](const std::string& input, int repetitions,
                       const std::function<void(DemandHistory&, RandomStream)>& change) {
    double sum = 0;
    for (int i = 0; i < repetitions; ++i) {
      DemandHistory changed = past;
      change(changed, random.Stream(input).At(static_cast<uint64_t>(i)));
      sum += loss_of(changed);
    }
    all.push_back({input, sum / repetitions / loss - 1});
  };
  for (size_t i = 0; i < past.covariates.size(); ++i) {
    add(past.covariates[i].name, num_repetitions,
        [i](DemandHistory& changed, RandomStream stream) { Shuffle(changed.covariates[i].values, stream); });
  }
  const auto& holidays = past.calendar.holiday;
  if (std::find(holidays.begin(), holidays.end(), true) != holidays.end()) {
    add("holidays", 1, [](DemandHistory& changed, RandomStream) {
      changed.calendar.holiday.assign(changed.calendar.holiday.size(), false);
    });
  }
  for (const int hidden : {7, 28}) {
    if (hidden >= origin) continue;
    add(fmt::format("demand of the last {} periods", hidden), 1,
        [hidden](DemandHistory& changed, RandomStream) { Hide(changed, hidden); });
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const InputImportance& a, const InputImportance& b) { return a.increase > b.increase; });
  return all;
}

}  // namespace restock
