#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "optimization/lp_file.h"
#include "optimization/mps_file.h"
#include "optimization/simplex/simplex_solver.h"

namespace restock {
namespace {

constexpr uintmax_t kSmallFile = 300'000;  // bytes; the larger ones take seconds, `restock solve` solves them by hand

std::filesystem::path LpFolder() {
  const char* const data = std::getenv("RESTOCK_DATA");
  return std::filesystem::path(data ? data : "../shared") / "lp";
}

/// The small files of a folder, in order.
std::vector<std::filesystem::path> SmallFiles(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(LpFolder() / folder)) {
    if (file.file_size() < kSmallFile) files.push_back(file.path());
  }
  std::ranges::sort(files);
  return files;
}

/// Reference optima by name, from optima.tsv: set, name, rows, columns, nonzeros, optimum.
std::map<std::string, double> Optima() {
  std::map<std::string, double> optima;
  std::ifstream file(LpFolder() / "optima.tsv");
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string set, name, skipped, optimum;
    std::getline(fields, set, '\t');
    std::getline(fields, name, '\t');
    for (int i = 0; i < 3; ++i) std::getline(fields, skipped, '\t');
    std::getline(fields, optimum, '\t');
    if (set == "netlib") optima[name] = std::stod(optimum);
  }
  return optima;
}

// The optima are exact: rational arithmetic (Koch 2004).
TEST(NetlibTest, ReachesTheReferenceOptima) {
  if (!std::filesystem::exists(LpFolder() / "netlib")) {
    GTEST_SKIP() << "no Netlib problems under " << LpFolder() << "; RESTOCK_DATA names the folder that holds lp/";
  }
  const std::map<std::string, double> optima = Optima();
  for (const auto& file : SmallFiles("netlib")) {
    const double optimum = optima.at(file.stem().string());
    for (const bool presolve : {false, true}) {
      const LpSolution solution = Solve(ReadMps(file), {.time_limit = 60, .presolve = presolve});
      EXPECT_EQ(LpStatusName(solution.status), "optimal") << file;
      EXPECT_NEAR(solution.objective, optimum, 1e-9 * std::max(1.0, std::abs(optimum))) << file;
      EXPECT_LT(solution.primal_infeasibility, 1e-7) << file;
      EXPECT_LT(solution.dual_infeasibility, 1e-7) << file;
      EXPECT_LT(solution.gap, 1e-9) << file;
    }
  }
}

TEST(NetlibTest, KeepsTheOptimumThroughLpFilesAndBack) {
  if (!std::filesystem::exists(LpFolder() / "netlib")) {
    GTEST_SKIP() << "no Netlib problems under " << LpFolder() << "; RESTOCK_DATA names the folder that holds lp/";
  }
  const std::map<std::string, double> optima = Optima();
  for (const auto& file : SmallFiles("netlib")) {
    if (std::filesystem::file_size(file) > kSmallFile / 3) continue;
    const LpModel again = ParseMps(FormatMps(ParseLp(FormatLp(ReadMps(file)), "again.lp")), "again.mps");
    const LpSolution solution = Solve(again, {.time_limit = 60});
    EXPECT_EQ(LpStatusName(solution.status), "optimal") << file;
    const double optimum = optima.at(file.stem().string());
    EXPECT_NEAR(solution.objective, optimum, 1e-9 * std::max(1.0, std::abs(optimum))) << file;
  }
}

TEST(NetlibTest, ProvesTheInfeasibleSetInfeasible) {
  if (!std::filesystem::exists(LpFolder() / "infeasible")) {
    GTEST_SKIP() << "no infeasible problems under " << LpFolder() << "; RESTOCK_DATA names the folder that holds lp/";
  }
  for (const auto& file : SmallFiles("infeasible")) {
    const LpModel lp = ReadMps(file);
    for (const bool presolve : {false, true}) {
      const LpSolution solution = Solve(lp, {.time_limit = 60, .presolve = presolve});
      EXPECT_EQ(LpStatusName(solution.status), "infeasible") << file;
      EXPECT_TRUE(ProvesInfeasible(lp, solution.ray)) << file;
    }
  }
}

}  // namespace
}  // namespace restock
