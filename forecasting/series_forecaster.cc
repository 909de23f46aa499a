#include "forecasting/series_forecaster.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "common/check.h"
#include "common/parallel.h"
#include "common/text.h"
#include "forecasting/series_models.h"
#include "forecasting/transformed_model.h"

namespace restock {
namespace {

constexpr int kFewestPeriods = 4;
constexpr int kMostOrigins = 400;   // past forecasts whose errors tell how they hang together
constexpr double kMostGrowth = 10;  // a forecast is at most so many times the largest demand

/// A forecast that makes sense as demand.
float Sane(double forecast, double most) {
  return static_cast<float>(std::isfinite(forecast) ? std::clamp(forecast, 0.0, most) : 0.0);
}

/// The first period from which errors count: two seasons are needed to get going, where there are as many.
Eigen::Index FirstOrigin(const SeriesData& data) {
  return std::min<Eigen::Index>(2 * data.season, data.demand.size() / 2);
}

class SeriesPathModel final : public PathModel {
 public:
  SeriesPathModel(const std::vector<SeriesForecaster::Fitted>& fitted, const ErrorSpread& spread,
                  const DemandHistory& history, int origin, int num_paths)
      : fitted_(fitted), spread_(spread), period_(origin), states_(fitted.size()) {
    ParallelFor(static_cast<int>(fitted.size()), 0, [&](int series) {
      const auto& [model, first, unused] = At(series);
      const int num_known = std::max(0, origin - first);
      const Eigen::VectorXd demand = history.demand.col(series).segment(origin - num_known, num_known).cast<double>();
      states_[static_cast<size_t>(series)] = StateAfter(*model, demand).replicate(1, num_paths);
    });
  }

  void Observe(const Eigen::MatrixXf& demand) override {
    ParallelFor(static_cast<int>(fitted_.size()), 0, [&](int series) {
      if (period_ < At(series).first) return;
      Eigen::MatrixXd& states = states_[static_cast<size_t>(series)];
      for (Eigen::Index path = 0; path < states.cols(); ++path) {
        At(series).model->Observe(demand(path, series), states.col(path));
      }
    });
    ++period_;
  }

  void Predict(int series, int num_steps, StepDistributions& steps) const override {
    const Eigen::MatrixXd& states = states_[static_cast<size_t>(series)];
    steps.point.resize(states.cols(), num_steps);
    steps.mean.resizeLike(steps.point);
    steps.variance.resizeLike(steps.point);
    Eigen::VectorXd mean(num_steps);
    for (Eigen::Index path = 0; path < states.cols(); ++path) {
      At(series).model->Predict(states.col(path), mean);
      for (int step = 0; step < num_steps; ++step) {
        const float point = Sane(mean[step], At(series).most);
        const auto moments = spread_.MomentsAround(series, step, point);
        steps.point(path, step) = point;
        steps.mean(path, step) = moments.mean;
        steps.variance(path, step) = moments.variance;
      }
    }
  }

  float Quantile(const StepDistributions& steps, int series, int path, int step, float probability) const override {
    return spread_.Quantile(series, step, steps.point(path, step), probability);
  }
  float Probability(const StepDistributions& steps, int series, int path, int step, float demand) const override {
    return spread_.Probability(series, step, steps.point(path, step), demand);
  }

 private:
  const SeriesForecaster::Fitted& At(int series) const { return fitted_[static_cast<size_t>(series)]; }

