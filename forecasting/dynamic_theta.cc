#include <algorithm>
#include <cmath>

#include "forecasting/nelder_mead.h"
#include "forecasting/seasonal_profile.h"
#include "forecasting/series_models.h"

namespace restock {
namespace {

/// Level, and the straight line through all demand so far, which is renewed in every period.
struct Lines {
  double periods = 0;               // t
  double level = 0;                 // l
  double mean = 0;                  // of demand so far
  double intercept = 0, slope = 0;  // A, B
};

/// The dynamic optimised theta model (Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler 2016, equations 12 to 17):
/// the theta method in state space, its line moving with the data, with smoothing factor, theta and first level chosen
/// by squared error one period ahead. On demand without its season where it has one.
class DynamicTheta final : public SeriesModel {
 public:
  void Fit(const SeriesData& data) override {
    const bool is_seasonal = IsSeasonal(data.demand, data.season);
    const SeasonKind kind = !is_seasonal              ? SeasonKind::kNone
                            : IsPositive(data.demand) ? SeasonKind::kMultiplicative
                                                      : SeasonKind::kAdditive;
    const Eigen::VectorXd profile = SeasonalProfile(data.demand, is_seasonal ? data.season : 1, kind);
    parameters_ = {static_cast<double>(kind), 0.5, 2, 0, 0};
    parameters_.insert(parameters_.end(), profile.begin(), profile.end());
    Eigen::VectorXd adjusted = data.demand;
    for (Eigen::Index period = 0; period < adjusted.size(); ++period)
      adjusted[period] = WithoutSeason(adjusted[period], period % num_phases());

    parameters_[4] = adjusted[0];

    // variables: logit of alpha, log of theta - 1, first level in its own size
    const double size = std::abs(adjusted[0]) + 1e-3;
    const auto read = [&](const Eigen::VectorXd& values) {
      parameters_[1] = 1e-3 + 0.998 / (1 + std::exp(-values[0]));
      parameters_[2] = 1 + std::exp(std::clamp(values[1], -6.0, 4.0));
      parameters_[3] = adjusted[0] / parameters_[2] + 0.5 * size * values[2];
    };
    const auto squares = [&](const Eigen::VectorXd& values) {
      read(values);
      return SquaredErrors(adjusted);
    };
    read(NelderMead(squares, Eigen::Vector3d(0, 0, 0), Eigen::Vector3d(1, 0.7, 0.2), {.num_evaluations = 120}));
  }

  // state: phase, then the lines
  Eigen::Index state_size() const override { return 6; }
  void Start(State state) const override {
    state[0] = 0;
    Write(FirstLines(), state);
  }
  void Observe(double demand, State state) const override {
    Lines lines = Read(state);
    const double value = WithoutSeason(demand, static_cast<Eigen::Index>(state[0]));
    MoveOn(std::isnan(value) ? Expected(lines) : value, lines);
    Write(lines, state);
    if (++state[0] == static_cast<double>(num_phases())) state[0] = 0;
  }
  void Predict(const ConstState& state, Mean mean) const override {
    Lines lines = Read(state);
    auto phase = static_cast<Eigen::Index>(state[0]);
    for (double& value : mean) {
      const double expected = Expected(lines);
      value = kind() == SeasonKind::kMultiplicative ? expected * profile(phase) : expected + profile(phase);
      MoveOn(expected, lines);
      if (++phase == num_phases()) phase = 0;
    }
  }

 private:
  // parameters: kind of season, alpha, theta, first level, first demand without season, seasonal indices
  SeasonKind kind() const { return static_cast<SeasonKind>(static_cast<int>(parameters_[0])); }
  double alpha() const { return parameters_[1]; }
  double theta() const { return parameters_[2]; }
  Eigen::Index num_phases() const { return static_cast<Eigen::Index>(parameters_.size()) - 5; }
  double profile(Eigen::Index phase) const { return parameters_[static_cast<size_t>(5 + phase)]; }

  Lines FirstLines() const { return {.level = parameters_[3], .intercept = parameters_[4]}; }
  static Lines Read(const ConstState& state) { return {state[1], state[2], state[3], state[4], state[5]}; }
  static void Write(const Lines& lines, State state) {
    state.tail(5) << lines.periods, lines.level, lines.mean, lines.intercept, lines.slope;
  }
  double WithoutSeason(double demand, Eigen::Index phase) const {
    return kind() == SeasonKind::kMultiplicative ? demand / profile(phase) : demand - profile(phase);
  }

  double Expected(const Lines& lines) const { return Expected(lines, std::pow(1 - alpha(), lines.periods)); }
  /// `left`: (1 - alpha)^t, what is left of the first period's weight.
  double Expected(const Lines& lines, double left) const {
    const double line = left * lines.intercept + (1 - left * (1 - alpha())) / alpha() * lines.slope;
    return lines.level + (1 - 1 / theta()) * line;
  }

  void MoveOn(double demand, Lines& lines) const {
    const double t = ++lines.periods;
    lines.level += alpha() * (demand - lines.level);
    const double before = lines.mean;
    lines.mean += (demand - before) / t;
    lines.slope = t < 2 ? 0 : ((t - 2) * lines.slope + 6 * (demand - before) / t) / (t + 1);
    lines.intercept = lines.mean - (t + 1) / 2 * lines.slope;
  }

  double SquaredErrors(const Eigen::VectorXd& adjusted) const {
    Lines lines = FirstLines();
    double squares = 0, left = 1;
    for (Eigen::Index period = 0; period < adjusted.size(); ++period) {
      const double expected = Expected(lines, left);
      const double error = adjusted[period] - expected;
      const bool is_known = !std::isnan(error);
      if (is_known && period >= 3) squares += error * error;
      MoveOn(is_known ? adjusted[period] : expected, lines);
      left *= 1 - alpha();
    }
    return squares;
  }
};

}  // namespace

std::unique_ptr<SeriesModel> MakeDynamicTheta() { return std::make_unique<DynamicTheta>(); }

}  // namespace restock
