#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "agents/tensor_state.h"
#include "agents/tensor_value.h"
#include "env/network.h"
#include "env/thinning_uses.h"

namespace restock {

/// How the dynamics are computed on tensors.
struct TensorWorldConfig {
  torch::ScalarType type = torch::kFloat;  // or kDouble, for checks of gradients
  torch::Device device = torch::kCPU;
  /// Whole units are rounded down, which has no gradient; with this, the gradient is that of the number before.
  bool straight_through = false;
  /// Where chance takes a count out of a count, of whole units: its mean, with a gradient, in place of the binomial
  /// quantile, without. Goods are then no longer in whole units.
  bool thin_to_mean = false;
};

/// Sums of terms by lane or site: which terms, and where each is added.
struct TensorSums {
  Places terms;
  torch::Tensor into;  // position of each term's sum  (num_terms); not defined: each term is a sum
  int64_t num_terms = 0;
  int64_t num_sums = 0;
};

/// What belongs to each of some sites.
struct SiteSums {
  TensorSums lanes_into, immediate_lanes_into, emergency_lanes_into, lanes_out_of, newest_channels;
};

/// The vocabulary of period_step.h over tensors: a site or a lane is a set of places, a value has a number for each of
/// them and each environment. Loops do as many places at once as their order allows. `network` must outlive it.
class TensorNetwork {
 public:
  using Value = TensorValue;

  /// A sum over sites or lanes: one number per environment.
  class Total {
   public:
    void Add(const Value& term) {
      if (!term.IsZero()) sum_ = sum_ + Value(term.tensor().sum(0, /*keepdim=*/true));
    }
    void Subtract(const Value& term) { Add(term * -1.f); }
    const Value& sum() const { return sum_; }

   private:
    Value sum_;
  };

  TensorNetwork(const Network& network, const TensorWorldConfig& config);
  // places point to sums in here
  TensorNetwork(const TensorNetwork&) = delete;
  TensorNetwork& operator=(const TensorNetwork&) = delete;

  Value holding_cost(const Places& sites) const { return At(holding_cost_, sites); }
  Value stockout_cost(const Places& sites) const { return At(stockout_cost_, sites); }
  Value price(const Places& sites) const { return At(price_, sites); }
  Value volume(const Places& sites) const { return At(volume_, sites); }
  Value unit_cost(const Places& lanes) const { return At(unit_cost_, lanes); }
  Value order_cost(const Places& lanes) const { return At(order_cost_, lanes); }
  Value shipping_capacity(const Places& sites) const { return At(shipping_capacity_, sites); }
  Value backorder_share(const Places& sites) const { return At(backorder_share_, sites); }
  bool HasBackorders() const { return has_backorders_; }
  bool HasOrderCosts() const { return has_order_costs_; }
  bool HasPrices() const { return has_prices_; }
  bool ReceivesAfterShipping() const { return network_.receives_after_shipping; }
  bool SitesStandAlone() const { return false; }  // one pass gains nothing here

  Value Whole(const Value& units) const;
  Value WholeAbove(const Value& units) const;
  /// A count out of `count`, by a row of uniform numbers; of goods that can be divided the mean.
  Value Thin(const Value& count, const Value& probability, const TensorRows& uniform, const Places& use) const;

  // All at once, where there are any.
  template <class Work>
  void ForEachSite(Work work) const {
    work(stocking_sites_);
  }
  template <class Work>
  void ForEachLane(Work work) const {
    work(Places{});
  }
  template <class Work>
  void ForEachLaneInto(const Places&, Work work) const {
    work(Places{});
  }
  template <class Work>
  void ForEachLaneFromSites(Work work) const {
    if (has_suppliers_) work(lanes_from_sites_, origins_of_those_);
  }
  template <class Work>
  void ForEachSupplier(Work work) const {
    if (has_suppliers_) work(suppliers_);
  }
  template <class Work>
  void ForEachSupplierInTurn(Work work) const {
    if (!lanes_in_turn_.empty()) work(suppliers_in_turn_);
  }
  template <class Work>
  void ForEachSupplierByShortage(Work work) const {
    if (!lanes_by_shortage_.empty()) work(suppliers_by_shortage_, most_lanes_by_shortage_);
  }
  // All that are the k-th at their origin at once.
  template <class Work>
  void ForEachLaneInTurn(Work work) const {
    for (const auto& [lanes, origins] : lanes_in_turn_) work(lanes, origins);
  }
  template <class Work>
  void ForEachLaneByShortage(Work work) const {
    for (const auto& [lanes, origins] : lanes_by_shortage_) work(lanes, origins);
  }
  // One location after the other.
  struct Location {
    int number = 0;
    Places sites;
  };
  float storage_capacity(const Location& location) const {
    return network_.storage_capacity[static_cast<size_t>(location.number)];
  }
  float overflow_cost(const Location& location) const {
    return network_.overflow_cost[static_cast<size_t>(location.number)];
  }
  template <class Work>
  void ForEachLimitedLocation(Work work) const {
    for (const Location& location : limited_locations_) work(location);
  }
  template <class Work>
  void ForEachRefusingLocation(Work work) const {
    for (const Location& location : refusing_locations_) work(location);
  }
  template <class Work>
  void ForEachSiteAt(const Location& location, Work work) const {
    work(location.sites);
  }
  template <class Term>
  Value SumOverSitesAt(const Location& location, Term term) const {
    return SumOf(term(location.sites));
  }

