#include "forecasting/neural/features.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace restock {
namespace {

constexpr float kLargestValue = 4;  // standard deviations

std::string NameOf(const Series& series) { return series.warehouse + "/" + series.sku; }

/// Numbers the names in their order of appearance. Returns the index of each series; `names` by index.
std::vector<int> Numbered(const std::vector<Series>& series, std::string Series::*name,
                          std::vector<std::string>& names) {
  std::map<std::string, int> numbers;
  std::vector<int> index;
  names.clear();
  for (const Series& one : series) {
    const auto [entry, is_new] = numbers.try_emplace(one.*name, static_cast<int>(numbers.size()));
    if (is_new) names.push_back(one.*name);
    index.push_back(entry->second);
  }
  return index;
}

float Transformed(float value, bool logarithm) { return logarithm ? std::log(value) : value; }

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace

NeuralFeatures::NeuralFeatures(const DemandHistory& history) {
  season_ = history.calendar.period_length == PeriodLength::kDay ? 7 : 1;
  for (const Series& series : history.series) names_.push_back(NameOf(series));
  group_[0] = Numbered(history.series, &Series::warehouse, group_names_[0]);
  group_[1] = Numbered(history.series, &Series::sku, group_names_[1]);
  group_[2] = Numbered(history.series, &Series::category, group_names_[2]);

  // mean by series, standard deviation within series over all of them; of the past only
  const int num_periods = history.num_periods();
  mean_.resize(history.num_series(), static_cast<Eigen::Index>(history.covariates.size()));
  for (size_t i = 0; i < history.covariates.size(); ++i) {
    const Covariate& covariate = history.covariates[i];
    const auto past = covariate.values.topRows(num_periods);
    const bool logarithm = (past.array() <= 0).count() == 0;
    double squares = 0, count = 0;
    for (int series = 0; series < history.num_series(); ++series) {
      double sum = 0, known = 0;
      for (const float value : past.col(series)) {
        if (std::isnan(value)) continue;
        sum += Transformed(value, logarithm);
        ++known;
      }
      const double mean = sum / std::max(known, 1.0);
      for (const float value : past.col(series)) {
        if (std::isnan(value)) continue;
        const double deviation = Transformed(value, logarithm) - mean;
        squares += deviation * deviation;
        ++count;
      }
      mean_(series, static_cast<Eigen::Index>(i)) = static_cast<float>(mean);
    }
    const double deviation = std::sqrt(squares / std::max(count, 1.0));
    covariates_.push_back(covariate.name);
    known_ahead_.push_back(covariate.known_ahead);
    logarithm_.push_back(logarithm);
    scale_.push_back(deviation > 1e-6 ? static_cast<float>(1 / deviation) : 0.f);
  }
}

int NeuralFeatures::Phase(const DemandHistory& history, int period) const {
  return season_ == 1 ? 0 : history.calendar.DateOf(period).weekday();
}

int NeuralFeatures::num_period_features() const {
  const int calendar = season_ == 1 ? 4 : season_;
  return calendar + 4 + static_cast<int>(std::count(known_ahead_.begin(), known_ahead_.end(), 1));
}

int NeuralFeatures::num_past_features() const {
  return static_cast<int>(std::count(known_ahead_.begin(), known_ahead_.end(), 0));
}

void NeuralFeatures::PeriodFeatures(const DemandHistory& history, int period, int series, float* features) const {
  const Calendar& calendar = history.calendar;
  if (season_ == 1) {
    // two waves a year
    for (int wave = 1; wave <= 2; ++wave) {
      const double angle = 2 * std::numbers::pi * wave * calendar.DateOf(period).day_of_year() / 365.25;
      *features++ = static_cast<float>(std::sin(angle));
      *features++ = static_cast<float>(std::cos(angle));
    }
  } else {
    const int weekday = Phase(history, period);
    for (int day = 0; day < season_; ++day) *features++ = day == weekday ? 1.f : 0.f;
  }
  *features++ = calendar.IsClosed(period) ? 1.f : 0.f;
  for (int near = -1; near <= 1; ++near)
    *features++ = period + near >= 0 && calendar.IsHoliday(period + near) ? 1.f : 0.f;
  for (size_t i = 0; i < covariates_.size(); ++i) {
    if (known_ahead_[i]) *features++ = Scaled(history, i, period, series);
  }
}

void NeuralFeatures::PastFeatures(const DemandHistory& history, int period, int series, float* features) const {
  for (size_t i = 0; i < covariates_.size(); ++i) {
    if (!known_ahead_[i]) *features++ = Scaled(history, i, period, series);
  }
}

float NeuralFeatures::Scaled(const DemandHistory& history, size_t covariate, int period, int series) const {
  const Eigen::MatrixXf& values = history.covariates[covariate].values;
  if (period >= values.rows()) return 0;
  const float value = values(period, series);
  if (std::isnan(value) || (logarithm_[covariate] && value <= 0)) return 0;
  const float deviation =
      Transformed(value, logarithm_[covariate]) - mean_(series, static_cast<Eigen::Index>(covariate));
  return std::clamp(deviation * scale_[covariate], -kLargestValue, kLargestValue);
}

int NeuralFeatures::RowOf(int kind, const std::string& name) const {
  const std::vector<std::string>& names = group_names_[static_cast<size_t>(kind)];
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

void NeuralFeatures::CheckFits(const DemandHistory& history) const {
  const auto differs = [](const std::string& what) {
    throw DataError("the sales have other " + what + " than those that the forecaster was fitted on; fit it again.");
  };
  if (history.num_series() != num_series()) differs("series");
  for (int series = 0; series < num_series(); ++series) {
    if (NameOf(history.series[static_cast<size_t>(series)]) != names_[static_cast<size_t>(series)]) differs("series");
  }
  if (history.covariates.size() != covariates_.size()) differs("covariates");
  for (size_t i = 0; i < covariates_.size(); ++i) {
    if (history.covariates[i].name != covariates_[i]) differs("covariates");
  }
}

void NeuralFeatures::Save(SectionFileWriter& file) const {
  file.AddValues("features/season", &season_, 1);
  file.Add("features/series", Joined(names_));
  file.Add("features/covariates", Joined(covariates_));
  file.AddValues("features/known_ahead", known_ahead_.data(), known_ahead_.size());
  file.AddValues("features/logarithm", logarithm_.data(), logarithm_.size());
  file.AddValues("features/scale", scale_.data(), scale_.size());
  file.AddValues("features/mean", mean_.data(), static_cast<size_t>(mean_.size()));
  for (int kind = 0; kind < kNumGroups; ++kind) {
    file.AddValues("features/group " + std::to_string(kind), group(kind).data(), group(kind).size());
    file.Add("features/group names " + std::to_string(kind), Joined(group_names_[kind]));
  }
}

void NeuralFeatures::Load(const SectionFileReader& file) {
  season_ = file.GetValues<int>("features/season").at(0);
  names_ = Split(file.Get("features/series"));
  covariates_ = Split(file.Get("features/covariates"));
  known_ahead_ = file.GetValues<uint8_t>("features/known_ahead");
  logarithm_ = file.GetValues<uint8_t>("features/logarithm");
  scale_ = file.GetValues<float>("features/scale");
  const auto mean = file.GetValues<float>("features/mean");
  mean_ = Eigen::Map<const Eigen::MatrixXf>(mean.data(), num_series(), static_cast<Eigen::Index>(covariates_.size()));
  for (int kind = 0; kind < kNumGroups; ++kind) {
    group_[kind] = file.GetValues<int>("features/group " + std::to_string(kind));
    group_names_[kind] = Split(file.Get("features/group names " + std::to_string(kind)));
  }
}

}  // namespace restock
