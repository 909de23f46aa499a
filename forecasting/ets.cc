#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "forecasting/known_values.h"
#include "forecasting/nelder_mead.h"
#include "forecasting/seasonal_profile.h"
#include "forecasting/series_models.h"

namespace restock {
namespace {

enum class Trend { kNone, kAdditive, kDamped };

/// Error, trend and season of a model in Hyndman's taxonomy: ETS(M,Ad,N) and so on.
struct Form {
  bool relative_error = false;  // M: the error is a share of what was expected
  Trend trend = Trend::kNone;
  SeasonKind season = SeasonKind::kNone;
};

constexpr int kLongestSeason = 24;     // a longer one has too many numbers to estimate
constexpr double kSmallest = 1e-4;     // smoothing factors lie between this and 1 less this
constexpr double kLeastDamping = 0.8;  // phi
constexpr double kMostDamping = 0.98;
constexpr double kLeastSquares = 1e-12;  // a model that is never wrong is not infinitely likely

/// The numbers of a fitted model. The seasonal indices follow.
struct Smoothing {
  double alpha = 0.1, beta = 0, gamma = 0, phi = 1;
  double level = 0, slope = 0;
};
constexpr Eigen::Index kNumSmoothing = 6;

/// One period of the recursion, the same for both kinds of error (Hyndman, Koehler, Ord & Snyder 2008, tables 2.2 and
/// 2.3, written with the error y - mu): `season` is the index of the period, `error` 0 where demand is not known.
template <SeasonKind kind>
void Step(const Smoothing& smoothing, double error, double& level, double& slope, double& season) {
  const double before = level + smoothing.phi * slope;
  const double of_level = kind == SeasonKind::kMultiplicative ? error / season : error;
  if constexpr (kind == SeasonKind::kAdditive) season += smoothing.gamma * error;
  if constexpr (kind == SeasonKind::kMultiplicative) season += smoothing.gamma * error / before;
  level = before + smoothing.alpha * of_level;
  slope = smoothing.phi * slope + smoothing.beta * of_level;
}

template <SeasonKind kind>
double Expected(const Smoothing& smoothing, double level, double slope, double season) {
  const double trend = level + smoothing.phi * slope;
  if constexpr (kind == SeasonKind::kAdditive) return trend + season;
  if constexpr (kind == SeasonKind::kMultiplicative) return trend * season;
  return trend;
}

/// Calls `function` with the kind of season as a constant.
template <class Function>
decltype(auto) WithSeason(SeasonKind kind, const Function& function) {
  if (kind == SeasonKind::kAdditive) return function.template operator()<SeasonKind::kAdditive>();
  if (kind == SeasonKind::kMultiplicative) return function.template operator()<SeasonKind::kMultiplicative>();
  return function.template operator()<SeasonKind::kNone>();
}

/// -2 log likelihood up to a constant (2008, section 5.1): n log(sum e^2), and for relative errors 2 sum log |mu| more.
/// The recursion of Step() in a form in which a period waits for the one before through one difference, one product and
/// one sum: with b = level + phi slope and d = phi slope, and u the error as the level sees it,
///   b' = (b + phi d) + (alpha + phi beta) u,   d' = phi d + phi beta u.
template <SeasonKind kind>
double Deviance(const Eigen::VectorXd& demand, const Smoothing& smoothing, Eigen::VectorXd& season, bool relative) {
  const double phi = smoothing.phi, of_slope = phi * smoothing.beta, of_both = smoothing.alpha + of_slope;
  double drift = phi * smoothing.slope, before = smoothing.level + drift, squares = 0, logs = 0, product = 1;
  Eigen::Index phase = 0, known = 0;
  for (Eigen::Index period = 0; period < demand.size(); ++period) {
    double& index = season[phase];
    double seen = demand[period];
    if constexpr (kind == SeasonKind::kAdditive) seen -= index;
    if constexpr (kind == SeasonKind::kMultiplicative) seen /= index;
    double of_level = seen - before;
    if (std::isnan(of_level)) {
      of_level = 0;
    } else {
      double expected = before, error = of_level;
      if constexpr (kind == SeasonKind::kAdditive) expected += index;
      if constexpr (kind == SeasonKind::kMultiplicative) expected *= index, error *= index;
      const double scaled = relative ? error / expected : error;
      squares += scaled * scaled;
      product *= relative ? std::abs(expected) : 1.0;
      if (relative && !(product > 1e-200 && product < 1e200)) logs += std::log(std::exchange(product, 1.0));
      ++known;
      if constexpr (kind == SeasonKind::kAdditive) index += smoothing.gamma * error;
      if constexpr (kind == SeasonKind::kMultiplicative) index += smoothing.gamma * error / before;
    }
    before = (before + phi * drift) + of_both * of_level;
    drift = phi * drift + of_slope * of_level;
    if (++phase == season.size()) phase = 0;
  }
  return static_cast<double>(known) * std::log(std::max(squares, kLeastSquares)) + 2 * (logs + std::log(product));
}

double Sigmoid(double value) { return 1 / (1 + std::exp(-value)); }

/// The search's free variables as the numbers that they stand for: 0 < beta < alpha < 1, 0 < gamma < 1 - alpha.
class Variables {
 public:
  Variables(Form form, const Smoothing& start, double scale) : form_(form), start_(start), scale_(scale) {}

