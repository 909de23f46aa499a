#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <tuple>
#include <vector>

#include <Eigen/Cholesky>

#include "forecasting/arima_order.h"
#include "forecasting/series_models.h"

namespace restock {
namespace {

constexpr int kMostOrders = 5;          // p, q
constexpr int kMostSeasonalOrders = 2;  // P, Q
constexpr int kMostModels = 94;         // tried in a search
constexpr double kRootMargin = 1.01;    // roots of both polynomials lie at least so far out

/// Orders of ARIMA(p, d, q)(P, D, Q)[season], without the differences.
struct Orders {
  int p = 0, q = 0, seasonal_p = 0, seasonal_q = 0;
  bool has_mean = false;

  int size() const { return p + q + seasonal_p + seasonal_q + (has_mean ? 1 : 0); }
  bool IsValid() const {
    return p >= 0 && q >= 0 && seasonal_p >= 0 && seasonal_q >= 0 && p <= kMostOrders && q <= kMostOrders &&
           seasonal_p <= kMostSeasonalOrders && seasonal_q <= kMostSeasonalOrders;
  }
  friend auto operator<=>(const Orders&, const Orders&) = default;
};

struct Term {
  Eigen::Index lag;
  double weight;
};

/// Weights of (1 + a_1 B + ...)(1 + A_1 B^season + ...) - 1, by lag.
std::vector<Term> Product(const Eigen::VectorXd& factor, const Eigen::VectorXd& seasonal, int season) {
  std::vector<Term> terms;
  for (Eigen::Index j = 0; j <= seasonal.size(); ++j) {
    for (Eigen::Index i = 0; i <= factor.size(); ++i) {
      if (i + j == 0) continue;
      terms.push_back({i + j * season, (i > 0 ? factor[i - 1] : 1) * (j > 0 ? seasonal[j - 1] : 1)});
    }
  }
  return terms;
}

/// All roots of 1 + a_1 z + ... lie outside the unit circle, by the step-down recursion (Durbin 1960).
bool IsStable(Eigen::VectorXd weights) {
  for (Eigen::Index i = 0; i < weights.size(); ++i) weights[i] *= std::pow(kRootMargin, static_cast<double>(i + 1));
  for (Eigen::Index order = weights.size(); order > 0; --order) {
    const double last = weights[order - 1];
    if (!(std::abs(last) < 1)) return false;
    const Eigen::VectorXd head = weights.head(order - 1);
    weights.head(order - 1) = (head - last * head.reverse()) / (1 - last * last);
  }
  return true;
}

/// A model of the differenced series: (1 + ar)(w - mean) = (1 + ma) e, by the weights of its factors, AR weights with
/// the sign that they have on the left.
struct Arma {
  Orders orders;
  int season = 1;
  Eigen::VectorXd weights;  // p of AR, P of seasonal AR, q of MA, Q of seasonal MA, mean  (orders.size())

  auto Ar() const { return weights.head(orders.p); }
  auto SeasonalAr() const { return weights.segment(orders.p, orders.seasonal_p); }
  auto Ma() const { return weights.segment(orders.p + orders.seasonal_p, orders.q); }
  auto SeasonalMa() const { return weights.segment(orders.p + orders.seasonal_p + orders.q, orders.seasonal_q); }
  double mean() const { return orders.has_mean ? weights[weights.size() - 1] : 0; }

  std::vector<Term> ArTerms() const { return Product(Ar(), SeasonalAr(), season); }
  std::vector<Term> MaTerms() const { return Product(Ma(), SeasonalMa(), season); }
  bool IsStationaryAndInvertible() const {
    return IsStable(Ar()) && IsStable(SeasonalAr()) && IsStable(Ma()) && IsStable(SeasonalMa());
  }