  // The entries of features, all at once; columns by entry. `use` are rows of uniform numbers.
  struct GoodwillRule {
    Value after_stockout, otherwise, least, most;
  };
  struct UnfilledRule {
    Value waits, cost;
  };
  template <class Work>
  void ForEachGoodwill(Work work) const {
    if (!network_.goodwill.empty()) work(Places{}, goodwill_.use, goodwill_.places, goodwill_rule_);
  }
  template <class Work>
  void ForEachOrderDelay(Work work) const {
    if (!network_.order_delays.empty()) work(Places{}, delayed_lanes_);
  }
  template <class Work>
  void ForEachUnfilled(Work work) const {
    if (!network_.unfilled_orders.empty()) work(Places{}, unfilled_lanes_, unfilled_rule_);
  }
  template <class Work>
  void ForEachYield(Work work) const {
    if (!network_.yields.empty()) work(yields_.use, yields_.places, yields_.share);
  }
  template <class Work>
  void ForEachPartialBackorder(Work work) const {
    if (!partial_backorders_.share.IsZero())
      work(partial_backorders_.use, partial_backorders_.places, partial_backorders_.share);
  }
  template <class Work>
  void ForEachReturnLane(Work work) const {
    if (!network_.return_lanes.empty())
      work(returns_.use, returns_.places, Destination(returns_.places), returns_.share);
  }
  template <class Work>
  void ForEachPipelineCost(Work work) const {
    if (!network_.pipeline_costs.empty()) work(pipeline_lanes_, pipeline_cost_);
  }
  template <class Work>
  void ForEachVariableLeadTime(Work work) const {
    if (!network_.variable_lead_times.empty()) work(Places{}, variable_lanes_);
  }
  // One supplier after the other.
  template <class Work>
  void ForEachDisruptedLane(Work work) const {
    for (const auto& [supplier, lanes] : disrupted_lanes_) work(supplier, lanes);
  }
  // All that touch no site in common at once, in their order.
  template <class Work>
  void ForEachChannel(Work work) const {
    for (const auto& [sites, hosts] : channels_) work(sites, hosts);
  }
  template <class Work>
  void ForEachEmergencyLane(Work work) const {
    for (const Emergencies& group : emergencies_)
      work(group.use, group.lanes, group.origins, Destination(group.lanes), group.acceptance);
  }
  // All with the same shelf life at once.
  struct PerishableRule {
    Value sells_newest, waste_cost;
  };
  template <class Work>
  void ForEachPerishable(Work work) const {
    for (const Perishables& group : perishables_) work(group.entries, group.sites, group.shelf_life, group.rule);
  }
  // One group after the other.
  struct Group {
    Places lanes;
    Value weight;
  };
  template <class Work>
  void ForEachJointLimit(Work work) const {
    for (size_t i = 0; i < limits_.size(); ++i) work(limits_[i], network_.joint_limits[i].limit);
  }
  template <class Work>
  void ForEachVehicles(Work work) const {
    for (size_t i = 0; i < vehicles_.size(); ++i) work(vehicles_[i], network_.vehicles[i]);
  }
  template <class Term>
  Value SumOverGroup(const Group& group, Term term) const {
    return SumOf(term(group.lanes, group.weight));
  }
  template <class Work>
  void ForEachLaneOf(const Group& group, Work work) const {
    work(group.lanes, group.weight);
  }

  template <class Term>
  Value SumOverLanesInto(const Places& sites, Term term) const {
    return Sum(sites.sums->lanes_into, term);
  }
  template <class Term>
  Value SumOverImmediateLanesInto(const Places& sites, Term term) const {
    return Sum(sites.sums->immediate_lanes_into, term);
  }
  template <class Term>
  Value SumOverEmergencyLanesInto(const Places& sites, Term term) const {
    return Sum(sites.sums->emergency_lanes_into, term);
  }
  template <class Term>
  Value SumOverLanesOutOf(const Places& sites, Term term) const {
    return Sum(sites.sums->lanes_out_of, term);
  }
  Value SumOverChannelsThatSellNewest(const Places& perishables, const TensorRows& sold) const {
    return Sum(perishables.sums->newest_channels, [&](const Places& sites) -> Value { return sold(sites); });
  }

  // may hold a site twice
  Places Destination(const Places& lanes) const;
  Places Origin(const Places& lanes) const { return {RowsOf(origin_, lanes)}; }

  // for the state
  /// Lanes that always have the same lead time, by it; those without one are in no group.
  struct LeadTimeGroup {
    int periods = 0;
    Places places;  // lanes, or entries of Network::order_delays
  };
  const std::vector<LeadTimeGroup>& lead_times() const { return lead_times_; }
  const std::vector<LeadTimeGroup>& order_delays() const { return order_delays_; }
  /// 1 for lanes that always have a lead time of one period.
  Value IsNextPeriod(const Places& lanes) const { return At(is_next_period_, lanes); }
  int num_lanes() const { return network_.num_lanes(); }
  int longest_variable_lead_time() const { return longest_variable_lead_time_; }

