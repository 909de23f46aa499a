#include "optimization/lp_solution.h"

#include <algorithm>
#include <cmath>

namespace restock {
namespace {

/// The values that a sum of bounded terms can take.
struct Interval {
  double low = 0;
  double high = 0;
  double size = 0;  // of its finite terms, which bounds the rounding

  /// Adds weight * [lower, upper].
  void Add(double weight, double lower, double upper) {
    if (weight == 0) return;
    low += weight > 0 ? weight * lower : weight * upper;
    high += weight > 0 ? weight * upper : weight * lower;
    if (std::isfinite(lower)) size += std::abs(weight * lower);
    if (std::isfinite(upper)) size += std::abs(weight * upper);
  }
};

/// A violation, smaller where the numbers behind it are so large that their digits say no more.
double RelativeTo(double size, double violation) {
  constexpr double kLargeSize = 1e4;
  return violation / std::max(1.0, size / kLargeSize);
}

double Violation(double value, double size, double lower, double upper) {
  if (std::isnan(value)) return kInfinity;
  if (value < lower) return RelativeTo(std::max(size, std::abs(lower)), lower - value);
  if (value > upper) return RelativeTo(std::max(size, std::abs(upper)), value - upper);
  return 0;
}

/// Of the terms of a reduced cost, the cost among them.
double ReducedCostSize(const LpModel& model, const std::vector<double>& duals, size_t column) {
  double size = std::abs(model.cost[column]);
  for (auto k = static_cast<size_t>(model.start[column]); k < static_cast<size_t>(model.start[column + 1]); ++k) {
    size += std::abs(model.value[k] * duals[static_cast<size_t>(model.index[k])]);
  }
  return size;
}

/// Of a row's dual: the largest size of a reduced cost that it is part of, over its factor there  (num_rows)
std::vector<double> DualSizes(const LpModel& model, const std::vector<double>& duals) {
  std::vector<double> sizes(model.row_lower.size(), 0);
  for (size_t j = 0; j < model.cost.size(); ++j) {
    const double size = ReducedCostSize(model, duals, j);
    for (auto k = static_cast<size_t>(model.start[j]); k < static_cast<size_t>(model.start[j + 1]); ++k) {
      double& largest = sizes[static_cast<size_t>(model.index[k])];
      const double entry = std::abs(model.value[k]);
      if (size > largest * entry) largest = size / entry;  // spares most of the divisions
    }
  }
  return sizes;
}

/// A multiplier that is to be >= 0 where the lower and <= 0 where the upper bound holds: what it adds to the dual
/// objective, or, where that bound does not exist, how wrong its sign is. `size_of_terms()` is asked only where it
/// matters.
template <class SizeOfTerms>
void AddDualTerm(double multiplier, double lower, double upper, const SizeOfTerms& size_of_terms, double& objective,
                 double& infeasibility) {
  const double bound = multiplier > 0 ? lower : upper;
  if (!std::isfinite(multiplier)) {
    infeasibility = kInfinity;
  } else if (std::isfinite(bound)) {
    objective += multiplier * bound;
  } else if (std::abs(multiplier) > infeasibility) {
    infeasibility = std::max(infeasibility, RelativeTo(size_of_terms(), std::abs(multiplier)));
  }
}

/// A'w, with sums that are nothing but rounding set to zero.
std::vector<double> CombineRows(const LpModel& model, const std::vector<double>& weight) {
  constexpr double kNoise = 1e-9;
  std::vector<double> sum(model.cost.size(), 0);
  for (size_t j = 0; j < sum.size(); ++j) {
    double size = 0;
    for (auto k = static_cast<size_t>(model.start[j]); k < static_cast<size_t>(model.start[j + 1]); ++k) {
      const double term = model.value[k] * weight[static_cast<size_t>(model.index[k])];
      sum[j] += term;
      size += std::abs(term);
    }
    if (std::abs(sum[j]) <= kNoise * std::max(1.0, size)) sum[j] = 0;
  }
  return sum;
}

/// The vector divided by its largest entry; empty when it is zero or not finite.
std::vector<double> Normalised(std::vector<double> vector) {
  double largest = 0;
  for (double entry : vector) {
    if (!std::isfinite(entry)) return {};
    largest = std::max(largest, std::abs(entry));
  }
  if (largest == 0) return {};
  for (double& entry : vector) entry /= largest;
  return vector;
}

}  // namespace

std::string_view LpStatusName(LpStatus status) {
  switch (status) {
    case LpStatus::kOptimal:
      return "optimal";
    case LpStatus::kInfeasible:
      return "infeasible";
    case LpStatus::kUnbounded:
      return "unbounded";
    case LpStatus::kTimeLimit:
      return "time_limit";
    case LpStatus::kIterationLimit:
      return "iteration_limit";
    case LpStatus::kNumericalTrouble:
      return "numerical_trouble";
  }
  return "";
}

void CheckSolution(const LpModel& model, LpSolution& solution) {
  const size_t num_columns = model.cost.size();
  const size_t num_rows = model.row_lower.size();
  const double sign = model.sense == LpSense::kMaximize ? -1 : 1;

  // primal: every column and every row within its bounds
  solution.row_activity.assign(num_rows, 0);
  solution.primal_infeasibility = 0;
  std::vector<double> row_size(num_rows, 0);
  for (size_t j = 0; j < num_columns; ++j) {
    const double value = solution.values[j];
    solution.primal_infeasibility =
        std::max(solution.primal_infeasibility, Violation(value, std::abs(value), model.lower[j], model.upper[j]));
    if (value == 0) continue;
    for (auto k = static_cast<size_t>(model.start[j]); k < static_cast<size_t>(model.start[j + 1]); ++k) {
      const auto row = static_cast<size_t>(model.index[k]);
      solution.row_activity[row] += model.value[k] * value;
      row_size[row] += std::abs(model.value[k] * value);
    }
  }
  for (size_t i = 0; i < num_rows; ++i) {
    solution.primal_infeasibility =
        std::max(solution.primal_infeasibility,
                 Violation(solution.row_activity[i], row_size[i], model.row_lower[i], model.row_upper[i]));
  }

  // dual: reduced costs, their signs, and the dual objective
  solution.reduced_costs = model.cost;
  solution.dual_infeasibility = 0;
  double dual_objective = sign * model.objective_offset;
  for (size_t j = 0; j < num_columns; ++j) {
    double& reduced_cost = solution.reduced_costs[j];
    for (auto k = static_cast<size_t>(model.start[j]); k < static_cast<size_t>(model.start[j + 1]); ++k) {
      reduced_cost -= model.value[k] * solution.duals[static_cast<size_t>(model.index[k])];
    }
    const auto size = [&] { return ReducedCostSize(model, solution.duals, j); };
    AddDualTerm(sign * reduced_cost, model.lower[j], model.upper[j], size, dual_objective, solution.dual_infeasibility);
  }
  std::vector<double> dual_size;  // computed when it is first asked for
  for (size_t i = 0; i < num_rows; ++i) {
    const auto size = [&] {
      if (dual_size.empty()) dual_size = DualSizes(model, solution.duals);
      return dual_size[i];
    };
    AddDualTerm(sign * solution.duals[i], model.row_lower[i], model.row_upper[i], size, dual_objective,
                solution.dual_infeasibility);
  }

  // weak duality turned into a measure
  solution.objective = model.Objective(solution.values);
  solution.gap = std::abs(sign * solution.objective - dual_objective) / std::max(1.0, std::abs(solution.objective));
}

bool ProvesInfeasible(const LpModel& model, const std::vector<double>& ray) {
  // crossed bounds of a column need no multipliers
  for (size_t j = 0; j < model.cost.size(); ++j) {
    if (model.lower[j] > model.upper[j]) return true;
  }

  const std::vector<double> weight = Normalised(ray);
  if (weight.size() != model.row_lower.size()) return false;
  Interval asked;
  for (size_t i = 0; i < weight.size(); ++i) asked.Add(weight[i], model.row_lower[i], model.row_upper[i]);
  Interval possible;
  const std::vector<double> sum = CombineRows(model, weight);
  for (size_t j = 0; j < sum.size(); ++j) possible.Add(sum[j], model.lower[j], model.upper[j]);
  constexpr double kRounding = 1e-14;
  const double margin = kRounding * (asked.size + possible.size);
  return asked.low > asked.high || asked.low > possible.high + margin || possible.low > asked.high + margin;
}

bool ProvesUnbounded(const LpModel& model, const std::vector<double>& ray) {
  constexpr double kTolerance = 1e-7;
  const std::vector<double> direction = Normalised(ray);
  if (direction.size() != model.cost.size()) return false;

  // neither a column nor a row may run against a finite bound
  const auto runs_free = [](double slope, double lower, double upper) {
    return (slope >= -kTolerance || lower == -kInfinity) && (slope <= kTolerance || upper == kInfinity);
  };
  double slope_of_objective = 0;
  for (size_t j = 0; j < direction.size(); ++j) {
    if (!runs_free(direction[j], model.lower[j], model.upper[j])) return false;
    slope_of_objective += model.cost[j] * direction[j];
  }
  const std::vector<double> slope = model.RowActivity(direction);
  for (size_t i = 0; i < slope.size(); ++i) {
    if (!runs_free(slope[i], model.row_lower[i], model.row_upper[i])) return false;
  }
  return model.sense == LpSense::kMinimize ? slope_of_objective < 0 : slope_of_objective > 0;
}

}  // namespace restock
