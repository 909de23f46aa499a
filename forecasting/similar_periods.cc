#include "forecasting/similar_periods.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "common/check.h"
#include "common/parallel.h"

namespace restock {
namespace {

constexpr int kFewestPeriods = 4;
constexpr double kBandwidth = 0.3;      // of a number such as a price, in standard deviations within a series
constexpr double kFlagBandwidth = 0.5;  // of what lies between 0 and 1 in all series, such as a promotion
constexpr double kOtherPhase = 2;       // distance of another weekday
constexpr double kForgetting = 0.02;    // a period
constexpr double kLevelSmoothing = 0.08;
constexpr double kLargestLevel = 3;

/// Past demand in ascending order, with the weight of all up to each.
struct WeightedDemand {
  std::vector<float> demand;
  std::vector<double> cumulative;
  double mean = 0, variance = 0;

  float Quantile(double probability) const {
    if (demand.empty()) return 0;
    const double wanted = probability * cumulative.back();
    const auto found = std::lower_bound(cumulative.begin(), cumulative.end(), wanted);
    return demand[static_cast<size_t>(
        std::min<std::ptrdiff_t>(found - cumulative.begin(), static_cast<std::ptrdiff_t>(demand.size()) - 1))];
  }
  double Probability(double value) const {
    const auto above = std::upper_bound(demand.begin(), demand.end(), value) - demand.begin();
    if (demand.empty()) return value >= 0 ? 1 : 0;
    return above == 0 ? 0 : cumulative[static_cast<size_t>(above - 1)] / cumulative.back();
  }
};

class SimilarPathModel final : public PathModel {
 public:
  SimilarPathModel(const DemandHistory& history, const Eigen::VectorXd& bandwidths, int num_past, int origin,
                   int num_paths)
      : history_(history),
        bandwidths_(bandwidths),
        origin_(origin),
        period_(origin),
        level_(Eigen::MatrixXd::Zero(num_paths, history.num_series())),
        ahead_(static_cast<size_t>(history.num_series())) {
    for (int series = 0; series < history.num_series(); ++series) features_.emplace_back(history, series, num_past);
  }

  void Observe(const Eigen::MatrixXf& demand) override {
    ParallelFor(history_.num_series(), 0, [&](int series) {
      const double expected = Weigh(series, period_).Quantile(0.5);
      for (Eigen::Index path = 0; path < demand.rows(); ++path) {
        const float value = demand(path, series);
        if (std::isnan(value)) continue;
        double& level = level_(path, series);
        level += kLevelSmoothing * (std::log((value + 1) / (expected + 1)) - level);
        level = std::clamp(level, -kLargestLevel, kLargestLevel);
      }
    });
    ++period_;
  }

  void Predict(int series, int num_steps, StepDistributions& steps) const override {
    steps.mean.resize(level_.rows(), num_steps);
    steps.variance.resizeLike(steps.mean);
    std::vector<WeightedDemand>& ahead = ahead_[static_cast<size_t>(series)];
    ahead.clear();
    for (int step = 0; step < num_steps; ++step) {
      ahead.push_back(Weigh(series, period_ + step));
      for (Eigen::Index path = 0; path < level_.rows(); ++path) {
        const double factor = std::exp(level_(path, series));
        steps.mean(path, step) = static_cast<float>(factor * ahead.back().mean);
        steps.variance(path, step) = static_cast<float>(factor * factor * ahead.back().variance);
      }
    }
  }

  float Quantile(const StepDistributions&, int series, int path, int step, float probability) const override {
    const float demand = At(series, step).Quantile(probability);
    const auto scaled = static_cast<float>(demand * std::exp(level_(path, series)));
    return demand == std::round(demand) ? std::round(scaled) : scaled;
  }
  float Probability(const StepDistributions&, int series, int path, int step, float demand) const override {
    return static_cast<float>(At(series, step).Probability((demand + 0.5) / std::exp(level_(path, series))));
  }

 private:
  const WeightedDemand& At(int series, int step) const {
    return ahead_[static_cast<size_t>(series)][static_cast<size_t>(step)];
  }

