#include <cmath>
#include <limits>

#include "forecasting/known_values.h"
#include "forecasting/seasonal_profile.h"
#include "forecasting/series_models.h"

namespace restock {
namespace {

constexpr double kSmoothingGrid[] = {0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5};

/// Aggregate, smooth, disaggregate (Nikolopoulos, Syntetos, Boylan, Petropoulos & Assimakopoulos 2011): demand is
/// summed over buckets as long as the mean interval between demands, the sums are smoothed, and each period gets its
/// share. Buckets end with the data; the first, which is not full, is left out.
class Adida final : public SeriesModel {
 public:
  void Fit(const SeriesData& data) override {
    const double demands = static_cast<double>((data.demand.array() > 0).count());
    const double known = static_cast<double>(NumKnown(data.demand));
    const double bucket = demands > 0 ? std::round(known / demands) : 1;
    const double first = std::fmod(static_cast<double>(data.demand.size()), bucket);
    const double mean = MeanOfKnown(data.demand);
    double best = std::numeric_limits<double>::infinity(), chosen = 0.1;
    for (const double alpha : kSmoothingGrid) {
      parameters_ = {alpha, bucket, first, mean};
      const double error = SquaredErrorOf(*this, data.demand, data.demand.size() / 4);
      if (error >= best) continue;
      best = error;
      chosen = alpha;
    }
    parameters_ = {chosen, bucket, first, mean};
  }

  // state: periods so far in the bucket, how many of them are known, their sum, and the smoothed demand per period
  Eigen::Index state_size() const override { return 4; }
  void Start(State state) const override { state << -parameters_[2], 0, 0, parameters_[3]; }
  void Observe(double demand, State state) const override {
    state[0] += 1;
    if (state[0] <= 0) return;
    if (!std::isnan(demand)) {
      state[1] += 1;
      state[2] += demand;
    }
    if (state[0] < parameters_[1]) return;
    if (state[1] > 0) state[3] += parameters_[0] * (state[2] / state[1] - state[3]);
    state.head(3).setZero();
  }
  void Predict(const ConstState& state, Mean mean) const override { mean.setConstant(state[3]); }
};

}  // namespace

std::unique_ptr<SeriesModel> MakeAdida() { return std::make_unique<Adida>(); }

}  // namespace restock