  const std::vector<SeriesForecaster::Fitted>& fitted_;
  const ErrorSpread& spread_;
  int period_;
  std::vector<Eigen::MatrixXd> states_;  // by series: (state size, num_paths)
};

}  // namespace

SeriesData SeriesOf(const DemandHistory& history, int series, int& first) {
  const auto demand = history.demand.col(series);
  first = 0;
  while (first < demand.size() && std::isnan(demand[first])) ++first;
  if (first == demand.size()) return {Eigen::VectorXd::Zero(1), history.calendar.season()};
  return {demand.tail(demand.size() - first).cast<double>(), history.calendar.season()};
}

std::vector<std::string> SeriesForecaster::ChooseModels(const DemandHistory& history) {
  return std::vector<std::string>(static_cast<size_t>(history.num_series()), name_);
}

void SeriesForecaster::Fit(const DemandHistory& history) {
  const int num_periods = history.num_periods();
  if (num_periods < kFewestPeriods) {
    throw DataError(
        fmt::format("{} needs at least {} periods of demand, but there are {}.", name_, kFewestPeriods, num_periods));
  }
  model_names_ = ChooseModels(history);
  fitted_.clear();
  fitted_.resize(model_names_.size());
  spread_ = ErrorSpread(history, horizon_);
  ParallelFor(history.num_series(), 0, [&](int series) { FitSeries(history, series); });
  spread_.Finish();
  FitDependence(history, std::min(kMostOrigins, num_periods / 2), horizon_);
}

void SeriesForecaster::FitSeries(const DemandHistory& history, int series) {
  Fitted& fitted = fitted_[static_cast<size_t>(series)];
  const SeriesData data = SeriesOf(history, series, fitted.first);
  fitted.most = kMostGrowth * (1 + (data.demand.array() == data.demand.array()).select(data.demand, 0.0).maxCoeff());
  fitted.model = MakeSeriesModel(model_names_[static_cast<size_t>(series)]);
  RESTOCK_CHECK(fitted.model != nullptr);
  fitted.model = MakeTransformedModel(std::move(fitted.model), transform_);
  fitted.model->Fit(data);

  // forecast from every past period, and keep the errors
  const SeriesModel& model = *fitted.model;
  const Eigen::Index num_periods = data.demand.size();
  Eigen::VectorXd state(model.state_size()), ahead(horizon_);
  model.Start(state);
  for (Eigen::Index origin = 0; origin < num_periods; ++origin) {
    const auto num_steps = static_cast<int>(std::min<Eigen::Index>(horizon_, num_periods - origin));
    if (origin >= FirstOrigin(data)) model.Predict(state, ahead.head(num_steps));
    for (int step = 0; origin >= FirstOrigin(data) && step < num_steps; ++step) {
      spread_.Add(series, step, Sane(ahead[step], fitted.most), static_cast<float>(data.demand[origin + step]));
    }
    model.Observe(data.demand[origin], state);
  }
}

std::unique_ptr<PathModel> SeriesForecaster::Start(const DemandHistory& history, int origin, int num_paths) const {
  RESTOCK_CHECK_EQ(static_cast<size_t>(history.num_series()), fitted_.size());
  return std::make_unique<SeriesPathModel>(fitted_, spread_, history, origin, num_paths);
}

void SeriesForecaster::Save(const std::filesystem::path& file) const {
  SectionFileWriter writer(name_ + " forecaster");
  std::string names;
  std::vector<int> firsts, counts;
  std::vector<double> mosts, parameters;
  for (size_t series = 0; series < fitted_.size(); ++series) {
    names += model_names_[series] + '\n';
    firsts.push_back(fitted_[series].first);
    mosts.push_back(fitted_[series].most);
    const std::vector<double>& of_series = fitted_[series].model->parameters();
    counts.push_back(static_cast<int>(of_series.size()));
    parameters.insert(parameters.end(), of_series.begin(), of_series.end());
  }
  writer.Add("models", names);
  writer.AddValues("first", firsts.data(), firsts.size());
  writer.AddValues("most", mosts.data(), mosts.size());
  writer.AddValues("parameters/counts", counts.data(), counts.size());
  writer.AddValues("parameters", parameters.data(), parameters.size());
  spread_.Save(writer);
  AddDependence(writer);
  AddReasons(writer);
  writer.Write(file);
}

void SeriesForecaster::Load(const std::filesystem::path& file) {
  const SectionFileReader reader(file, name_ + " forecaster");
  const auto firsts = reader.GetValues<int>("first");
  const auto mosts = reader.GetValues<double>("most");
  const auto counts = reader.GetValues<int>("parameters/counts");
  const auto parameters = reader.GetValues<double>("parameters");
  auto next = parameters.begin();
  fitted_.clear();
  model_names_.clear();
  const std::string& names = reader.Get("models");
  size_t line = 0;
  for (size_t series = 0; series < counts.size(); ++series) {
    const size_t end = names.find('\n', line);
    model_names_.push_back(names.substr(line, end - line));
    line = end + 1;
    Fitted fitted = {MakeSeriesModel(model_names_.back()), firsts.at(series), mosts.at(series)};
    if (!fitted.model) {
      throw DataError(fmt::format("{}: there is no model {}.", file.string(), Quote(model_names_.back())));
    }
    fitted.model = MakeTransformedModel(std::move(fitted.model), transform_);
    fitted.model->Restore({next, next + counts[series]});
    next += counts[series];
    fitted_.push_back(std::move(fitted));
  }
  spread_.Load(reader);
  LoadDependence(reader);
  LoadReasons(reader);
}

}  // namespace restock
