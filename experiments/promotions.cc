#include "experiments/promotions.h"

#include <fmt/format.h>

#include "common/error.h"
#include "optimization/promotion_plan.h"
#include "optimization/replenishment_lp.h"

namespace restock {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kNothing = 1e-6;  // [unit]

size_t Index(int i) { return static_cast<size_t>(i); }

bool IsOf(const PlannedPromotion& promotion, const Network& network, int site) {
  const auto fits = [](const std::string& pattern, const std::string& name) {
    return pattern == "*" || pattern == name;
  };
  return network.site_series[Index(site)] != kNoSeries &&
         fits(promotion.location, network.location_name[Index(network.site_location[Index(site)])]) &&
         fits(promotion.sku, network.site_sku[Index(site)]);
}

Eigen::MatrixXd WithPromotions(const std::vector<PlannedPromotion>& promotions, const Network& network,
                               const Eigen::MatrixXd& expected) {
  Eigen::MatrixXd promoted = expected;
  for (const PlannedPromotion& promotion : promotions) {
    for (int site = 0; site < network.num_sites(); ++site)
      if (IsOf(promotion, network, site))
        promoted.col(site).segment(promotion.first_period, promotion.num_periods) *= promotion.factor;
  }
  return promoted;
}

Json OrdersJson(const PromotionNeeds& needs, const Network& network) {
  Json orders = Json::array();
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    int first = -1, last = -1;
    for (int period = 0; period < needs.more_orders.rows(); ++period) {
      if (needs.more_orders(period, lane) <= kNothing) continue;
      if (first < 0) first = period;
      last = period;
    }
    if (first < 0) continue;
    orders.push_back({{"lane", network.LaneName(lane)},
                      {"units", needs.more_orders.col(lane).sum()},
                      {"first_period", first},
                      {"last_period", last}});
  }
  return orders;
}

Json StockJson(const PromotionNeeds& needs, const Network& network) {
  Json stock = Json::array();
  for (int site = 0; site < network.num_sites(); ++site) {
    Eigen::Index period = 0;
    const double most = needs.more_stock.col(site).maxCoeff(&period);
    if (most > kNothing) stock.push_back({{"site", network.SiteName(site)}, {"units", most}, {"period", period}});
  }
  return stock;
}

}  // namespace

std::vector<PlannedPromotion> ReadPromotions(ConfigNode root) {
  std::vector<PlannedPromotion> promotions;
  if (!root.Has("promotions")) return promotions;
  for (ConfigNode& node : root.Child("promotions").Items()) {
    PlannedPromotion promotion{.where = node.Where()};
    node.Read("location", promotion.location);
    node.Read("sku", promotion.sku);
    if (!node.Has("first_period")) node.Fail("needs its first_period, counted from 0 at the start of the plan");
    node.Read("first_period", promotion.first_period, Between(0, 10'000));
    node.Read("periods", promotion.num_periods, Between(1, 365));
    node.Read("factor", promotion.factor, Between(0, 100));
    node.ExpectNoMoreKeys();
    promotions.push_back(promotion);
  }
  return promotions;
}

void CheckPromotions(const std::vector<PlannedPromotion>& promotions, const Network& network, int num_periods) {
  for (const PlannedPromotion& promotion : promotions) {
    const auto fail = [&](const std::string& words) { throw ConfigError(promotion.where + ": promotions " + words); };
    bool is_of_any = false;
    for (int site = 0; site < network.num_sites(); ++site) is_of_any = is_of_any || IsOf(promotion, network, site);
    if (!is_of_any)
      fail(fmt::format("of {} at {}: nothing of that name sells. Name a location and a product with demand, or \"*\".",
                       promotion.sku, promotion.location));
    if (promotion.first_period + promotion.num_periods > num_periods)
      fail(
          fmt::format("must end within the {} periods that are planned, but this one ends after period {}. Begin it "
                      "earlier, or plan further: service.periods.",
                      num_periods, promotion.first_period + promotion.num_periods - 1));
    if (const std::string unknown = ReplenishmentLp::FirstUnknown(network); !unknown.empty())
      fail(fmt::format("cannot be planned: a linear program cannot tell {}. Leave them out.", unknown));
  }
}

Json PlanPromotions(const std::vector<PlannedPromotion>& promotions, const Network& network,
                    const Eigen::MatrixXd& expected, int phase) {
  if (promotions.empty()) return Json();
  const PromotionNeeds needs = FindPromotionNeeds(network, ReplenishmentStart::Initial(network, phase), expected,
                                                  WithPromotions(promotions, network, expected));
  Json planned = Json::array();
  for (const PlannedPromotion& promotion : promotions)
    planned.push_back({{"location", promotion.location},
                       {"sku", promotion.sku},
                       {"first_period", promotion.first_period},
                       {"num_periods", promotion.num_periods},
                       {"factor", promotion.factor}});
  return {{"num_periods", expected.rows()},
          {"more_demand", needs.more_demand},
          {"more_short", needs.more_short},
          {"more_cost", needs.more_cost},
          {"promotions", planned},
          {"orders", OrdersJson(needs, network)},
          {"stock", StockJson(needs, network)}};
}

}  // namespace restock