  /// Demand before the origin, by how much its period is like `period`.
  WeightedDemand Weigh(int series, int period) const {
    const PlanFeatures& features = features_[static_cast<size_t>(series)];
    const Eigen::RowVectorXd planned = features.Plans(period);
    const int season = history_.calendar.season();
    std::vector<std::pair<float, double>> known;  // demand, distance
    double nearest = 1e300;
    for (int past = 0; past < origin_; ++past) {
      const float demand = history_.demand(past, series);
      if (std::isnan(demand)) continue;
      double distance = kForgetting * (period - past);
      const Eigen::RowVectorXd difference = features.Plans(past) - planned;
      for (Eigen::Index i = 0; i < difference.size(); ++i)
        distance += difference[i] * difference[i] / (2 * bandwidths_[i] * bandwidths_[i]);
      if (season <= kLongestDummySeason && (period - past) % season != 0) distance += kOtherPhase;
      known.emplace_back(demand, distance);
      nearest = std::min(nearest, distance);
    }
    std::sort(known.begin(), known.end());

    WeightedDemand weighted;
    double total = 0, sum = 0, squares = 0;
    for (const auto& [demand, distance] : known) {
      const double weight = std::exp(nearest - distance);  // the nearest always counts
      total += weight;
      sum += weight * demand;
      squares += weight * demand * demand;
      weighted.demand.push_back(demand);
      weighted.cumulative.push_back(total);
    }
    if (total > 0) {
      weighted.mean = sum / total;
      weighted.variance = std::max(0.0, squares / total - weighted.mean * weighted.mean);
    }
    return weighted;
  }

  const DemandHistory& history_;
  const Eigen::VectorXd& bandwidths_;
  int origin_, period_;
  std::vector<PlanFeatures> features_;                      // (num_series)
  Eigen::MatrixXd level_;                                   // logarithm of a factor  (num_paths, num_series)
  mutable std::vector<std::vector<WeightedDemand>> ahead_;  // by series and step, of the last Predict()
};

}  // namespace

const std::string& SimilarPeriods::name() const {
  static const std::string kName = "similar_periods";
  return kName;
}

void SimilarPeriods::Fit(const DemandHistory& history) {
  const int num_periods = history.num_periods();
  if (num_periods < kFewestPeriods) {
    throw DataError(
        fmt::format("{} needs at least {} periods of demand, but there are {}.", name(), kFewestPeriods, num_periods));
  }
  num_past_ = num_periods;

  // bandwidths: by how much plans vary within series; flags have their own
  std::vector<double> bandwidths;
  for (const Covariate& covariate : history.covariates) {
    if (!covariate.known_ahead) continue;
    double least = 1e300, most = -1e300, squares = 0, count = 0;
    for (int series = 0; series < history.num_series(); ++series) {
      const Eigen::VectorXd past = covariate.values.col(series).head(num_periods).cast<double>();
      const auto known = (past.array() == past.array());
      if (!known.any()) continue;
      const auto num_known = static_cast<double>(known.count());
      const double mean = known.select(past, 0.0).sum() / num_known;
      squares += known.select((past.array() - mean).square(), 0.0).sum();
      count += num_known;
      least = std::min(least, known.select(past, 1e300).minCoeff());
      most = std::max(most, known.select(past, -1e300).maxCoeff());
    }
    const bool is_flag = least == 0 && most == 1;
    const double deviation = std::sqrt(squares / std::max(1.0, count));
    bandwidths.push_back(is_flag ? kFlagBandwidth : std::max(kBandwidth * deviation, 1e-6));
  }
  bandwidths_ = Eigen::Map<const Eigen::VectorXd>(bandwidths.data(), static_cast<Eigen::Index>(bandwidths.size()));
  FitDependence(history, std::min(30, num_periods / 2), horizon_);
}

std::unique_ptr<PathModel> SimilarPeriods::Start(const DemandHistory& history, int origin, int num_paths) const {
  return std::make_unique<SimilarPathModel>(history, bandwidths_, num_past_, origin, num_paths);
}

void SimilarPeriods::Save(const std::filesystem::path& file) const {
  SectionFileWriter writer(name() + " forecaster");
  writer.AddValues("num_past", &num_past_, 1);
  writer.AddValues("bandwidths", bandwidths_.data(), static_cast<size_t>(bandwidths_.size()));
  AddDependence(writer);
  writer.Write(file);
}

void SimilarPeriods::Load(const std::filesystem::path& file) {
  const SectionFileReader reader(file, name() + " forecaster");
  num_past_ = reader.GetValues<int>("num_past").at(0);
  const auto bandwidths = reader.GetValues<double>("bandwidths");
  bandwidths_ = Eigen::Map<const Eigen::VectorXd>(bandwidths.data(), static_cast<Eigen::Index>(bandwidths.size()));
  LoadDependence(reader);
}

}  // namespace restock
