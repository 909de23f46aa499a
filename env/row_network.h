#pragma once

#include <vector>

#include "env/network.h"
#include "env/network_state.h"
#include "env/row_value.h"

namespace restock {

/// The vocabulary of period_step.h over rows: a site or a lane is an index, a value one number per environment of a
/// block. `network` must outlive it.
class RowNetwork {
 public:
  using Value = RowValue;

  /// A sum over sites or lanes, kept in a local until the end of the period.
  class Total {
   public:
    void Add(const Value& term) { sum_ = sum_ + term; }
    const Value& sum() const { return sum_; }

   private:
    Value sum_;
  };

  explicit RowNetwork(const Network& network);

  float holding_cost(int site) const { return At(network_.holding_cost, site); }
  float stockout_cost(int site) const { return At(network_.stockout_cost, site); }
  float backorder_share(int site) const { return At(network_.backorder_share, site); }
  float volume(int site) const { return At(network_.volume, site); }
  float unit_cost(int lane) const { return At(network_.unit_cost, lane); }
  float order_cost(int lane) const { return At(network_.order_cost, lane); }
  float storage_capacity(int location) const { return At(network_.storage_capacity, location); }
  float overflow_cost(int location) const { return At(network_.overflow_cost, location); }

  template <class Work>
  void ForEachSite(Work work) const {
    for (int site = 0; site < network_.num_sites(); ++site) work(site);
  }
  template <class Work>
  void ForEachLane(Work work) const {
    for (int lane = 0; lane < network_.num_lanes(); ++lane) work(lane);
  }
  /// Sites that feed others.
  template <class Work>
  void ForEachSupplier(Work work) const {
    for (const int site : suppliers_) work(site);
  }
  /// Locations where overflow can cost something.
  template <class Work>
  void ForEachLimitedLocation(Work work) const {
    for (const int location : limited_locations_) work(location);
  }

  template <class Term>
  Value SumOverLanesInto(int site, Term term) const {
    return Sum(lanes_into_, site, term);
  }
  /// Over those without lead time.
  template <class Term>
  Value SumOverImmediateLanesInto(int site, Term term) const {
    return Sum(immediate_lanes_into_, site, term);
  }
  template <class Term>
  Value SumOverLanesOutOf(int site, Term term) const {
    return Sum(lanes_out_of_, site, term);
  }
  template <class Term>
  Value SumOverSitesAt(int location, Term term) const {
    return Sum(sites_at_, location, term);
  }
  template <class Work>
  void ForEachSiteAt(int location, Work work) const {
    for (const int site : network_.sites_at[static_cast<size_t>(location)]) work(site);
  }
  /// The value of `rows` at a lane's origin, `outside` where that is outside supply.
  Value AtOrigin(const Rows& rows, int lane, float outside) const {
    const int origin = At(network_.lane_origin, lane);
    return origin == kOutside ? Value(outside) : Value(rows(origin));
  }

 private:
  /// Lists of indices, one after the other.
  struct IndexLists {
    std::vector<int> begin = {0};  // of list i; the last is the end  (num_lists + 1)
    std::vector<int> entries;
    void Append(const std::vector<int>& list);
  };

  template <class T>
  static T At(const std::vector<T>& values, int index) {
    return values[static_cast<size_t>(index)];
  }

  template <class Term>
  static Value Sum(const IndexLists& lists, int index, Term term) {
    int i = At(lists.begin, index);
    const int end = At(lists.begin, index + 1);
    if (i == end) return Value();
    Value sum = term(At(lists.entries, i));
    while (++i < end) sum = sum + term(At(lists.entries, i));
    return sum;
  }

  const Network& network_;
  std::vector<int> suppliers_;
  std::vector<int> limited_locations_;
  IndexLists lanes_into_;
  IndexLists immediate_lanes_into_;
  IndexLists lanes_out_of_;
  IndexLists sites_at_;
};

/// The state as the kernel sees it.
class RowState {
 public:
  RowState(const Network& network, NetworkState& state) : network_(network), state_(state) {}

  RowRef on_hand(int site) const { return RowRef(state_.on_hand(site).data()); }
  RowRef backorders(int site) const { return RowRef(state_.backorders(site).data()); }
  /// Sends units on their way, and takes off the lane what arrives at the start of the next period. Those of a lane
  /// without lead time have arrived already.
  [[gnu::always_inline]] RowValue SendAndReceive(int lane, const RowValue& units) const {
    const int lead_time = network_.lead_time[static_cast<size_t>(lane)];
    if (lead_time == 0) return RowValue();
    RowRef(state_.in_transit(lane, lead_time).data()) += units;
    const RowRef due(state_.in_transit(lane, 1).data());
    const RowValue received = due;
    due = RowValue();
    return received;
  }
  void MoveClock() const { state_.MoveClock(); }

 private:
  const Network& network_;
  NetworkState& state_;
};

/// Where a period of a block is written down.
struct RowOutcome {
  Rows shipped;    // (lane)
  Rows sold;       // (site)
  Rows site_cost;  // (site)
  Rows cost;       // (kind)
  Rows share;      // of what is ordered from a site, what it can ship: between two passes  (site)
};

}  // namespace restock