  Eigen::Index size() const {
    const Eigen::Index trend = form_.trend == Trend::kNone ? 0 : form_.trend == Trend::kAdditive ? 2 : 3;
    return 2 + trend + (form_.season == SeasonKind::kNone ? 0 : 1);
  }

  Smoothing Read(const Eigen::VectorXd& values) const {
    Smoothing smoothing;
    Eigen::Index next = 0;
    smoothing.alpha = kSmallest + (1 - 2 * kSmallest) * Sigmoid(values[next++]);
    smoothing.level = start_.level + scale_ * values[next++];
    if (form_.trend == Trend::kNone) smoothing.phi = 0;
    if (form_.trend != Trend::kNone) {
      smoothing.beta = smoothing.alpha * Sigmoid(values[next++]);
      smoothing.slope = start_.slope + 0.3 * scale_ * values[next++];
    }
    if (form_.trend == Trend::kDamped)
      smoothing.phi = kLeastDamping + (kMostDamping - kLeastDamping) * Sigmoid(values[next++]);
    if (form_.season != SeasonKind::kNone) smoothing.gamma = (1 - smoothing.alpha) * Sigmoid(values[next++]);
    return smoothing;
  }

  /// alpha 0.3, beta and gamma a tenth, phi 0.95, the level and slope of the start.
  Eigen::VectorXd Start() const {
    Eigen::VectorXd values = Eigen::VectorXd::Zero(size());
    Eigen::Index next = 0;
    values[next] = -0.8;
    next += 2;
    if (form_.trend != Trend::kNone) values[next] = -2.5, next += 2;
    if (form_.trend == Trend::kDamped) values[next++] = 1.5;
    if (form_.season != SeasonKind::kNone) values[next] = -2;
    return values;
  }

