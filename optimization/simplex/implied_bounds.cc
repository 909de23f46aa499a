#include <algorithm>
#include <cmath>

#include "optimization/simplex/presolve.h"

namespace restock::simplex {
namespace {

constexpr double kSmallEntry = 1e-3;  // entries this small make bounds of rounding errors
constexpr double kMargin = 1e-9;      // by which implied bounds are wider, relative to what they are computed from

/// A sum of bounds, of which some may be infinite.
struct Sum {
  double finite = 0;
  double size = 0;  // of the finite terms
  int num_infinite = 0;

  void Add(double term) {
    if (std::isfinite(term)) {
      finite += term;
      size += std::abs(term);
    } else {
      ++num_infinite;
    }
  }
  /// Infinite where another term is.
  double Without(double term, double infinity) const {
    const int others = num_infinite - (std::isfinite(term) ? 0 : 1);
    if (others > 0) return infinity;
    return std::isfinite(term) ? finite - term : finite;
  }
};

}  // namespace

// Bound tightening (Brearley, Mitra & Williams 1975; Andersen & Andersen 1995, section 3.3): a row and the bounds of
// its other columns bound a column. What rows imply so is never written into the program, where it would make vertices
// degenerate and multipliers impossible to lift: it only shows that other rows, or one side of them, never bind. Then
// their multipliers are zero, whatever the rest of the solution. A row that was found so proves nothing any more.

std::vector<Presolve::ImpliedBounds> Presolve::FindImpliedBounds() const {
  std::vector<ImpliedBounds> implied(model_.cost.size());
  for (int row = 0; row < model_.num_rows(); ++row) {
    const auto i = static_cast<size_t>(row);
    if (!row_lives_[i]) continue;
    Sum least, most;
    ForEachEntry(row, [&](size_t column, double entry) {
      least.Add(entry * (entry > 0 ? lower_ : upper_)[column]);
      most.Add(entry * (entry > 0 ? upper_ : lower_)[column]);
    });
    if (least.num_infinite > 1 && most.num_infinite > 1) continue;
    ForEachEntry(row, [&](size_t column, double entry) {
      if (std::abs(entry) < kSmallEntry) return;
      const double low = entry * (entry > 0 ? lower_ : upper_)[column],
                   high = entry * (entry > 0 ? upper_ : lower_)[column];
      // what the other columns leave of the row's bounds for entry * x
      const double margin = kMargin * std::max({1.0, least.size, most.size});
      const double from = row_lower_[i] - most.Without(high, kInfinity) - margin;
      const double to = row_upper_[i] - least.Without(low, -kInfinity) + margin;
      implied[column].Narrow((entry > 0 ? from : to) / entry, (entry > 0 ? to : from) / entry, row);
    });
  }
  return implied;
}

void Presolve::DropImpliedRows() {
  const std::vector<ImpliedBounds> implied = FindImpliedBounds();
  std::vector<bool> proves(row_lives_);  // still there, with both sides
  for (int row = 0; row < model_.num_rows(); ++row) {
    const auto i = static_cast<size_t>(row);
    if (!row_lives_[i]) continue;
    const auto may_prove = [&](int other) { return other >= 0 && other != row && proves[static_cast<size_t>(other)]; };
    Activity activity;
    ForEachEntry(row, [&](size_t column, double entry) {
      const ImpliedBounds& bounds = implied[column];
      const double lower = may_prove(bounds.lower_row) ? std::max(lower_[column], bounds.lower) : lower_[column];
      const double upper = may_prove(bounds.upper_row) ? std::min(upper_[column], bounds.upper) : upper_[column];
      activity.least += entry * (entry > 0 ? lower : upper);
      activity.most += entry * (entry > 0 ? upper : lower);
    });
    const bool lower_binds = activity.least<row_lower_[i], upper_binds = activity.most> row_upper_[i];
    if (!lower_binds && !upper_binds) {
      DropRow(row);
      proves[i] = false;
    } else if (!lower_binds && row_lower_[i] > -kInfinity) {
      row_lower_[i] = -kInfinity;
      proves[i] = false;
    } else if (!upper_binds && row_upper_[i] < kInfinity) {
      row_upper_[i] = kInfinity;
      proves[i] = false;
    }
  }
}

}  // namespace restock::simplex
