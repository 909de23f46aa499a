#include "agents/classical_rules.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "agents/base_stock_policy.h"
#include "agents/base_surge_policy.h"
#include "agents/dual_index_policy.h"
#include "agents/installation_stock_policy.h"
#include "agents/reorder_point_policy.h"
#include "agents/sourcing_lanes.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr double kHighFractile = 0.999;
constexpr float kNone = std::numeric_limits<float>::infinity();

// Whether some sites feed others.
bool HasSuppliers(const Network& network) {
  for (int site = 0; site < network.num_sites(); ++site)
    if (network.IsSupplier(site)) return true;
  return false;
}

/// What the demand of a problem says of where levels may lie.
class LevelRanges {
 public:
  explicit LevelRanges(const Problem& problem) : problem_(problem), network_(*problem.network) {}

  /// A channel does not: its host orders.
  bool Orders(int site) const { return RegularLane(network_, site) != kNoLane; }
  bool HasTwoSuppliers(int site) const { return RegularLane(network_, site) != ExpeditedLane(network_, site); }
  bool LosesSales(int site) const { return Orders(site) && Sells(site) && network_.backorder_share[Index(site)] < 1; }
  double OrderCost(int site) const {
    return Orders(site) ? network_.order_cost[Index(RegularLane(network_, site))] : 0;
  }

  /// A level of the inventory position: covers demand until the order after the next can arrive on `lane`.
  IntegerRange Level(int site, int lane) const { return Covering(site, ProtectionPeriods(lane)); }
  IntegerRange EchelonLevel(int site) const {
    int periods = 1;
    for (int phase = 0; phase < network_.CalendarCycle(); ++phase)
      periods = std::max(periods, network_.EchelonProtectionPeriods(site, phase));
    return Covering(site, periods);
  }
  /// One order: demand between two of them.
  IntegerRange Order(int site) const {
    const CountProbabilities demand = DemandOf(site, OrderPeriods(site));
    return {0, static_cast<int>(MeanOf(demand)), QuantileOf(demand, Fractile(site)), QuantileOf(demand, kHighFractile)};
  }
  /// The same for one that is repeated in every period: no more than demand.
  IntegerRange ConstantOrder(int site) const {
    const double mean = MeanOf(DemandOf(site, OrderPeriods(site)));
    return {0, 0, static_cast<int>(mean), static_cast<int>(std::ceil(mean))};
  }
  /// S - s, around the economic order quantity.
  IntegerRange Lot(int site) const {
    const double h = std::max<double>(network_.holding_cost[Index(site)], 1e-3);
    const double lot = std::sqrt(2 * OrderCost(site) * MeanOf(DemandOf(site, 1)) / h);
    return {1, 1, std::max(1, static_cast<int>(lot)), 2 * static_cast<int>(lot) + Order(site).high};
  }

 private:
  bool Sells(int site) const { return network_.site_series[Index(site)] != kNoSeries; }

  int ProtectionPeriods(int lane) const {
    int periods = 1;
    for (int phase = 0; phase < network_.CalendarCycle(); ++phase)
      periods = std::max(periods, network_.ProtectionPeriods(lane, phase));
    return periods;
  }
  int OrderPeriods(int site) const {
    const int lane = RegularLane(network_, site);
    return std::max(1, ProtectionPeriods(lane) - network_.lead_time[Index(lane)]);
  }

  IntegerRange Covering(int site, int periods) const {
    const CountProbabilities demand = DemandOf(site, periods);
    const int high = QuantileOf(demand, kHighFractile);
    return {.lowest = Sells(site) && !LosesSales(site) ? -high : 0,
            .low = static_cast<int>(MeanOf(demand) / 2),
            .start = QuantileOf(demand, Fractile(site)),
            .high = high};
  }

  // demand of a site and all that it feeds
  CountProbabilities DemandOf(int site, int periods) const {
    CountProbabilities one = {1};
    for (const int member : network_.echelon[Index(site)])
      if (const CountProbabilities own = OwnDemand(member); !own.empty()) one = SumOf(one, own);
    return SumOf(periods, one);
  }

  // Of a period. Where it moves in time, or is no count, that of the first period has to do: the search goes beyond.
  CountProbabilities OwnDemand(int site) const {
    const CountProbabilities& demand = problem_.demand[Index(site)];
    if (!demand.empty() || problem_.processes[Index(site)].is_none()) return demand;
    return ProbabilitiesOf(CountDistribution{std::max(problem_.processes[Index(site)].FirstMean(), 1.0)});
  }