 private:
  Form form_;
  Smoothing start_;
  double scale_;
};

/// A straight line through the first periods without their season: where level and slope begin.
Smoothing FirstLine(const Eigen::VectorXd& demand, const Eigen::VectorXd& season, Form form) {
  const Eigen::Index length = std::min<Eigen::Index>(demand.size(), std::max<Eigen::Index>(10, 2 * season.size()));
  double count = 0, sum = 0, times = 0, squares = 0, products = 0;
  for (Eigen::Index period = 0; period < length; ++period) {
    const double index = season[period % season.size()];
    const double value = form.season == SeasonKind::kMultiplicative ? demand[period] / index : demand[period] - index;
    if (std::isnan(value)) continue;
    const auto time = static_cast<double>(period + 1);
    count += 1, sum += value, times += time, squares += time * time, products += time * value;
  }
  Smoothing start;
  const double spread = count * squares - times * times;
  start.level = sum / count;
  if (form.trend == Trend::kNone || !(spread > 0)) return start;
  start.slope = (count * products - times * sum) / spread;
  start.level = (sum - start.slope * times) / count;
  return start;
}

/// Exponential smoothing in state-space form: the form with the least corrected information criterion of those that it
/// may choose from, with its smoothing factors and first level and slope by maximum likelihood (Hyndman et al. 2008,
/// chapters 2, 5 and 7). Seasonal indices start at the classical decomposition.
class Ets final : public SeriesModel {
 public:
  explicit Ets(std::vector<Form> forms) : forms_(std::move(forms)) {}

  void Fit(const SeriesData& data) override {
    const bool has_season = data.season > 1 && data.season <= kLongestSeason && data.demand.size() >= 3 * data.season;
    const bool is_positive = IsPositive(data.demand);
    double best = std::numeric_limits<double>::infinity();
    parameters_ = Parameters({}, {.phi = 0, .level = MeanOfKnown(data.demand)}, Eigen::VectorXd::Zero(1));
    for (const Form& wanted : forms_) {
      Form form = wanted;
      if (!is_positive && (form.relative_error || form.season == SeasonKind::kMultiplicative)) continue;
      if (!has_season && form.season != SeasonKind::kNone && !OnlySeasonal()) continue;
      if (!has_season) form.season = SeasonKind::kNone;
      FitForm(data, form, best);
    }
  }

  // state: phase of the season, level, slope, seasonal indices
  Eigen::Index state_size() const override { return 3 + num_indices(); }
  void Start(State state) const override {
    state[0] = 0;
    state[1] = smoothing().level;
    state[2] = smoothing().slope;
    for (Eigen::Index i = 0; i < num_indices(); ++i) state[3 + i] = parameters_[static_cast<size_t>(kFirstIndex + i)];
  }
  void Observe(double demand, State state) const override {
    const Smoothing fitted = smoothing();
    double& season = state[3 + static_cast<Eigen::Index>(state[0])];
    WithSeason(kind(), [&]<SeasonKind season_kind>() {
      const double error = demand - Expected<season_kind>(fitted, state[1], state[2], season);
      Step<season_kind>(fitted, std::isnan(error) ? 0 : error, state[1], state[2], season);
    });
    if (++state[0] == static_cast<double>(num_indices())) state[0] = 0;
  }
  void Predict(const ConstState& state, Mean mean) const override {
    const Smoothing fitted = smoothing();
    double level = state[1], slope = state[2];
    auto phase = static_cast<Eigen::Index>(state[0]);
    WithSeason(kind(), [&]<SeasonKind season_kind>() {
      for (double& value : mean) {
        double season = state[3 + phase];
        value = Expected<season_kind>(fitted, level, slope, season);
        Step<season_kind>({.alpha = 0, .phi = fitted.phi}, 0, level, slope, season);
        if (++phase == num_indices()) phase = 0;
      }
    });
  }

 private:
  // parameters: kind of season, smoothing, seasonal indices
  static constexpr Eigen::Index kFirstIndex = 1 + kNumSmoothing;

  static std::vector<double> Parameters(Form form, const Smoothing& fitted, const Eigen::VectorXd& season) {
    std::vector<double> parameters = {static_cast<double>(form.season),
                                      fitted.alpha,
                                      fitted.beta,
                                      fitted.gamma,
                                      fitted.phi,
                                      fitted.level,
                                      fitted.slope};
    parameters.insert(parameters.end(), season.begin(), season.end());
    return parameters;
  }
  SeasonKind kind() const { return static_cast<SeasonKind>(static_cast<int>(parameters_[0])); }
  Smoothing smoothing() const {
    return {parameters_[1], parameters_[2], parameters_[3], parameters_[4], parameters_[5], parameters_[6]};
  }
  Eigen::Index num_indices() const { return static_cast<Eigen::Index>(parameters_.size()) - kFirstIndex; }

