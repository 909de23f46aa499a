#include "forecasting/exponential_smoothing.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/check.h"

namespace restock {
namespace {

constexpr float kSmoothingGrid[] = {0.02f, 0.05f, 0.1f, 0.15f, 0.2f, 0.3f, 0.5f};
constexpr float kPriorPeriods = 2;    // a seasonal factor of 1 counts like so many observations
constexpr float kLeastFactor = 0.1f;  // demand is never divided by less

class ExponentialSmoothingModel final : public PointModel {
 public:
  ExponentialSmoothingModel(const std::vector<ExponentialSmoothing::Parameters>& parameters,
                            const Eigen::MatrixXf& factors, int num_paths)
      : parameters_(parameters), factors_(factors), level_(num_paths, factors.cols()) {
    for (Eigen::Index series = 0; series < level_.cols(); ++series) {
      level_.col(series).setConstant(parameters[static_cast<size_t>(series)].start);
    }
  }

  void Observe(const Eigen::MatrixXf& demand) override {
    for (Eigen::Index series = 0; series < level_.cols(); ++series) {
      const float smoothing = parameters_[static_cast<size_t>(series)].smoothing;
      const float factor = factors_(Phase(0), series);
      for (Eigen::Index path = 0; path < level_.rows(); ++path) {
        if (std::isnan(demand(path, series))) continue;
        level_(path, series) += smoothing * (demand(path, series) / factor - level_(path, series));
      }
    }
    ++period_;
  }

  void Predict(int series, int num_steps, Eigen::MatrixXf& mean) const override {
    mean.resize(level_.rows(), num_steps);
    for (int step = 0; step < num_steps; ++step) mean.col(step) = factors_(Phase(step), series) * level_.col(series);
  }

 private:
  Eigen::Index Phase(int step) const { return (period_ + step) % factors_.rows(); }

  const std::vector<ExponentialSmoothing::Parameters>& parameters_;
  const Eigen::MatrixXf& factors_;
  int period_ = 0;
  Eigen::MatrixXf level_;  // (num_paths, num_series)
};

/// Mean demand by period of the season over the mean of all, drawn towards 1. A season must have come twice to count.
Eigen::VectorXf SeasonalFactors(const Eigen::Ref<const Eigen::VectorXf>& demand, int season) {
  Eigen::VectorXf sum = Eigen::VectorXf::Zero(season), count = sum;
  for (Eigen::Index period = 0; period < demand.size(); ++period) {
    if (std::isnan(demand[period])) continue;
    sum[period % season] += demand[period];
    count[period % season] += 1;
  }
  const float mean = sum.sum() / std::max(1.f, count.sum());
  if (demand.size() < 2 * season || mean <= 0) return Eigen::VectorXf::Ones(season);
  const Eigen::VectorXf factors = (sum.array() + kPriorPeriods * mean) / ((count.array() + kPriorPeriods) * mean);
  return factors.cwiseMax(kLeastFactor);
}

/// Sum of squared errors one period ahead, after the first two seasons.
double SquaredErrors(const Eigen::Ref<const Eigen::VectorXf>& demand, const Eigen::Ref<const Eigen::VectorXf>& factors,
                     ExponentialSmoothing::Parameters parameters) {
  const Eigen::Index season = factors.size();
  const Eigen::Index warm = std::min<Eigen::Index>(2 * season, demand.size() / 2);
  double sum = 0;
  float level = parameters.start;
  for (Eigen::Index period = 0; period < demand.size(); ++period) {
    if (std::isnan(demand[period])) continue;
    const float factor = factors[period % season];
    const double error = demand[period] - level * factor;
    if (period >= warm) sum += error * error;
    level += parameters.smoothing * (demand[period] / factor - level);
  }
  return sum;
}

/// Mean of the known demand in the first two seasons, or of all where none is known there.
float StartLevel(const Eigen::Ref<const Eigen::VectorXf>& demand, int season) {
  double sum = 0, count = 0;
  for (Eigen::Index period = 0; period < demand.size(); ++period) {
    if (period >= 2 * season && count > 0) break;
    if (std::isnan(demand[period])) continue;
    sum += demand[period];
    ++count;
  }
  return static_cast<float>(sum / std::max(count, 1.0));
}

}  // namespace

const std::string& ExponentialSmoothing::name() const {
  static const std::string kName = "exponential_smoothing";
  return kName;
}

void ExponentialSmoothing::FitPoints(const DemandHistory& history) {
  const int season = history.calendar.season();
  parameters_.assign(static_cast<size_t>(history.num_series()), {});
  factors_.resize(season, history.num_series());
  for (int series = 0; series < history.num_series(); ++series) {
    const auto demand = history.demand.col(series);
    factors_.col(series) = SeasonalFactors(demand, season);
    double best = std::numeric_limits<double>::infinity();
    for (const float smoothing : kSmoothingGrid) {
      const Parameters candidate = {smoothing, StartLevel(demand, season)};
      const double squares = SquaredErrors(demand, factors_.col(series), candidate);
      if (squares >= best) continue;
      best = squares;
      parameters_[static_cast<size_t>(series)] = candidate;
    }
  }
}

std::unique_ptr<PointModel> ExponentialSmoothing::StartPoints(const DemandHistory& history, int num_paths) const {
  RESTOCK_CHECK_EQ(history.num_series(), factors_.cols());
  return std::make_unique<ExponentialSmoothingModel>(parameters_, factors_, num_paths);
}

void ExponentialSmoothing::SavePoints(SectionFileWriter& file) const {
  file.AddValues("parameters", parameters_.data(), parameters_.size());
  file.AddValues("factors", factors_.data(), static_cast<size_t>(factors_.size()));
}

void ExponentialSmoothing::LoadPoints(const SectionFileReader& file) {
  parameters_ = file.GetValues<Parameters>("parameters");
  const auto factors = file.GetValues<float>("factors");
  const auto num_series = static_cast<Eigen::Index>(parameters_.size());
  factors_ = Eigen::Map<const Eigen::MatrixXf>(factors.data(), static_cast<Eigen::Index>(factors.size()) / num_series,
                                               num_series);
}

}  // namespace restock