  // the newsvendor's, with the highest cost of a shortage below
  double Fractile(int site) const {
    double p = 0;
    for (const int member : network_.echelon[Index(site)])
      p = std::max<double>(p, network_.stockout_cost[Index(member)]);
    const double h = network_.holding_cost[Index(site)];
    return p > 0 ? std::min(p / (p + h), kHighFractile) : 0.5;
  }

  const Problem& problem_;
  const Network& network_;
};

/// The numbers of a point that belong to one symbol, a value per site.
struct SiteValues {
  std::vector<int> parameter;  // index, -1: the site has none  (num_sites)
  float otherwise = 0;

  Eigen::ArrayXf operator()(std::span<const int> point) const {
    Eigen::ArrayXf values(static_cast<Eigen::Index>(parameter.size()));
    for (size_t site = 0; site < parameter.size(); ++site)
      values[static_cast<Eigen::Index>(site)] =
          parameter[site] < 0 ? otherwise : static_cast<float>(point[Index(parameter[site])]);
    return values;
  }
};

/// Puts a rule together, symbol by symbol.
class RuleMaker {
 public:
  RuleMaker(std::string name, const Problem& problem) : network_(*problem.network) {
    rule_.name = std::move(name);
    rule_.values = [](std::span<const int> point) { return std::vector<int>(point.begin(), point.end()); };
  }

  /// A parameter for every site where `range` gives one, `otherwise` elsewhere.
  template <class Range>
  SiteValues Add(const std::string& symbol, const Range& range, float otherwise = 0) {
    SiteValues values{{}, otherwise};
    for (int site = 0; site < network_.num_sites(); ++site) {
      std::optional<IntegerRange> of_site;  // a channel has none: its host orders
      if (RegularLane(network_, site) != kNoLane) of_site = range(site);
      values.parameter.push_back(of_site ? static_cast<int>(rule_.ranges.size()) : -1);
      if (!of_site) continue;
      rule_.ranges.push_back(*of_site);
      rule_.parameter_names.push_back(network_.num_sites() == 1 ? symbol : symbol + " at " + PlaceOf(site));
    }
    return values;
  }

  template <class Make>
  ClassicalRule Finish(Make make) && {
    rule_.make = [make](std::span<const int> point) -> std::unique_ptr<Policy> {
      return std::make_unique<decltype(make(point))>(make(point));
    };
    return std::move(rule_);
  }
  ClassicalRule& rule() { return rule_; }

 private:
  // one product: the location says it all
  std::string PlaceOf(int site) const {
    const bool is_one_product = std::ranges::all_of(
        network_.site_sku, [&](const std::string& sku) { return sku == network_.site_sku.front(); });
    return is_one_product ? network_.location_name[Index(network_.site_location[Index(site)])]
                          : network_.SiteName(site);
  }

  const Network& network_;
  ClassicalRule rule_;
};

ClassicalRule BaseStock(const Problem& problem, const LevelRanges& ranges) {
  RuleMaker maker(HasSuppliers(*problem.network) ? "installation_base_stock" : "base_stock", problem);
  const SiteValues levels = maker.Add("S", [&](int site) -> std::optional<IntegerRange> {
    return ranges.Level(site, RegularLane(*problem.network, site));
  });
  return std::move(maker).Finish([=](auto point) { return InstallationStockPolicy(levels(point)); });
}

ClassicalRule CappedBaseStock(const Problem& problem, const LevelRanges& ranges) {
  RuleMaker maker("capped_base_stock", problem);
  const SiteValues levels = maker.Add("S", [&](int site) -> std::optional<IntegerRange> {
    return ranges.Level(site, RegularLane(*problem.network, site));
  });
  const SiteValues caps = maker.Add(
      "cap", [&](int site) { return ranges.LosesSales(site) ? std::optional(ranges.Order(site)) : std::nullopt; },
      kNone);
  return std::move(maker).Finish([=](auto point) { return InstallationStockPolicy(levels(point), caps(point)); });
}

ClassicalRule EchelonBaseStock(const Problem& problem, const LevelRanges& ranges) {
  RuleMaker maker("echelon_base_stock", problem);
  const SiteValues levels = maker.Add("S", [&](int site) { return std::optional(ranges.EchelonLevel(site)); });
  return std::move(maker).Finish([=](auto point) { return BaseStockPolicy(levels(point)); });
}

