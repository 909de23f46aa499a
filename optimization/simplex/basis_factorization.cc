#include "optimization/simplex/basis_factorization.h"

#include <algorithm>

namespace restock::simplex {
namespace {

constexpr int kFewestUpdates = 20;  // before a new factorisation is thought of
constexpr int kMostUpdates = 200;
constexpr int kRoomToGrow = 4;  // spare entries of a row of U
// nanoseconds of a new factorisation, and of the primal and dual values that are recomputed after it
constexpr int64_t kWorkPerRow = 50;
constexpr int64_t kWorkPerEntry = 3;

void CountToBegin(const Array<int>& count, TriangularLists& lists, int room) {
  int total = 0;
  for (int row = 0; row < count.length(); ++row) {
    lists.begin[row] = lists.end[row] = total;
    total += count[row] + room;
  }
  lists.index.Resize(total);
  lists.value.Resize(total);
}

void Append(TriangularLists& lists, int list, int index, double value) {
  const int entry = lists.end[list]++;
  lists.index[entry] = index;
  lists.value[entry] = value;
}

void RemoveEntry(TriangularLists& lists, int list, int index) {
  int entry = lists.begin[list];
  while (lists.index[entry] != index) ++entry;
  const int last = --lists.end[list];
  lists.index[entry] = lists.index[last];
  lists.value[entry] = lists.value[last];
}

}  // namespace

BasisFactorization::BasisFactorization(int num_rows)
    : num_rows_(num_rows), elimination_(num_rows), solver_(num_rows, num_rows + kMostUpdates), pivot_(num_rows) {}

std::vector<BasisFactorization::Repair> BasisFactorization::Factorize(const ComputationalForm& form,
                                                                      Array<int>& basic) {
  elimination_.Run(form, basic);

  // order the basis by pivot row; where a row has no pivot, its logical steps in for a column that has none
  std::vector<Repair> repairs;
  std::vector<int> left_out;
  for (int position = 0; position < num_rows_; ++position) {
    if (elimination_.pivot_row()[position] < 0) left_out.push_back(basic[position]);
  }
  Array<int> by_row(num_rows_);
  for (int row = 0; row < num_rows_; ++row) {
    const int position = elimination_.pivot_position()[row];
    if (position >= 0) {
      by_row[row] = basic[position];
    } else {
      by_row[row] = form.num_columns + row;
      repairs.push_back({row, left_out[repairs.size()]});
    }
  }
  basic = by_row;

  LoadLower(elimination_);
  LoadUpper(elimination_);
  eta_row_.clear();
  eta_begin_.assign(1, 0);
  eta_index_.clear();
  eta_value_.clear();
  num_updates_ = 0;
  work_to_factorize_ = static_cast<double>(elimination_.work()) * 4 + kWorkPerRow * num_rows_ +
                       static_cast<double>(kWorkPerEntry) * form.index.length();
  num_fresh_entries_ = num_upper_entries_ = static_cast<int>(elimination_.upper().size());
  excess_work_ = 0;
  return repairs;
}

void BasisFactorization::LoadLower(const MarkowitzElimination& lu) {
  lower_columns_.Reset(num_rows_);
  lower_rows_.Reset(num_rows_);
  Array<int> in_column(num_rows_, 0), in_row(num_rows_, 0);
  for (const auto& entry : lu.lower()) {
    ++in_column[entry.pivot];
    ++in_row[entry.row];
  }
  CountToBegin(in_column, lower_columns_, 0);
  CountToBegin(in_row, lower_rows_, 0);
  for (const auto& entry : lu.lower()) {
    Append(lower_columns_, entry.pivot, entry.row, entry.value);
    Append(lower_rows_, entry.row, entry.pivot, entry.value);
  }
  // rows without a pivot of their own come last and still gather multipliers
  lower_order_.pivot_at.assign(lu.order().begin(), lu.order().end());
  for (int row = 0; row < num_rows_; ++row) {
    if (lu.pivot_position()[row] < 0) lower_order_.pivot_at.push_back(row);
  }
  lower_order_.place_of.Resize(num_rows_);
  for (int place = 0; place < num_rows_; ++place) lower_order_.place_of[lower_order_.pivot_at[place]] = place;
}

void BasisFactorization::LoadUpper(const MarkowitzElimination& lu) {
  upper_columns_.Reset(num_rows_);
  upper_rows_.Reset(num_rows_);
  Array<int> in_column(num_rows_, 0), in_row(num_rows_, 0);
  for (const auto& entry : lu.upper()) {
    const int pivot = lu.pivot_row()[entry.pivot];
    if (pivot < 0) continue;
    ++in_column[pivot];
    ++in_row[entry.row];
  }
  CountToBegin(in_column, upper_columns_, 0);
  CountToBegin(in_row, upper_rows_, kRoomToGrow);
  upper_room_.Resize(num_rows_);
  for (int row = 0; row < num_rows_; ++row) upper_room_[row] = upper_rows_.begin[row] + in_row[row] + kRoomToGrow;
  for (const auto& entry : lu.upper()) {
    const int pivot = lu.pivot_row()[entry.pivot];
    if (pivot < 0) continue;
    Append(upper_columns_, pivot, entry.row, entry.value);
    Append(upper_rows_, entry.row, pivot, entry.value);
  }

  pivot_ = lu.pivot_value();
  for (int row = 0; row < num_rows_; ++row) {
    if (lu.pivot_position()[row] < 0) pivot_[row] = 1;
  }
  upper_order_ = lower_order_;
}

void BasisFactorization::Ftran(SparseVector& x, SolveKind kind, PackedVector* spike) {
  Densities& density = density_[static_cast<size_t>(kind)];
  solver_.Solve(lower_columns_, nullptr, lower_order_, /*backwards=*/false, density.lower, x);
  for (int k = 0; k < eta_row_.length(); ++k) {
    double sum = 0;
    for (int entry = eta_begin_[k]; entry < eta_begin_[k + 1]; ++entry) {
      sum += eta_value_[entry] * x.value[eta_index_[entry]];
    }
    if (std::abs(sum) >= kTiny) x.Add(eta_row_[k], -sum);
  }
  excess_work_ += eta_index_.length() + eta_row_.length();
  if (spike) spike->Copy(x);
  solver_.Solve(upper_columns_, &pivot_, upper_order_, /*backwards=*/true, density.upper, x);
  CountExcessOfUpper();
}

void BasisFactorization::Btran(SparseVector& x, SolveKind kind, PackedVector* partial) {
  Densities& density = density_[static_cast<size_t>(kind)];
  solver_.Solve(upper_rows_, &pivot_, upper_order_, /*backwards=*/false, density.upper, x);
  CountExcessOfUpper();
  if (partial) partial->Copy(x);
  for (int k = eta_row_.length() - 1; k >= 0; --k) {
    const double multiplier = x.value[eta_row_[k]];
    if (std::abs(multiplier) < kTiny) continue;
    for (int entry = eta_begin_[k]; entry < eta_begin_[k + 1]; ++entry) {
      x.Add(eta_index_[entry], -multiplier * eta_value_[entry]);
    }
    excess_work_ += eta_begin_[k + 1] - eta_begin_[k];
  }
  excess_work_ += eta_row_.length();
  solver_.Solve(lower_rows_, nullptr, lower_order_, /*backwards=*/true, density.lower, x);
}

/// Of the solve with U just done: what it cost more than with fresh factors.
void BasisFactorization::CountExcessOfUpper() {
  const double growth = 1 - static_cast<double>(num_fresh_entries_ + num_rows_) / (num_upper_entries_ + num_rows_);
  excess_work_ += std::max(0.0, growth) * static_cast<double>(solver_.last_work());
}

void BasisFactorization::Update(int row, const PackedVector& spike, const PackedVector& partial_row, double pivot) {
  // the row transformation that clears the row: r_j = -y_j u_pp, with y = U^-T e_p
  const double old_pivot = pivot_[row];
  for (int k = 0; k < partial_row.index.length(); ++k) {
    if (partial_row.index[k] == row) continue;
    eta_index_.push_back(partial_row.index[k]);
    eta_value_.push_back(-partial_row.value[k] * old_pivot);
  }
  eta_row_.push_back(row);
  eta_begin_.push_back(eta_index_.length());

  // the spike becomes the last column of U
  num_upper_entries_ += spike.index.length() - upper_rows_.end[row] + upper_rows_.begin[row] - upper_columns_.end[row] +
                        upper_columns_.begin[row];
  RemoveRow(row);
  RemoveColumn(row);
  InsertColumn(row, spike);
  pivot_[row] = pivot * old_pivot;
  upper_order_.pivot_at[upper_order_.place_of[row]] = -1;
  upper_order_.place_of[row] = upper_order_.pivot_at.length();
  upper_order_.pivot_at.push_back(row);
  ++num_updates_;
}

void BasisFactorization::RemoveRow(int row) {
  for (int entry = upper_rows_.begin[row]; entry < upper_rows_.end[row]; ++entry) {
    RemoveEntry(upper_columns_, upper_rows_.index[entry], row);
  }
  upper_rows_.end[row] = upper_rows_.begin[row];
}

void BasisFactorization::RemoveColumn(int row) {
  for (int entry = upper_columns_.begin[row]; entry < upper_columns_.end[row]; ++entry) {
    RemoveEntry(upper_rows_, upper_columns_.index[entry], row);
  }
}

void BasisFactorization::InsertColumn(int row, const PackedVector& spike) {
  upper_columns_.begin[row] = upper_columns_.end[row] = upper_columns_.index.length();
  for (int k = 0; k < spike.index.length(); ++k) {
    const int other = spike.index[k];
    if (other == row) continue;
    upper_columns_.index.push_back(other);
    upper_columns_.value.push_back(spike.value[k]);
    ++upper_columns_.end[row];
    AppendToRow(other, row, spike.value[k]);
  }
}

void BasisFactorization::AppendToRow(int row, int pivot, double value) {
  if (upper_rows_.end[row] == upper_room_[row]) {
    // no room left: the list moves to the end
    const int from = upper_rows_.begin[row], count = upper_rows_.end[row] - from;
    const int to = upper_rows_.index.length();
    const int room = 2 * count + kRoomToGrow;
    upper_rows_.index.Resize(to + room);
    upper_rows_.value.Resize(to + room);
    std::copy_n(upper_rows_.index.begin() + from, count, upper_rows_.index.begin() + to);
    std::copy_n(upper_rows_.value.begin() + from, count, upper_rows_.value.begin() + to);
    upper_rows_.begin[row] = to;
    upper_rows_.end[row] = to + count;
    upper_room_[row] = to + room;
  }
  Append(upper_rows_, row, pivot, value);
}

bool BasisFactorization::ShouldRefactorize() const {
  return num_updates_ >= kMostUpdates || (num_updates_ >= kFewestUpdates && excess_work_ > work_to_factorize_);
}

}  // namespace restock::simplex
