#include "forecasting/past_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/distributions.h"
#include "common/parallel.h"
#include "forecasting/score_functions.h"

namespace restock {

PastScores CollectScores(const PathForecaster& forecaster, const DemandHistory& history, int first, int last,
                         int num_steps) {
  constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
  const auto model = forecaster.Start(history, first, 1);
  const Random random = Random(0).Stream("past scores");
  PastScores scores;
  for (int origin = first; origin < last; ++origin) {
    Eigen::MatrixXf& at = scores.emplace_back(Eigen::MatrixXf::Constant(num_steps, history.num_series(), kUnknown));
    const int num_known = std::min(num_steps, history.num_periods() - origin);
    ParallelFor(history.num_series(), 0, [&](int series) {
      RandomStream stream = random.Child(static_cast<uint64_t>(origin)).At(static_cast<uint64_t>(series));
      StepDistributions steps;
      model->Predict(series, num_steps, steps);
      for (int step = 0; step < num_known; ++step) {
        const float demand = history.demand(origin + step, series);
        if (std::isnan(demand) || !history.IsUncensored(origin + step, series)) continue;
        const double below = demand > 0 ? model->Probability(steps, series, 0, step, demand - 1) : 0;
        const double up_to = model->Probability(steps, series, 0, step, demand);
        const double uniform = RandomisedTransform(below, up_to, stream.Uniform());
        at(step, series) = static_cast<float>(NormalQuantile(std::clamp(uniform, 1e-5, 1 - 1e-5)));
      }
    });
    if (origin + 1 < last) model->Observe(history.demand.row(origin));
  }
  return scores;
}

}  // namespace restock
