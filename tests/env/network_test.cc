#include "env/network.h"

#include <cmath>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A central site and one store, changed by `damage`, must be refused with a message that holds `message`.
void ExpectRefused(const std::function<void(Network&)>& damage, const std::string& message) {
  Network network = *CentralAndStores({.initial_on_hand = 4, .lead_time = 2}, {{.stockout_cost = 1, .lead_time = 1}});
  network.Validate();
  damage(network);
  try {
    network.Validate();
    ADD_FAILURE() << "accepted: " << message;
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr(message));
  }
}

TEST(NetworkTest, RefusesWhatMakesNoSense) {
  ExpectRefused([](Network& n) { n.holding_cost[1] = -1; },
                "milk at store 0: holding_cost must be at least 0 and finite, but is -1");
  ExpectRefused([](Network& n) { n.stockout_cost[1] = std::nanf(""); }, "stockout_cost");
  ExpectRefused([](Network& n) { n.backorder_share[1] = 1.5f; }, "backorder_share must be between 0 and 1");
  ExpectRefused([](Network& n) { n.volume[0] = kUnlimited; }, "volume");
  ExpectRefused([](Network& n) { n.initial_on_hand[0] = 1.5f; }, "whole number");
  ExpectRefused([](Network& n) { n.lead_time[1] = -1; }, "lane milk from central to store 0: lead_time");
  ExpectRefused([](Network& n) { n.lead_time[0] = 100'000; }, "lead_time");
  ExpectRefused([](Network& n) { n.lane_capacity[0] = 0; }, "lane_capacity must be above 0");
  ExpectRefused([](Network& n) { n.order_cost[0] = -0.5f; }, "order_cost");
  ExpectRefused([](Network& n) { n.storage_capacity[0] = 3; },
                "location central: its initial stock takes a volume of 4, but storage_capacity is 3");
  ExpectRefused([](Network& n) { n.storage_capacity[0] = std::nanf(""); }, "storage_capacity");
  ExpectRefused([](Network& n) { n.calendars[0] = {2, {false, false}}; }, "no order day");
  ExpectRefused([](Network& n) { n.site_sku[0] = "bread"; }, "a lane carries one SKU");
  ExpectRefused([](Network& n) { n.lane_origin[0] = 1; }, "nobody supplies milk at central");
  ExpectRefused([](Network& n) { n.lane_destination[0] = 1, n.lane_origin[0] = kOutside; },
                "nobody supplies milk at central");
  EXPECT_THROW(Network().Validate(), ConfigError);
}

TEST(NetworkTest, KnowsWhoFeedsWhom) {
  const auto network = CentralAndStores({.lead_time = 4}, {{.lead_time = 1}, {.lead_time = 2}});
  EXPECT_TRUE(network->IsSupplier(0));
  EXPECT_FALSE(network->IsSupplier(1));
  EXPECT_THAT(network->lanes_out_of[0], ElementsAre(1, 2));
  EXPECT_THAT(network->lanes_into[2], ElementsAre(2));
  EXPECT_THAT(network->echelon[0], ElementsAre(0, 1, 2));
  EXPECT_THAT(network->echelon[1], ElementsAre(1));
  EXPECT_THAT(network->sites_downstream_first, ElementsAre(1, 2, 0));
  EXPECT_EQ(network->max_lead_time(), 4);
}

// Orders on Monday, Wednesday and Friday, lead time 2: what is ordered on Monday (phase 0) arrives on Wednesday;
// Wednesday's order on Friday.
TEST(NetworkTest, ProtectionReachesToTheArrivalOfTheOrderAfterNext) {
  const OrderCalendar calendar{7, {true, false, true, false, true, false, false}};
  const auto network = OneSite({.lead_time = 2, .calendar = calendar});
  EXPECT_EQ(network->PeriodsToNextOrder(0, 0), 0);
  EXPECT_EQ(network->PeriodsToNextOrder(0, 1), 1);
  EXPECT_EQ(network->PeriodsToNextOrder(0, 5), 2);  // Saturday
  EXPECT_EQ(network->ProtectionPeriods(0, 0), 4);   // Monday to Thursday
  EXPECT_EQ(network->ProtectionPeriods(0, 4), 5);   // Friday; the next order is Monday's, there on Wednesday
  EXPECT_EQ(network->ProtectionPeriods(0, 1), 5);   // Tuesday: Wednesday's order lasts until Friday's arrives on Sunday
  EXPECT_EQ(network->CalendarCycle(), 7);
  EXPECT_EQ(OneSite({.lead_time = 3})->ProtectionPeriods(0, 0), 4);  // the lost-sales model: L + 1 demands
}

TEST(NetworkTest, ACentralSiteProtectsUntilGoodsReachTheCustomer) {
  const auto network =
      CentralAndStores({.lead_time = 4}, {{.lead_time = 1}, {.lead_time = 2, .calendar = {3, {true, false, false}}}});
  EXPECT_EQ(network->EchelonProtectionPeriods(1, 0), 2);
  EXPECT_EQ(network->EchelonProtectionPeriods(0, 0),
            5 + 2 + 2);  // own, the longest lead time below, and the wait for its order day
}

}  // namespace
}  // namespace restock
