#include "optimization/simplex/basis_factorization.h"

#include <algorithm>

namespace restock::simplex {
namespace {

using Entry = TriangularFactor::Entry;

constexpr int kFewestUpdates = 20;  // before a new factorisation is thought of
constexpr int kMostUpdates = 200;
constexpr int kRoomToGrow = 4;  // spare entries of a row of U
// nanoseconds of a new factorisation, and of the primal and dual values that are recomputed after it
constexpr int64_t kWorkPerRow = 50;
constexpr int64_t kWorkPerEntry = 3;

/// Empty lists for as many entries as were counted in `end`, and some more each.
void MakeRoom(TriangularFactor& factor, int room) {
  int total = 0;
  for (TriangularFactor::Pivot& pivot : factor.pivot) {
    const int count = pivot.end;
    pivot.begin = pivot.end = total;
    total += count + room;
  }
  factor.entry.Resize(total);
}

void Append(TriangularFactor& factor, int list, Entry entry) { factor.entry[factor.pivot[list].end++] = entry; }

void RemoveEntry(TriangularFactor& factor, int list, int place) {
  TriangularFactor::Pivot& pivot = factor.pivot[list];
  int k = pivot.begin;
  while (factor.entry[k].place != place) ++k;
  factor.entry[k] = factor.entry[--pivot.end];
}

/// Marks the pivots that have a list.
void MarkActing(TriangularFactor& factor) {
  factor.acts.Assign(factor.num_places() / 64 + 1, 0);
  factor.acting.clear();
  for (int place = 0; place < factor.num_places(); ++place) {
    if (factor.pivot[place].begin == factor.pivot[place].end) continue;
    factor.acting.push_back(place);
    factor.acts[place / 64] |= uint64_t{1} << (place & 63);
  }
}

/// Moves the nonzeros of `from` to other indices: those that `index_of` says.
void MoveNonzeros(SparseVector& from, const Array<int>& index_of, SparseVector& to) {
  for (int k = 0; k < from.count; ++k) {
    const int index = from.index[k];
    const double entry = from.value[index];
    from.value[index] = 0;
    if (std::abs(entry) >= kTiny) to.Set(index_of[index], entry);
  }
  from.count = 0;
}

}  // namespace

BasisFactorization::BasisFactorization(int num_rows)
    : num_rows_(num_rows),
      elimination_(num_rows),
      solver_(num_rows + kMostUpdates),
      first_place_(num_rows),
      place_(num_rows),
      row_at_(num_rows),
      work_(num_rows + kMostUpdates) {}

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

  OrderPlaces();
  LoadLower();
  LoadUpper();
  old_place_.clear();
  transformation_begin_.assign(1, 0);
  transformation_entry_.clear();
  num_updates_ = 0;
  work_to_factorize_ = static_cast<double>(elimination_.work()) * 4 + kWorkPerRow * num_rows_ +
                       static_cast<double>(kWorkPerEntry) * form.index.length();
  num_fresh_entries_ = num_upper_entries_ = static_cast<int>(elimination_.upper().size());
  excess_work_ = 0;
  return repairs;
}

/// Rows without a pivot of their own come last and still gather multipliers.
void BasisFactorization::OrderPlaces() {
  row_at_.assign(elimination_.order().begin(), elimination_.order().end());
  for (int row = 0; row < num_rows_; ++row) {
    if (elimination_.pivot_position()[row] < 0) row_at_.push_back(row);
  }
  for (int place = 0; place < num_rows_; ++place) first_place_[row_at_[place]] = place;
  place_ = first_place_;
}

void BasisFactorization::LoadLower() {
  lower_columns_.pivot.Assign(num_rows_, {1, 0, 0});
  lower_rows_.pivot.Assign(num_rows_, {1, 0, 0});
  for (const auto& entry : elimination_.lower()) {
    ++lower_columns_.pivot[place_[entry.pivot]].end;
    ++lower_rows_.pivot[place_[entry.row]].end;
  }
  MakeRoom(lower_columns_, 0);
  MakeRoom(lower_rows_, 0);
  for (const auto& entry : elimination_.lower()) {
    const int column = place_[entry.pivot], row = place_[entry.row];
    Append(lower_columns_, column, {entry.value, row});
    Append(lower_rows_, row, {entry.value, column});
  }
  MarkActing(lower_columns_);
  MarkActing(lower_rows_);
}

