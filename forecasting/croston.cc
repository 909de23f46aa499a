#include <cmath>
#include <limits>

#include "forecasting/series_models.h"

namespace restock {
namespace {

constexpr double kSmoothingGrid[] = {0.03, 0.05, 0.1, 0.15, 0.2, 0.3};

/// Croston's method for intermittent demand (1972): sizes of demand and intervals between demands are smoothed by
/// themselves, their ratio is the demand per period. It is too high by alpha / 2, which Syntetos & Boylan (2005) take
/// off (SBA). The smoothing factor is the best of a grid by squared error.
class Croston final : public SeriesModel {
 public:
  explicit Croston(bool corrected) : corrected_(corrected) {}

  void Fit(const SeriesData& data) override {
    // sizes and intervals start at their means
    double sum = 0, demands = 0, known = 0;
    for (const double demand : data.demand) {
      if (std::isnan(demand)) continue;
      ++known;
      if (demand <= 0) continue;
      sum += demand;
      ++demands;
    }
    const double size = demands > 0 ? sum / demands : 0;
    const double interval = demands > 0 ? known / demands : 1;
    double best = std::numeric_limits<double>::infinity(), chosen = 0.1;
    for (const double alpha : kSmoothingGrid) {
      parameters_ = {alpha, size, interval};
      const double error = SquaredErrorOf(*this, data.demand, data.demand.size() / 4);
      if (error >= best) continue;
      best = error;
      chosen = alpha;
    }
    parameters_ = {chosen, size, interval};
  }

  // state: size, interval, periods since the last demand
  Eigen::Index state_size() const override { return 3; }
  void Start(State state) const override { state << parameters_[1], parameters_[2], 1; }
  void Observe(double demand, State state) const override {
    if (std::isnan(demand)) return;
    if (demand <= 0) {
      state[2] += 1;
      return;
    }
    const double alpha = parameters_[0];
    state[0] += (state[0] > 0 ? alpha : 1) * (demand - state[0]);
    state[1] += alpha * (state[2] - state[1]);
    state[2] = 1;
  }
  void Predict(const ConstState& state, Mean mean) const override {
    const double ratio = state[0] / state[1];
    mean.setConstant(corrected_ ? (1 - parameters_[0] / 2) * ratio : ratio);
  }

 private:
  bool corrected_;
};

}  // namespace

std::unique_ptr<SeriesModel> MakeCroston() { return std::make_unique<Croston>(false); }
std::unique_ptr<SeriesModel> MakeSba() { return std::make_unique<Croston>(true); }

}  // namespace restock
