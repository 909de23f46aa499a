#include "optimization/simplex/simplex_solver.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "common/check.h"
#include "common/random.h"
#include "optimization/simplex/computational_form.h"
#include "optimization/simplex/cost_perturbation.h"
#include "optimization/simplex/crash_basis.h"
#include "optimization/simplex/doubleton_equations.h"
#include "optimization/simplex/dual_edge_norms.h"
#include "optimization/simplex/dual_simplex.h"
#include "optimization/simplex/limits.h"
#include "optimization/simplex/partial_pricing.h"
#include "optimization/simplex/presolve.h"
#include "optimization/simplex/primal_simplex.h"
#include "optimization/simplex/simplex_state.h"

namespace restock {
namespace {

using simplex::Array;
using simplex::ComputationalForm;
using simplex::DualEdgeNorms;
using simplex::DualSimplex;
using simplex::Limits;
using simplex::Outcome;
using simplex::PrimalSimplex;
using simplex::SimplexState;
using simplex::SparseVector;

constexpr uint64_t kPerturbationKey = 1;
constexpr int kMostRounds = 6;                // of dual and primal in turn
constexpr int kNewWayRound = 3;               // begins from the slacks with another perturbation
constexpr double kPhaseOneBox = 1000;         // of free variables
constexpr int64_t kMostPrimalSteps = 500;     // that are to finish what is nearly optimal
constexpr double kHeadStart = 0.02;           // wrong reduced costs per row with which a basis is still worth a start
constexpr double kRayNoise = 1e-9;            // multipliers this much smaller than the largest are rounding
constexpr double kLongResolve = 500;          // steps, for which Devex weights do not last
constexpr double kExact = 1e-9;               // of answers by updated factors, on the model
constexpr double kFinalDualTolerance = 1e-9;  // the last steps are few, and make the objective exact

/// A solve may need several: each is more careful than the one before.
struct Attempt {
  double tolerance_factor;
  bool trusts_updates;  // goes on with the factors as they are, without perturbation, and gives up when it stalls
};

/// Updated factors lose digits; an answer that they gave counts only when the model shows that it has lost none.
bool IsExact(const LpSolution& solution) {
  return solution.status == LpStatus::kOptimal &&
         std::max({solution.primal_infeasibility, solution.dual_infeasibility, solution.gap}) <= kExact;
}

/// One solve: the order in which primal and dual simplex do their parts.
class SimplexRun {
 public:
  SimplexRun(const SimplexOptions& options, Attempt attempt, SimplexState& state, DualEdgeNorms& norms, Limits& limits)
      : state_(state),
        trusts_updates_(attempt.trusts_updates),
        primal_tolerance_(options.primal_tolerance * attempt.tolerance_factor),
        dual_tolerance_(options.dual_tolerance * attempt.tolerance_factor),
        keeps_start_(options.crash != Crash::kSlack),
        perturb_(options.perturb_costs && !trusts_updates_),
        norms_(norms),
        limits_(limits),
        dual_(state, norms, limits, primal_tolerance_, dual_tolerance_, trusts_updates_) {}

  LpStatus Run() {
    const int most_rounds = trusts_updates_ ? 1 : kMostRounds;
    for (int round = 0; round < most_rounds; ++round) {
      if (round == 0 && HasColumnsInBasis()) {
        const Outcome outcome = TryPrimal();
        if (outcome == Outcome::kOptimal) return LpStatus::kOptimal;
        if (outcome == Outcome::kUnbounded) return LpStatus::kUnbounded;
        if (outcome == Outcome::kLimit) return limits_.status();
      }
      Start();
      if (round == kNewWayRound || (round == 0 && !keeps_start_ && IsFarFromDualFeasible())) StartFromSlacks();
      if (trusts_updates_ && state_.LargestDualInfeasibility() <= dual_tolerance_) {
        RestDearColumns(state_);
      } else {
        state_.WakeAllColumns();
      }
      if (perturb_ && (round == 0 || round == kNewWayRound)) Perturb(round);
      Outcome outcome = MakeDualFeasible();
      if (outcome == Outcome::kOptimal) outcome = dual_.Run();
      if (outcome == Outcome::kUnbounded) outcome = FindFeasibleWithoutCosts(round);
      if (outcome == Outcome::kOptimal) outcome = FinishWithTrueCosts();
      if (outcome == Outcome::kOptimal) return LpStatus::kOptimal;
      if (outcome == Outcome::kUnbounded) return LpStatus::kUnbounded;
      if (outcome == Outcome::kLimit) return limits_.status();
      // infeasible by the dual is a proof; by the primal, rounding has led it astray, and the dual goes on from there
      if (outcome == Outcome::kInfeasible && !primal_went_astray_) return LpStatus::kInfeasible;
      primal_went_astray_ = false;
    }
    return LpStatus::kNumericalTrouble;
  }

