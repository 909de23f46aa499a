#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "benchmarks/peers/lp_peers.h"
#include "optimization/mps_file.h"
#include "optimization/simplex/simplex_solver.h"

// Solves one MPS file by the named solvers and prints a line for each: solver, status, objective, iterations, CPU
// seconds of the solve alone (the least of a few where it is short). What simplex_peers.py runs:
//   simplex_peers FILE.mps TIME_LIMIT restock restock_presolve clp glpk

namespace restock {

namespace {

constexpr double kLongEnough = 0.2;  // seconds in total, after which a solve is not repeated
constexpr int kMostRepeats = 7;

PeerSolve SolveByRestock(const LpModel& model, double time_limit, bool presolve, Crash crash = Crash::kSlack) {
  const double start = ProgramCpuSeconds();
  const LpSolution solution = Solve(model, {.time_limit = time_limit, .crash = crash, .presolve = presolve});
  return {solution.status == LpStatus::kOptimal, solution.objective, solution.iterations, ProgramCpuSeconds() - start};
}

void Measure(const std::string& name, const std::function<PeerSolve()>& solve) {
  PeerSolve best = solve();
  double total = best.cpu_seconds;
  for (int repeat = 1; repeat < kMostRepeats && total < kLongEnough; ++repeat) {
    const PeerSolve again = solve();
    total += again.cpu_seconds;
    if (again.cpu_seconds < best.cpu_seconds) best = again;
  }
  fmt::print("{}\t{}\t{:.15g}\t{}\t{:.7f}\n", name, best.is_optimal ? "optimal" : "not_optimal", best.objective,
             best.iterations, best.cpu_seconds);
  std::fflush(stdout);
}

int Main(const std::vector<std::string>& arguments) {
  const LpModel model = ReadMps(arguments.at(0));
  const double time_limit = std::stod(arguments.at(1));
  for (size_t i = 2; i < arguments.size(); ++i) {
    const std::string& solver = arguments[i];
    if (solver == "restock") Measure(solver, [&] { return SolveByRestock(model, time_limit, false); });
    if (solver == "restock_presolve") Measure(solver, [&] { return SolveByRestock(model, time_limit, true); });
    if (solver == "restock_crash") {
      Measure(solver, [&] { return SolveByRestock(model, time_limit, false, Crash::kTriangular); });
    }
#ifdef RESTOCK_HAVE_CLP
    if (solver == "clp") Measure(solver, [&] { return SolveByClp(model, time_limit); });
#endif
#ifdef RESTOCK_HAVE_GLPK
    if (solver == "glpk") Measure(solver, [&] { return SolveByGlpk(model, time_limit); });
#endif
  }
  return 0;
}

}  // namespace
}  // namespace restock

int main(int argc, char** argv) {
  if (argc < 4) {
    fmt::print(stderr, "usage: simplex_peers FILE.mps TIME_LIMIT SOLVER...\n");
    return 2;
  }
  return restock::Main({argv + 1, argv + argc});
}
