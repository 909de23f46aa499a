#include "optimization/simplex/crash_basis.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "optimization/mps_file.h"
#include "optimization/simplex/basis_factorization.h"
#include "optimization/simplex/computational_form.h"
#include "optimization/simplex/simplex_solver.h"
#include "tests/optimization/random_lp.h"

namespace restock {
namespace {

constexpr uintmax_t kSmallFile = 60'000;  // bytes

std::filesystem::path NetlibFolder() {
  const char* const folder = std::getenv("RESTOCK_DATA");
  return std::filesystem::path(folder ? folder : "../shared") / "lp/netlib";
}

int NumBasic(const LpBasis& basis) {
  return static_cast<int>(std::ranges::count(basis.column, BasisStatus::kBasic) +
                          std::ranges::count(basis.row, BasisStatus::kBasic));
}

/// How many columns of the basis depend on others.
size_t NumRepairs(const LpModel& model, const LpBasis& basis) {
  const simplex::ComputationalForm form(model, /*scale=*/true);
  simplex::Array<int> basic;
  for (int column = 0; column < form.num_columns; ++column) {
    if (basis.column[static_cast<size_t>(column)] == BasisStatus::kBasic) basic.push_back(column);
  }
  for (int row = 0; row < form.num_rows; ++row) {
    if (basis.row[static_cast<size_t>(row)] == BasisStatus::kBasic) basic.push_back(form.num_columns + row);
  }
  return simplex::BasisFactorization(form.num_rows).Factorize(form, basic).size();
}

// x + y = 4, x - y <= 1, x + z = 3, with y fixed and z free: the first equation has only x to choose from, so it comes
// first; z takes the other one, and has no entry in the first.
TEST(CrashBasisTest, PutsColumnsInThePlaceOfEquationsOnly) {
  const LpModel model = ParseMps(
      "NAME t\nROWS\n N c\n E a\n L b\n E d\nCOLUMNS\n x c 1 a 1\n x b 1 d 1\n y a 1 b -1\n z d 1\n"
      "RHS\n r a 4 b 1\n r d 3\nBOUNDS\n FX n y 1\n FR n z\nENDATA\n",
      "t.mps");
  const LpBasis basis = simplex::TriangularCrash(model);
  EXPECT_EQ(NumBasic(basis), model.num_rows());
  EXPECT_EQ(basis.row[1], BasisStatus::kBasic);     // an inequality
  EXPECT_NE(basis.column[1], BasisStatus::kBasic);  // fixed
  EXPECT_EQ(basis.column[0], BasisStatus::kBasic);  // the only one of equation a, which has the fewest
  EXPECT_NE(basis.row[0], BasisStatus::kBasic);
  EXPECT_EQ(basis.column[2], BasisStatus::kBasic);
  EXPECT_EQ(NumRepairs(model, basis), 0u);
}

TEST(CrashBasisTest, IsNeverSingularAndLeadsToTheSameOptimum) {
  if (!std::filesystem::exists(NetlibFolder())) {
    GTEST_SKIP() << "no Netlib problems under " << NetlibFolder() << "; RESTOCK_DATA names the folder that holds lp/";
  }
  int num_columns_taken = 0;
  for (const auto& file : std::filesystem::directory_iterator(NetlibFolder())) {
    if (file.path().extension() != ".mps" || file.file_size() > kSmallFile) continue;
    const LpModel model = ReadMps(file.path());
    const LpBasis basis = simplex::TriangularCrash(model);
    EXPECT_EQ(NumBasic(basis), model.num_rows()) << file.path();
    EXPECT_EQ(NumRepairs(model, basis), 0u) << file.path();
    num_columns_taken += static_cast<int>(std::ranges::count(basis.column, BasisStatus::kBasic));

    const LpSolution slack = Solve(model, {.time_limit = 60});
    const LpSolution crash = Solve(model, {.time_limit = 60, .crash = Crash::kTriangular});
    EXPECT_EQ(LpStatusName(crash.status), "optimal") << file.path();
    EXPECT_NEAR(crash.objective, slack.objective, 2e-9 * std::max(1.0, std::abs(slack.objective))) << file.path();
  }
  EXPECT_GT(num_columns_taken, 100);
}

TEST(CrashBasisTest, StartsRandomProgramsAsWell) {
  int num_optimal = 0, num_columns_taken = 0;
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    const LpModel model = RandomLp(seed, 20, 30);
    const LpBasis basis = simplex::TriangularCrash(model);
    ASSERT_EQ(NumBasic(basis), model.num_rows()) << "seed " << seed;
    ASSERT_EQ(NumRepairs(model, basis), 0u) << "seed " << seed;
    num_columns_taken += static_cast<int>(std::ranges::count(basis.column, BasisStatus::kBasic));

    const LpSolution slack = Solve(model), crash = Solve(model, {.crash = Crash::kTriangular});
    ASSERT_EQ(LpStatusName(crash.status), LpStatusName(slack.status)) << "seed " << seed;
    if (slack.status != LpStatus::kOptimal) continue;
    ++num_optimal;
    EXPECT_NEAR(crash.objective, slack.objective, 1e-9 * std::max(1.0, std::abs(slack.objective))) << "seed " << seed;
  }
  EXPECT_GT(num_optimal, 300);
  EXPECT_GT(num_columns_taken, 1000);
}

}  // namespace
}  // namespace restock
