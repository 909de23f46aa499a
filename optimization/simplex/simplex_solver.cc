#include "optimization/simplex/simplex_solver.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/check.h"
#include "optimization/simplex/computational_form.h"
#include "optimization/simplex/crash_basis.h"
#include "optimization/simplex/dual_edge_norms.h"
#include "optimization/simplex/limits.h"
#include "optimization/simplex/simplex_run.h"
#include "optimization/simplex/simplex_state.h"

namespace restock {
namespace {

using simplex::Array;
using simplex::Attempt;
using simplex::ComputationalForm;
using simplex::DualEdgeNorms;
using simplex::Limits;
using simplex::SimplexRun;
using simplex::SimplexState;

constexpr double kRayNoise = 1e-9;    // multipliers this much smaller than the largest are rounding
constexpr double kLongResolve = 500;  // steps, for which Devex weights do not last
constexpr double kExact = 1e-9;       // of answers by updated factors, on the model

/// Updated factors lose digits; an answer that they gave counts only when the model shows that it has lost none.
bool IsExact(const LpSolution& solution) {
  return solution.status == LpStatus::kOptimal &&
         std::max({solution.primal_infeasibility, solution.dual_infeasibility, solution.gap}) <= kExact;
}

void CutNoise(std::vector<double>& ray) {
  double largest = 0;
  for (const double entry : ray) largest = std::max(largest, std::abs(entry));
  for (double& entry : ray) {
    if (std::abs(entry) < kRayNoise * largest) entry = 0;
  }
}

}  // namespace

struct SimplexSolver::Impl {
  Impl(LpModel lp, const SimplexOptions& simplex_options)
      : model(std::move(lp)),
        options(simplex_options),
        form(model, options.scale),
        state(form),
        norms(form.num_rows, simplex_options.edge_weights == EdgeWeights::kDevex) {
    if (options.crash == Crash::kTriangular) state.SetBasis(simplex::TriangularCrash(model));
  }

  LpSolution Solve();
  void ChooseEdgeWeights();
  bool HasCrossedBounds() const;
  std::vector<double> RayOfCrossedRow() const;
  void ReadValues(LpSolution& solution) const;
  void ReadRay(const SimplexRun& run, LpSolution& solution) const;
  bool IsProved(const LpSolution& solution) const;