  torch::TensorOptions options() const { return torch::dtype(config_.type).device(config_.device); }
  /// Numbers by place.  (num_places, 1)
  Value Column(const std::vector<float>& values) const;

 private:
  using Pairs = std::vector<std::pair<Places, Places>>;
  struct Shares {
    Places use, places;
    Value share;
  };
  struct Emergencies {
    Places use, lanes, origins;
    Value acceptance;
  };
  struct Perishables {
    Places entries, sites;
    int shelf_life = 0;
    PerishableRule rule;
  };

  template <class Term>
  static Value Sum(const TensorSums& sums, Term term) {
    return sums.num_terms == 0 ? Value() : AddUp(sums, term(sums.terms));
  }
  static Value AddUp(const TensorSums& sums, const Value& terms);
  static Value SumOf(const Value& terms) {
    return terms.IsZero() ? terms : Value(terms.tensor().sum(0, /*keepdim=*/true));
  }
  static Value At(const Value& column, const Places& places) {
    return places.IsAll() ? column : Value(RowsOf(column.tensor(), places));
  }

  torch::Tensor Indices(const std::vector<int>& indices) const;
  Places PlacesOf(const std::vector<int>& indices) const { return {Indices(indices)}; }
  Places SitesWithSums(const std::vector<int>& sites);
  TensorSums SumsOver(const std::vector<std::vector<int>>& lists, int num_rows) const;
  Shares SharesOf(int first_use, const std::vector<int>& places, const std::vector<float>& shares) const;
  Pairs LanesInTurn(const std::vector<int>& suppliers) const;
  std::vector<LeadTimeGroup> GroupByPeriods(const std::vector<int>& periods) const;

  void ReadSuppliers();
  void ReadLocations();
  void ReadChances();
  void ReadLanes();
  void ReadChannels();
  void ReadPerishables();

  const Network& network_;
  TensorWorldConfig config_;
  ThinningUses uses_;
  std::deque<SiteSums> sums_;  // that places point to

  bool has_backorders_ = false, has_order_costs_ = false, has_prices_ = false;
  Value holding_cost_, stockout_cost_, price_, volume_, shipping_capacity_, backorder_share_;  // by site
  Value unit_cost_, order_cost_, is_next_period_;                                              // by lane
  torch::Tensor destination_, origin_;  // by lane; outside supply: site 0

  Places lanes_from_sites_, origins_of_those_;
  Places stocking_sites_, suppliers_, suppliers_in_turn_, suppliers_by_shortage_;
  bool has_suppliers_ = false;
  int most_lanes_by_shortage_ = 0;
  Pairs lanes_in_turn_, lanes_by_shortage_, disrupted_lanes_, channels_;
  std::vector<Location> limited_locations_, refusing_locations_;
  Shares goodwill_, partial_backorders_, yields_, returns_;
  GoodwillRule goodwill_rule_;
  UnfilledRule unfilled_rule_;
  Places delayed_lanes_, unfilled_lanes_, pipeline_lanes_, variable_lanes_;
  Value pipeline_cost_;
  std::vector<Emergencies> emergencies_;
  std::vector<Perishables> perishables_;
  std::vector<Group> limits_, vehicles_;
  std::vector<LeadTimeGroup> lead_times_, order_delays_;
  int longest_variable_lead_time_ = 0;
};

/// The state as the kernel sees it.
class TensorStateView {
 public:
  using Value = TensorValue;
  TensorStateView(const TensorNetwork& network, TensorState& state) : network_(network), state_(state) {}

  TensorRef on_hand(const Places& sites) const { return TensorRef(state_.on_hand, sites); }
  TensorRef backorders(const Places& sites) const { return TensorRef(state_.backorders, sites); }
  TensorRef goodwill(const Places& entries) const { return TensorRef(state_.goodwill, entries); }
  TensorRef owed(const Places& entries) const { return TensorRef(state_.owed, entries); }
  TensorRef age(const Places& entries, int periods_left) const {
    return TensorRef(state_.age[static_cast<size_t>(periods_left - 1)], entries);
  }

  // as in env/row_state.h; `lanes` and `entries` are all there are, but in Due and UnderWay
  Value Delay(const Places& entries, const Value& orders) const;
  Value SendAndReceive(const Places& lanes, const Value& units) const;
  Value Receive(const Places& lanes) const;
  void SendAt(const Places& lanes, const Value& units, const Value& periods) const;
  Value Due(const Places& lanes, const Value& units) const;
  Value UnderWay(const Places& lanes) const;
  void MoveClock() const;

 private:
  using Queue = std::vector<torch::Tensor>;
  /// Adds units of some rows to what stands `ahead` periods ahead; `num_rows`: of the whole.
  void AddTo(Queue& queue, int ahead, int64_t num_rows, const Places& places, const Value& units) const;

  const TensorNetwork& network_;
  TensorState& state_;
};

}  // namespace restock
