#include "forecasting/shape_features.h"

#include <algorithm>
#include <cmath>

#include "forecasting/demand_class.h"
#include "forecasting/known_values.h"

namespace restock {
namespace {

constexpr int kLongestProfile = 24;  // longer seasons are told by their correlation alone
constexpr double kEvenPeriods = 2;   // as many periods of mean demand each phase begins with

/// Correlation of demand with itself `lag` periods before, over pairs that are known; 0 where there are few.
double AutoCorrelation(const Eigen::VectorXd& demand, Eigen::Index lag) {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (Eigen::Index period = lag; period < demand.size(); ++period) {
    const double now = demand[period], then = demand[period - lag];
    if (std::isnan(now) || std::isnan(then)) continue;
    n += 1, x += now, y += then, xx += now * now, yy += then * then, xy += now * then;
  }
  const double variances = (n * xx - x * x) * (n * yy - y * y);
  return n < 4 || !(variances > 1e-12 * n * n * xx * yy) ? 0 : (n * xy - x * y) / std::sqrt(variances);
}

/// Mean demand of each phase of the season over mean demand.
void AddProfile(const Eigen::VectorXd& demand, int season, double mean, std::vector<double>& features) {
  std::vector<double> sum(static_cast<size_t>(season), kEvenPeriods * mean), count(sum.size(), kEvenPeriods);
  for (Eigen::Index period = 0; period < demand.size(); ++period) {
    if (std::isnan(demand[period])) continue;
    sum[static_cast<size_t>(period % season)] += demand[period];
    ++count[static_cast<size_t>(period % season)];
  }
  for (size_t phase = 0; phase < sum.size(); ++phase) features.push_back(sum[phase] / count[phase] / mean);
}

std::vector<double> FeaturesOf(const Eigen::VectorXd& demand, int season) {
  std::vector<double> features;
  const double mean = MeanOfKnown(demand);
  if (season <= kLongestProfile) AddProfile(demand, season, mean, features);
  const Eigen::Index half = demand.size() / 2;
  const double before = MeanOfKnown(demand.head(half)), after = MeanOfKnown(demand.tail(demand.size() - half));
  features.push_back(std::log((after + 0.1 * mean) / (before + 0.1 * mean)));
  const DemandPattern pattern = PatternOf(demand);
  features.push_back(1 - 1 / pattern.mean_interval);
  features.push_back(std::log1p(pattern.squared_variation));
  features.push_back(AutoCorrelation(demand, 1));
  features.push_back(AutoCorrelation(demand, season));
  return features;
}

}  // namespace

ShapeFeatures ShapeOf(const DemandHistory& history) {
  const int season = history.calendar.season();
  ShapeFeatures shape;
  if (season <= kLongestProfile) {
    // phases count from the first period, whose day of the week is the calendar's
    for (int phase = 0; phase < season; ++phase)
      shape.names.push_back("weekday " + std::to_string(history.calendar.DateOf(phase).weekday() + 1));
  }
  for (const char* name : {"trend", "zeros", "variation of sizes", "period before", "season before"})
    shape.names.emplace_back(name);
  shape.values = Eigen::MatrixXd::Zero(history.num_series(), static_cast<Eigen::Index>(shape.names.size()));
  for (int series = 0; series < history.num_series(); ++series) {
    const Eigen::VectorXd demand = history.demand.col(series).cast<double>();
    const auto num_known = (demand.array() == demand.array()).count();
    const int enough = std::min(season, kLongestProfile);
    shape.is_known.push_back(num_known >= enough && (demand.array() > 0).any());
    if (!shape.is_known.back()) continue;
    const std::vector<double> features = FeaturesOf(demand, season);
    shape.values.row(series) =
        Eigen::Map<const Eigen::RowVectorXd>(features.data(), static_cast<Eigen::Index>(features.size()));
  }
  return shape;
}

}  // namespace restock
