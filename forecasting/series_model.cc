#include "forecasting/series_model.h"

#include <cmath>
#include <limits>

namespace restock {

Eigen::VectorXd StateAfter(const SeriesModel& model, const Eigen::VectorXd& demand) {
  Eigen::VectorXd state(model.state_size());
  model.Start(state);
  for (const double value : demand) model.Observe(value, state);
  return state;
}

Eigen::VectorXd ForecastAfter(const SeriesModel& model, const Eigen::VectorXd& demand, int num_steps) {
  Eigen::VectorXd mean(num_steps);
  model.Predict(StateAfter(model, demand), mean);
  return mean;
}

double SquaredErrorOf(const SeriesModel& model, const Eigen::VectorXd& demand, Eigen::Index first) {
  Eigen::VectorXd state(model.state_size()), mean(1);
  model.Start(state);
  double sum = 0, count = 0;
  for (Eigen::Index period = 0; period < demand.size(); ++period) {
    if (period >= first && !std::isnan(demand[period])) {
      model.Predict(state, mean);
      sum += (demand[period] - mean[0]) * (demand[period] - mean[0]);
      ++count;
    }
    model.Observe(demand[period], state);
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::infinity();
}

}  // namespace restock
