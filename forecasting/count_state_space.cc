#include <algorithm>
#include <cmath>
#include <vector>

#include "forecasting/known_values.h"
#include "forecasting/nelder_mead.h"
#include "forecasting/seasonal_profile.h"
#include "forecasting/series_models.h"

namespace restock {
namespace {

constexpr double kPriorPeriods = 4;  // of usual demand that a phase of the season is drawn towards the mean by
constexpr double kLeastMean = 1e-3;  // of the likelihood, relative to the mean demand
constexpr Eigen::Index kFewestKnown = 8;

double Logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// Negative-binomial state space of counts (Snyder, Ord & Beaumont 2012, "Forecasting the intermittent demand for
/// slow-moving inventories", the damped dynamic model; the heart of de Rezende, Egert, Marin & Thompson 2021, sixth in
/// the M5 competition and first at its finest level): the mean m of the period's negative binomial moves by
///
///   m' = (1 - phi - alpha) m0 + phi m + alpha y / s,      demand y ~ NB(s m, r),   s: factor of the season's phase
///
/// phi, alpha and r by maximum likelihood; m0 is the mean demand. It forgets shocks, since phi + alpha is below 1.
class CountStateSpace final : public SeriesModel {
 public:
  void Fit(const SeriesData& data) override {
    const double mean = MeanOfKnown(data.demand);
    parameters_ = {mean, 0.7, 0.1};
    const std::vector<double> profile = SeasonOf(data, mean);
    parameters_.insert(parameters_.end(), profile.begin(), profile.end());
    if (NumKnown(data.demand) < kFewestKnown || !(mean > 0)) return;

    // shares of phi + alpha and of alpha in it, and log r, as free numbers
    const auto loss = [&](const Eigen::VectorXd& free) {
      SetRates(free);
      return -LogLikelihood(data.demand, std::exp(std::clamp(free[2], -6.0, 10.0)));
    };
    SetRates(NelderMead(loss, Eigen::Vector3d(1.5, -2, 0), Eigen::Vector3d(1, 1, 1), {.num_evaluations = 150}));
  }

  // state: mean without the season, phase
  Eigen::Index state_size() const override { return 2; }
  void Start(State state) const override {
    state[0] = parameters_[0];
    state[1] = 0;
  }
  void Observe(double demand, State state) const override {
    const double factor = Factor(state[1]);
    // a phase without sales, or an unknown period, tells nothing: the mean only falls back
    const double seen = std::isnan(demand) || !(factor > 0) ? state[0] : demand / factor;
    state[0] = (1 - phi() - alpha()) * parameters_[0] + phi() * state[0] + alpha() * seen;
    state[1] = NextPhase(state[1]);
  }
  void Predict(const ConstState& state, Mean mean) const override {
    double level = state[0], phase = state[1];
    for (double& expected : mean) {
      expected = level * Factor(phase);
      // its own forecast is what is expected to be seen
      level = parameters_[0] + (phi() + alpha()) * (level - parameters_[0]);
      phase = NextPhase(phase);
    }
  }

 private:
  // parameters: m0, phi, alpha, factors of the season
  double phi() const { return parameters_[1]; }
  double alpha() const { return parameters_[2]; }
  size_t season() const { return parameters_.size() - 3; }
  double Factor(double phase) const { return parameters_[3 + static_cast<size_t>(phase)]; }
  double NextPhase(double phase) const { return phase + 1 < static_cast<double>(season()) ? phase + 1 : 0; }

  void SetRates(const Eigen::VectorXd& free) {
    const double persistence = std::min(0.995, Logistic(free[0])), share = Logistic(free[1]);
    parameters_[1] = persistence * (1 - share);
    parameters_[2] = persistence * share;
  }

  static std::vector<double> SeasonOf(const SeriesData& data, double mean) {
    if (!IsSeasonal(data.demand, data.season) || !(mean > 0)) return {1};
    const auto num_phases = static_cast<size_t>(data.season);
    std::vector<double> sum(num_phases, kPriorPeriods * mean), count(num_phases, kPriorPeriods);
    for (Eigen::Index period = 0; period < data.demand.size(); ++period) {
      if (std::isnan(data.demand[period])) continue;
      sum[static_cast<size_t>(period) % num_phases] += data.demand[period];
      ++count[static_cast<size_t>(period) % num_phases];
    }
    for (size_t phase = 0; phase < num_phases; ++phase) sum[phase] /= count[phase] * mean;
    return sum;
  }

  /// Up to what does not depend on the parameters.
  double LogLikelihood(const Eigen::VectorXd& demand, double r) const {
    Eigen::VectorXd state(2);
    Start(state);
    double sum = 0;
    for (const double value : demand) {
      if (!std::isnan(value)) {
        const double y = std::max(0.0, value);
        const double mean = std::max(state[0] * Factor(state[1]), kLeastMean * parameters_[0]);
        sum += std::lgamma(y + r) - std::lgamma(r) + r * std::log(r / (r + mean)) + y * std::log(mean / (r + mean));
      }
      Observe(value, state);
    }
    return sum;
  }
};

}  // namespace

std::unique_ptr<SeriesModel> MakeCountStateSpace() { return std::make_unique<CountStateSpace>(); }

}  // namespace restock
