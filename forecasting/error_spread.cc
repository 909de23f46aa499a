#include "forecasting/error_spread.h"

#include <algorithm>
#include <cmath>

#include "forecasting/count_quantiles.h"

namespace restock {
namespace {

constexpr double kLargestCount = 30;    // mean from which on counts are as good as numbers
constexpr double kPriorForecasts = 20;  // what all series have counts like so many forecasts of one
constexpr double kMostOverdispersion = 30;
constexpr double kMostPull = 0.9;  // a forecast always counts for something
constexpr float kLeastOverdispersion = 1e-3f;

bool AreSmallCounts(const Eigen::Ref<const Eigen::VectorXf>& demand, double& mean) {
  double sum = 0, count = 0;
  bool whole = true;
  for (const float value : demand) {
    if (std::isnan(value)) continue;
    whole = whole && value >= 0 && value == std::round(value);
    sum += value;
    ++count;
  }
  mean = count > 0 ? sum / count : 0;
  return whole && mean < kLargestCount;
}

}  // namespace

ErrorSpread::ErrorSpread(const DemandHistory& history, int horizon)
    : season_(history.calendar.season()),
      num_blocks_((horizon + season_ - 1) / season_),
      counts_(static_cast<size_t>(history.num_series() * num_blocks_)),
      sums_(counts_.size()),
      residuals_(history.num_series(), /*season=*/1, horizon) {
  for (int series = 0; series < history.num_series(); ++series) {
    double mean = 0;
    const bool are_counts = AreSmallCounts(history.demand.col(series), mean);
    for (int block = 0; block < num_blocks_; ++block) {
      counts_[Cell(series, block * season_)] = {are_counts ? 1.f : 0.f, static_cast<float>(mean), 0, 0};
    }
  }
}

size_t ErrorSpread::Cell(int series, int step) const {
  return static_cast<size_t>(series * num_blocks_ + std::min(step / season_, num_blocks_ - 1));
}

const ErrorSpread::CountSpread& ErrorSpread::At(int series, int step) const { return counts_[Cell(series, step)]; }

void ErrorSpread::Add(int series, int step, float point, float demand) {
  if (std::isnan(demand)) return;
  const size_t cell = Cell(series, step);
  if (counts_[cell].is_count == 0) return residuals_.Add(series, step, demand - point);
  const double error = demand - point, way = counts_[cell].usual - point;
  Sums& sums = sums_[cell];
  sums.products += error * way;
  sums.squares += way * way;
  sums.errors += error * error;
  sums.demands += demand;
  ++sums.count;
}

double ErrorSpread::Sums::Pull() const { return squares > 0 ? std::clamp(products / squares, 0.0, kMostPull) : 0; }

double ErrorSpread::Sums::Overdispersion(double pull) const {
  // squares of errors around the pulled mean, less what a Poisson would have
  const double around = errors - 2 * pull * products + pull * pull * squares;
  const double mean = demands / std::max(1.0, count);
  return std::clamp((around - demands) / (std::max(mean * mean, 1e-6) * std::max(1.0, count)), 0.0,
                    kMostOverdispersion);
}

void ErrorSpread::Finish() {
  residuals_.Finish();
  const auto num_blocks = static_cast<size_t>(num_blocks_);
  for (size_t block = 0; block < num_blocks; ++block) {
    // what all series have that sell
    double pull = 0, overdispersion = 0, num_series = 0;
    for (size_t cell = block; cell < counts_.size(); cell += num_blocks) {
      if (counts_[cell].is_count == 0 || !(sums_[cell].demands > 0)) continue;
      pull += sums_[cell].Pull();
      overdispersion += sums_[cell].Overdispersion(sums_[cell].Pull());
      ++num_series;
    }
    pull /= std::max(1.0, num_series);
    overdispersion /= std::max(1.0, num_series);

    // each one's own, drawn towards it
    for (size_t cell = block; cell < counts_.size(); cell += num_blocks) {
      const Sums& sums = sums_[cell];
      const double own = sums.count / (sums.count + kPriorForecasts);
      const double own_dispersion = sums.Overdispersion(sums.Pull());
      counts_[cell].pull = static_cast<float>(own * sums.Pull() + (1 - own) * pull);
      counts_[cell].overdispersion = static_cast<float>(own * own_dispersion + (1 - own) * overdispersion);
    }
  }
  sums_.clear();
}

ResidualTable::Moments ErrorSpread::MomentsAround(int series, int step, float point) const {
  const CountSpread& spread = At(series, step);
  if (spread.is_count == 0) return residuals_.MomentsAround(series, step, point);
  const float mean = CountMean(spread, point);
  return {mean, mean + spread.overdispersion * mean * mean};
}

float ErrorSpread::Quantile(int series, int step, float point, float probability) const {
  const CountSpread& spread = At(series, step);
  if (spread.is_count == 0) return std::max(0.f, point + residuals_.Quantile(series, step, probability));
  const float dispersion = 1 / std::max(spread.overdispersion, kLeastOverdispersion);
  return static_cast<float>(CountQuantile(CountMean(spread, point), dispersion, probability));
}

float ErrorSpread::Probability(int series, int step, float point, float demand) const {
  const CountSpread& spread = At(series, step);
  if (spread.is_count == 0) return residuals_.Probability(series, step, demand - point);
  const float dispersion = 1 / std::max(spread.overdispersion, kLeastOverdispersion);
  return static_cast<float>(CountProbability(CountMean(spread, point), dispersion, demand));
}

void ErrorSpread::Save(SectionFileWriter& file) const {
  const int sizes[] = {season_, num_blocks_};
  file.AddValues("spread/sizes", sizes, 2);
  file.AddValues("spread/counts", counts_.data(), counts_.size());
  residuals_.Save(file);
}

void ErrorSpread::Load(const SectionFileReader& file) {
  const auto sizes = file.GetValues<int>("spread/sizes");
  season_ = sizes.at(0);
  num_blocks_ = sizes.at(1);
  counts_ = file.GetValues<CountSpread>("spread/counts");
  residuals_.Load(file);
}

}  // namespace restock
