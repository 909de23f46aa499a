#include <cmath>
#include <limits>

#include "forecasting/series_models.h"

namespace restock {
namespace {

constexpr double kSizeGrid[] = {0.05, 0.1, 0.2};
constexpr double kProbabilityGrid[] = {0.02, 0.05, 0.1, 0.2, 0.3};

/// Teunter, Syntetos & Babai (2011): smooths the size of demands and, in every period, the probability that there is
/// one; so the forecast of a product that nobody buys any more goes to zero, which Croston's does not. Both smoothing
/// factors are the best of a grid by squared error.
class Tsb final : public SeriesModel {
 public:
  void Fit(const SeriesData& data) override {
    double sum = 0, demands = 0, known = 0;
    for (const double demand : data.demand) {
      if (std::isnan(demand)) continue;
      ++known;
      if (demand <= 0) continue;
      sum += demand;
      ++demands;
    }
    const double size = demands > 0 ? sum / demands : 0;
    double best = std::numeric_limits<double>::infinity();
    std::vector<double> chosen = {0.1, 0.1, size, demands / known};
    for (const double of_size : kSizeGrid) {
      for (const double of_probability : kProbabilityGrid) {
        parameters_ = {of_size, of_probability, size, demands / known};
        const double error = SquaredErrorOf(*this, data.demand, data.demand.size() / 4);
        if (error >= best) continue;
        best = error;
        chosen = parameters_;
      }
    }
    parameters_ = chosen;
  }

  // state: size, probability
  Eigen::Index state_size() const override { return 2; }
  void Start(State state) const override { state << parameters_[2], parameters_[3]; }
  void Observe(double demand, State state) const override {
    if (std::isnan(demand)) return;
    state[1] += parameters_[1] * ((demand > 0 ? 1 : 0) - state[1]);
    if (demand > 0) state[0] += (state[0] > 0 ? parameters_[0] : 1) * (demand - state[0]);
  }
  void Predict(const ConstState& state, Mean mean) const override { mean.setConstant(state[0] * state[1]); }
};

}  // namespace

std::unique_ptr<SeriesModel> MakeTsb() { return std::make_unique<Tsb>(); }

}  // namespace restock
