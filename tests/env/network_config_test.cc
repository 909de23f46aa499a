#include "env/network_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "env/demand_source.h"

namespace restock {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<Series> kSeries = {{"north", "milk", ""}, {"north", "bread", ""}, {"south", "milk", ""}};
const std::vector<double> kMeanDemand = {10, 4, 6};

Network Build(const std::string& yaml, PeriodLength period_length = PeriodLength::kDay) {
  return BuildNetwork(ReadNetworkConfig(ParseConfig(yaml, "test.yaml")), kSeries, kMeanDemand, period_length);
}

constexpr const char* kCentral = R"(
locations:
  - {name: central, holding_cost: 0.02, unit_value: 4, initial_cover: 6}
  - {name: south, holding_cost: 0.1, stockout_cost: 5, shortage: backorders}
  - {name: "*", holding_cost: 0.06, stockout_cost: 3, initial_cover: 3, storage_cover: 12, overflow_cost: 0.2, volume: 2}
lanes:
  - {from: supplier, to: central, lead_time: 4, unit_cost: 4, order_days: [mon, wed, fri]}
  - {from: central, to: "*", lead_time: 2, order_cost: 1, lane_capacity: 50}
)";

TEST(NetworkConfigTest, BuildsCentralSitesForWhatTheWarehousesSell) {
  const Network network = Build(kCentral);
  EXPECT_THAT(network.location_name, ElementsAre("central", "north", "south"));
  EXPECT_THAT(network.site_sku, ElementsAre("milk", "bread", "milk", "bread", "milk"));
  EXPECT_THAT(network.site_series, ElementsAre(kNoSeries, kNoSeries, 0, 1, 2));
  EXPECT_THAT(network.initial_on_hand, ElementsAre(96, 24, 30, 12, 0));  // 6 * (10 + 6), 6 * 4, 3 * 10, 3 * 4
  EXPECT_THAT(network.storage_capacity, ElementsAre(kUnlimited, 12 * 2 * 14, kUnlimited));
  EXPECT_THAT(network.backorder_share, ElementsAre(0, 0, 0, 0, 1));  // the name wins over the pattern
  EXPECT_THAT(network.stockout_cost, ElementsAre(0, 0, 3, 3, 5));
  EXPECT_EQ(network.num_lanes(), 5);
  EXPECT_THAT(network.echelon[0], ElementsAre(0, 2, 4));
  EXPECT_TRUE(network.calendars[0].IsOpen(0));
  EXPECT_FALSE(network.calendars[0].IsOpen(1));
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    const bool is_first = network.lane_origin[static_cast<size_t>(lane)] == kOutside;
    EXPECT_EQ(network.lead_time[static_cast<size_t>(lane)], is_first ? 4 : 2);
    EXPECT_EQ(network.lane_capacity[static_cast<size_t>(lane)], is_first ? kUnlimited : 50);
  }
}

TEST(NetworkConfigTest, ForecastTargetsFollowTheEchelonAndTheCalendar) {
  const Network network = Build(kCentral);
  const std::vector<ForecastTarget> targets = ForecastTargets(network, /*first_phase=*/0, /*num_periods=*/3);
  EXPECT_THAT(targets[0].series, ElementsAre(0, 2));
  EXPECT_THAT(targets[1].series, ElementsAre(1));
  EXPECT_THAT(targets[4].series, ElementsAre(2));
  EXPECT_THAT(targets[4].protection_periods, ElementsAre(3, 3, 3));
  EXPECT_THAT(targets[0].protection_periods,
              ElementsAre(2 + 4 + 2, 3 + 4 + 2, 2 + 4 + 2));  // Monday, Tuesday, Wednesday
}

TEST(NetworkConfigTest, PhasesCountFromAMonday) {
  Calendar calendar{
      .first_date = *Date::Parse("2024-03-28"), .period_length = PeriodLength::kDay, .closed = {}, .holiday = {}};
  EXPECT_EQ(PhaseOf(calendar, 0) % 7, 3);  // a Thursday
  EXPECT_EQ(PhaseOf(calendar, 4) % 7, 0);
  EXPECT_EQ(PhaseOf(calendar, 40) - PhaseOf(calendar, 0), 40);
  calendar.first_date = *Date::Parse("1960-01-04");
  EXPECT_EQ(PhaseOf(calendar, 0) % 7, 0);
}

void ExpectRefused(const std::string& yaml, const std::string& message,
                   PeriodLength period_length = PeriodLength::kDay) {
  try {
    Build(yaml, period_length);
    ADD_FAILURE() << "accepted: " << yaml;
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr(message)) << yaml;
  }
}