  /// One-step errors, given that demand was at its mean before the first period.
  void Errors(const Eigen::VectorXd& values, Eigen::VectorXd& errors) const {
    errors = values.array() - mean();
    const Eigen::VectorXd centred = errors;
    for (const auto& [lag, weight] : ArTerms()) {
      if (lag < errors.size()) errors.tail(errors.size() - lag) += weight * centred.head(errors.size() - lag);
    }
    const std::vector<Term> ma = MaTerms();
    if (ma.empty()) return;
    const Eigen::Index longest = ma.back().lag;
    for (Eigen::Index t = 1; t < errors.size(); ++t) {
      double sum = 0;
      for (const auto& [lag, weight] : ma) {
        if (t >= longest || lag <= t) sum += weight * errors[t - lag];
      }
      errors[t] -= sum;
    }
  }
};

/// Least squares by Levenberg & Marquardt, with derivatives by differences; a step that leaves the stable region is
/// taken back and shortened. Returns the sum of squares.
double FitArma(const Eigen::VectorXd& values, Arma& arma) {
  Eigen::VectorXd errors, moved_errors;
  arma.Errors(values, errors);
  double squares = errors.squaredNorm();
  if (arma.weights.size() == 0) return squares;

  const double scale = std::sqrt(squares / static_cast<double>(values.size())) + 1e-12;
  Eigen::MatrixXd jacobian(values.size(), arma.weights.size());
  double damping = 1e-3;
  for (int iteration = 0; iteration < 30; ++iteration) {
    for (Eigen::Index i = 0; i < arma.weights.size(); ++i) {
      const bool is_mean = arma.orders.has_mean && i == arma.weights.size() - 1;
      const double step = 1e-6 * (is_mean ? scale : 1);
      Arma moved = arma;
      moved.weights[i] += step;
      moved.Errors(values, moved_errors);
      jacobian.col(i) = (moved_errors - errors) / step;
    }
    const Eigen::MatrixXd normal = jacobian.transpose() * jacobian;
    const Eigen::VectorXd gradient = jacobian.transpose() * errors;

    // raise the damping until a step improves
    bool improved = false;
    double gain = 0;
    for (int attempt = 0; attempt < 8 && !improved; ++attempt) {
      Eigen::MatrixXd damped = normal;
      damped.diagonal() += damping * normal.diagonal() + Eigen::VectorXd::Constant(normal.rows(), 1e-12);
      Arma moved = arma;
      moved.weights -= damped.ldlt().solve(gradient);
      damping *= 5;
      if (!moved.weights.allFinite() || !moved.IsStationaryAndInvertible()) continue;
      moved.Errors(values, moved_errors);
      const double moved_squares = moved_errors.squaredNorm();
      if (!(moved_squares < squares)) continue;
      gain = (squares - moved_squares) / squares;
      improved = true;
      squares = moved_squares;
      arma = moved;
      errors = moved_errors;
      damping /= 25;
    }
    if (!improved || gain < 1e-6) break;
  }
  return squares;
}

/// The search of Hyndman & Khandakar (2008, section 3.2): from four models step to the best neighbour, as long as the
/// corrected information criterion falls.
class OrderSearch {
 public:
  OrderSearch(const Eigen::VectorXd& values, int season, bool may_have_mean)
      : values_(values), season_(season), may_have_mean_(may_have_mean) {}

  Arma Run() {
    // where nothing else can be estimated: the mean
    best_ = {{.has_mean = may_have_mean_ && values_.size() > 0}, season_, {}};
    best_.weights = Eigen::VectorXd::Constant(best_.orders.size(), values_.size() > 0 ? values_.mean() : 0);

    const int seasonal = season_ > 1 ? 1 : 0;
    Try({.has_mean = may_have_mean_});
    Try({.p = 1, .seasonal_p = seasonal, .has_mean = may_have_mean_});
    Try({.q = 1, .seasonal_q = seasonal, .has_mean = may_have_mean_});
    Try({.p = 2, .q = 2, .seasonal_p = seasonal, .seasonal_q = seasonal, .has_mean = may_have_mean_});
    if (may_have_mean_) Try({});
    while (TryNeighbours()) {
    }
    return best_;
  }

