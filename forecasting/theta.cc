#include <algorithm>
#include <cmath>

#include <boost/math/tools/minima.hpp>

#include "forecasting/known_values.h"
#include "forecasting/seasonal_profile.h"
#include "forecasting/series_models.h"

namespace restock {
namespace {

/// The theta method, best of the M3 competition (Assimakopoulos & Nikolopoulos 2000) in the form of Hyndman & Billah
/// (2003): simple exponential smoothing with half the slope of a straight line as drift, on demand without its season
/// where it has one.
class Theta final : public SeriesModel {
 public:
  void Fit(const SeriesData& data) override {
    // take out the season, times or plus
    const bool is_seasonal = IsSeasonal(data.demand, data.season);
    const SeasonKind kind = !is_seasonal              ? SeasonKind::kNone
                            : IsPositive(data.demand) ? SeasonKind::kMultiplicative
                                                      : SeasonKind::kAdditive;
    const Eigen::VectorXd profile = SeasonalProfile(data.demand, is_seasonal ? data.season : 1, kind);
    parameters_ = {static_cast<double>(kind), 0.5, 0, data.demand[0]};
    parameters_.insert(parameters_.end(), profile.begin(), profile.end());
    Eigen::VectorXd level = data.demand;
    for (Eigen::Index period = 0; period < level.size(); ++period)
      level[period] = WithoutSeason(level[period], period % num_phases());

    // the smoothing factor with the least squared error, and the slope of a line through all
    parameters_[3] = level[0];
    parameters_[1] = boost::math::tools::brent_find_minima([&](double alpha) { return SquaredErrors(level, alpha); },
                                                           1e-4, 0.9999, 12)
                         .first;
    parameters_[2] = HalfSlope(level);
  }

  // state: periods so far (at most so many that the first one no longer counts), phase, level
  Eigen::Index state_size() const override { return 3; }
  void Start(State state) const override {
    state[0] = 0;
    state[1] = 0;
    state[2] = parameters_[3];
  }
  void Observe(double demand, State state) const override {
    const double value = WithoutSeason(demand, static_cast<Eigen::Index>(state[1]));
    if (!std::isnan(value)) state[2] += alpha() * (value - state[2]);
    state[0] += 1;
    if (++state[1] == static_cast<double>(num_phases())) state[1] = 0;
  }
  void Predict(const ConstState& state, Mean mean) const override {
    // drift also makes up for the lag of the level behind the line
    const double lag = (1 - std::pow(1 - alpha(), state[0])) / alpha();
    auto phase = static_cast<Eigen::Index>(state[1]);
    for (Eigen::Index step = 0; step < mean.size(); ++step) {
      const double level = state[2] + drift() * (static_cast<double>(step) + lag);
      mean[step] = kind() == SeasonKind::kMultiplicative ? level * profile(phase) : level + profile(phase);
      if (++phase == num_phases()) phase = 0;
    }
  }

 private:
  // parameters: kind of season, smoothing factor, drift, first level, seasonal indices
  SeasonKind kind() const { return static_cast<SeasonKind>(static_cast<int>(parameters_[0])); }
  double alpha() const { return parameters_[1]; }
  double drift() const { return parameters_[2]; }
  Eigen::Index num_phases() const { return static_cast<Eigen::Index>(parameters_.size()) - 4; }
  double profile(Eigen::Index phase) const { return parameters_[static_cast<size_t>(4 + phase)]; }

  double WithoutSeason(double demand, Eigen::Index phase) const {
    return kind() == SeasonKind::kMultiplicative ? demand / profile(phase) : demand - profile(phase);
  }

  static double SquaredErrors(const Eigen::VectorXd& level, double alpha) {
    double smoothed = level[0], squares = 0;
    for (const double value : level) {
      if (std::isnan(value)) continue;
      const double error = value - smoothed;
      squares += error * error;
      smoothed += alpha * error;
    }
    return squares;
  }

  static double HalfSlope(const Eigen::VectorXd& level) {
    const double mean = MeanOfKnown(level);
    double time_mean = 0, products = 0, squares = 0;
    for (Eigen::Index t = 0; t < level.size(); ++t) time_mean += std::isnan(level[t]) ? 0 : static_cast<double>(t);
    time_mean /= static_cast<double>(std::max<Eigen::Index>(1, NumKnown(level)));
    for (Eigen::Index t = 0; t < level.size(); ++t) {
      if (std::isnan(level[t])) continue;
      const double time = static_cast<double>(t) - time_mean;
      products += time * (level[t] - mean);
      squares += time * time;
    }
    return squares > 0 ? products / squares / 2 : 0;
  }
};

}  // namespace

std::unique_ptr<SeriesModel> MakeTheta() { return std::make_unique<Theta>(); }

}  // namespace restock