  bool OnlySeasonal() const {
    return std::all_of(forms_.begin(), forms_.end(), [](Form form) { return form.season != SeasonKind::kNone; });
  }

  /// Fits one form, and keeps it where its criterion is below `best`.
  void FitForm(const SeriesData& data, Form form, double& best) {
    const Eigen::VectorXd profile = form.season == SeasonKind::kNone
                                        ? Eigen::VectorXd::Zero(1)
                                        : SeasonalProfile(data.demand, data.season, form.season);
    const Smoothing start = FirstLine(data.demand, profile, form);
    const Variables variables(form, start, 0.1 * std::abs(start.level) + 1e-3);
    const double num_known = static_cast<double>(NumKnown(data.demand));
    double count = static_cast<double>(variables.size()) + 1;  // and the variance of errors
    if (form.season != SeasonKind::kNone) count += static_cast<double>(profile.size() - 1);
    if (num_known < count + 2) return;

    Eigen::VectorXd season;
    const auto deviance = [&](const Eigen::VectorXd& values) {
      const Smoothing smoothing = variables.Read(values);
      season = profile;
      return WithSeason(form.season, [&]<SeasonKind kind>() {
        return Deviance<kind>(data.demand, smoothing, season, form.relative_error);
      });
    };
    const Eigen::VectorXd step = Eigen::VectorXd::Constant(variables.size(), 0.8);
    const Eigen::VectorXd found =
        NelderMead(deviance, variables.Start(), step,
                   {.num_evaluations = 40 * static_cast<int>(variables.size()), .tolerance = 1e-6});
    const double criterion = deviance(found) + 2 * count + 2 * count * (count + 1) / (num_known - count - 1);
    if (!(criterion < best)) return;
    best = criterion;
    parameters_ = Parameters(form, variables.Read(found), profile);
  }

  std::vector<Form> forms_;
};

constexpr Trend kTrends[] = {Trend::kNone, Trend::kAdditive, Trend::kDamped};

/// The fifteen forms that are stable (Hyndman & Athanasopoulos 2021, section 8.6): a multiplicative season needs a
/// relative error.
std::vector<Form> StableForms() {
  std::vector<Form> forms;
  for (const Trend trend : kTrends) {
    forms.push_back({false, trend, SeasonKind::kNone});
    forms.push_back({true, trend, SeasonKind::kNone});
    forms.push_back({false, trend, SeasonKind::kAdditive});
    forms.push_back({true, trend, SeasonKind::kAdditive});
    forms.push_back({true, trend, SeasonKind::kMultiplicative});
  }
  return forms;
}

std::unique_ptr<SeriesModel> MakeForm(std::vector<Form> forms) { return std::make_unique<Ets>(std::move(forms)); }

}  // namespace

std::unique_ptr<SeriesModel> MakeSimpleSmoothing() { return MakeForm({{.trend = Trend::kNone}}); }
std::unique_ptr<SeriesModel> MakeHolt() { return MakeForm({{.trend = Trend::kAdditive}}); }
std::unique_ptr<SeriesModel> MakeDampedHolt() { return MakeForm({{.trend = Trend::kDamped}}); }
std::unique_ptr<SeriesModel> MakeHoltWinters() {
  return MakeForm({{.trend = Trend::kAdditive, .season = SeasonKind::kAdditive},
                   {.relative_error = true, .trend = Trend::kAdditive, .season = SeasonKind::kMultiplicative}});
}
std::unique_ptr<SeriesModel> MakeEts() { return MakeForm(StableForms()); }

}  // namespace restock
