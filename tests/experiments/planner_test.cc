#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "common/file.h"
#include "experiments/planner_files.h"
#include "experiments/planner_orders.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

using testing::HasSubstr;
using testing::Not;

// Milk at a distribution centre that feeds two stores. Goods count in half kilograms.
//   supplier --(3 days, 2 EUR a unit)--> dc --(3 days)--> north: 4 units a day;  dc --(3 days)--> south: 2 units a day
enum Sites { kDc, kNorth, kSouth };
enum Lanes { kToDc, kToNorth, kToSouth };
constexpr float kMeanDemand[] = {4, 2};  // of north and south  [unit/day]
constexpr double kUnitSize = 0.5;
const Date kToday = *Date::Parse("2024-06-24");  // a Monday; sales are known until the day before

std::shared_ptr<const Network> MilkNetwork() {
  auto network = std::make_shared<Network>();
  network->location_name = {"dc", "north", "south"};
  network->storage_capacity = {kUnlimited, kUnlimited, kUnlimited};
  network->overflow_cost = {0, 0, 0};
  network->site_sku = {"milk", "milk", "milk"};
  network->site_location = {0, 1, 2};
  network->site_series = {kNoSeries, 0, 1};
  network->holding_cost = {0.1f, 0.1f, 0.1f};
  network->stockout_cost = {0, 5, 5};
  network->backorder_share = {0, 0, 0};
  network->volume = {1, 1, 1};
  network->unit_value = {1, 1, 1};
  network->initial_on_hand = {0, 0, 0};
  network->lane_origin = {kOutside, kDc, kDc};
  network->lane_destination = {kDc, kNorth, kSouth};
  network->lead_time = {3, 3, 3};
  network->unit_cost = {2, 0, 0};
  network->order_cost = {0, 0, 0};
  network->lane_capacity = {kUnlimited, kUnlimited, kUnlimited};
  network->lane_calendar = {0, 0, 0};
  network->calendars = {OrderCalendar{}};
  network->Validate();
  return network;
}

/// Expects the mean demand every day; 9 cases of 10 lie within 4 units above it, 39 of 40 within 6, over any time.
class SteadyForecaster : public Forecaster {
 public:
  const std::string& name() const override { return name_; }
  void Fit(const DemandHistory&) override {}
  Forecast Predict(const DemandHistory&, int num_periods) const override {
    Forecast forecast{num_periods, {}, Eigen::MatrixXf(num_periods, 2), {}};
    forecast.mean.rowwise() = Eigen::RowVector2f(kMeanDemand[0], kMeanDemand[1]);
    return forecast;
  }
  void Sample(const DemandHistory&, const Random&, ScenarioSet&) const override {}
  void Follow(const DemandHistory&, ScenarioSet& paths) const override {
    constexpr float kAbove[] = {0, 1, 2, 4, 5, 6};
    for (int period = 0; period < paths.num_periods; ++period) {
      for (int target = 0; target < paths.num_targets(); ++target) {
        const ForecastTarget& about = paths.targets[static_cast<size_t>(target)];
        float mean = 0;
        for (const int series : about.series) mean += kMeanDemand[series];
        paths.Forecast(period, target, kForecastNextMean) = mean;
        mean *= static_cast<float>(about.protection_periods[static_cast<size_t>(period)]);
        paths.Forecast(period, target, kForecastMean) = mean;
        for (int q = 0; q < kNumForecastQuantiles; ++q)
          paths.Forecast(period, target, kForecastFirstQuantile + q) = mean + kAbove[q];
      }
    }
  }
  void Save(const std::filesystem::path&) const override {}
  void Load(const std::filesystem::path&) override {}

 private:
  std::string name_ = "steady";
};

/// Fills each site's echelon position up to a level.
class UpToLevels : public Policy {
 public:
  explicit UpToLevels(std::vector<float> levels) : levels_(std::move(levels)) {}
  const std::string& name() const override { return name_; }
  void Act(const DecisionContext& context, PolicyMemory*, std::span<float> orders) const override {
    for (int lane = 0; lane < context.network.num_lanes(); ++lane) {
      const int site = context.network.lane_destination[static_cast<size_t>(lane)];
      for (int env = 0; env < kBlockSize; ++env) {
        orders[static_cast<size_t>(lane * kBlockSize + env)] =
            levels_[static_cast<size_t>(site)] - context.observation(site * kBlockSize + env, kEchelonPosition);
      }
    }
  }

 private:
  std::string name_ = "base_stock";
  std::vector<float> levels_;  // by site
};

