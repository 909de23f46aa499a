#include <cmath>
#include <limits>

#include "forecasting/series_models.h"

namespace restock {
namespace {

/// Mean of the last periods whose demand is known. The window is the best of whole seasons (without a season: of a few
/// lengths) by squared error one period ahead.
class MovingAverage final : public SeriesModel {
 public:
  void Fit(const SeriesData& data) override {
    const double season = data.season > 1 ? data.season : 4;
    double best = std::numeric_limits<double>::infinity();
    double chosen = season;
    for (const double seasons : {1, 2, 4, 8}) {
      const auto window = static_cast<Eigen::Index>(seasons * season);
      if (2 * window > data.demand.size()) break;
      parameters_ = {static_cast<double>(window), data.demand[0]};
      const double error = SquaredErrorOf(*this, data.demand, data.demand.size() / 2);
      if (error >= best) continue;
      best = error;
      chosen = static_cast<double>(window);
    }
    parameters_ = {chosen, data.demand[0]};
  }

  // state: how many are known, their sum over the window, and a ring of the last ones
  Eigen::Index state_size() const override { return 2 + window(); }
  void Start(State state) const override { state.setZero(); }
  void Observe(double demand, State state) const override {
    if (std::isnan(demand)) return;
    double& place = state[2 + static_cast<Eigen::Index>(state[0]) % window()];
    place = demand;
    state[0] += 1;
    state[1] = state.tail(window()).sum();
  }
  void Predict(const ConstState& state, Mean mean) const override {
    const double known = std::min(state[0], static_cast<double>(window()));
    mean.setConstant(known > 0 ? state[1] / known : parameters_[1]);
  }

 private:
  Eigen::Index window() const { return static_cast<Eigen::Index>(parameters_[0]); }
};

}  // namespace

std::unique_ptr<SeriesModel> MakeMovingAverage() { return std::make_unique<MovingAverage>(); }

}  // namespace restock
