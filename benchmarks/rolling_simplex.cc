#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/cpu_time.h"
#include "common/random.h"
#include "optimization/mps_file.h"
#include "optimization/simplex/simplex_solver.h"

// A rolling horizon: right-hand sides and upper bounds move by up to 5 % from period to period, and each program is
// solved from the last basis and from scratch; then the first program once more from bases that do not fit. Prints CPU
// times beside the cold ones:
//   rolling_simplex FILE.mps [ROLLS]

namespace restock {
namespace {

constexpr double kRevision = 0.05;
constexpr int kNumPeriods = 24;  // a shifted basis is off by one of so many

struct Timed {
  LpSolution solution;
  double seconds;
};

Timed SolveTimed(SimplexSolver& solver) {
  const double start = ProgramCpuSeconds();
  LpSolution solution = solver.Solve();
  return {std::move(solution), ProgramCpuSeconds() - start};
}

Timed SolveCold(const LpModel& model) {
  const double start = ProgramCpuSeconds();
  LpSolution solution = Solve(model);
  return {std::move(solution), ProgramCpuSeconds() - start};
}

/// The program of the next period: demand is known better, and stock is another.
LpModel Revised(const LpModel& model, uint64_t roll) {
  RandomStream random(/*key=*/2, roll);
  const auto factor = [&] { return 1 + kRevision * (2 * random.Uniform() - 1); };
  LpModel revised = model;
  for (size_t row = 0; row < model.row_lower.size(); ++row) {
    const double change = factor();
    revised.row_lower[row] *= change;
    revised.row_upper[row] *= change;
  }
  for (double& upper : revised.upper) upper *= factor();
  return revised;
}

void Apply(const LpModel& model, SimplexSolver& solver) {
  for (int row = 0; row < model.num_rows(); ++row) {
    solver.SetRowBounds(row, model.row_lower[static_cast<size_t>(row)], model.row_upper[static_cast<size_t>(row)]);
  }
  for (int column = 0; column < model.num_columns(); ++column) {
    solver.SetColumnBounds(column, model.lower[static_cast<size_t>(column)], model.upper[static_cast<size_t>(column)]);
  }
}

double Median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

void Roll(const LpModel& model, int num_rolls) {
  SimplexSolver solver(model);
  solver.Solve();
  std::vector<double> warm_seconds, cold_seconds;
  int num_equal = 0;
  for (int roll = 1; roll <= num_rolls; ++roll) {
    const LpModel revised = Revised(model, static_cast<uint64_t>(roll));
    Apply(revised, solver);
    const Timed warm = SolveTimed(solver), cold = SolveCold(revised);
    const bool both_optimal = warm.solution.status == LpStatus::kOptimal && cold.solution.status == LpStatus::kOptimal;
    const double difference = std::abs(warm.solution.objective - cold.solution.objective);
    num_equal += both_optimal && difference <= 1e-9 * std::max(1.0, std::abs(cold.solution.objective)) ? 1 : 0;
    warm_seconds.push_back(warm.seconds);
    cold_seconds.push_back(cold.seconds);
  }
  fmt::print("rolls: {} of {} equal to a cold solve within 1e-9; median {:.4f} s, cold {:.4f} s: {:.1f} %\n", num_equal,
             num_rolls, Median(warm_seconds), Median(cold_seconds), 100 * Median(warm_seconds) / Median(cold_seconds));
}

/// The statuses of another period's columns and rows.
LpBasis ShiftedBasis(LpBasis basis) {
  const auto shift = [](std::vector<BasisStatus>& statuses) {
    const auto middle = statuses.begin() + static_cast<std::ptrdiff_t>(statuses.size() / kNumPeriods);
    std::rotate(statuses.begin(), middle, statuses.end());  // clang++ 14 cannot compile that of std::ranges
  };
  shift(basis.column);
  shift(basis.row);
  return basis;
}

/// As many basic variables as rows, drawn at random.
LpBasis RandomBasis(LpBasis basis, uint64_t seed) {
  RandomStream random(seed, 0);
  std::vector<BasisStatus*> places;
  for (auto* statuses : {&basis.column, &basis.row}) {
    for (BasisStatus& status : *statuses) {
      status = BasisStatus::kAtLower;
      places.push_back(&status);
    }
  }
  for (size_t k = 0; k < basis.row.size(); ++k) {
    std::swap(places[k], places[k + static_cast<size_t>(random.UniformInt(static_cast<int>(places.size() - k)))]);
    *places[k] = BasisStatus::kBasic;
  }
  return basis;
}

/// All that are basic lie in the first columns: the rows of later periods have none.
LpBasis SingularBasis(LpBasis basis) {
  std::ranges::fill(basis.row, BasisStatus::kAtLower);
  std::ranges::fill(basis.column, BasisStatus::kAtLower);
  std::fill_n(basis.column.begin(), std::min(basis.row.size(), basis.column.size()), BasisStatus::kBasic);
  return basis;
}

void StartFrom(const std::string& name, const LpModel& model, const LpBasis& basis, const Timed& cold) {
  SimplexSolver solver(model);
  solver.SetBasis(basis);
  const Timed timed = SolveTimed(solver);
  fmt::print("{:9} basis: {} in {:.4f} s, {:.2f} x cold, {} iterations (cold {})\n", name,
             LpStatusName(timed.solution.status), timed.seconds, timed.seconds / cold.seconds,
             timed.solution.iterations, cold.solution.iterations);
}

}  // namespace
}  // namespace restock

int main(int argc, char** argv) {
  using namespace restock;
  if (argc < 2) {
    fmt::print(stderr, "usage: rolling_simplex FILE.mps [ROLLS]\n");
    return 2;
  }
  const LpModel model = ReadMps(argv[1]);
  const Timed cold = SolveCold(model);
  const LpBasis best = cold.solution.basis;
  StartFrom("shifted", model, ShiftedBasis(best), cold);
  for (const uint64_t seed : {1u, 2u, 3u}) StartFrom("random", model, RandomBasis(best, seed), cold);
  StartFrom("singular", model, SingularBasis(best), cold);
  Roll(model, argc > 2 ? std::stoi(argv[2]) : 100);
}
