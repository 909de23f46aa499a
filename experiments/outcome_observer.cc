#include "experiments/outcome_observer.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "env/observation.h"

namespace restock {
namespace {

using BlockRow = Eigen::Map<const Eigen::ArrayXf>;

// One site's values in a [site][env] array.
BlockRow SiteRow(const AlignedVector& values, int row, int active) {
  return BlockRow(values.data() + static_cast<ptrdiff_t>(row) * kBlockSize, active);
}

// Where a site's cost is felt: at its own warehouse, or at those it feeds, in equal parts per site with demand.
Eigen::MatrixXd WarehouseShares(const Network& network) {
  std::vector<int> column(static_cast<size_t>(network.num_locations()), -1);
  int num_warehouses = 0;
  for (int site = 0; site < network.num_sites(); ++site) {
    int& warehouse = column[static_cast<size_t>(network.site_location[static_cast<size_t>(site)])];
    if (network.site_series[static_cast<size_t>(site)] != kNoSeries && warehouse < 0) warehouse = num_warehouses++;
  }
  Eigen::MatrixXd share = Eigen::MatrixXd::Zero(network.num_sites(), num_warehouses);
  for (int site = 0; site < network.num_sites(); ++site) {
    std::vector<int> felt_at = {site};
    if (network.site_series[static_cast<size_t>(site)] == kNoSeries)
      felt_at = network.echelon[static_cast<size_t>(site)];
    std::erase_if(felt_at, [&](int other) { return network.site_series[static_cast<size_t>(other)] == kNoSeries; });
    for (const int other : felt_at) {
      const int location = network.site_location[static_cast<size_t>(other)];
      share(site, column[static_cast<size_t>(location)]) += 1.0 / static_cast<double>(felt_at.size());
    }
  }
  return share;
}

// Products are numbered as they first appear.
std::vector<int> ProductsOf(const Network& network) {
  std::map<std::string, int> number;
  std::vector<int> products;
  for (const std::string& sku : network.site_sku) {
    products.push_back(number.try_emplace(sku, static_cast<int>(number.size())).first->second);
  }
  return products;
}

// What a site paid for the goods that it received, and was paid for those that it passed on: between sites goods have
// the value that they have for the sender, so that a warehouse bears what it orders.
struct GoodsCost {
  Eigen::ArrayXd bought;    // from outside or by the lane's own price, with its order cost; part of the site's cost
  Eigen::ArrayXd transfer;  // value received less value passed on; cancels over the network
};
GoodsCost GoodsCostOf(const Network& network, int site, const PeriodOutcome& outcome, int active) {
  GoodsCost goods{Eigen::ArrayXd::Zero(active), Eigen::ArrayXd::Zero(active)};
  for (const int lane : network.lanes_into[static_cast<size_t>(site)]) {
    const auto index = static_cast<size_t>(lane);
    const Eigen::ArrayXd shipped = SiteRow(outcome.shipped, lane, active).cast<double>();
    goods.bought += network.unit_cost[index] * shipped + network.order_cost[index] * (shipped > 0).cast<double>();
    const int origin = network.lane_origin[index];
    if (origin != kOutside) goods.transfer += network.unit_value[static_cast<size_t>(origin)] * shipped;
  }
  for (const int lane : network.lanes_out_of[static_cast<size_t>(site)]) {
    goods.transfer -=
        network.unit_value[static_cast<size_t>(site)] * SiteRow(outcome.shipped, lane, active).cast<double>();
  }
  return goods;
}

}  // namespace

OutcomeObserver::OutcomeObserver(const Network& network, int num_scenarios, const Eigen::ArrayXXf* uncensored)
    : network_(network),
      num_scenarios_(num_scenarios),
      uncensored_(uncensored),
      warehouse_share_(WarehouseShares(network)),
      product_(ProductsOf(network)),
      cost_by_kind_(Eigen::ArrayXXd::Zero(num_scenarios, kNumCostKinds)),
      on_hand_(Eigen::ArrayXd::Zero(num_scenarios)) {
  all_.warehouse_cost = Eigen::ArrayXXd::Zero(num_scenarios, warehouse_share_.cols());
  all_.product_cost = Eigen::ArrayXXd::Zero(num_scenarios, *std::ranges::max_element(product_) + 1);
  all_.demand = all_.sold = all_.num_site_periods = all_.num_short = Eigen::ArrayXd::Zero(num_scenarios);
  counted_ = all_;
}

void OutcomeObserver::OnDecision(const VectorEnv& env, const StepBatch&, std::span<const float>) {
  for (int block = 0; block < env.spec().num_blocks; ++block) {
    const int active = std::min(kBlockSize, num_scenarios_ - block * kBlockSize);
    for (int site = 0; site < network_.num_sites(); ++site) {
      on_hand_.segment(block * kBlockSize, active) += env.state(block).on_hand(site).head(active).cast<double>();
    }
  }
}

void OutcomeObserver::OnOutcome(int period, const VectorEnv& env, const StepBatch& after) {
  num_periods_ = period + 1;
  for (int block = 0; block < env.spec().num_blocks; ++block) {
    const int active = std::min(kBlockSize, num_scenarios_ - block * kBlockSize);
    const PeriodOutcome& outcome = after.outcome[static_cast<size_t>(block)];
    for (int kind = 0; kind < kNumCostKinds; ++kind) {
      cost_by_kind_.col(kind).segment(block * kBlockSize, active) += SiteRow(outcome.cost, kind, active).cast<double>();
    }
    for (int site = 0; site < network_.num_sites(); ++site) AddSite(period, site, block, env.spec(), after);
  }
}

void OutcomeObserver::AddSite(int period, int site, int block, const EnvSpec& spec, const StepBatch& after) {
  const int first = block * kBlockSize;
  const int active = std::min(kBlockSize, num_scenarios_ - first);
  const auto index = static_cast<size_t>(site);
  const int series = network_.site_series[index];
  const bool counts = uncensored_ == nullptr || series == kNoSeries || (*uncensored_)(period, series) > 0;
  const PeriodOutcome& outcome = after.outcome[static_cast<size_t>(block)];
  const Eigen::ArrayXd demand = SiteRow(outcome.demand, site, active).cast<double>();
  const Eigen::ArrayXd sold = SiteRow(outcome.sold, site, active).cast<double>();

  // costs
  const GoodsCost goods = GoodsCostOf(network_, site, outcome, active);
  const Eigen::ArrayXd cost = SiteRow(after.site_cost, block * spec.num_sites + site, active).cast<double>();
  AddCost(site, first, cost + goods.transfer, all_);
  if (counts) {
    AddCost(site, first, cost + goods.transfer, counted_);
  } else {
    // of a day that does not count the goods stay paid, and what they could not serve is paid as if it had been bought:
    // otherwise who serves such a day would pay for the goods and get nothing for it
    Eigen::ArrayXd lacking = (1 - network_.backorder_share[index]) * (demand - sold);
    if (period + 1 == spec.num_periods) {
      const auto left = after.FinalObservation(spec, block).middleRows(site * kBlockSize, active);
      lacking -= (left.col(kOnHand) + left.col(kInTransit)).cast<double>().array();
    }
    AddCost(site, first, goods.bought + goods.transfer + network_.unit_value[index] * lacking, counted_);
  }
  if (series == kNoSeries) return;

  // service
  const auto add = [&](Totals& totals) {
    totals.demand.segment(first, active) += demand;
    totals.sold.segment(first, active) += sold;
    totals.num_site_periods.segment(first, active) += 1;
    totals.num_short.segment(first, active) += (demand > sold).cast<double>();
  };
  add(all_);
  if (counts) add(counted_);
}

void OutcomeObserver::AddCost(int site, int first, const Eigen::ArrayXd& cost, Totals& totals) const {
  totals.warehouse_cost.middleRows(first, cost.size()) += (cost.matrix() * warehouse_share_.row(site)).array();
  totals.product_cost.col(product_[static_cast<size_t>(site)]).segment(first, cost.size()) += cost;
}

ScenarioOutcome OutcomeObserver::Outcome(const Totals& totals, int scenario) const {
  ScenarioOutcome outcome;
  const Eigen::ArrayXd by_warehouse = totals.warehouse_cost.row(scenario).transpose() / num_periods_;
  outcome.cost = by_warehouse.sum();
  outcome.warehouse_cost.assign(by_warehouse.begin(), by_warehouse.end());
  const Eigen::ArrayXd by_product = totals.product_cost.row(scenario).transpose() / num_periods_;
  outcome.product_cost.assign(by_product.begin(), by_product.end());
  // these are not known by site: they have no value where only some site-days count
  const double divisor = &totals == &all_ ? num_periods_ : std::nan("");
  for (int kind = 0; kind < kNumCostKinds; ++kind) {
    outcome.parts[static_cast<size_t>(kind)] = cost_by_kind_(scenario, kind) / divisor;
  }
  outcome.mean_on_hand = on_hand_[scenario] / divisor;
  outcome.demand = totals.demand[scenario];
  outcome.sold = totals.sold[scenario];
  outcome.num_site_periods = totals.num_site_periods[scenario];
  outcome.num_short = totals.num_short[scenario];
  return outcome;
}

void OutcomeObserver::AppendTo(std::vector<ScenarioOutcome>& all, std::vector<ScenarioOutcome>& uncensored) const {
  for (int scenario = 0; scenario < num_scenarios_; ++scenario) {
    all.push_back(Outcome(all_, scenario));
    if (uncensored_ != nullptr) uncensored.push_back(Outcome(counted_, scenario));
  }
}

}  // namespace restock