void BasisFactorization::LoadUpper() {
  upper_columns_.pivot.Assign(num_rows_, {1, 0, 0});
  for (int place = 0; place < elimination_.order().length(); ++place) {
    upper_columns_.pivot[place].value = elimination_.pivot_value()[row_at_[place]];
  }
  upper_rows_.pivot = upper_columns_.pivot;
  const auto for_each_entry = [&](const auto& act) {
    for (const auto& entry : elimination_.upper()) {
      const int pivot_row = elimination_.pivot_row()[entry.pivot];
      if (pivot_row >= 0) act(place_[entry.row], place_[pivot_row], entry.value);
    }
  };
  for_each_entry([&](int row, int column, double) {
    ++upper_columns_.pivot[column].end;
    ++upper_rows_.pivot[row].end;
  });
  MakeRoom(upper_columns_, 0);
  MakeRoom(upper_rows_, kRoomToGrow);
  for_each_entry([&](int row, int column, double value) {
    Append(upper_columns_, column, {value, row});
    Append(upper_rows_, row, {value, column});
  });
  upper_room_.Resize(num_rows_);
  for (int place = 0; place < num_rows_; ++place) upper_room_[place] = upper_rows_.pivot[place].end + kRoomToGrow;
}

void BasisFactorization::Ftran(SparseVector& x, SolveKind kind, PackedVector* spike) {
  MoveNonzeros(x, first_place_, work_);
  FtranByPlaces(kind, spike);
  MoveNonzeros(work_, row_at_, x);
}

void BasisFactorization::FtranAt(const SparseVector& x, SolveKind kind, const SparseVector& rows,
                                 Array<double>& result) {
  for (int k = 0; k < x.count; ++k) work_.Set(first_place_[x.index[k]], x.value[x.index[k]]);
  FtranByPlaces(kind, nullptr);
  result.Resize(rows.count);
  for (int k = 0; k < rows.count; ++k) result[k] = work_.value[place_[rows.index[k]]];
  work_.Clear();
}

void BasisFactorization::FtranByPlaces(SolveKind kind, PackedVector* spike) {
  solver_.SolveUnit(lower_columns_, lower_rows_, /*backwards=*/false, work_);
  ApplyRowTransformations();
  if (spike) spike->Copy(work_);
  solver_.Solve(upper_columns_, /*backwards=*/true, density_[static_cast<size_t>(kind)], work_);
  CountExcessOfUpper();
}

void BasisFactorization::Btran(SparseVector& x, SolveKind kind, PackedVector* partial) {
  MoveNonzeros(x, place_, work_);
  solver_.Solve(upper_rows_, /*backwards=*/false, density_[static_cast<size_t>(kind)], work_);
  CountExcessOfUpper();
  if (partial) partial->Copy(work_);
  ApplyRowTransformationsBackwards();
  solver_.SolveUnit(lower_rows_, lower_columns_, /*backwards=*/true, work_);
  MoveNonzeros(work_, row_at_, x);
}

void BasisFactorization::ApplyRowTransformations() {
  for (int k = 0; k < num_updates_; ++k) {
    double& old_value = work_.value[old_place_[k]];
    double value = old_value;
    old_value = 0;
    for (int entry = transformation_begin_[k]; entry < transformation_begin_[k + 1]; ++entry) {
      value -= transformation_entry_[entry].value * work_.value[transformation_entry_[entry].place];
    }
    if (std::abs(value) >= kTiny) work_.Set(num_rows_ + k, value);
  }
  excess_work_ += transformation_entry_.length() + num_updates_;
}

