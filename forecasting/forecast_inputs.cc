#include "forecasting/forecast_inputs.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "common/check.h"

namespace restock {
namespace {

/// The median of what is known of a covariate's past; NaN where nothing is.
float UsualValue(const Eigen::MatrixXf& values, int series, int num_periods) {
  std::vector<float> known;
  for (int period = 0; period < std::min<int>(num_periods, static_cast<int>(values.rows())); ++period)
    if (!std::isnan(values(period, series))) known.push_back(values(period, series));
  if (known.empty()) return std::nanf("");
  const auto middle = known.begin() + static_cast<std::ptrdiff_t>(known.size() / 2);
  std::nth_element(known.begin(), middle, known.end());
  return *middle;
}

bool IsSame(const Eigen::MatrixXf& a, const Eigen::MatrixXf& b) {
  return ((a.array() == b.array()) || (a.array() != a.array())).all();
}

bool IsSame(const DemandHistory& a, const DemandHistory& b) {
  bool same = IsSame(a.demand, b.demand) && a.calendar.holiday == b.calendar.holiday;
  for (size_t i = 0; same && i < a.covariates.size(); ++i)
    same = IsSame(a.covariates[i].values, b.covariates[i].values);
  return same;
}

}  // namespace

ForecastInputs::ForecastInputs(const DemandHistory& history, std::vector<int> series)
    : history_(history),
      series_(std::move(series)),
      mean_(static_cast<size_t>(history.num_series())),
      profile_(static_cast<size_t>(history.num_series())) {
  const int num_periods = history.num_periods();
  const auto num_phases = static_cast<size_t>(history.calendar.season());
  for (const int column : series_) {
    double sum = 0, count = 0;
    std::vector<double> phase_sum(num_phases), phase_count(num_phases);
    for (int period = 0; period < num_periods; ++period) {
      const auto demand = static_cast<double>(history.demand(period, column));
      if (std::isnan(demand)) continue;
      sum += demand;
      ++count;
      phase_sum[Phase(period)] += demand;
      ++phase_count[Phase(period)];
    }
    const double mean = count > 0 ? sum / count : 0;
    std::vector<double>& profile = profile_[static_cast<size_t>(column)];
    for (size_t phase = 0; phase < num_phases; ++phase)
      profile.push_back(mean > 0 && phase_count[phase] > 0 ? phase_sum[phase] / phase_count[phase] / mean : 1);
    mean_[static_cast<size_t>(column)] = mean;
  }

  // demand by its age, and its season where two were seen
  const bool is_daily = history.calendar.period_length == PeriodLength::kDay;
  const int recent = std::min(is_daily ? 7 : 4, num_periods), month = std::min(is_daily ? 28 : 13, num_periods);
  Add(fmt::format("demand of the last {} periods", recent), {Kind::kDemand, num_periods - recent, num_periods});
  Add(fmt::format("demand {} to {} periods ago", recent + 1, month),
      {Kind::kDemand, num_periods - month, num_periods - recent});
  Add("earlier demand", {Kind::kDemand, 0, num_periods - month});
  if (num_periods >= 2 * history.calendar.season()) Add(is_daily ? "weekdays" : "time of the year", {Kind::kSeason});
  for (size_t i = 0; i < history.covariates.size(); ++i)
    Add(history.covariates[i].name, {.kind = Kind::kCovariate, .covariate = i});
  Add("holidays", {Kind::kHolidays});
}

void ForecastInputs::Add(const std::string& name, const Input& input) {
  names_.push_back(name);
  inputs_.push_back(input);
  Coalition without(inputs_.size(), true);
  without.back() = false;
  if (!IsSame(history_, With(without))) return;
  names_.pop_back();
  inputs_.pop_back();
}

DemandHistory ForecastInputs::With(const Coalition& coalition) const {
  RESTOCK_CHECK_EQ(coalition.size(), inputs_.size());
  DemandHistory changed = history_;
  for (const int series : series_) SetDemand(coalition, series, changed);
  for (size_t i = 0; i < inputs_.size(); ++i) {
    if (coalition[i]) continue;
    if (inputs_[i].kind == Kind::kCovariate) SetCovariate(inputs_[i].covariate, changed);
    if (inputs_[i].kind == Kind::kHolidays) DropHolidays(changed);
  }
  return changed;
}

void ForecastInputs::SetDemand(const Coalition& coalition, int series, DemandHistory& changed) const {
  const auto& profile = profile_[static_cast<size_t>(series)];
  const double mean = mean_[static_cast<size_t>(series)];
  bool has_season = true;
  for (size_t i = 0; i < inputs_.size(); ++i)
    if (inputs_[i].kind == Kind::kSeason) has_season = coalition[i];
  const auto set = [&](int period, bool is_known) {
    float& demand = changed.demand(period, series);
    const double factor = profile[Phase(period)];
    if (std::isnan(demand)) return;
    if (!is_known) {
      demand = static_cast<float>(has_season ? mean * factor : mean);
    } else if (!has_season) {
      demand = factor > 0 ? static_cast<float>(static_cast<double>(demand) / factor) : static_cast<float>(mean);
    }
  };
  std::vector<bool> is_known(static_cast<size_t>(history_.num_periods()), true);
  for (size_t i = 0; i < inputs_.size(); ++i) {
    if (inputs_[i].kind != Kind::kDemand || coalition[i]) continue;
    std::fill(is_known.begin() + inputs_[i].first, is_known.begin() + inputs_[i].last, false);
  }
  for (int period = 0; period < history_.num_periods(); ++period) set(period, is_known[static_cast<size_t>(period)]);
}

void ForecastInputs::SetCovariate(size_t covariate, DemandHistory& changed) const {
  Covariate& to = changed.covariates[covariate];
  const auto num_rows = static_cast<int>(to.values.rows()), num_past = history_.num_periods();
  for (const int series : series_) {
    const float usual = UsualValue(history_.covariates[covariate].values, series, num_past);
    const int first = to.known_ahead ? num_past : 0, last = to.known_ahead ? num_rows : std::min(num_past, num_rows);
    for (int period = first; period < last; ++period)
      if (!std::isnan(to.values(period, series))) to.values(period, series) = usual;
  }
}

void ForecastInputs::DropHolidays(DemandHistory& changed) const {
  std::vector<bool>& holiday = changed.calendar.holiday;
  for (size_t period = static_cast<size_t>(history_.num_periods()); period < holiday.size(); ++period)
    holiday[period] = false;
}

size_t ForecastInputs::Phase(int period) const {
  const Calendar& calendar = history_.calendar;
  return static_cast<size_t>(calendar.period_length == PeriodLength::kDay ? calendar.DateOf(period).weekday()
                                                                          : period % calendar.season());
}

}  // namespace restock
