#include "forecasting/linear_regression.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <Eigen/Cholesky>
#include <fmt/format.h>

#include "common/check.h"
#include "common/distributions.h"
#include "common/parallel.h"

namespace restock {
namespace {

constexpr int kFewestPeriods = 4;
constexpr double kRidge = 3;  // of standardised regressors
constexpr double kLevelSmoothing = 0.08;
constexpr double kLeastDeviation = 0.02, kMostDeviation = 2;
constexpr double kMostGrowth = 3;  // no median is more than so many times the largest demand

double Log(double demand) { return std::log1p(std::max(0.0, demand)); }

/// Least squares of several series of one product, each around its own mean.
class PooledRegression {
 public:
  explicit PooledRegression(Eigen::Index num_regressors)
      : products_(Eigen::MatrixXd::Zero(num_regressors, num_regressors)),
        with_demand_(Eigen::VectorXd::Zero(num_regressors)) {}

  /// `regressors`: (num_periods, num_regressors), both centred.
  void Add(const Eigen::MatrixXd& regressors, const Eigen::VectorXd& demand) {
    products_ += regressors.transpose() * regressors;
    with_demand_ += regressors.transpose() * demand;
    count_ += static_cast<double>(demand.size());
  }
  Eigen::VectorXd Solve() const {
    // the ridge counts in standard deviations; what never varies has no weight
    const Eigen::VectorXd scale = (products_.diagonal() / std::max(1.0, count_)).cwiseSqrt();
    const Eigen::VectorXd inverse = (scale.array() > 1e-6).select(1 / scale.array().max(1e-6), 0.0);
    Eigen::MatrixXd normal = inverse.asDiagonal() * products_ * inverse.asDiagonal();
    normal.diagonal().array() += kRidge;
    return inverse.cwiseProduct(normal.ldlt().solve(inverse.cwiseProduct(with_demand_)));
  }

 private:
  Eigen::MatrixXd products_;
  Eigen::VectorXd with_demand_;
  double count_ = 0;
};

class RegressionPathModel final : public PathModel {
 public:
  RegressionPathModel(const DemandHistory& history, const LinearRegression::Fitted& fitted, int origin, int num_paths)
      : calendar_(history.calendar), fitted_(fitted), period_(origin), level_(num_paths, history.num_series()) {
    for (int series = 0; series < history.num_series(); ++series) {
      features_.emplace_back(history, series, fitted.num_past);
    }
    ParallelFor(history.num_series(), 0, [&](int series) {
      double level = 0;
      for (int period = 0; period < origin; ++period) Learn(history.demand(period, series), series, period, level);
      level_.col(series).setConstant(level);
    });
  }

  void Observe(const Eigen::MatrixXf& demand) override {
    for (int series = 0; series < demand.cols(); ++series) {
      for (Eigen::Index path = 0; path < demand.rows(); ++path) {
        Learn(demand(path, series), series, period_, level_(path, series));
      }
    }
    ++period_;
  }

  void Predict(int series, int num_steps, StepDistributions& steps) const override {
    const double variance = std::pow(fitted_.deviation[series], 2);
    steps.point.resize(level_.rows(), num_steps);
    steps.mean.resizeLike(steps.point);
    steps.variance.resizeLike(steps.point);
    for (int step = 0; step < num_steps; ++step) {
      const double base = Expected(series, period_ + step);
      for (Eigen::Index path = 0; path < level_.rows(); ++path) {
        const double log_median = std::min(base + level_(path, series), fitted_.most[series]);
        const double mean = std::exp(log_median + variance / 2);
        steps.point(path, step) = static_cast<float>(log_median);
        steps.mean(path, step) = static_cast<float>(std::max(0.0, mean - 1));
        steps.variance(path, step) = static_cast<float>(mean * mean * std::expm1(variance));
      }
    }
  }

  float Quantile(const StepDistributions& steps, int series, int path, int step, float probability) const override {
    const double inside = std::clamp<double>(probability, 1e-6, 1 - 1e-6);
    const double log = steps.point(path, step) + NormalQuantile(inside) * fitted_.deviation[series];
    return static_cast<float>(std::max(0.0, std::expm1(log)));
  }
  float Probability(const StepDistributions& steps, int series, int path, int step, float demand) const override {
    if (demand < 0) return 0;
    const double score = (Log(demand) - steps.point(path, step)) / fitted_.deviation[series];
    return static_cast<float>(NormalProbability(score));
  }

 private:
  double Expected(int series, int period) const {
    return fitted_.constant[series] +
           features_[static_cast<size_t>(series)].Regressors(calendar_, period).dot(fitted_.weights.col(series));
  }
  void Learn(float demand, int series, int period, double& level) const {
    if (std::isnan(demand)) return;
    level += kLevelSmoothing * (Log(demand) - Expected(series, period) - level);
  }