void BasisFactorization::ApplyRowTransformationsBackwards() {
  for (int k = num_updates_ - 1; k >= 0; --k) {
    double& new_value = work_.value[num_rows_ + k];
    const double multiplier = new_value;
    new_value = 0;
    if (std::abs(multiplier) < kTiny) continue;
    work_.Add(old_place_[k], multiplier);
    for (int entry = transformation_begin_[k]; entry < transformation_begin_[k + 1]; ++entry) {
      work_.Add(transformation_entry_[entry].place, -multiplier * transformation_entry_[entry].value);
    }
    excess_work_ += transformation_begin_[k + 1] - transformation_begin_[k];
  }
  excess_work_ += num_updates_;
}

/// Of the solve with U just done: what it cost more than with fresh factors.
void BasisFactorization::CountExcessOfUpper() {
  const double growth = 1 - static_cast<double>(num_fresh_entries_ + num_rows_) / (num_upper_entries_ + num_rows_);
  excess_work_ += std::max(0.0, growth) * static_cast<double>(solver_.last_work());
}

void BasisFactorization::Update(int row, const PackedVector& spike, const PackedVector& partial_row, double pivot) {
  // the row transformation that clears the row: r_j = -y_j u_pp, with y = U^-T e_p
  const int old_place = place_[row], place = num_rows_ + num_updates_;
  const double old_pivot = upper_rows_.pivot[old_place].value;
  for (int k = 0; k < partial_row.index.length(); ++k) {
    if (partial_row.index[k] == old_place) continue;
    transformation_entry_.push_back({-partial_row.value[k] * old_pivot, partial_row.index[k]});
  }
  old_place_.push_back(old_place);
  transformation_begin_.push_back(transformation_entry_.length());

  // the spike becomes the last column of U, and the row its last row
  num_upper_entries_ += spike.index.length();
  RemoveRow(old_place);
  RemoveColumn(old_place);
  upper_rows_.pivot.push_back({pivot * old_pivot, 0, 0});
  upper_room_.push_back(0);
  AppendColumn(old_place, place, spike);
  place_[row] = place;
  row_at_.push_back(row);
  ++num_updates_;
}

void BasisFactorization::RemoveRow(int place) {
  TriangularFactor::Pivot& row = upper_rows_.pivot[place];
  for (int k = row.begin; k < row.end; ++k) RemoveEntry(upper_columns_, upper_rows_.entry[k].place, place);
  num_upper_entries_ -= row.end - row.begin;
  row.end = row.begin;
}

void BasisFactorization::RemoveColumn(int place) {
  TriangularFactor::Pivot& column = upper_columns_.pivot[place];
  for (int k = column.begin; k < column.end; ++k) RemoveEntry(upper_rows_, upper_columns_.entry[k].place, place);
  num_upper_entries_ -= column.end - column.begin;
  column.end = column.begin;
}

void BasisFactorization::AppendColumn(int old_place, int place, const PackedVector& spike) {
  const int begin = upper_columns_.entry.length();
  for (int k = 0; k < spike.index.length(); ++k) {
    const int other = spike.index[k];
    if (other == old_place) continue;
    upper_columns_.entry.push_back({spike.value[k], other});
    AppendToRow(other, {spike.value[k], place});
  }
  upper_columns_.pivot.push_back({upper_rows_.pivot[place].value, begin, upper_columns_.entry.length()});
}

void BasisFactorization::AppendToRow(int row_place, Entry entry) {
  TriangularFactor::Pivot& row = upper_rows_.pivot[row_place];
  if (row.end == upper_room_[row_place]) {
    // no room left: the list moves to the end
    const int from = row.begin, count = row.end - row.begin;
    row.begin = upper_rows_.entry.length();
    row.end = row.begin + count;
    upper_room_[row_place] = row.begin + 2 * count + kRoomToGrow;
    upper_rows_.entry.Resize(upper_room_[row_place]);
    std::copy_n(upper_rows_.entry.begin() + from, count, upper_rows_.entry.begin() + row.begin);
  }
  Append(upper_rows_, row_place, entry);
}

bool BasisFactorization::ShouldRefactorize() const {
  return num_updates_ >= kMostUpdates || (num_updates_ >= kFewestUpdates && excess_work_ > work_to_factorize_);
}

}  // namespace restock::simplex
