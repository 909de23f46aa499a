#include "optimization/simplex/simplex_state.h"

#include <algorithm>
#include <cmath>

namespace restock::simplex {

SimplexState::SimplexState(const ComputationalForm& computational_form)
    : form(computational_form),
      cost(form.cost),
      lower(form.lower),
      upper(form.upper),
      value(form.num_variables(), 0.0),
      reduced_cost(form.num_variables(), 0.0),
      stand(form.num_variables(), Stand::kAtLower),
      basic_place(form.num_variables(), -1),
      rests(form.num_columns, 0),
      basic(form.num_rows),
      basic_value(form.num_rows, 0.0),
      basic_lower(form.num_rows),
      basic_upper(form.num_rows),
      factorization(form.num_rows),
      matrix(form),
      work_(form.num_rows) {
  SetSlackBasis();
}

void SimplexState::LoadMatrix() {
  Array<char> is_kept(form.num_columns);
  int num_kept = 0;
  for (int column = 0; column < form.num_columns; ++column) num_kept += is_kept[column] = !rests[column];
  some_rest = num_kept < form.num_columns;
  matrix.Load(form, is_kept);
  matrix.ShowNonbasic(basic_place);
}

void SimplexState::WakeAllColumns() {
  if (!some_rest) return;
  rests.Assign(form.num_columns, 0);
  LoadMatrix();
}

int SimplexState::num_nonbasic_columns() const {
  const auto is_column = [&](int variable) { return !form.IsLogical(variable); };
  return form.num_columns - static_cast<int>(std::ranges::count_if(basic, is_column));
}

void SimplexState::SetSlackBasis() {
  for (int column = 0; column < form.num_columns; ++column) {
    basic_place[column] = -1;
    stand[column] = Stand::kAtLower;
  }
  for (int row = 0; row < num_rows(); ++row) {
    basic[row] = form.num_columns + row;
    basic_place[basic[row]] = row;
    stand[basic[row]] = Stand::kBasic;
  }
  is_fresh = has_factors = duals_fit = matrix_is_sorted_ = false;
  WakeAllColumns();
}

void SimplexState::SetBasis(const LpBasis& basis) {
  const auto status_of = [&](int variable) {
    return form.IsLogical(variable) ? basis.row[static_cast<size_t>(variable - form.num_columns)]
                                    : basis.column[static_cast<size_t>(variable)];
  };
  // basic columns first, then as many logicals as there are places left; the factorisation mends what is singular
  int place = 0;
  const auto make_basic = [&](int variable) {
    basic[place] = variable;
    basic_place[variable] = place++;
    stand[variable] = Stand::kBasic;
  };
  for (int variable = 0; variable < num_variables(); ++variable) {
    basic_place[variable] = -1;
    const BasisStatus status = status_of(variable);
    // a row's activity at its lower bound is its logical at its upper bound
    const bool at_upper = (status == BasisStatus::kAtUpper) != form.IsLogical(variable);
    stand[variable] = at_upper ? Stand::kAtUpper : Stand::kAtLower;
    if (status == BasisStatus::kBasic && place < num_rows()) make_basic(variable);
  }
  for (int variable = form.num_columns; variable < num_variables() && place < num_rows(); ++variable) {
    if (basic_place[variable] < 0) make_basic(variable);
  }
  is_fresh = has_factors = duals_fit = matrix_is_sorted_ = false;
  WakeAllColumns();
}

LpBasis SimplexState::GetBasis() const {
  LpBasis basis;
  basis.column.reserve(static_cast<size_t>(form.num_columns));
  basis.row.reserve(static_cast<size_t>(num_rows()));
  for (int variable = 0; variable < num_variables(); ++variable) {
    BasisStatus status = BasisStatus::kBasic;
    switch (stand[variable]) {
      case Stand::kBasic:
        break;
      case Stand::kFree:
        status = BasisStatus::kFree;
        break;
      case Stand::kFixed:
        status = BasisStatus::kAtLower;
        break;
      case Stand::kAtLower:
        status = form.IsLogical(variable) ? BasisStatus::kAtUpper : BasisStatus::kAtLower;
        break;
      case Stand::kAtUpper:
        status = form.IsLogical(variable) ? BasisStatus::kAtLower : BasisStatus::kAtUpper;
        break;
    }
    (form.IsLogical(variable) ? basis.row : basis.column).push_back(status);
  }
  return basis;
}

void SimplexState::UseTrueCosts() {
  if (!costs_differ) return;
  cost = form.cost;
  costs_differ = duals_fit = false;
}

void SimplexState::UseTrueBounds() {
  if (!bounds_differ) return;
  bounds_differ = false;
  lower = form.lower;
  upper = form.upper;
}

void SimplexState::PlaceNonbasic(int variable) { PutOnBound(variable, reduced_cost[variable]); }

/// `wish`: below zero for the upper bound, above for the lower one, zero to stay.
void SimplexState::PutOnBound(int variable, double wish) {
  const double low = lower[variable], high = upper[variable];
  if (low == high) {
    stand[variable] = Stand::kFixed;
    value[variable] = low;
  } else if (low == -kInfinity && high == kInfinity) {
    stand[variable] = Stand::kFree;
    value[variable] = 0;
  } else {
    bool at_upper = stand[variable] == Stand::kAtUpper;
    if (wish != 0) at_upper = wish < 0;
    if (low == -kInfinity) at_upper = true;
    if (high == kInfinity) at_upper = false;
    stand[variable] = at_upper ? Stand::kAtUpper : Stand::kAtLower;
    value[variable] = at_upper ? high : low;
  }
}

void SimplexState::KeepAllNonbasic() {
  for (int variable = 0; variable < num_variables(); ++variable) {
    if (basic_place[variable] < 0) PutOnBound(variable, 0);
  }
}

void SimplexState::PlaceAllNonbasic() {
  for (int variable = 0; variable < num_variables(); ++variable) {
    if (basic_place[variable] < 0) PlaceNonbasic(variable);
  }
}

bool SimplexState::Refactorize() {
  const auto repairs = factorization.Factorize(form, basic);
  for (const auto& repair : repairs) {
    basic_place[repair.removed_variable] = -1;
    stand[repair.removed_variable] = Stand::kAtLower;
    PlaceNonbasic(repair.removed_variable);
  }
  for (int row = 0; row < num_rows(); ++row) {
    basic_place[basic[row]] = row;
    stand[basic[row]] = Stand::kBasic;
  }
  if (!repairs.empty() || !matrix_is_sorted_) matrix.ShowNonbasic(basic_place);
  matrix_is_sorted_ = true;
  is_fresh = has_factors = true;
  if (!repairs.empty()) duals_fit = false;
  return repairs.empty();
}

void SimplexState::SetBasicBounds() {
  for (int row = 0; row < num_rows(); ++row) {
    basic_lower[row] = lower[basic[row]];
    basic_upper[row] = upper[basic[row]];
  }
}

void SimplexState::ComputePrimal() {
  SetBasicBounds();
  work_.Clear();
  double* const sum = work_.value.data();
  for (int column = 0; column < form.num_columns; ++column) {
    const double x = value[column];
    if (x == 0 || basic_place[column] >= 0) continue;
    for (int k = form.start[column]; k < form.start[column + 1]; ++k) sum[form.index[k]] -= x * form.value[k];
  }
  for (int row = 0; row < num_rows(); ++row) {
    const int logical = form.num_columns + row;
    if (basic_place[logical] < 0) sum[row] -= value[logical];
  }
  work_.FindNonzeros();
  factorization.Ftran(work_, SolveKind::kAll);
  basic_value = work_.value;
}

void SimplexState::ComputeDuals() {
  work_.Clear();
  for (int row = 0; row < num_rows(); ++row) {
    if (cost[basic[row]] != 0) work_.Set(row, cost[basic[row]]);
  }
  factorization.Btran(work_, SolveKind::kAll);
  for (int variable = 0; variable < num_variables(); ++variable) {
    double& d = reduced_cost[variable];
    if (basic_place[variable] >= 0) {
      d = 0;
    } else if (form.IsLogical(variable)) {
      d = cost[variable] - work_.value[variable - form.num_columns];
    } else {
      d = cost[variable];
      for (int k = form.start[variable]; k < form.start[variable + 1]; ++k) {
        d -= form.value[k] * work_.value[form.index[k]];
      }
    }
  }
  duals_fit = true;
}

double SimplexState::LargestDualInfeasibility() const {
  double largest = 0;
  for (int variable = 0; variable < num_variables(); ++variable) {
    largest = std::max(largest, DualInfeasibility(variable));
  }
  return largest;
}

bool SimplexState::IsDualFeasibleOncePlaced(double tolerance) const {
  for (int variable = 0; variable < num_variables(); ++variable) {
    const double d = reduced_cost[variable];
    const double bound = d < 0 ? upper[variable] : lower[variable];
    if (std::abs(d) > tolerance && std::abs(bound) == kInfinity) return false;
  }
  return true;
}

double SimplexState::LargestPrimalInfeasibility() const {
  double largest = 0;
  for (int row = 0; row < num_rows(); ++row) {
    largest = std::max({largest, basic_lower[row] - basic_value[row], basic_value[row] - basic_upper[row]});
  }
  return largest;
}

void SimplexState::AddColumn(int variable, double multiple, SparseVector& result) const {
  if (form.IsLogical(variable)) {
    result.Add(variable - form.num_columns, multiple);
    return;
  }
  for (int k = form.start[variable]; k < form.start[variable + 1]; ++k) {
    result.Add(form.index[k], multiple * form.value[k]);
  }
}

void SimplexState::LoadColumn(int variable, SparseVector& result) const {
  result.Clear();
  if (form.IsLogical(variable)) {
    result.Set(variable - form.num_columns, 1);
    return;
  }
  for (int k = form.start[variable]; k < form.start[variable + 1]; ++k) result.Set(form.index[k], form.value[k]);
}

void SimplexState::Exchange(int row, int entering, double entering_value, Stand leaving_stand) {
  const int leaving = basic[row];
  basic_place[leaving] = -1;
  stand[leaving] = lower[leaving] == upper[leaving] ? Stand::kFixed : leaving_stand;
  value[leaving] = leaving_stand == Stand::kAtUpper ? upper[leaving] : lower[leaving];
  if (!form.IsLogical(leaving)) matrix.Show(leaving);

  basic[row] = entering;
  basic_place[entering] = row;
  stand[entering] = Stand::kBasic;
  basic_value[row] = entering_value;
  basic_lower[row] = lower[entering];
  basic_upper[row] = upper[entering];
  reduced_cost[entering] = 0;
  if (!form.IsLogical(entering)) matrix.Hide(entering);
  is_fresh = duals_fit = false;
}

}  // namespace restock::simplex
