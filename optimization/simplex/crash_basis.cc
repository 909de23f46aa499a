#include "optimization/simplex/crash_basis.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "optimization/simplex/array.h"

namespace restock::simplex {
namespace {

constexpr double kThreshold = 0.01;  // a pivot's least size relative to its column's largest entry

struct Entry {
  int column;
  double value;
};

class CrashProcedure {
 public:
  explicit CrashProcedure(const LpModel& model)
      : model_(model),
        entries_of_row_(static_cast<size_t>(model.num_rows())),
        largest_(model.num_columns(), 0.0),
        width_(model.num_columns(), 0),
        is_candidate_(model.num_columns(), 0) {
    for (int column = 0; column < model.num_columns(); ++column) {
      const auto j = static_cast<size_t>(column);
      is_candidate_[column] = model.lower[j] < model.upper[j];
      for (auto k = static_cast<size_t>(model.start[j]); k < static_cast<size_t>(model.start[j + 1]); ++k) {
        const auto row = static_cast<size_t>(model.index[k]);
        if (is_candidate_[column] && IsEquation(row)) entries_of_row_[row].push_back({column, model.value[k]});
        largest_[column] = std::max(largest_[column], std::abs(model.value[k]));
        ++width_[column];
      }
    }
  }

  LpBasis Run() {
    LpBasis basis;
    basis.row.assign(entries_of_row_.size(), BasisStatus::kBasic);
    for (int column = 0; column < model_.num_columns(); ++column) basis.column.push_back(StandOf(column));

    // equations with few columns first, as they have the least choice
    std::vector<size_t> order(entries_of_row_.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::ranges::stable_sort(order, {}, [&](size_t row) { return entries_of_row_[row].size(); });
    for (const size_t row : order) {
      const int column = ChooseColumn(row);
      if (column < 0) continue;
      basis.column[static_cast<size_t>(column)] = BasisStatus::kBasic;
      basis.row[row] = BasisStatus::kAtLower;
      // no later column may have an entry here: so the basis stays triangular
      for (const Entry& entry : entries_of_row_[row]) is_candidate_[entry.column] = 0;
    }
    return basis;
  }

 private:
  bool IsEquation(size_t row) const { return model_.row_lower[row] == model_.row_upper[row]; }
  bool HasLower(int column) const { return model_.lower[static_cast<size_t>(column)] > -kInfinity; }
  bool HasUpper(int column) const { return model_.upper[static_cast<size_t>(column)] < kInfinity; }

  BasisStatus StandOf(int column) const {
    if (HasLower(column)) return BasisStatus::kAtLower;
    return HasUpper(column) ? BasisStatus::kAtUpper : BasisStatus::kFree;
  }

  /// -1: none is left.
  int ChooseColumn(size_t row) const {
    const auto rank = [&](int column) {
      return std::tuple(int{HasLower(column)} + int{HasUpper(column)}, width_[column], column);
    };
    int best = -1;
    for (const Entry& entry : entries_of_row_[row]) {
      if (!is_candidate_[entry.column] || std::abs(entry.value) < kThreshold * largest_[entry.column]) continue;
      if (entry.value == 0) continue;
      if (best < 0 || rank(entry.column) < rank(best)) best = entry.column;
    }
    return best;
  }

  const LpModel& model_;
  std::vector<std::vector<Entry>> entries_of_row_;  // of equations, without fixed columns  (num_rows)
  Array<double> largest_;                           // entry of a column  (num_columns)
  Array<int> width_;                                // entries of a column  (num_columns)
  Array<char> is_candidate_;                        // (num_columns)
};

}  // namespace

LpBasis TriangularCrash(const LpModel& model) { return CrashProcedure(model).Run(); }

}  // namespace restock::simplex
