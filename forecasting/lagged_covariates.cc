#include "forecasting/lagged_covariates.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace restock {
namespace {

std::string NameOfLag(const std::string& name, int lag) {
  if (lag == 0) return name;
  return lag > 0 ? fmt::format("{} lag {}", name, lag) : fmt::format("{} lead {}", name, -lag);
}

/// The value `lag` periods before; not known at the ends.
Covariate Lagged(const Covariate& covariate, int lag) {
  if (lag == 0) return covariate;
  const Eigen::Index known = covariate.values.rows();
  const Eigen::Index rows = covariate.known_ahead ? known : known + lag;
  Covariate lagged = {
      NameOfLag(covariate.name, lag), true,
      Eigen::MatrixXf::Constant(rows, covariate.values.cols(), std::numeric_limits<float>::quiet_NaN())};
  for (Eigen::Index period = 0; period < rows; ++period) {
    const Eigen::Index source = period - lag;
    if (source >= 0 && source < known) lagged.values.row(period) = covariate.values.row(source);
  }
  return lagged;
}

Covariate HolidayLag(const DemandHistory& history, int lag) {
  const Calendar& calendar = history.calendar;
  const auto rows = std::max<Eigen::Index>(history.sales.rows(), static_cast<Eigen::Index>(calendar.holiday.size()));
  Covariate covariate = {NameOfLag("holiday", lag), true, Eigen::MatrixXf::Zero(rows, history.num_series())};
  for (Eigen::Index period = 0; period < rows; ++period) {
    const auto source = static_cast<int>(period) - lag;
    if (source >= 0 && calendar.IsHoliday(source)) covariate.values.row(period).setOnes();
  }
  return covariate;
}

}  // namespace

void AddLaggedCovariates(const std::vector<CovariateLags>& covariates, const std::vector<int>& holiday_lags,
                         DemandHistory& history) {
  std::vector<Covariate> all;
  for (const Covariate& covariate : history.covariates) {
    const auto found = std::find_if(covariates.begin(), covariates.end(),
                                    [&](const CovariateLags& lags) { return lags.name == covariate.name; });
    if (found == covariates.end()) {
      all.push_back(covariate);
    } else {
      for (const int lag : found->lags) all.push_back(Lagged(covariate, lag));
    }
  }
  for (const int lag : holiday_lags) all.push_back(HolidayLag(history, lag));
  history.covariates = std::move(all);
}

}  // namespace restock
