#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "optimization/mps_file.h"
#include "optimization/simplex/simplex_solver.h"
#include "tests/optimization/random_lp.h"
#ifdef RESTOCK_HAVE_GLPK
#include "tests/optimization/glpk_peer.h"
#endif

namespace restock {
namespace {

#ifdef RESTOCK_HAVE_GLPK

/// The same status and objective as GLPK in exact arithmetic, with and without presolve, each proved on the model.
LpStatus ExpectAgreement(const LpModel& lp) {
  const PeerResult peer = SolveByGlpk(lp);
  for (const bool presolve : {false, true}) {
    SCOPED_TRACE(presolve ? "presolved" : "not presolved");
    const LpSolution ours = Solve(lp, {.presolve = presolve});
    EXPECT_EQ(LpStatusName(ours.status), LpStatusName(peer.status)) << FormatMps(lp);
    if (ours.status == LpStatus::kOptimal) {
      const double size = std::max(1.0, std::abs(peer.objective));
      EXPECT_NEAR(ours.objective, peer.objective, 1e-8 * size);
      EXPECT_LT(ours.primal_infeasibility, 1e-7);
      EXPECT_LT(ours.dual_infeasibility, 1e-7);
      EXPECT_LT(ours.gap, 1e-9);
    } else if (ours.status == LpStatus::kInfeasible) {
      EXPECT_TRUE(ProvesInfeasible(lp, ours.ray)) << FormatMps(lp);
    } else if (ours.status == LpStatus::kUnbounded) {
      EXPECT_TRUE(ProvesUnbounded(lp, ours.ray));
    }
  }
  return peer.status;
}

// GLPK in exact arithmetic says what the answer is, so neither status nor objective can be right by chance.
TEST(SimplexPeerTest, AgreesWithExactArithmeticOnRandomPrograms) {
  std::map<LpStatus, int> count;
  for (uint64_t seed = 1; seed <= 5000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const bool is_small = seed % 5 != 0;
    ++count[ExpectAgreement(RandomLp(seed, is_small ? 8 : 25, is_small ? 10 : 35))];
  }
  EXPECT_GT(count[LpStatus::kOptimal], 1000);
  EXPECT_GT(count[LpStatus::kInfeasible], 1000);
  EXPECT_GT(count[LpStatus::kUnbounded], 500);
}

TEST(SimplexPeerTest, AgreesWithExactArithmeticOnDuplicateRowsAndColumns) {
  std::map<LpStatus, int> count;
  for (uint64_t seed = 10'001; seed <= 12'500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ++count[ExpectAgreement(Degenerate(RandomLp(seed, 8, 10), seed))];
  }
  EXPECT_GT(count[LpStatus::kOptimal], 400);
  EXPECT_GT(count[LpStatus::kInfeasible], 400);
  EXPECT_GT(count[LpStatus::kUnbounded], 100);
}

// rows and columns between a thousandth and a thousand times their size
TEST(SimplexPeerTest, AgreesWithExactArithmeticOnBadlyScaledPrograms) {
  std::map<LpStatus, int> count;
  for (uint64_t seed = 20'001; seed <= 22'500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ++count[ExpectAgreement(BadlyScaled(RandomLp(seed, 8, 10), seed, 10))];
  }
  EXPECT_GT(count[LpStatus::kOptimal], 400);
  EXPECT_GT(count[LpStatus::kInfeasible], 400);
  EXPECT_GT(count[LpStatus::kUnbounded], 100);
}

#else

TEST(SimplexPeerTest, AgreesWithExactArithmetic) { GTEST_SKIP() << "GLPK (libglpk-dev) is not installed"; }

#endif

}  // namespace
}  // namespace restock
