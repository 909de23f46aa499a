#include <array>
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "agents/tape_world.h"
#include "tests/agents/row_world.h"
#include "tests/env/random_features.h"

namespace restock {
namespace {

float First(const RowValue& row) {
  AlignedVector values(kBlockSize);
  row.Store(values.data());
  return values.front();
}

using Function = std::function<TapeValue(const TapeValue&, const TapeValue&)>;

struct Case {
  const char* name;
  Function function;
  float by_x, by_y;  // at x = 3, y = 2
};

TEST(TapeTest, TellsTheGradientOfEachOperation) {
  const std::array cases = {
      Case{"sum", [](auto x, auto y) { return x + y; }, 1, 1},
      Case{"difference", [](auto x, auto y) { return x - y; }, 1, -1},
      Case{"product", [](auto x, auto y) { return x * y; }, 2, 3},
      Case{"quotient", [](auto x, auto y) { return x / y; }, 0.5f, -0.75f},
      Case{"smaller", [](auto x, auto y) { return Min(x, y); }, 0, 1},
      Case{"larger", [](auto x, auto y) { return Max(x, y); }, 1, 0},
      Case{"number minus", [](auto x, auto) { return 5.f - x; }, -1, 0},
      Case{"number over", [](auto x, auto) { return 18.f / x; }, -2, 0},
      Case{"times number", [](auto x, auto y) { return x * 4.f + y / 2.f; }, 4, 0.5f},
      Case{"cut off above", [](auto x, auto y) { return Min(x, 2.5f) + Min(y, 2.5f); }, 0, 1},
      Case{"cut off below", [](auto x, auto y) { return Max(x, 2.5f) + Max(y, 2.5f); }, 1, 0},
      Case{"used twice", [](auto x, auto y) { return x * x * y; }, 12, 9},
      Case{"steps", [](auto x, auto y) { return IsPositive(x) * y + IsEqual(x, 3) * y + Ceil(x) * y; }, 0, 5},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    Tape tape;
    const TapeValue x = tape.Variable(RowValue(3.f)), y = tape.Variable(RowValue(2.f));
    const TapeValue result = one.function(x, y);
    tape.AddSlope(result.node(), RowValue(1.f));
    tape.GoBack(0);
    EXPECT_FLOAT_EQ(First(tape.slope(x.node())), one.by_x);
    EXPECT_FLOAT_EQ(First(tape.slope(y.node())), one.by_y);
  }
}

TEST(TapeTest, MakesNoNodeOfWhatCostsNothing) {
  Tape tape;
  const TapeValue x = tape.Variable(RowValue(3.f));
  EXPECT_EQ((x + 0.f).node(), x.node());
  EXPECT_EQ((x * 1.f).node(), x.node());
  EXPECT_EQ(Min(x, kUnlimited).node(), x.node());
  EXPECT_TRUE((x * 0.f).is_number());
  EXPECT_EQ((TapeValue(2.f) * TapeValue(3.f)).number(), 6);
  EXPECT_EQ(tape.num_nodes(), 1);
}

TEST(TapeTest, GoesBackInTwoParts) {
  Tape tape;
  const TapeValue x = tape.Variable(RowValue(3.f));
  const TapeValue y = x * x;
  const TapeValue order = tape.Variable(RowValue(1.f));
  const TapeValue cost = y + order * 2.f;
  tape.AddSlope(cost.node(), RowValue(1.f));
  tape.GoBack(order.node());
  EXPECT_FLOAT_EQ(First(tape.slope(order.node())), 2);
  tape.AddSlope(y.node(), RowValue(10.f));  // the order was decided by y
  tape.GoBack(0);
  EXPECT_FLOAT_EQ(First(tape.slope(x.node())), 66);
}

// The simulator on a tape is the simulator over rows.
TEST(TapeWorldTest, FollowsTheRowsWithDivisibleGoods) {
  for (uint64_t seed = 100; seed < 160 && !HasFailure(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const auto network = RandomNetworkWithFeatures(seed, /*is_divisible=*/true);
    RandomStream random = Random(seed).Stream("decisions").At(0);
    RowWorld rows(*network, FirstState(*network));
    Tape tape;
    TapeWorld world(*network);
    TapeState state(*network, FirstState(*network), tape);
    const auto on_tape = [&](const AlignedVector& values) {
      std::vector<TapeValue> constants;
      for (size_t first = 0; first < values.size(); first += kBlockSize)
        constants.push_back(tape.Constant(RowValue::Load(values.data() + first)));
      return constants;
    };
    for (int period = 0; period < 20 && !HasFailure(); ++period) {
      SCOPED_TRACE(testing::Message() << "period " << period);
      const Decisions decisions = DrawDecisions(*network, period, random);
      rows.Step(decisions);
      std::vector<TapeValue> orders = on_tape(decisions.orders), demand = on_tape(decisions.demand),
                             lead_time = on_tape(decisions.lead_time), supply = on_tape(decisions.supply);
      const TapeValue cost = world.Step(orders, {TapeRows(demand), TapeRows(lead_time), TapeRows(supply), {}}, state);
      AlignedVector paid(kBlockSize);
      cost.row().Store(paid.data());
      for (int env = 0; env < kBlockSize; ++env) {
        double expected = 0;
        for (int kind = 0; kind < kLeftoverCredit; ++kind) expected += rows.cost[Index(kind * kBlockSize + env)];
        EXPECT_NEAR(paid[Index(env)], expected, 1e-2 * std::max(1.0, std::abs(expected)));
      }
      NetworkState reached(*network);
      state.Write(*network, reached);
      ExpectEqualStates(*network, reached, rows.state(), 1e-2);
    }
  }
}

}  // namespace
}  // namespace restock