DemandHistory ThreeWeeks() {
  DemandHistory history;
  history.calendar.first_date = *Date::Parse("2024-06-03");
  history.unit = "kg";
  history.unit_size = kUnitSize;
  history.currency = "EUR";
  history.series = {{"north", "milk", ""}, {"south", "milk", ""}};
  history.demand = Eigen::MatrixXf::Constant(21, 2, 3);
  history.sales = history.demand;
  history.in_stock_share = Eigen::MatrixXf::Ones(21, 2);
  return history;
}

class PlannerTest : public testing::Test {
 protected:
  Plan MakePlan(std::vector<float> levels) {
    const PlanModel model{network_, std::make_shared<SteadyForecaster>(), std::make_shared<UpToLevels>(levels),
                          "base_stock", 0};
    return restock::MakePlan(model, {history_, stock_, open_, date_});
  }
  static const PlannedOrder* Find(const Plan& plan, const std::string& action, int lane) {
    for (const PlannedOrder& order : plan.orders) {
      if (order.action == action && order.lane == lane) return &order;
    }
    return nullptr;
  }

  std::shared_ptr<const Network> network_ = MilkNetwork();
  DemandHistory history_ = ThreeWeeks();
  StockList stock_{{10, 6, 20}, {0, 0, 0}, {}};
  std::vector<OpenOrder> open_;
  Date date_ = kToday;
};

// An order of today can be used in 3 days, the next one in 4: it must cover 4 days, 16 units at north.
// north: 6 on hand, level 12 -> 6 units from dc.  south: 20 on hand, level 10 -> nothing.
// dc: 10 + 6 + 20 = 36 with the stores, level 60 -> 24 units from the supplier, 48 EUR.
TEST_F(PlannerTest, OrdersWhatThePolicyWantsWithItsReasons) {
  const Plan plan = MakePlan({60, 12, 10});
  ASSERT_EQ(plan.orders.size(), 2u);

  const PlannedOrder* purchase = Find(plan, "purchase", kToDc);
  ASSERT_TRUE(purchase);
  EXPECT_EQ(purchase->quantity, 24);
  EXPECT_EQ(purchase->order_date.ToString(), "2024-06-24");
  EXPECT_EQ(purchase->receipt_date.ToString(), "2024-06-27");
  EXPECT_THAT(purchase->reason, HasSubstr("On hand 5 kg, on the way 0 kg; with the warehouses that it feeds 18 kg"));
  EXPECT_THAT(purchase->reason, HasSubstr("Fills up to 30 kg. Costs 48.00 EUR. Sales known until 2024-06-23."));

  const PlannedOrder* transfer = Find(plan, "transfer", kToNorth);
  ASSERT_TRUE(transfer);
  EXPECT_EQ(transfer->quantity, 6);
  EXPECT_EQ(transfer->reason,
            "On hand 3 kg, on the way 0 kg. Expected demand 8.00 kg in the 4 days that this order must cover, in 9 of "
            "10 cases at most 10.0 kg. "
            "Fills up to 6 kg. Sales known until 2024-06-23.");
}

TEST_F(PlannerTest, SharesASourceThatIsShort) {
  stock_.on_hand = {4, 6, 20};  // dc has 4 of the 6 units that north wants
  const Plan plan = MakePlan({0, 12, 10});
  ASSERT_TRUE(Find(plan, "transfer", kToNorth));
  EXPECT_EQ(Find(plan, "transfer", kToNorth)->quantity, 4);
  EXPECT_THAT(Find(plan, "transfer", kToNorth)->reason, HasSubstr("but dc is short: 2 kg of 3 kg"));
}

TEST_F(PlannerTest, CountsWhatIsOnTheWay) {
  open_ = {{kToNorth, 6, *Date::Parse("2024-06-26")}};
  EXPECT_FALSE(Find(MakePlan({0, 12, 10}), "transfer", kToNorth));
}

// south: 20 on hand and 10 coming make 30; 4 days need at most 8 + 6 = 14 in 39 of 40 cases, so 16 are too many: the
// order of 10 goes.
TEST_F(PlannerTest, CutsAnOrderThatIsNoLongerNeeded) {
  open_ = {{kToSouth, 10, *Date::Parse("2024-06-27")}};
  const PlannedOrder* cut = nullptr;
  const Plan plan = MakePlan({0, 0, 10});
  ASSERT_TRUE(cut = Find(plan, "cut", kToSouth));
  EXPECT_EQ(cut->quantity, 10);
  EXPECT_EQ(cut->receipt_date.ToString(), "2024-06-27");
  EXPECT_THAT(cut->reason,
              testing::Eq("Stock and all that is on the way make 15 kg; in 39 of 40 cases demand in the 4 days until "
                          "the next order can arrive is at most 7.00 kg. Sales known until 2024-06-23."));
}