 private:
  bool TryNeighbours() {
    const Orders from = best_.orders;
    const int most = season_ > 1 ? 1 : 0;
    for (int seasonal_p = -most; seasonal_p <= most; ++seasonal_p) {
      for (int seasonal_q = -most; seasonal_q <= most; ++seasonal_q) {
        Orders orders = from;
        orders.seasonal_p += seasonal_p;
        orders.seasonal_q += seasonal_q;
        if (Try(orders)) return true;
      }
    }
    for (const auto& [p, q] : {std::pair(-1, 0), {1, 0}, {0, -1}, {0, 1}, {-1, -1}, {1, 1}, {-1, 1}, {1, -1}}) {
      Orders orders = from;
      orders.p += p;
      orders.q += q;
      if (Try(orders)) return true;
    }
    Orders orders = from;
    orders.has_mean = !from.has_mean;
    return may_have_mean_ && Try(orders);
  }

  /// True where these orders are new and the best so far.
  bool Try(Orders orders) {
    const double count = orders.size() + 1;
    const auto size = static_cast<double>(values_.size());
    if (!orders.IsValid() || size - count - 1 < 4 || static_cast<int>(tried_.size()) >= kMostModels) return false;
    if (!tried_.insert(orders).second) return false;
    Arma arma = {orders, season_, Eigen::VectorXd::Constant(orders.size(), 0.0)};
    if (orders.has_mean) arma.weights[orders.size() - 1] = values_.mean();
    if (orders.p > 0) arma.weights[0] = -0.2;
    const double squares = FitArma(values_, arma);
    const double criterion =
        size * std::log(squares / size + 1e-20) + 2 * count + 2 * count * (count + 1) / (size - count - 1);
    if (!(criterion < least_)) return false;
    least_ = criterion;
    best_ = arma;
    return true;
  }

  const Eigen::VectorXd& values_;
  int season_;
  bool may_have_mean_;
  std::set<Orders> tried_;
  double least_ = std::numeric_limits<double>::infinity();
  Arma best_;
};

/// Known demand with straight lines across the gaps.
Eigen::VectorXd Interpolated(Eigen::VectorXd demand) {
  Eigen::Index last = 0;
  for (Eigen::Index period = 1; period < demand.size(); ++period) {
    if (std::isnan(demand[period])) continue;
    for (Eigen::Index gap = last + 1; gap < period; ++gap) {
      const double share = static_cast<double>(gap - last) / static_cast<double>(period - last);
      demand[gap] = (1 - share) * demand[last] + share * demand[period];
    }
    last = period;
  }
  return demand.head(last + 1);
}

/// Seasonal ARIMA with automatic orders and conditional least squares: (1 - B)^d (1 - B^s)^D y is an ARMA process
/// around a mean, before its first period at that mean (Box & Jenkins 1976; Hyndman & Khandakar 2008).
class Arima final : public SeriesModel {
 public:
  void Fit(const SeriesData& data) override {
    const Eigen::VectorXd demand = Interpolated(data.demand);
    const int season = demand.size() >= 3 * data.season ? data.season : 1;
    const Differences differences = ChooseDifferences(demand, season);
    const Eigen::VectorXd values = differences.Apply(demand, season);
    OrderSearch search(values, season, differences.ordinary + differences.seasonal <= 1);
    Arma arma = search.Run();
    arma.season = season;
    Keep(differences, arma, data.demand[0]);
  }

  void Restore(std::vector<double> parameters) override {
    parameters_ = std::move(parameters);
    const auto number = [&](size_t i) { return static_cast<int>(parameters_[i]); };
    const Differences differences = {number(0), number(1)};
    Arma arma = {{number(3), number(4), number(5), number(6), number(7) != 0}, number(2), {}};
    arma.weights = Eigen::Map<const Eigen::VectorXd>(parameters_.data() + kFirstWeight, arma.orders.size());
    Expand(differences, arma);
  }

  // state: periods so far, then rings of the last demand, of the last differenced demand less its mean, and of the last
  // errors
  Eigen::Index state_size() const override { return 1 + num_demands_ + num_values_ + num_errors_; }
  void Start(State state) const override {
    state.setZero();
    state.segment(1, num_demands_).setConstant(parameters_[kFirstDemand]);
  }
  void Observe(double demand, State state) const override {
    const auto period = static_cast<Eigen::Index>(state[0]);
    const double expected = Expected(state, period);
    double value = demand - Integrated(state, period) - mean_;
    double error = value - expected;
    if (std::isnan(error)) {  // as expected
      error = 0;
      value = expected;
      demand = Integrated(state, period) + mean_ + expected;
    }
    if (period < num_first_) value = error = 0;  // differences begin later
    Put(demand, value, error, state);
  }
  void Predict(const ConstState& state, Mean mean) const override {
    Eigen::VectorXd ahead = state;
    for (double& value : mean) {
      const auto period = static_cast<Eigen::Index>(ahead[0]);
      const double expected = Expected(ahead, period);
      value = Integrated(ahead, period);
      if (period >= num_first_) value += mean_ + expected;
      Put(value, expected, 0, ahead);
    }
  }

