#include "optimization/simplex/simplex_run.h"

#include <algorithm>

#include "common/random.h"
#include "optimization/simplex/cost_perturbation.h"
#include "optimization/simplex/partial_pricing.h"

namespace restock::simplex {
namespace {

constexpr uint64_t kPerturbationKey = 1;
constexpr int kMostRounds = 6;                // of dual and primal in turn
constexpr int kNewWayRound = 3;               // begins from the slacks with another perturbation
constexpr double kPhaseOneBox = 1000;         // of free variables
constexpr int64_t kMostPrimalSteps = 500;     // that are to finish what is nearly optimal
constexpr double kHeadStart = 0.02;           // wrong reduced costs per row with which a basis is still worth a start
constexpr double kFinalDualTolerance = 1e-9;  // the last steps are few, and make the objective exact

}  // namespace

SimplexRun::SimplexRun(const SimplexOptions& options, Attempt attempt, SimplexState& state, DualEdgeNorms& norms,
                       Limits& limits)
    : state_(state),
      trusts_updates_(attempt.trusts_updates),
      primal_tolerance_(options.primal_tolerance * attempt.tolerance_factor),
      dual_tolerance_(options.dual_tolerance * attempt.tolerance_factor),
      keeps_start_(options.crash != Crash::kSlack),
      perturb_(options.perturb_costs && !trusts_updates_),
      norms_(norms),
      limits_(limits),
      dual_(state, norms, limits, primal_tolerance_, dual_tolerance_, trusts_updates_) {}

LpStatus SimplexRun::Run() {
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

/// True costs and bounds; nonbasic variables where their reduced costs want them.
void SimplexRun::Start() {
  ComputeTrueDuals();
  state_.PlaceAllNonbasic();
}

void SimplexRun::ComputeTrueDuals() {
  state_.UseTrueCosts();
  state_.UseTrueBounds();
  if (!(trusts_updates_ ? state_.has_factors : state_.is_fresh)) state_.Refactorize();
  if (!trusts_updates_ || !state_.duals_fit) state_.ComputeDuals();
}

/// A given basis with reduced costs of the wrong sign may be within its bounds: where costs changed, or presolve has
/// lifted it. Then the primal simplex ends soon; kInfeasible or kTrouble where it does not, and where boxed variables
/// on their other bounds make all signs right.
Outcome SimplexRun::TryPrimal() {
  ComputeTrueDuals();
  if (state_.IsDualFeasibleOncePlaced(dual_tolerance_)) return Outcome::kTrouble;
  state_.KeepAllNonbasic();
  return RunPrimal(kMostPrimalSteps + state_.num_rows() / 4);
}

Outcome SimplexRun::RunPrimal(int64_t most_steps) {
  primal_.emplace(state_, norms_, limits_, primal_tolerance_, std::min(dual_tolerance_, kFinalDualTolerance),
                  most_steps, trusts_updates_);
  return primal_->Run();
}

/// A basis with many more reduced costs of the wrong sign than the one of all slacks has is no head start.
bool SimplexRun::IsFarFromDualFeasible() const {
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

void SimplexRun::StartFromSlacks() {
  state_.SetSlackBasis();
  norms_.Reset();
  Start();
}

void SimplexRun::Perturb(int round) {
  PerturbCosts(RandomStream(kPerturbationKey, static_cast<uint64_t>(round)), state_);
}

/// kOptimal: every reduced cost has its sign. kUnbounded: no basis has (the model is infeasible or unbounded).
Outcome SimplexRun::MakeDualFeasible() {
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
Outcome SimplexRun::RunPhaseOne() {
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
Outcome SimplexRun::FindFeasibleWithoutCosts(int round) {
  std::fill(state_.cost.begin(), state_.cost.end(), 0.0);
  state_.costs_differ = true;
  state_.ComputeDuals();
  state_.PlaceAllNonbasic();
  if (perturb_ && round == 0) Perturb(round);
  return dual_.Run();
}

/// The point is feasible; with the perturbation and the shifts taken back it may not be optimal any more.
Outcome SimplexRun::FinishWithTrueCosts() {
  if (state_.costs_differ) {
    state_.UseTrueCosts();
    state_.ComputeDuals();
  }
  if (state_.LargestDualInfeasibility() <= kFinalDualTolerance) return Outcome::kOptimal;
  const Outcome outcome = RunPrimal(trusts_updates_ ? kMostPrimalSteps : INT64_MAX);
  primal_went_astray_ = outcome == Outcome::kInfeasible;
  return outcome;
}

}  // namespace restock::simplex