TEST_F(PlannerTest, KeepsOfACutWhatThePolicyWouldOrderAgain) {
  open_ = {{kToSouth, 10, *Date::Parse("2024-06-27")}};
  const Plan plan = MakePlan({0, 0, 25});  // without the 10 it would order 5 to fill 20 up to 25
  ASSERT_TRUE(Find(plan, "cut", kToSouth));
  EXPECT_EQ(Find(plan, "cut", kToSouth)->quantity, 5);
}

TEST_F(PlannerTest, DoesNotCutWhatComesInTheNextPeriod) {
  open_ = {{kToSouth, 10, *Date::Parse("2024-06-25")}};
  EXPECT_FALSE(Find(MakePlan({0, 0, 10}), "cut", kToSouth));
}

// north: 6 on hand, 4 a day: 2 are left tonight, tomorrow 2 are short, and the order comes in 3 days.
TEST_F(PlannerTest, ExpeditesAnOrderThatComesTooLate) {
  open_ = {{kToNorth, 20, *Date::Parse("2024-06-27")}};
  const Plan plan = MakePlan({0, 12, 10});
  ASSERT_FALSE(plan.orders.empty());
  EXPECT_EQ(plan.orders[0].action, "expedite");
  EXPECT_EQ(plan.orders[0].quantity, 20);
  EXPECT_EQ(plan.orders[0].receipt_date.ToString(), "2024-06-25");
  EXPECT_THAT(plan.orders[0].reason,
              HasSubstr("expected demand until 2024-06-25 is 4.00 kg, and this order is due on 2024-06-27"));
}

TEST_F(PlannerTest, ExpeditesNothingThatComesInTime) {
  open_ = {{kToNorth, 20, *Date::Parse("2024-06-25")}};
  EXPECT_FALSE(Find(MakePlan({0, 12, 10}), "expedite", kToNorth));
}

TEST_F(PlannerTest, TellsWhatItHadToAssume) {
  stock_.unlisted = {kSouth};
  open_ = {{kToNorth, 2, *Date::Parse("2024-06-20")}, {kToDc, 2, *Date::Parse("2024-08-01")}};
  date_ = *Date::Parse("2024-06-26");
  const Plan plan = MakePlan({0, 0, 0});
  EXPECT_THAT(plan.notes,
              testing::ElementsAre(HasSubstr("know them: 2"), HasSubstr("count as empty: 1 of 3 (south/milk)"),
                                   HasSubstr("overdue and count as coming in the next period: 1"),
                                   HasSubstr("count as due after it: 1")));
}

TEST_F(PlannerTest, SaysWhenOrdersMayBePlacedAgain) {
  Network mondays = *network_;
  mondays.calendars = {{7, {true, false, false, false, false, false, false}}};
  network_ = std::make_shared<const Network>(mondays);
  EXPECT_THAT(MakePlan({60, 12, 10}).notes, testing::IsEmpty());
  date_ = *Date::Parse("2024-06-25");
  const Plan plan = MakePlan({60, 12, 10});
  EXPECT_THAT(plan.orders, testing::IsEmpty());
  EXPECT_THAT(plan.notes, testing::Contains("Lanes that take no orders on 2024-06-25: 3 of 3; the next order day is "
                                            "2024-07-01."));
}

TEST_F(PlannerTest, RefusesSalesThatEndLongBeforeTheDay) {
  date_ = *Date::Parse("2024-07-15");
  EXPECT_THROW(MakePlan({0, 0, 0}), DataError);
}

class PlannerFilesTest : public testing::Test {
 protected:
  std::filesystem::path File(const std::string& text) {
    const auto file = folder_ / "file.csv";
    std::ofstream(file) << text;
    return file;
  }
  /// The message of the error that reading ends with.
  template <class Read>
  std::string ErrorOf(const std::string& text, Read read) {
    try {
      read(File(text), *network_, kUnitSize);
    } catch (const DataError& error) {
      return error.what();
    }
    return "no error";
  }

  TemporaryFolder folder_;
  std::shared_ptr<const Network> network_ = MilkNetwork();
};

TEST_F(PlannerFilesTest, ReadsStockInUnitSizes) {
  const StockList stock =
      ReadStock(File("warehouse,sku,on_hand,backorders\nnorth,milk,3,0.5\ndc,milk,5,\n"), *network_, kUnitSize);
  EXPECT_THAT(stock.on_hand, testing::ElementsAre(10, 6, 0));
  EXPECT_THAT(stock.backorders, testing::ElementsAre(0, 1, 0));
  EXPECT_THAT(stock.unlisted, testing::ElementsAre(kSouth));
}

