#include "forecasting/plan_features.h"

#include <algorithm>
#include <cmath>

namespace restock {
namespace {

Eigen::Index NumPlans(const DemandHistory& history) {
  return std::count_if(history.covariates.begin(), history.covariates.end(),
                       [](const Covariate& covariate) { return covariate.known_ahead; });
}

int NumDummies(const Calendar& calendar) { return calendar.season() > kLongestDummySeason ? 0 : calendar.season(); }

}  // namespace

PlanFeatures::PlanFeatures(const DemandHistory& history, int series, int num_past) {
  Eigen::Index num_periods = 0, plan = 0;
  for (const Covariate& covariate : history.covariates) {
    if (covariate.known_ahead) num_periods = std::max(num_periods, covariate.values.rows());
  }
  plans_ = Eigen::MatrixXd::Zero(num_periods, NumPlans(history));
  for (const Covariate& covariate : history.covariates) {
    if (!covariate.known_ahead) continue;
    const Eigen::VectorXd values = covariate.values.col(series).cast<double>();
    const Eigen::VectorXd past = values.head(std::min<Eigen::Index>(num_past, values.size()));
    const auto known = (past.array() == past.array());
    const double usual = known.any() ? known.select(past, 0.0).sum() / static_cast<double>(known.count()) : 0;
    plans_.col(plan++).head(values.size()) = (values.array() == values.array()).select(values.array() - usual, 0.0);
  }
}

Eigen::RowVectorXd PlanFeatures::Plans(int period) const {
  if (period < plans_.rows()) return plans_.row(period);
  return Eigen::RowVectorXd::Zero(plans_.cols());
}

Eigen::RowVectorXd PlanFeatures::Regressors(const Calendar& calendar, int period) const {
  const Eigen::RowVectorXd plans = Plans(period);
  const Eigen::Index count = plans.size();
  const int num_dummies = NumDummies(calendar);
  Eigen::RowVectorXd regressors = Eigen::RowVectorXd::Zero(count + count * (count + 1) / 2 + 1 + num_dummies);
  regressors.head(count) = plans;
  Eigen::Index next = count;
  for (Eigen::Index i = 0; i < count; ++i) {
    for (Eigen::Index j = i; j < count; ++j) regressors[next++] = plans[i] * plans[j];
  }
  regressors[next++] = calendar.IsHoliday(period) ? 1 : 0;
  if (num_dummies > 0) regressors[next + period % num_dummies] = 1;
  return regressors;
}

Eigen::Index PlanFeatures::NumRegressors(const DemandHistory& history) {
  const Eigen::Index count = NumPlans(history);
  return count + count * (count + 1) / 2 + 1 + NumDummies(history.calendar);
}

}  // namespace restock
