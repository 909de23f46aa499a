#include "env/past_orders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "common/file.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const std::string kHeader = "order_date,receipt_date,source,warehouse,sku,note\n";

constexpr PeriodLength kDay = PeriodLength::kDay;

PastOrders Read(const std::string& rows) {
  const TemporaryFolder folder;
  WriteFileAtomically(folder / "orders.csv", kHeader + rows);
  return PastOrders(folder / "orders.csv");
}

TEST(PastOrdersTest, CountsPeriodsFromOrderToReceipt) {
  const std::string rows =
      "2025-12-31,2026-01-02,supplier,north,milk,\n"
      "2026-01-05,2026-01-05,supplier,north,milk,by hand\n"
      "2026-02-01,2026-02-03,supplier,north,milk,\n"
      "2026-02-27,2026-03-02,supplier,north,milk,\n";
  EXPECT_EQ(Read(rows).LeadTimes("supplier", "north", "milk", kDay, 1), CountProbabilities({0.25, 0, 0.5, 0.25}));
  // a week begun counts
  EXPECT_EQ(Read(rows).LeadTimes("supplier", "north", "milk", PeriodLength::kWeek, 1),
            CountProbabilities({0.25, 0.75}));
}

TEST(PastOrdersTest, PoolsWhereThereAreTooFew) {
  const PastOrders orders = Read(
      "2026-01-01,2026-01-02,supplier,north,milk,\n"
      "2026-01-01,2026-01-02,supplier,north,milk,\n"
      "2026-01-01,2026-01-03,supplier,north,eggs,\n"
      "2026-01-01,2026-01-04,supplier,south,milk,\n"
      "2026-01-01,2026-01-05,central,south,milk,\n");
  EXPECT_EQ(orders.LeadTimes("supplier", "north", "milk", kDay, 2), CountProbabilities({0, 1}));
  EXPECT_EQ(orders.LeadTimes("supplier", "north", "eggs", kDay, 3), CountProbabilities({0, 2 / 3.0, 1 / 3.0}));
  EXPECT_EQ(orders.LeadTimes("supplier", "south", "milk", kDay, 4), CountProbabilities({0, 0.5, 0.25, 0.25}));
  EXPECT_EQ(orders.LeadTimes("central", "south", "milk", kDay, 2), CountProbabilities({0, 0.4, 0.2, 0.2, 0.2}));
  // nobody of that name: all there is
  EXPECT_EQ(orders.LeadTimes("elsewhere", "west", "tea", kDay), CountProbabilities({0, 0.4, 0.2, 0.2, 0.2}));
}

TEST(PastOrdersTest, SaysWhatIsWrong) {
  const auto expect = [](const std::string& rows, const std::string& what) {
    EXPECT_THAT([&] { Read(rows); }, ThrowsMessage<DataError>(HasSubstr(what))) << rows;
  };
  const std::string good = "2026-01-01,2026-01-02,supplier,north,milk,\n";
  expect(good + "2026-01-05,,supplier,north,milk,\n", "orders.csv:3: column receipt_date");
  expect(",2026-01-05,supplier,north,milk,\n", "column order_date");
  expect("2026-01-05,2026-01-04,supplier,north,milk,\n", "2026-01-04 is before the order of 2026-01-05");
  expect("2026-01-05,NaN,supplier,north,milk,\n", "\"NaN\" is no date");
  expect("2026-01-05,2026-02-30,supplier,north,milk,\n", "\"2026-02-30\" is no date");
  expect("2016-01-05,2026-01-05,supplier,north,milk,\n", "1000 is the most");
  expect("2026-01-05,2026-01-06,,north,milk,\n", "column source");
  expect("2026-01-05,2026-01-06,supplier,north,,\n", "column sku");
  expect("", "holds no order");
  const TemporaryFolder folder;
  WriteFileAtomically(folder / "orders.csv", "order_date,received,source,warehouse,sku\n");
  EXPECT_THAT([&] { PastOrders(folder / "orders.csv"); }, ThrowsMessage<DataError>(HasSubstr("receipt_date")));
}

}  // namespace
}  // namespace restock
