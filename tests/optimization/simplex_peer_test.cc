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

// GLPK in exact arithmetic says what the answer is, so neither status nor objective can be right by chance.
TEST(SimplexPeerTest, AgreesWithExactArithmeticOnRandomPrograms) {
#ifndef RESTOCK_HAVE_GLPK
  GTEST_SKIP() << "GLPK (libglpk-dev) is not installed";
#else
  std::map<LpStatus, int> count;
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    const bool is_small = seed % 5 != 0;
    const LpModel lp = RandomLp(seed, is_small ? 8 : 25, is_small ? 10 : 35);
    const PeerResult peer = SolveByGlpk(lp);
    ++count[peer.status];
    for (const bool presolve : {false, true}) {
      SCOPED_TRACE("seed " + std::to_string(seed) + (presolve ? ", presolved" : ""));
      const LpSolution ours = Solve(lp, {.presolve = presolve});
      ASSERT_EQ(LpStatusName(ours.status), LpStatusName(peer.status)) << FormatMps(lp);
      if (ours.status == LpStatus::kOptimal) {
        EXPECT_NEAR(ours.objective, peer.objective, 1e-8 * std::max(1.0, std::abs(peer.objective)));
        EXPECT_LT(ours.primal_infeasibility, 1e-7);
        EXPECT_LT(ours.dual_infeasibility, 1e-7);
        EXPECT_LT(ours.gap, 1e-9);
      } else if (ours.status == LpStatus::kInfeasible) {
        EXPECT_TRUE(ProvesInfeasible(lp, ours.ray));
      } else {
        EXPECT_TRUE(ProvesUnbounded(lp, ours.ray));
      }
    }
  }
  EXPECT_GT(count[LpStatus::kOptimal], 200);
  EXPECT_GT(count[LpStatus::kInfeasible], 200);
  EXPECT_GT(count[LpStatus::kUnbounded], 100);
#endif
}

}  // namespace
}  // namespace restock
