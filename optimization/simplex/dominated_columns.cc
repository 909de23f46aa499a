#include <algorithm>
#include <cmath>

#include "optimization/simplex/presolve.h"

namespace restock::simplex {
namespace {

constexpr int kPasses = 2;
constexpr double kMargin = 1e-7;  // by which a reduced cost must be away from zero

/// A sum of intervals, of which some may be infinite.
struct Sum {
  double finite = 0;
  int num_infinite = 0;

  void Add(double term) {
    if (std::isfinite(term)) {
      finite += term;
    } else {
      ++num_infinite;
    }
  }
  /// Without one of its terms; NaN where others are infinite.
  double Without(double term) const {
    if (num_infinite > (std::isfinite(term) ? 0 : 1)) return NAN;
    return std::isfinite(term) ? finite - term : finite;
  }
  double Total(double infinity) const { return num_infinite > 0 ? infinity : finite; }
};

struct Interval {
  double low, high;
};

}  // namespace

// What the price y of a row can be: its sign says which side may bind; and columns without an upper bound must not have
// a negative reduced cost c_j - sum_i a_ij y_i, those without a lower bound not a positive one. A column whose reduced
// cost has one sign at all such prices stands at a bound (Andersen & Andersen 1995, section 3.4; Brearley, Mitra &
// Williams 1975).
void Presolve::FixDominatedColumns() {
  const size_t num_rows = row_lives_.size(), num_columns = column_lives_.size();
  std::vector<Interval> price(num_rows);
  for (size_t row = 0; row < num_rows; ++row) {
    price[row] = {row_upper_[row] < kInfinity ? -kInfinity : 0, row_lower_[row] > -kInfinity ? kInfinity : 0};
  }
  const auto bounds_of_term = [&](size_t k) {
    const Interval& y = price[static_cast<size_t>(model_.index[k])];
    const double entry = model_.value[k];
    return entry > 0 ? Interval{entry * y.low, entry * y.high} : Interval{entry * y.high, entry * y.low};
  };
  const auto for_entries = [&](size_t column, const auto& visit) {
    for (auto k = static_cast<size_t>(model_.start[column]); k < static_cast<size_t>(model_.start[column + 1]); ++k) {
      if (row_lives_[static_cast<size_t>(model_.index[k])]) visit(k);
    }
  };

  // narrow the prices
  for (int pass = 0; pass < kPasses; ++pass) {
    for (size_t column = 0; column < num_columns; ++column) {
      const bool rises = upper_[column] == kInfinity, falls = lower_[column] == -kInfinity;
      if (!column_lives_[column] || (!rises && !falls)) continue;
      Sum least, most;
      for_entries(column, [&](size_t k) {
        least.Add(bounds_of_term(k).low);
        most.Add(bounds_of_term(k).high);
      });
      if (least.num_infinite > 1 && most.num_infinite > 1) continue;
      for_entries(column, [&](size_t k) {
        Interval& y = price[static_cast<size_t>(model_.index[k])];
        const double entry = model_.value[k];
        const Interval term = bounds_of_term(k);
        // a y <= c - the least of the others;  a y >= c - the most of the others
        const double most_of_term = rises ? cost_[column] - least.Without(term.low) : NAN;
        const double least_of_term = falls ? cost_[column] - most.Without(term.high) : NAN;
        if (!std::isnan(most_of_term)) {
          if (entry > 0) y.high = std::min(y.high, most_of_term / entry);
          if (entry < 0) y.low = std::max(y.low, most_of_term / entry);
        }
        if (!std::isnan(least_of_term)) {
          if (entry > 0) y.low = std::max(y.low, least_of_term / entry);
          if (entry < 0) y.high = std::min(y.high, least_of_term / entry);
        }
      });
    }
  }

  // fix the columns that no prices make worth their cost, or not worth it
  for (size_t column = 0; column < num_columns; ++column) {
    if (!column_lives_[column] || lower_[column] >= upper_[column]) continue;
    Sum least, most;
    double size = std::abs(cost_[column]);
    for_entries(column, [&](size_t k) {
      const Interval term = bounds_of_term(k);
      least.Add(term.low);
      most.Add(term.high);
      for (const double end : {term.low, term.high}) size = std::max(size, std::isfinite(end) ? std::abs(end) : 0);
    });
    const double margin = kMargin * std::max(1.0, size);
    const double least_reduced_cost = cost_[column] - most.Total(kInfinity);
    const double most_reduced_cost = cost_[column] - least.Total(-kInfinity);
    if (least_reduced_cost > margin && std::isfinite(lower_[column])) {
      FixColumn(static_cast<int>(column), lower_[column]);
    } else if (most_reduced_cost < -margin && std::isfinite(upper_[column])) {
      FixColumn(static_cast<int>(column), upper_[column]);
    }
  }
}

}  // namespace restock::simplex
