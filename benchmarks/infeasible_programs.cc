#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/cpu_time.h"
#include "optimization/lp_solution.h"
#include "optimization/mps_file.h"
#include "optimization/simplex/simplex_solver.h"

// Programs without a feasible point, with presolve and without: the status, whether the ray proves it on the model as
// given (ProvesInfeasible knows nothing of the simplex), and CPU seconds. Exit code 1 where a proof is missing:
//   infeasible_programs FOLDER | FILE.mps...

namespace restock {
namespace {

struct Proof {
  LpStatus status;
  bool holds;
  double seconds;
};

Proof Prove(const LpModel& model, bool presolve) {
  constexpr double kTimeLimit = 60;
  const double start = ProgramCpuSeconds();
  const LpSolution solution = Solve(model, {.time_limit = kTimeLimit, .presolve = presolve});
  const double seconds = ProgramCpuSeconds() - start;
  const bool holds = solution.status == LpStatus::kInfeasible && ProvesInfeasible(model, solution.ray);
  return {solution.status, holds, seconds};
}

std::vector<std::filesystem::path> Files(const std::vector<std::string>& arguments) {
  if (arguments.size() > 1 || !std::filesystem::is_directory(arguments[0])) return {arguments.begin(), arguments.end()};
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(arguments[0])) {
    if (file.path().extension() == ".mps") files.push_back(file.path());
  }
  std::ranges::sort(files);
  return files;
}

std::string Describe(const Proof& proof) {
  return fmt::format("{:12} {:8} {:8.4f}", LpStatusName(proof.status), proof.holds ? "proved" : "NO PROOF",
                     proof.seconds);
}

int Main(const std::vector<std::string>& arguments) {
  fmt::print("{:12} {:>7} {:>8} | {:30} | {:30}\n", "problem", "rows", "columns", "status, ray, CPU s",
             "with presolve");
  int num_files = 0, num_proofs = 0, num_presolved_proofs = 0;
  for (const auto& file : Files(arguments)) {
    const LpModel model = ReadMps(file);
    const Proof plain = Prove(model, false), presolved = Prove(model, true);
    fmt::print("{:12} {:7} {:8} | {:30} | {:30}\n", file.stem().string(), model.num_rows(), model.num_columns(),
               Describe(plain), Describe(presolved));
    ++num_files;
    num_proofs += plain.holds;
    num_presolved_proofs += presolved.holds;
  }
  fmt::print("proved: {} of {}, with presolve {}\n", num_proofs, num_files, num_presolved_proofs);
  return num_files > 0 && num_proofs == num_files && num_presolved_proofs == num_files ? 0 : 1;
}

}  // namespace
}  // namespace restock

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: infeasible_programs FOLDER | FILE.mps...\n");
    return 2;
  }
  return restock::Main({argv + 1, argv + argc});
}
