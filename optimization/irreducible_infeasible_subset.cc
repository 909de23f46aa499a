#include "optimization/irreducible_infeasible_subset.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace restock {
namespace {

using Kind = LpBound::Kind;
using Side = LpBound::Side;

/// The model with costs zero, and which of its bounds are still there.
class DeletionFilter {
 public:
  DeletionFilter(const LpModel& model, const SimplexOptions& options)
      : model_(model), solver_(WithoutBoundsAndCosts(model), options) {}

  /// Makes the bounds those of `kept` alone.
  void Keep(const std::vector<LpBound>& kept) {
    for (const LpBound& bound : kept_) Relax(bound);
    for (const LpBound& bound : kept) Restore(bound);
    kept_ = kept;
  }
  void Relax(const LpBound& bound) { Set(bound, bound.side == Side::kLower ? -kInfinity : kInfinity); }
  void Restore(const LpBound& bound) { Set(bound, ValueIn(model_, bound)); }
  LpSolution Solve() { return solver_.Solve(); }

  static double ValueIn(const LpModel& model, const LpBound& bound) {
    const auto place = static_cast<size_t>(bound.index);
    if (bound.kind == Kind::kRow) return bound.side == Side::kLower ? model.row_lower[place] : model.row_upper[place];
    return bound.side == Side::kLower ? model.lower[place] : model.upper[place];
  }

 private:
  static LpModel WithoutBoundsAndCosts(LpModel model) {
    std::ranges::fill(model.cost, 0.0);
    std::ranges::fill(model.lower, -kInfinity);
    std::ranges::fill(model.upper, kInfinity);
    std::ranges::fill(model.row_lower, -kInfinity);
    std::ranges::fill(model.row_upper, kInfinity);
    return model;
  }

  void Set(const LpBound& bound, double value) {
    const LpModel& now = solver_.model();
    const auto place = static_cast<size_t>(bound.index);
    const bool is_row = bound.kind == Kind::kRow;
    double lower = is_row ? now.row_lower[place] : now.lower[place];
    double upper = is_row ? now.row_upper[place] : now.upper[place];
    (bound.side == Side::kLower ? lower : upper) = value;
    if (is_row) {
      solver_.SetRowBounds(bound.index, lower, upper);
    } else {
      solver_.SetColumnBounds(bound.index, lower, upper);
    }
  }

  const LpModel& model_;
  SimplexSolver solver_;
  std::vector<LpBound> kept_;
};

/// Two bounds of one row or column that cross are an irreducible subset by themselves.
std::vector<LpBound> CrossedBounds(const LpModel& model) {
  const auto both = [](Kind kind, size_t place) -> std::vector<LpBound> {
    const int index = static_cast<int>(place);
    return {{kind, index, Side::kLower}, {kind, index, Side::kUpper}};
  };
  for (size_t i = 0; i < model.row_lower.size(); ++i) {
    if (model.row_lower[i] > model.row_upper[i]) return both(Kind::kRow, i);
  }
  for (size_t j = 0; j < model.lower.size(); ++j) {
    if (model.lower[j] > model.upper[j]) return both(Kind::kColumn, j);
  }
  return {};
}

std::vector<LpBound> AllBounds(const LpModel& model) {
  std::vector<LpBound> bounds;
  const auto add = [&](Kind kind, size_t place, double lower, double upper) {
    const int index = static_cast<int>(place);
    if (lower > -kInfinity) bounds.push_back({kind, index, Side::kLower});
    if (upper < kInfinity) bounds.push_back({kind, index, Side::kUpper});
  };
  for (size_t i = 0; i < model.row_lower.size(); ++i) add(Kind::kRow, i, model.row_lower[i], model.row_upper[i]);
  for (size_t j = 0; j < model.lower.size(); ++j) add(Kind::kColumn, j, model.lower[j], model.upper[j]);
  return bounds;
}

/// The bounds among `bounds` that the proof by the multipliers `ray` uses. It says that the rows' sum cannot be as
/// large as they ask, or, with `is_reversed`, as small.
std::vector<LpBound> UsedBounds(const LpModel& model, const std::vector<double>& ray, bool is_reversed,
                                const std::vector<LpBound>& bounds) {
  constexpr double kNoise = 1e-9;
  std::vector<LpBound> used;
  for (const LpBound& bound : bounds) {
    const auto place = static_cast<size_t>(bound.index);
    double weight = 0, size = 1;
    if (bound.kind == Kind::kRow) {
      weight = ray[place];
    } else {
      // the columns' side of the sum stands against that of the rows
      for (auto k = static_cast<size_t>(model.start[place]); k < static_cast<size_t>(model.start[place + 1]); ++k) {
        const double term = model.value[k] * ray[static_cast<size_t>(model.index[k])];
        weight -= term;
        size += std::abs(term);
      }
    }
    if (is_reversed) weight = -weight;
    if (std::abs(weight) > kNoise * size && (weight > 0) == (bound.side == Side::kLower)) used.push_back(bound);
  }
  return used;
}

/// Whether the solution shows that the bounds can be met, be it optimal or not.
bool CanBeMet(const LpSolution& solution) {
  constexpr double kTolerance = 1e-7;
  return solution.status == LpStatus::kOptimal ||
         (solution.status == LpStatus::kNumericalTrouble && solution.primal_infeasibility <= kTolerance);
}

}  // namespace

InfeasibleSubset FindInfeasibleSubset(const LpModel& model, const LpSolution& solution, const SimplexOptions& options) {
  InfeasibleSubset subset;
  subset.bounds = CrossedBounds(model);
  if (!subset.bounds.empty()) return subset;

  // fewer bounds, as long as a solve proves that they contradict each other
  DeletionFilter filter(model, options);
  subset.bounds = AllBounds(model);
  const auto shrink = [&](const std::vector<double>& ray) {
    if (ray.size() != model.row_lower.size()) return;
    for (const bool is_reversed : {false, true}) {
      const std::vector<LpBound> used = UsedBounds(model, ray, is_reversed, subset.bounds);
      if (used.empty() || used.size() == subset.bounds.size()) continue;
      filter.Keep(used);
      if (filter.Solve().status != LpStatus::kInfeasible) continue;
      subset.bounds = used;
      return;
    }
  };
  shrink(solution.ray);
  filter.Keep(subset.bounds);

  // one by one: what is not needed to contradict goes
  for (size_t place = 0; place < subset.bounds.size();) {
    const LpBound bound = subset.bounds[place];
    filter.Relax(bound);
    const LpSolution without = filter.Solve();
    if (without.status == LpStatus::kInfeasible) {
      subset.bounds.erase(subset.bounds.begin() + static_cast<std::ptrdiff_t>(place));
      // bounds before this place are needed, so every proof uses them, and the place stays
      shrink(without.ray);
      filter.Keep(subset.bounds);
      continue;
    }
    if (!CanBeMet(without)) subset.is_irreducible = false;
    filter.Restore(bound);
    ++place;
  }
  return subset;
}

std::string DescribeBound(const LpModel& model, const LpBound& bound) {
  const std::string name = bound.kind == Kind::kRow ? model.RowName(bound.index) : model.ColumnName(bound.index);
  const double value = DeletionFilter::ValueIn(model, bound);
  return fmt::format("{} {} {} {}", bound.kind == Kind::kRow ? "row" : "column", name,
                     bound.side == Side::kLower ? ">=" : "<=", value);
}

}  // namespace restock