  const Calendar& calendar_;
  const LinearRegression::Fitted& fitted_;
  int period_;
  std::vector<PlanFeatures> features_;  // (num_series)
  Eigen::MatrixXd level_;               // of errors  (num_paths, num_series)
};

}  // namespace

const std::string& LinearRegression::name() const {
  static const std::string kName = "linear_regression";
  return kName;
}

void LinearRegression::Fit(const DemandHistory& history) {
  const int num_periods = history.num_periods();
  if (num_periods < kFewestPeriods) {
    throw DataError(
        fmt::format("{} needs at least {} periods of demand, but there are {}.", name(), kFewestPeriods, num_periods));
  }
  const int num_series = history.num_series();
  const Eigen::Index num_regressors = PlanFeatures::NumRegressors(history);
  const SeriesGroups groups(history.series);
  fitted_ = {num_periods, Eigen::MatrixXd::Zero(num_regressors, num_series), Eigen::VectorXd::Zero(num_series),
             Eigen::VectorXd::Zero(num_series), Eigen::VectorXd::Zero(num_series)};

  // each series around its means
  std::vector<Eigen::MatrixXd> regressors(static_cast<size_t>(num_series));
  std::vector<Eigen::VectorXd> demands(static_cast<size_t>(num_series));
  Eigen::MatrixXd regressor_means(num_regressors, num_series);
  ParallelFor(num_series, 0, [&](int series) {
    const PlanFeatures features(history, series, num_periods);
    Eigen::MatrixXd& table = regressors[static_cast<size_t>(series)];
    Eigen::VectorXd& demand = demands[static_cast<size_t>(series)];
    table.resize(num_periods, num_regressors);
    demand.resize(num_periods);
    Eigen::Index known = 0;
    for (int period = 0; period < num_periods; ++period) {
      if (std::isnan(history.demand(period, series))) continue;
      table.row(known) = features.Regressors(history.calendar, period);
      demand[known++] = Log(history.demand(period, series));
    }
    table.conservativeResize(known, Eigen::NoChange);
    demand.conservativeResize(known);
    regressor_means.col(series).setZero();
    if (known == 0) return;
    regressor_means.col(series) = table.colwise().mean();
    fitted_.constant[series] = demand.mean();
    fitted_.most[series] = demand.maxCoeff() + std::log(kMostGrowth);
    table.rowwise() -= table.colwise().mean().eval();
    demand.array() -= demand.mean();
  });

  // one response for all series of a product
  std::vector<PooledRegression> pools(static_cast<size_t>(groups.num_skus), PooledRegression(num_regressors));
  for (size_t series = 0; series < regressors.size(); ++series) {
    pools[static_cast<size_t>(groups.sku[series])].Add(regressors[series], demands[series]);
  }
  std::vector<Eigen::VectorXd> weights;
  for (const PooledRegression& pool : pools) weights.push_back(pool.Solve());

  // errors of each series, half its own and half those of the product
  Eigen::VectorXd squares = Eigen::VectorXd::Zero(groups.num_skus), counts = squares;
  Eigen::VectorXd own = Eigen::VectorXd::Zero(num_series);
  for (int series = 0; series < num_series; ++series) {
    const auto index = static_cast<size_t>(series);
    const int sku = groups.sku[index];
    fitted_.weights.col(series) = weights[static_cast<size_t>(sku)];
    fitted_.constant[series] -= regressor_means.col(series).dot(fitted_.weights.col(series));
    const Eigen::VectorXd errors = demands[index] - regressors[index] * fitted_.weights.col(series);
    own[series] = errors.size() > 0 ? errors.squaredNorm() / static_cast<double>(errors.size()) : 0;
    squares[sku] += errors.squaredNorm();
    counts[sku] += static_cast<double>(errors.size());
  }
  for (int series = 0; series < num_series; ++series) {
    const int sku = groups.sku[static_cast<size_t>(series)];
    const double variance = (own[series] + squares[sku] / std::max(1.0, counts[sku])) / 2;
    fitted_.deviation[series] = std::clamp(std::sqrt(variance), kLeastDeviation, kMostDeviation);
  }
  FitDependence(history, std::min(60, num_periods / 2), horizon_);
}

std::unique_ptr<PathModel> LinearRegression::Start(const DemandHistory& history, int origin, int num_paths) const {
  RESTOCK_CHECK_EQ(PlanFeatures::NumRegressors(history), fitted_.weights.rows());
  return std::make_unique<RegressionPathModel>(history, fitted_, origin, num_paths);
}

void LinearRegression::Save(const std::filesystem::path& file) const {
  SectionFileWriter writer(name() + " forecaster");
  const auto add = [&](const char* section, const auto& values) {
    writer.AddValues(section, values.data(), static_cast<size_t>(values.size()));
  };
  writer.AddValues("num_past", &fitted_.num_past, 1);
  add("weights", fitted_.weights);
  add("constant", fitted_.constant);
  add("deviation", fitted_.deviation);
  add("most", fitted_.most);
  AddDependence(writer);
  writer.Write(file);
}

void LinearRegression::Load(const std::filesystem::path& file) {
  const SectionFileReader reader(file, name() + " forecaster");
  const auto get = [&](const char* section) {
    const auto values = reader.GetValues<double>(section);
    return Eigen::VectorXd(Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size())));
  };
  const Eigen::VectorXd weights = get("weights"), constant = get("constant");
  const Eigen::Index num_regressors = weights.size() / std::max<Eigen::Index>(1, constant.size());
  fitted_ = {reader.GetValues<int>("num_past").at(0), weights.reshaped(num_regressors, constant.size()), constant,
             get("deviation"), get("most")};
  LoadDependence(reader);
}

}  // namespace restock