// where there is no fixed cost s = S - 1, which is base-stock
ClassicalRule ReorderPoint(const Problem& problem, const LevelRanges& ranges) {
  RuleMaker maker("reorder_point", problem);
  const SiteValues points = maker.Add("s", [&](int site) -> std::optional<IntegerRange> {
    return ranges.Level(site, RegularLane(*problem.network, site));
  });
  const SiteValues lots = maker.Add(
      "S", [&](int site) { return ranges.OrderCost(site) > 0 ? std::optional(ranges.Lot(site)) : std::nullopt; }, 1);
  maker.rule().values = [points, lots](std::span<const int> point) {
    std::vector<int> values(point.begin(), point.end());
    for (size_t site = 0; site < lots.parameter.size(); ++site)
      if (lots.parameter[site] >= 0) values[Index(lots.parameter[site])] += point[Index(points.parameter[site])];
    return values;
  };
  return std::move(maker).Finish(
      [=](auto point) { return ReorderPointPolicy(points(point), points(point) + lots(point)); });
}

// Rules of two suppliers: a level for each site, one more where there are two.
struct DualLevels {
  SiteValues expedited;
  SiteValues regular;
};
DualLevels AddDualLevels(RuleMaker& maker, const Problem& problem, const LevelRanges& ranges, bool one_index) {
  const Network& network = *problem.network;
  DualLevels levels;
  levels.expedited = maker.Add("S_e", [&](int site) {
    const int lane = one_index ? RegularLane(network, site) : ExpeditedLane(network, site);
    return ranges.HasTwoSuppliers(site) ? std::optional(ranges.Level(site, lane)) : std::nullopt;
  });
  levels.regular =
      maker.Add("S_r", [&](int site) { return std::optional(ranges.Level(site, RegularLane(network, site))); });
  return levels;
}

ClassicalRule SingleIndex(const Problem& problem, const LevelRanges& ranges) {
  RuleMaker maker("single_index", problem);
  const DualLevels levels = AddDualLevels(maker, problem, ranges, /*one_index=*/true);
  return std::move(maker).Finish([=](auto point) {
    return DualIndexPolicy({levels.expedited(point), levels.regular(point)}, DualIndexPolicy::Index::kSingle);
  });
}

ClassicalRule DualIndex(const Problem& problem, const LevelRanges& ranges) {
  RuleMaker maker("dual_index", problem);
  const DualLevels levels = AddDualLevels(maker, problem, ranges, /*one_index=*/false);
  return std::move(maker).Finish([=](auto point) {
    return DualIndexPolicy({levels.expedited(point), levels.regular(point)});
  });
}

ClassicalRule CappedDualIndex(const Problem& problem, const LevelRanges& ranges) {
  RuleMaker maker("capped_dual_index", problem);
  const DualLevels levels = AddDualLevels(maker, problem, ranges, /*one_index=*/false);
  const SiteValues caps = maker.Add(
      "cap", [&](int site) { return ranges.HasTwoSuppliers(site) ? std::optional(ranges.Order(site)) : std::nullopt; },
      kNone);
  return std::move(maker).Finish([=](auto point) {
    return DualIndexPolicy({levels.expedited(point), levels.regular(point), caps(point)});
  });
}

ClassicalRule BaseSurge(const Problem& problem, const LevelRanges& ranges) {
  RuleMaker maker("tailored_base_surge", problem);
  const SiteValues levels = maker.Add(
      "S_e", [&](int site) { return std::optional(ranges.Level(site, ExpeditedLane(*problem.network, site))); });
  const SiteValues orders = maker.Add("q_r", [&](int site) {
    return ranges.HasTwoSuppliers(site) ? std::optional(ranges.ConstantOrder(site)) : std::nullopt;
  });
  return std::move(maker).Finish([=](auto point) { return BaseSurgePolicy(levels(point), orders(point)); });
}

}  // namespace

std::vector<std::string> RuleFeatures() {
  return {"on_hand", "backorders", "in_transit", "inventory_position", "echelon_position"};
}

std::vector<ClassicalRule> RulesFor(const Problem& problem) {
  const Network& network = *problem.network;
  const LevelRanges ranges(problem);
  const auto any_site = [&](const auto& holds) {
    for (int site = 0; site < network.num_sites(); ++site)
      if (holds(site)) return true;
    return false;
  };

  std::vector<ClassicalRule> rules = {BaseStock(problem, ranges)};
  if (any_site([&](int site) { return ranges.LosesSales(site); })) rules.push_back(CappedBaseStock(problem, ranges));
  if (any_site([&](int site) { return ranges.OrderCost(site) > 0; })) rules.push_back(ReorderPoint(problem, ranges));
  if (HasSuppliers(network)) rules.push_back(EchelonBaseStock(problem, ranges));
  if (any_site([&](int site) { return ranges.HasTwoSuppliers(site); })) {
    rules.push_back(SingleIndex(problem, ranges));
    rules.push_back(DualIndex(problem, ranges));
    rules.push_back(CappedDualIndex(problem, ranges));
    rules.push_back(BaseSurge(problem, ranges));
  }
  return rules;
}

}  // namespace restock