TEST(NetworkConfigTest, RefusesWhatItCannotBuildAndSaysWhere) {
  const std::string stores = "locations: [{name: \"*\", stockout_cost: 3}]\n";
  ExpectRefused("lanes: [{from: supplier, to: \"*\"}]", "needs locations");
  ExpectRefused(stores, "needs lanes");
  ExpectRefused(stores + "lanes: [{from: supplier, to: \"*\", lead_tme: 2}]", "Did you mean lead_time");
  ExpectRefused(stores + "lanes: [{from: supplier, to: \"*\", lead_time: -2}]", "test.yaml:2");
  ExpectRefused(stores + "lanes: [{from: centrl, to: \"*\"}]", "no such location");
  ExpectRefused(stores + "lanes: [{to: \"*\"}]", "needs from");
  ExpectRefused(stores + "lanes: [{from: supplier, to: north}]", "nobody supplies milk at south");
  ExpectRefused(stores + "lanes: [{from: supplier, to: \"*\", order_days: [mon, tues]}]", "tues");
  ExpectRefused(stores + "lanes: [{from: supplier, to: \"*\", order_days: []}]", "at least one day");
  ExpectRefused(stores + "lanes: [{from: supplier, to: \"*\", order_days: [mon], review_period: 2}]",
                "beside order_days");
  ExpectRefused(stores + "lanes: [{from: supplier, to: \"*\", review_period: 2, review_phase: 2}]", "review_phase");
  ExpectRefused(stores + "lanes: [{from: supplier, to: \"*\", order_days: [mon]}]", "periods of a day",
                PeriodLength::kWeek);
  ExpectRefused("locations: [{name: \"*\"}]\nlanes: [{from: supplier, to: \"*\"}]", "needs a stockout_cost");
  ExpectRefused("locations: [{name: north, stockout_cost: 3}]\nlanes: [{from: supplier, to: north}]",
                "none is for warehouse south");
  ExpectRefused("locations: [{name: \"*\", stockout_cost: 3}, {name: \"*\"}]\nlanes: [{from: supplier, to: \"*\"}]",
                "stands twice");
  ExpectRefused("locations: [{name: \"*\", stockout_cost: 3}, {name: idle}]\nlanes: [{from: supplier, to: \"*\"}]",
                "feeds none");
  ExpectRefused(
      "locations: [{name: \"*\", stockout_cost: 3, storage_cover: 2, initial_cover: 3}]\nlanes: [{from: supplier, to: "
      "\"*\"}]",
      "store more");
  ExpectRefused(
      "locations: [{name: \"*\", stockout_cost: 3}, {name: a}, {name: b}]\nlanes: [{from: a, to: b}, {from: b, to: a}, "
      "{from: a, to: \"*\"}, {from: supplier, to: a}]",
      "circle without lead time");
}

// What the file says is read and built, or refused with file, line, value and what to do.
TEST(NetworkConfigTest, EveryBadNetworkIsRefusedWithItsLine) {
  struct Case {
    const char* yaml;
    const char* message;
  };
  const std::vector<Case> cases = {
      {"locations: [{name: \"*\", stockout_cost: 3}, {name: a}, {name: b}]\nlanes:\n  - {from: supplier, to: a, "
       "lead_time: "
       "1}\n  - {from: a, to: \"*\", lead_time: 1}\n  - {from: a, to: b}\n  - {from: b, to: a}",
       "test.yaml:5:5: the lanes form a circle without lead time through"},
      {"locations:\n  - {name: \"*\", stockout_cost: 3}\nlanes:\n  - {from: supplier, to: \"*\"}\n  - {from: supplier, "
       "to: "
       "north, sku: mlk}",
       "test.yaml:5:5: there is no SKU \"mlk\" in the demand. Did you mean milk?"},
      {"locations:\n  - {name: \"*\", stockout_cost: -3}\nlanes: [{from: supplier, to: \"*\"}]",
       "test.yaml:2:32: locations.0.stockout_cost must be at least 0, but is -3 (default 0)"},
      {"locations:\n  - {name: \"*\", stockout_cost: 3}\nlanes:\n  - {from: supplier, to: \"*\", unit_cost: .nan}",
       "test.yaml:4:42: lanes.0.unit_cost must be a finite number, but is \".nan\""},
      {"locations:\n  - {name: south, stockout_cost: 1}\n  - {name: north, stockout_cost: 3, storage_capacity: 30, "
       "initial_on_hand: 20}\nlanes: [{from: supplier, to: \"*\"}]",
       "test.yaml:3:5: location north: its initial stock takes a volume of 40, but storage_capacity is 30: start with "
       "less "
       "or store more"},
      {"locations:\n  - {name: \"*\", stockout_cost: 3}\n  - {name: south, stockout_cost: 3}\nlanes: [{from: supplier, "
       "to: "
       "north}]",
       "test.yaml:3:5: nobody supplies milk at south: add a lane to south"},
      {"locations: [{name: \"*\", stockout_cost: 3}]\nlanes:\n  - {from: supplier, to: \"*\", order_days: []}",
       "test.yaml:3:43: lanes.0.order_days must name at least one day"},
      {"locations: [{name: \"*\", stockout_cost: 3}]\nlanes:\n  - {from: supplier, to: \"*\", lead_time: 100000}",
       "test.yaml:3:42: lanes.0.lead_time must be between 0 and 1000, but is 100000"},
  };
  for (const Case& one : cases) ExpectRefused(one.yaml, one.message);
}

TEST(NetworkConfigTest, RefusesALeadTimeBeyondTheHorizon) {
  const NetworkConfig config = ReadNetworkConfig(ParseConfig(
      "locations: [{name: \"*\", stockout_cost: 3}]\nlanes:\n  - {from: supplier, to: north, lead_time: 2}\n  - {from: "
      "supplier, to: south, lead_time: 30}",
      "test.yaml"));
  const Network network = BuildNetwork(config, kSeries, kMeanDemand, PeriodLength::kDay);
  CheckLeadTimesFit(config, network, 31);
  EXPECT_THAT([&] { CheckLeadTimesFit(config, network, 30); },
              testing::ThrowsMessage<ConfigError>(
                  HasSubstr("test.yaml:4:5: lane milk from supplier to south: lead_time is up to 30 periods, so "
                            "nothing that is ordered arrives within the 30 of an episode: take longer episodes")));
}

}  // namespace
}  // namespace restock