  const SparseVector& dual_ray() const { return dual_.ray(); }
  Array<double> primal_ray() const { return primal_->ray(); }

 private:
  /// True costs and bounds; nonbasic variables where their reduced costs want them.
  void Start() {
    ComputeTrueDuals();
    state_.PlaceAllNonbasic();
  }

  void ComputeTrueDuals() {
    state_.UseTrueCosts();
    state_.UseTrueBounds();
    if (!(trusts_updates_ ? state_.has_factors : state_.is_fresh)) state_.Refactorize();
    if (!trusts_updates_ || !state_.duals_fit) state_.ComputeDuals();
  }

  bool HasColumnsInBasis() const { return state_.num_nonbasic_columns() < state_.form.num_columns; }

  /// A given basis with reduced costs of the wrong sign may be within its bounds: where costs changed, or presolve has
  /// lifted it. Then the primal simplex ends soon; kInfeasible or kTrouble where it does not, and where boxed variables
  /// on their other bounds make all signs right.
  Outcome TryPrimal() {
    ComputeTrueDuals();
    if (state_.IsDualFeasibleOncePlaced(dual_tolerance_)) return Outcome::kTrouble;
    state_.KeepAllNonbasic();
    return RunPrimal(kMostPrimalSteps + state_.num_rows() / 4);
  }

  Outcome RunPrimal(int64_t most_steps) {
    primal_.emplace(state_, norms_, limits_, primal_tolerance_, std::min(dual_tolerance_, kFinalDualTolerance),
                    most_steps, trusts_updates_);
    return primal_->Run();
  }

  /// A basis with many more reduced costs of the wrong sign than the one of all slacks has is no head start.
  bool IsFarFromDualFeasible() const {
    if (state_.LargestDualInfeasibility() <= dual_tolerance_) return false;
    int num_wrong = 0, num_wrong_of_slacks = 0;
    for (int variable = 0; variable < state_.num_variables(); ++variable) {
      const bool has_lower = state_.form.lower[variable] > -kInfinity;
      const bool has_upper = state_.form.upper[variable] < kInfinity;
      const double cost = state_.form.cost[variable];
      num_wrong += state_.DualInfeasibility(variable) > dual_tolerance_ ? 1 : 0;
      num_wrong_of_slacks += (cost > dual_tolerance_ && !has_lower) || (cost < -dual_tolerance_ && !has_upper) ? 1 : 0;
    }
    return num_wrong > num_wrong_of_slacks + kHeadStart * state_.num_rows();
  }

  void StartFromSlacks() {
    state_.SetSlackBasis();
    norms_.Reset();
    Start();
  }

  void Perturb(int round) { PerturbCosts(RandomStream(kPerturbationKey, static_cast<uint64_t>(round)), state_); }

  /// kOptimal: every reduced cost has its sign. kUnbounded: no basis has (the model is infeasible or unbounded).
  Outcome MakeDualFeasible() {
    if (state_.LargestDualInfeasibility() <= dual_tolerance_) return Outcome::kOptimal;
    Outcome outcome = RunPhaseOne();
    if (outcome == Outcome::kUnbounded && state_.costs_differ) {
      state_.UseTrueCosts();
      outcome = RunPhaseOne();
    }
    return outcome;
  }

