#include "experiments/promotions.h"

#include <fmt/format.h>

#include "common/error.h"
#include "optimization/promotion_plan.h"
#include "optimization/replenishment_lp.h"

namespace restock {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kNothing = 1e-6;  // [unit]

Json OrdersJson(const PromotionNeeds& needs, const Network& network) {
  Json orders = Json::array();
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    int first = -1, last = -1;
    for (int period = 0; period < needs.more_orders.rows(); ++period) {
      if (needs.more_orders(period, lane) <= kNothing) continue;
      if (first < 0) first = period;
      last = period;
    }
    const double units = needs.more_orders.col(lane).sum();  // some orders only move in time, or give way to others
    if (units <= kNothing) continue;
    orders.push_back(
        {{"lane", network.LaneName(lane)}, {"units", units}, {"first_period", first}, {"last_period", last}});
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

void CheckPromotions(const std::vector<PlannedPromotion>& promotions, const Network& network, int num_periods,
                     const std::string& key) {
  for (const PlannedPromotion& promotion : promotions) {
    const auto fail = [&](const std::string& words) { throw ConfigError(promotion.where + ": promotions " + words); };
    if (promotion.first_period + promotion.num_periods > num_periods)
      fail(
          fmt::format("must end within the {} periods that are planned, but this one ends after period {}. Begin it "
                      "earlier, or plan further: {}.",
                      num_periods, promotion.first_period + promotion.num_periods - 1, key));
    if (const std::string unknown = ReplenishmentLp::FirstUnknown(network); !unknown.empty())
      fail(fmt::format("cannot be planned: a linear program cannot tell {}. Leave them out.", unknown));
  }
}

Json PlanPromotions(const std::vector<PlannedPromotion>& promotions, const Network& network,
                    const Eigen::MatrixXd& expected, int phase) {
  if (promotions.empty()) return Json();
  const Eigen::MatrixXd promoted =
      expected.cwiseProduct(PromotionFactors(promotions, network, static_cast<int>(expected.rows())));
  const PromotionNeeds needs =
      FindPromotionNeeds(network, ReplenishmentStart::Initial(network, phase), expected, promoted);
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

Json SimulatedJson(const std::string& policy, int num_scenarios, int num_periods, const ServedEpisodes& without,
                   const ServedEpisodes& with) {
  const auto fill_rate = [](const ServedEpisodes& one) { return one.demand > 0 ? one.sold / one.demand : 1; };
  return {{"policy", policy},
          {"num_scenarios", num_scenarios},
          {"num_periods", num_periods},
          {"more_demand", with.demand - without.demand},
          {"more_sold", with.sold - without.sold},
          {"more_cost", with.cost - without.cost},
          {"fill_rate_without", fill_rate(without)},
          {"fill_rate_with", fill_rate(with)}};
}

}  // namespace restock