 private:
  // parameters: d, D, season, p, q, P, Q, has a mean, first demand, weights
  static constexpr size_t kFirstDemand = 8;
  static constexpr size_t kFirstWeight = 9;

  void Keep(const Differences& differences, const Arma& arma, double first_demand) {
    const Orders& orders = arma.orders;
    parameters_.clear();
    for (const int number : {differences.ordinary, differences.seasonal, arma.season, orders.p, orders.q,
                             orders.seasonal_p, orders.seasonal_q, orders.has_mean ? 1 : 0}) {
      parameters_.push_back(number);
    }
    parameters_.push_back(first_demand);
    parameters_.insert(parameters_.end(), arma.weights.begin(), arma.weights.end());
    Expand(differences, arma);
  }

  /// Writes the polynomials out, by lag.
  void Expand(const Differences& differences, const Arma& arma) {
    mean_ = arma.mean();
    ar_ = arma.ArTerms();
    ma_ = arma.MaTerms();
    Eigen::VectorXd ordinary = Eigen::VectorXd::Zero(differences.ordinary), seasonal(differences.seasonal);
    if (differences.ordinary == 1) ordinary << -1;
    if (differences.ordinary == 2) ordinary << -2, 1;
    seasonal.setConstant(-1);
    difference_ = Product(ordinary, seasonal, arma.season);
    num_first_ = difference_.empty() ? 0 : difference_.back().lag;
    num_demands_ = std::max<Eigen::Index>(1, num_first_);
    num_values_ = ar_.empty() ? 0 : ar_.back().lag;
    num_errors_ = ma_.empty() ? 0 : ma_.back().lag;
  }

  /// What the differenced demand less its mean is expected to be.
  double Expected(const ConstState& state, Eigen::Index period) const {
    double expected = 0;
    for (const auto& [lag, weight] : ar_)
      if (lag <= period) expected -= weight * state[ValuePlace(period - lag)];
    for (const auto& [lag, weight] : ma_)
      if (lag <= period) expected += weight * state[ErrorPlace(period - lag)];
    return expected;
  }
  /// What earlier demand adds to the difference; before there is enough of it, the last demand.
  double Integrated(const ConstState& state, Eigen::Index period) const {
    if (period < num_first_) return state[DemandPlace(std::max<Eigen::Index>(0, period - 1))];
    double sum = 0;
    for (const auto& [lag, weight] : difference_) sum -= weight * state[DemandPlace(period - lag)];
    return sum;
  }
  void Put(double demand, double value, double error, State state) const {
    const auto period = static_cast<Eigen::Index>(state[0]);
    state[DemandPlace(period)] = demand;
    if (num_values_ > 0) state[ValuePlace(period)] = value;
    if (num_errors_ > 0) state[ErrorPlace(period)] = error;
    state[0] += 1;
  }
  Eigen::Index DemandPlace(Eigen::Index period) const { return 1 + period % num_demands_; }
  Eigen::Index ValuePlace(Eigen::Index period) const { return 1 + num_demands_ + period % num_values_; }
  Eigen::Index ErrorPlace(Eigen::Index period) const { return 1 + num_demands_ + num_values_ + period % num_errors_; }

  double mean_ = 0;
  std::vector<Term> ar_, ma_, difference_;
  Eigen::Index num_first_ = 0;                                      // periods before the first difference
  Eigen::Index num_demands_ = 1, num_values_ = 0, num_errors_ = 0;  // kept in a state
};

}  // namespace

std::unique_ptr<SeriesModel> MakeArima() { return std::make_unique<Arima>(); }

}  // namespace restock