  LpModel model;
  SimplexOptions options;
  ComputationalForm form;
  SimplexState state;
  DualEdgeNorms norms;
  double steps_of_resolves = kLongResolve;  // average, the last weigh most
};

/// A reference framework is good for some hundred steps, which are all that many a re-solve needs.
void SimplexSolver::Impl::ChooseEdgeWeights() {
  if (steps_of_resolves < kLongResolve) {
    norms.BeginDevex();
  } else {
    norms.ResumeSteepestEdge();
  }
}

LpSolution SimplexSolver::Impl::Solve() {
  Limits limits(options, form.num_variables());
  const bool is_resolve = state.has_factors;
  if (is_resolve) ChooseEdgeWeights();
  LpSolution solution;
  const double last_cost_scale = form.cost_scale, last_value_scale = form.value_scale;
  form.FitSizes();
  if (form.cost_scale != last_cost_scale) state.costs_differ = true;
  if (form.value_scale != last_value_scale) state.bounds_differ = true;
  if (HasCrossedBounds()) {
    solution.status = LpStatus::kInfeasible;
    ReadValues(solution);
    solution.ray = RayOfCrossedRow();
  } else {
    // with the factors of the last solve if there are any; what holds in the scaled problem may miss the tolerance in
    // the model: then once more, with tighter ones
    constexpr Attempt kAttempts[] = {{1, true}, {1, false}, {1e-1, false}, {1e-2, false}};
    for (const Attempt& attempt : kAttempts) {
      if (attempt.trusts_updates && !state.has_factors) continue;
      SimplexRun run(options, attempt, state, norms, limits);
      solution.status = run.Run();
      ReadValues(solution);
      ReadRay(run, solution);
      const bool is_exact = !attempt.trusts_updates || state.is_fresh || IsExact(solution);
      if ((is_exact && IsProved(solution)) || limits.Reached()) break;
      if (attempt.trusts_updates && !state.is_fresh) norms.Refactorize(state);
    }
    const bool is_end = solution.status == LpStatus::kTimeLimit || solution.status == LpStatus::kIterationLimit;
    if (!is_end && !IsProved(solution)) solution.status = LpStatus::kNumericalTrouble;
  }
  solution.basis = state.GetBasis();
  solution.iterations = limits.iterations();
  solution.seconds = limits.Seconds();
  if (is_resolve) steps_of_resolves = (steps_of_resolves + static_cast<double>(solution.iterations)) / 2;
  return solution;
}

bool SimplexSolver::Impl::HasCrossedBounds() const {
  for (int variable = 0; variable < form.num_variables(); ++variable) {
    if (form.lower[variable] > form.upper[variable]) return true;
  }
  return false;
}

/// The row whose bounds cross; all zeros where those of a column do, which prove it by themselves.
std::vector<double> SimplexSolver::Impl::RayOfCrossedRow() const {
  std::vector<double> ray(model.row_lower.size(), 0);
  for (size_t row = 0; row < ray.size(); ++row) {
    if (model.row_lower[row] <= model.row_upper[row]) continue;
    ray[row] = 1;
    break;
  }
  return ray;
}

/// Values and duals in the model's own scale and sense; nonbasic columns stand exactly on their bounds.
void SimplexSolver::Impl::ReadValues(LpSolution& solution) const {
  solution.values.resize(model.cost.size());
  solution.duals.resize(model.row_lower.size());
  for (int column = 0; column < form.num_columns; ++column) {
    const auto j = static_cast<size_t>(column);
    const int place = state.basic_place[column];
    if (place >= 0) {
      solution.values[j] = state.basic_value[place] * form.column_scale[column] / form.value_scale;
    } else if (state.stand[column] == simplex::Stand::kFree) {
      solution.values[j] = 0;
    } else {
      solution.values[j] = state.stand[column] == simplex::Stand::kAtUpper ? model.upper[j] : model.lower[j];
    }
  }
  for (int row = 0; row < form.num_rows; ++row) {
    const double scaled_dual = -state.reduced_cost[form.num_columns + row];
    solution.duals[static_cast<size_t>(row)] = form.sense * scaled_dual * form.row_scale[row] / form.cost_scale;
  }
  CheckSolution(model, solution);
}

void SimplexSolver::Impl::ReadRay(const SimplexRun& run, LpSolution& solution) const {
  solution.ray.clear();
  if (solution.status == LpStatus::kInfeasible) {
    for (int row = 0; row < form.num_rows; ++row) {
      solution.ray.push_back(run.dual_ray().value[row] * form.row_scale[row]);
    }
  } else if (solution.status == LpStatus::kUnbounded) {
    const Array<double> direction = run.primal_ray();
    for (int column = 0; column < form.num_columns; ++column) {
      solution.ray.push_back(direction[column] * form.column_scale[column]);
    }
  }
  CutNoise(solution.ray);
}

/// The answer holds on the model as given.
bool SimplexSolver::Impl::IsProved(const LpSolution& solution) const {
  switch (solution.status) {
    case LpStatus::kOptimal:
      return solution.primal_infeasibility <= 10 * options.primal_tolerance &&
             solution.dual_infeasibility <= 10 * options.dual_tolerance &&
             solution.gap <= 10 * std::max(options.primal_tolerance, options.dual_tolerance);
    case LpStatus::kInfeasible:
      return ProvesInfeasible(model, solution.ray);
    case LpStatus::kUnbounded:
      return ProvesUnbounded(model, solution.ray);
    case LpStatus::kTimeLimit:
    case LpStatus::kIterationLimit:
      return true;
    case LpStatus::kNumericalTrouble:
      return false;
  }
  return false;
}

SimplexSolver::SimplexSolver(LpModel model, const SimplexOptions& options)
    : impl_(std::make_unique<Impl>(std::move(model), options)) {}
SimplexSolver::~SimplexSolver() = default;
SimplexSolver::SimplexSolver(SimplexSolver&&) noexcept = default;
SimplexSolver& SimplexSolver::operator=(SimplexSolver&&) noexcept = default;

const LpModel& SimplexSolver::model() const { return impl_->model; }

void SimplexSolver::SetCost(int column, double cost) {
  impl_->model.cost[static_cast<size_t>(column)] = cost;
  impl_->form.SetCost(column, cost);
  impl_->state.costs_differ = true;
}

void SimplexSolver::SetColumnBounds(int column, double lower, double upper) {
  impl_->model.lower[static_cast<size_t>(column)] = lower;
  impl_->model.upper[static_cast<size_t>(column)] = upper;
  impl_->form.SetColumnBounds(column, lower, upper);
  impl_->state.TakeBounds(column);
}

void SimplexSolver::SetRowBounds(int row, double lower, double upper) {
  impl_->model.row_lower[static_cast<size_t>(row)] = lower;
  impl_->model.row_upper[static_cast<size_t>(row)] = upper;
  impl_->form.SetRowBounds(row, lower, upper);
  impl_->state.TakeBounds(impl_->form.num_columns + row);
}

void SimplexSolver::SetBasis(const LpBasis& basis) {
  RESTOCK_CHECK_EQ(basis.column.size(), impl_->model.cost.size());
  RESTOCK_CHECK_EQ(basis.row.size(), impl_->model.row_lower.size());
  impl_->state.SetBasis(basis);
  impl_->norms.Reset();
}

void SimplexSolver::ClearBasis() {
  impl_->state.SetSlackBasis();
  impl_->norms.Reset();
}

LpSolution SimplexSolver::Solve() { return impl_->Solve(); }

}  // namespace restock
