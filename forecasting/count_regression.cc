#include "forecasting/count_regression.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "common/check.h"
#include "common/parallel.h"
#include "forecasting/count_quantiles.h"

namespace restock {
namespace {

constexpr int kFewestPeriods = 8;
constexpr double kMostObservations = 150'000;  // drawn at random from all (series, origin, step)
constexpr double kPenalty = 1;
constexpr int kLongestDummies = 24;      // a longer season has no weights of its phases
constexpr double kLargestRegressor = 5;  // standardised ones are not larger

int NumDummies(const Calendar& calendar) { return calendar.season() > kLongestDummies ? 0 : calendar.season(); }

int NumKnownAhead(const DemandHistory& history) {
  return static_cast<int>(std::count_if(history.covariates.begin(), history.covariates.end(),
                                        [](const Covariate& covariate) { return covariate.known_ahead; }));
}

/// Features, phases of the season, holiday, covariates known ahead, and 1.
int NumRegressors(const DemandHistory& history) {
  return CountMemory::NumFeatures(history.calendar.season()) + NumDummies(history.calendar) + 1 +
         NumKnownAhead(history) + 1;
}

/// The regressors of `period` as known by `memory`, which lies `ahead` of it (0 ... 1).  (num_paths, NumRegressors())
void WriteRegressors(const DemandHistory& history, const CountMemory& memory, const CountMemory::Usual& usual,
                     int series, int period, double ahead, Eigen::MatrixXd& regressors) {
  const int season = history.calendar.season();
  const int num_features = CountMemory::NumFeatures(season);
  regressors.setZero(memory.num_paths(), NumRegressors(history));
  memory.Features(usual, period % season, ahead, regressors.leftCols(num_features));
  Eigen::Index next = num_features;
  const int num_dummies = NumDummies(history.calendar);
  if (num_dummies > 0) regressors.col(next + period % season).setOnes();
  next += num_dummies;
  regressors.col(next++).setConstant(history.calendar.IsHoliday(period) ? 1 : 0);
  for (const Covariate& covariate : history.covariates) {
    if (!covariate.known_ahead) continue;
    const float value = period < covariate.values.rows() ? covariate.values(period, series) : 0.f;
    regressors.col(next++).setConstant(std::isnan(value) ? 0 : value);
  }
  regressors.col(next).setOnes();
}

/// Mean 0 and standard deviation 1, the constant apart.
template <class Regressors>
void Standardise(const CountRegression::Fitted& fitted, Regressors& regressors) {
  for (Eigen::Index i = 0; i < fitted.centre.size(); ++i) {
    regressors.col(i) = ((regressors.col(i).array() - fitted.centre[i]) / fitted.scale[i])
                            .max(-kLargestRegressor)
                            .min(kLargestRegressor);
  }
}

CountMemory::Usual UsualDemand(const Eigen::MatrixXf& demand) {
  double sum = 0, demands = 0, known = 0;
  for (const float value : demand.reshaped()) {
    if (std::isnan(value)) continue;
    sum += value;
    demands += value > 0 ? 1 : 0;
    ++known;
  }
  if (demands == 0) return {.mean = 1e-3, .share = 1e-3, .size = 1};
  return {.mean = sum / known, .share = std::min(demands / known, 0.99), .size = sum / demands};
}

class CountPathModel final : public PathModel {
 public:
  CountPathModel(const DemandHistory& history, const CountRegression::Fitted& fitted, int horizon, int origin,
                 int num_paths)
      : history_(history), fitted_(fitted), horizon_(horizon), period_(origin) {
    const int season = history.calendar.season();
    memories_.assign(static_cast<size_t>(history.num_series()), CountMemory(season, 1));
    ParallelFor(history.num_series(), 0, [&](int series) {
      CountMemory& memory = memories_[static_cast<size_t>(series)];
      for (int period = 0; period < origin; ++period) {
        memory.Observe(history.demand.col(series).segment(period, 1).array(), period % season);
      }
      memory.Replicate(num_paths);
    });
  }

  void Observe(const Eigen::MatrixXf& demand) override {
    for (Eigen::Index series = 0; series < demand.cols(); ++series) {
      memories_[static_cast<size_t>(series)].Observe(demand.col(series).array(), period_ % history_.calendar.season());
    }
    ++period_;
  }

  void Predict(int series, int num_steps, StepDistributions& steps) const override {
    const CountMemory& memory = memories_[static_cast<size_t>(series)];
    steps.mean.resize(memory.num_paths(), num_steps);
    steps.variance.resize(memory.num_paths(), num_steps);
    Eigen::MatrixXd regressors;
    for (int step = 0; step < num_steps; ++step) {
      const double ahead = std::min(1.0, static_cast<double>(step) / horizon_);
      WriteRegressors(history_, memory, fitted_.usual, series, period_ + step, ahead, regressors);
      Standardise(fitted_, regressors);
      const Eigen::VectorXd log_mean = regressors * fitted_.weights.mean;
      const Eigen::VectorXd log_dispersion = regressors * fitted_.weights.dispersion;
      for (Eigen::Index path = 0; path < log_mean.size(); ++path) {
        const double mean = CountMean(log_mean[path]);
        steps.mean(path, step) = static_cast<float>(mean);
        steps.variance(path, step) = static_cast<float>(mean + mean * mean / CountDispersion(log_dispersion[path]));
      }
    }
  }