  /// Phase 1 by artificial bounds (Koberstein 2005, section 4.3): the same dual simplex with boxes that reward every
  /// step towards dual feasibility: [0, 1] for a lower bound alone, [-1, 0] for an upper bound alone, a wide one for
  /// free variables, zero for the others.
  Outcome RunPhaseOne() {
    state_.bounds_differ = true;
    for (int variable = 0; variable < state_.num_variables(); ++variable) {
      const bool has_lower = state_.form.lower[variable] > -kInfinity;
      const bool has_upper = state_.form.upper[variable] < kInfinity;
      state_.lower[variable] = has_lower ? 0 : has_upper ? -1 : -kPhaseOneBox;
      state_.upper[variable] = has_upper ? 0 : has_lower ? 1 : kPhaseOneBox;
    }
    state_.ComputeDuals();
    state_.PlaceAllNonbasic();
    const Outcome outcome = dual_.Run();
    state_.UseTrueBounds();
    state_.ComputeDuals();
    state_.PlaceAllNonbasic();
    if (outcome == Outcome::kLimit) return outcome;
    return state_.LargestDualInfeasibility() <= dual_tolerance_ ? Outcome::kOptimal : Outcome::kUnbounded;
  }

  /// Without costs every basis is dual feasible: the dual simplex finds a feasible point, or proves that there is none.
  Outcome FindFeasibleWithoutCosts(int round) {
    std::fill(state_.cost.begin(), state_.cost.end(), 0.0);
    state_.costs_differ = true;
    state_.ComputeDuals();
    state_.PlaceAllNonbasic();
    if (perturb_ && round == 0) Perturb(round);
    return dual_.Run();
  }

  /// The point is feasible; with the perturbation and the shifts taken back it may not be optimal any more.
  Outcome FinishWithTrueCosts() {
    if (state_.costs_differ) {
      state_.UseTrueCosts();
      state_.ComputeDuals();
    }
    if (state_.LargestDualInfeasibility() <= kFinalDualTolerance) return Outcome::kOptimal;
    const Outcome outcome = RunPrimal(trusts_updates_ ? kMostPrimalSteps : INT64_MAX);
    primal_went_astray_ = outcome == Outcome::kInfeasible;
    return outcome;
  }

  SimplexState& state_;
  bool trusts_updates_;
  double primal_tolerance_;
  double dual_tolerance_;
  bool keeps_start_;  // even where it is far from dual feasible
  bool perturb_;
  DualEdgeNorms& norms_;
  Limits& limits_;
  DualSimplex dual_;
  std::optional<PrimalSimplex> primal_;  // seldom needed
  bool primal_went_astray_ = false;
};

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
             solution.dual_infeasibility <= 10 * options.dual_tolerance;
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

namespace {

/// Reduces, solves what is left, and lifts an optimal solution: values, basis, iterations and seconds. Equations that
/// are substituted may leave more to reduce. Of other ends only the status counts.
LpSolution SolveReduced(const LpModel& model, const SimplexOptions& options, int num_stages) {
  LpSolution reduced;
  reduced.status = LpStatus::kInfeasible;
  const simplex::Presolve presolve(model);
  if (presolve.has_no_optimum()) return reduced;
  const simplex::DoubletonEquations doubletons(presolve.reduced());
  if (num_stages > 1 && doubletons.num_substituted() > 0) {
    const LpSolution left = SolveReduced(doubletons.reduced(), options, num_stages - 1);
    if (left.status != LpStatus::kOptimal) return left;
    reduced = doubletons.Lift(left);
    reduced.iterations = left.iterations;
    reduced.seconds = left.seconds;
  } else {
    reduced = SimplexSolver(presolve.reduced(), options).Solve();
    if (reduced.status != LpStatus::kOptimal) return reduced;
  }
  LpSolution whole = presolve.Lift(reduced);
  whole.status = LpStatus::kOptimal;
  whole.iterations = reduced.iterations;
  whole.seconds = reduced.seconds;
  return whole;
}

}  // namespace

LpSolution Solve(const LpModel& model, const SimplexOptions& options) {
  if (!options.presolve) return SimplexSolver(model, options).Solve();

  // what is left first; the whole then starts where that ended, and is as a rule solved there
  constexpr int kNumStages = 3;
  const LpSolution reduced = SolveReduced(model, options, kNumStages);
  SimplexOptions left = options;
  left.time_limit -= reduced.seconds;
  left.iteration_limit -= reduced.iterations;
  SimplexSolver whole(model, left);
  if (reduced.status == LpStatus::kOptimal) whole.SetBasis(reduced.basis);
  LpSolution solution = whole.Solve();
  solution.iterations += reduced.iterations;
  solution.seconds += reduced.seconds;
  return solution;
}

}  // namespace restock
