#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <Eigen/QR>

#include "forecasting/seasonal_profile.h"
#include "forecasting/series_models.h"

namespace restock {
namespace {

constexpr int kLargestDegree = 3;
constexpr double kDamping = 0.9;  // of the curve's time beyond the last period that was fitted
constexpr double kLevelSmoothing[] = {0.05, 0.1, 0.2, 0.4};

/// A polynomial in time by least squares, its degree by AICc, with the season of a classical decomposition where there
/// is one (Hyndman & Athanasopoulos 2021, sections 7.4 and 7.5). Polynomials run away, so that beyond the fit time
/// slows down as a damped trend does (Gardner & McKenzie 1985), and a level follows the errors.
class PolynomialRegression final : public SeriesModel {
 public:
  void Fit(const SeriesData& data) override {
    const bool is_seasonal = IsSeasonal(data.demand, data.season);
    const Eigen::VectorXd profile = SeasonalProfile(data.demand, is_seasonal ? data.season : 1, SeasonKind::kAdditive);
    Eigen::VectorXd level = data.demand;
    for (Eigen::Index period = 0; period < level.size(); ++period) level[period] -= profile[period % profile.size()];
    parameters_ = {static_cast<double>(data.demand.size()), 0, 0, 0, 0, 0};
    SetCurve(level);
    parameters_.insert(parameters_.end(), profile.begin(), profile.end());

    // how fast the level follows
    double least = std::numeric_limits<double>::infinity(), best = kLevelSmoothing[0];
    for (const double smoothing : kLevelSmoothing) {
      parameters_[kSmoothing] = smoothing;
      const double error = SquaredErrorOf(*this, data.demand, 0);
      if (error < least) best = smoothing;
      least = std::min(least, error);
    }
    parameters_[kSmoothing] = best;
  }

  // state: periods so far, level
  Eigen::Index state_size() const override { return 2; }
  void Start(State state) const override { state.setZero(); }
  void Observe(double demand, State state) const override {
    if (!std::isnan(demand)) state[1] += parameters_[kSmoothing] * (demand - Curve(state[0]) - state[1]);
    ++state[0];
  }
  void Predict(const ConstState& state, Mean mean) const override {
    for (Eigen::Index step = 0; step < mean.size(); ++step)
      mean[step] = Curve(state[0] + static_cast<double>(step)) + state[1];
  }

 private:
  // parameters: periods of the fit, how fast the level follows, coefficients of 1, x, x^2, x^3, the season
  enum { kNumPeriods = 0, kSmoothing = 1, kFirstCoefficient = 2, kFirstPhase = kFirstCoefficient + kLargestDegree + 1 };

  /// From -1 at the first period to 1 at the last, then slower and slower.
  double Time(double period) const {
    const double last = std::max(1.0, parameters_[kNumPeriods] - 1);
    const double ahead = std::max(0.0, period - last);
    const double slowed = kDamping * (1 - std::pow(kDamping, ahead)) / (1 - kDamping);
    return 2 * (std::min(period, last) + slowed) / last - 1;
  }

  double Curve(double period) const {
    const double x = Time(period);
    double value = 0;
    for (int degree = kLargestDegree; degree >= 0; --degree)
      value = value * x + parameters_[static_cast<size_t>(kFirstCoefficient + degree)];
    const auto season = parameters_.size() - kFirstPhase;
    return season == 0 ? value : value + parameters_[kFirstPhase + static_cast<size_t>(period) % season];
  }

  void SetCurve(const Eigen::VectorXd& level) {
    std::vector<Eigen::Index> known;
    for (Eigen::Index period = 0; period < level.size(); ++period)
      if (!std::isnan(level[period])) known.push_back(period);
    const auto count = static_cast<Eigen::Index>(known.size());
    Eigen::MatrixXd powers(count, kLargestDegree + 1);
    Eigen::VectorXd values(count);
    for (Eigen::Index row = 0; row < count; ++row) {
      const auto period = known[static_cast<size_t>(row)];
      values[row] = level[period];
      for (int degree = 0; degree <= kLargestDegree; ++degree)
        powers(row, degree) = std::pow(Time(static_cast<double>(period)), degree);
    }
    double least = std::numeric_limits<double>::infinity();
    for (int degree = 0; degree <= kLargestDegree; ++degree) {
      const double num_parameters = degree + 2;
      if (degree > 0 && count < 4 * (degree + 1)) break;
      const Eigen::MatrixXd used = powers.leftCols(degree + 1);
      const Eigen::VectorXd weights = used.colPivHouseholderQr().solve(values);
      // what rounding leaves of an exact fit is no reason for another degree
      const double squares = (values - used * weights).squaredNorm() + 1e-12 * (1 + values.squaredNorm());
      const auto n = static_cast<double>(count);
      const double criterion = n * std::log(squares / n) + 2 * num_parameters +
                               2 * num_parameters * (num_parameters + 1) / std::max(1.0, n - num_parameters - 1);
      if (criterion >= least) continue;
      least = criterion;
      for (int i = 0; i <= kLargestDegree; ++i)
        parameters_[static_cast<size_t>(kFirstCoefficient + i)] = i <= degree ? weights[i] : 0;
    }
  }
};

}  // namespace

std::unique_ptr<SeriesModel> MakePolynomialRegression() { return std::make_unique<PolynomialRegression>(); }

}  // namespace restock