  float Quantile(const StepDistributions& steps, int, int path, int step, float probability) const override {
    return static_cast<float>(CountQuantile(steps.mean(path, step), Dispersion(steps, path, step), probability));
  }
  float Probability(const StepDistributions& steps, int, int path, int step, float demand) const override {
    return static_cast<float>(CountProbability(steps.mean(path, step), Dispersion(steps, path, step), demand));
  }

 private:
  static double Dispersion(const StepDistributions& steps, int path, int step) {
    const double mean = steps.mean(path, step);
    return mean * mean / std::max(1e-6 * mean, steps.variance(path, step) - mean);
  }

  const DemandHistory& history_;
  const CountRegression::Fitted& fitted_;
  int horizon_;
  int period_;
  std::vector<CountMemory> memories_;  // (num_series)
};

}  // namespace

const std::string& CountRegression::name() const {
  static const std::string kName = "count_regression";
  return kName;
}

void CountRegression::Fit(const DemandHistory& history) {
  const int num_periods = history.num_periods();
  if (num_periods < kFewestPeriods) {
    throw DataError(
        fmt::format("{} needs at least {} periods of demand, but there are {}.", name(), kFewestPeriods, num_periods));
  }
  fitted_.usual = UsualDemand(history.demand);

  // a sample of what came after each past period
  const int first = std::min(2 * std::min(history.calendar.season(), 7), num_periods / 4);
  const double all = static_cast<double>(num_periods - first) * horizon_ * history.num_series();
  const double share = std::min(1.0, kMostObservations / all);
  const int season = history.calendar.season();
  std::vector<std::vector<float>> rows(static_cast<size_t>(history.num_series()));  // of counts, then regressors
  ParallelFor(history.num_series(), 0, [&](int series) {
    RandomStream stream = Random(0).Stream("observations of count regression").At(static_cast<uint64_t>(series));
    std::vector<float>& of_series = rows[static_cast<size_t>(series)];
    CountMemory memory(season, 1);
    Eigen::MatrixXd regressors;
    for (int origin = 0; origin < num_periods; ++origin) {
      for (int step = 0; origin >= first && step < std::min(horizon_, num_periods - origin); ++step) {
        const float demand = history.demand(origin + step, series);
        if (std::isnan(demand) || stream.Uniform() >= share) continue;
        WriteRegressors(history, memory, fitted_.usual, series, origin + step, static_cast<double>(step) / horizon_,
                        regressors);
        of_series.push_back(demand);
        for (const double regressor : regressors.row(0)) of_series.push_back(static_cast<float>(regressor));
      }
      memory.Observe(history.demand.col(series).segment(origin, 1).array(), origin % season);
    }
  });

  const Eigen::Index width = NumRegressors(history) + 1;
  std::vector<float> flat;
  for (const std::vector<float>& of_series : rows) flat.insert(flat.end(), of_series.begin(), of_series.end());
  const auto count = static_cast<Eigen::Index>(flat.size()) / width;
  const Eigen::MatrixXf table = Eigen::Map<const Eigen::MatrixXf>(flat.data(), width, count).transpose();
  Eigen::MatrixXf regressors = table.rightCols(width - 1);

  // on one scale, but for the constant
  fitted_.centre = Eigen::VectorXd::Zero(width - 2);
  fitted_.scale = Eigen::VectorXd::Ones(width - 2);
  for (Eigen::Index i = 0; count > 0 && i < width - 2; ++i) {
    const Eigen::ArrayXd column = regressors.col(i).cast<double>();
    fitted_.centre[i] = column.mean();
    const double deviation = std::sqrt((column - column.mean()).square().mean());
    fitted_.scale[i] = deviation > 1e-6 ? deviation : 1;
  }
  Standardise(fitted_, regressors);
  fitted_.weights = FitCountWeights(regressors, table.col(0), kPenalty);
  FitDependence(history, std::min(60, num_periods / 2), horizon_);
}

std::unique_ptr<PathModel> CountRegression::Start(const DemandHistory& history, int origin, int num_paths) const {
  RESTOCK_CHECK_EQ(NumRegressors(history), fitted_.centre.size() + 1);
  return std::make_unique<CountPathModel>(history, fitted_, horizon_, origin, num_paths);
}

void CountRegression::Save(const std::filesystem::path& file) const {
  SectionFileWriter writer(name() + " forecaster");
  const auto add = [&](const char* section, const Eigen::VectorXd& values) {
    writer.AddValues(section, values.data(), static_cast<size_t>(values.size()));
  };
  writer.AddValues("usual", &fitted_.usual, 1);
  add("centre", fitted_.centre);
  add("scale", fitted_.scale);
  add("mean", fitted_.weights.mean);
  add("dispersion", fitted_.weights.dispersion);
  AddDependence(writer);
  writer.Write(file);
}

void CountRegression::Load(const std::filesystem::path& file) {
  const SectionFileReader reader(file, name() + " forecaster");
  const auto get = [&](const char* section) {
    const auto values = reader.GetValues<double>(section);
    return Eigen::VectorXd(Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size())));
  };
  fitted_ = {reader.GetValues<CountMemory::Usual>("usual").at(0),
             get("centre"),
             get("scale"),
             {get("mean"), get("dispersion")}};
  LoadDependence(reader);
}

}  // namespace restock