// A half unit cannot be sold; 0.3 / 0.1 falls just short of 3.
TEST_F(PlannerFilesTest, RoundsStockDown) {
  const std::string text = "warehouse,sku,on_hand\nnorth,milk,2.9\nsouth,milk,0.3\n";
  EXPECT_THAT(ReadStock(File(text), *network_, 1).on_hand, testing::ElementsAre(0, 2, 0));
  EXPECT_THAT(ReadStock(File(text), *network_, 0.1).on_hand, testing::ElementsAre(0, 29, 3));
}

TEST_F(PlannerFilesTest, ReadsOpenOrders) {
  const auto orders = ReadOpenOrders(
      File("source,warehouse,sku,quantity,due_date\nsupplier,dc,milk,7,2024-06-27\ndc,south,milk,0,2024-06-27\n"),
      *network_, kUnitSize);
  ASSERT_EQ(orders.size(), 1u);  // nothing is to come of the other
  EXPECT_EQ(orders[0].lane, kToDc);
  EXPECT_EQ(orders[0].quantity, 14);
  EXPECT_EQ(orders[0].due.ToString(), "2024-06-27");
}

TEST_F(PlannerFilesTest, NamesWhatIsWrongInTheStock) {
  const std::string header = "warehouse,sku,on_hand\n";
  EXPECT_THAT(ErrorOf(header + "nort,milk,3\n", ReadStock),
              HasSubstr("file.csv:2: column warehouse: \"nort\" is no warehouse of the run. Did you mean north?"));
  EXPECT_THAT(ErrorOf(header + "north,mlik,3\n", ReadStock),
              HasSubstr("file.csv:2: column sku: \"mlik\" is no product of the run at \"north\". Did you mean milk?"));
  EXPECT_THAT(ErrorOf(header + "north,milk,-3\n", ReadStock),
              HasSubstr("file.csv:2: column on_hand: -3 is below zero. Write 0"));
  EXPECT_THAT(ErrorOf(header + "north,milk,nan\n", ReadStock), HasSubstr("file.csv:2: column on_hand"));
  EXPECT_THAT(ErrorOf(header + "north,milk,1e300\n", ReadStock), HasSubstr("file.csv:2"));
  EXPECT_EQ(ErrorOf(header + "north,milk,524288\n", ReadStock), "no error");  // 2^20 half kilograms
  EXPECT_THAT(ErrorOf(header + "north,milk,524289\n", ReadStock),
              HasSubstr("file.csv:2: column on_hand: 524289 is more than the 524288 that a site may hold."));
  EXPECT_THAT(ErrorOf(header + "north,milk,1\nnorth,milk,2\n", ReadStock),
              HasSubstr("file.csv:3: column sku: the stock of \"milk\" at \"north\" stands in line 2 already"));
  EXPECT_THAT(ErrorOf("warehouse,sku\nnorth,milk\n", ReadStock), HasSubstr("on_hand"));
  EXPECT_NE(ErrorOf("", ReadStock), "no error");
}

TEST_F(PlannerFilesTest, NamesWhatIsWrongInTheOpenOrders) {
  const std::string header = "source,warehouse,sku,quantity,due_date\n";
  EXPECT_THAT(ErrorOf(header + "south,north,milk,3,2024-06-27\n", ReadOpenOrders),
              HasSubstr("file.csv:2: column source: \"south\" delivers nothing there in the run's network. Use dc."));
  EXPECT_THAT(ErrorOf(header + "dc,north,milk,3,27.06.2024\n", ReadOpenOrders),
              HasSubstr("file.csv:2: column due_date: \"27.06.2024\" is no date"));
  EXPECT_THAT(ErrorOf(header + "dc,north,milk,-3,2024-06-27\n", ReadOpenOrders),
              HasSubstr("column quantity: -3 is below zero"));
}

TEST_F(PlannerFilesTest, WritesTheColumnsOfTheContractAndDefusesFormulas) {
  Network network = *network_;
  network.site_sku[kNorth] = "=HYPERLINK(\"x\")";
  const auto file = folder_ / "orders.csv";
  WriteOrders({{
                  "transfer",
                  kToNorth,
                  123,
                  kToday,
                  *Date::Parse("2024-06-27"),
                  "On hand 3 kg, on the way 0 kg.",
              }},
              network, {"kg", 0.1, "ppo-2"}, file);
  EXPECT_EQ(ReadFile(file),
            "action,source,warehouse,sku,quantity,unit,order_date,receipt_date,reason,policy\n"
            "transfer,dc,north,\"'=HYPERLINK(\"\"x\"\")\",12.3,kg,2024-06-24,2024-06-27,\"On hand 3 kg, on the way 0 "
            "kg.\",ppo-2\n");
}

}  // namespace
}  // namespace restock
