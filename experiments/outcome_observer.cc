#include "experiments/outcome_observer.h"

#include <algorithm>
#include <cmath>

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

}  // namespace

void OutcomeObserver::Totals::Resize(int num_scenarios, int num_warehouses) {
  warehouse_cost = Eigen::ArrayXXd::Zero(num_scenarios, num_warehouses);
  demand = sold = num_site_periods = num_short = Eigen::ArrayXd::Zero(num_scenarios);
}

OutcomeObserver::OutcomeObserver(const Network& network, int num_scenarios, const Eigen::ArrayXXf* uncensored)
    : network_(network),
      num_scenarios_(num_scenarios),
      uncensored_(uncensored),
      warehouse_share_(WarehouseShares(network)),
      cost_by_kind_(Eigen::ArrayXXd::Zero(num_scenarios, kNumCostKinds)),
      on_hand_(Eigen::ArrayXd::Zero(num_scenarios)) {
  all_.Resize(num_scenarios, static_cast<int>(warehouse_share_.cols()));
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

  // costs; of a day that does not count only what is credited for the goods left at the end
  const Eigen::ArrayXd cost = SiteRow(after.site_cost, block * spec.num_sites + site, active).cast<double>();
  const Eigen::MatrixXd felt = cost.matrix() * warehouse_share_.row(site);
  all_.warehouse_cost.middleRows(first, active) += felt.array();
  if (counts) {
    counted_.warehouse_cost.middleRows(first, active) += felt.array();
  } else if (period + 1 == spec.num_periods) {
    const auto left = after.FinalObservation(spec, block).middleRows(site * kBlockSize, active);
    const Eigen::VectorXd credit =
        (left.col(kOnHand) + left.col(kInTransit)).cast<double>() * network_.unit_value[index];
    counted_.warehouse_cost.middleRows(first, active) -= (credit * warehouse_share_.row(site)).array();
  }
  if (series == kNoSeries) return;

  // service
  const PeriodOutcome& outcome = after.outcome[static_cast<size_t>(block)];
  const Eigen::ArrayXd demand = SiteRow(outcome.demand, site, active).cast<double>();
  const Eigen::ArrayXd sold = SiteRow(outcome.sold, site, active).cast<double>();
  const auto add = [&](Totals& totals) {
    totals.demand.segment(first, active) += demand;
    totals.sold.segment(first, active) += sold;
    totals.num_site_periods.segment(first, active) += 1;
    totals.num_short.segment(first, active) += (demand > sold).cast<double>();
  };
  add(all_);
  if (counts) add(counted_);
}

ScenarioOutcome OutcomeObserver::Outcome(const Totals& totals, int scenario) const {
  ScenarioOutcome outcome;
  const Eigen::ArrayXd by_warehouse = totals.warehouse_cost.row(scenario).transpose() / num_periods_;
  outcome.cost = by_warehouse.sum();
  outcome.warehouse_cost.assign(by_warehouse.begin(), by_warehouse.end());
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
