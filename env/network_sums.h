#pragma once

#include "env/network_index.h"

namespace restock {

/// The sums of period_step.h's vocabulary, over values of type V.
template <class V>
class NetworkSums : public NetworkIndex {
 public:
  using Value = V;

  /// A sum over sites or lanes, kept in a local until the end of the period.
  class Total {
   public:
    void Add(const Value& term) { sum_ = sum_ + term; }
    void Subtract(const Value& term) { sum_ = sum_ - term; }
    const Value& sum() const { return sum_; }

   private:
    Value sum_;
  };

  using NetworkIndex::NetworkIndex;

  template <class Term>
  Value SumOverGroup(const Group& group, Term term) const {
    Value sum;
    for (int i = 0; i < Count(group.lanes); ++i) sum = sum + term(At(group.lanes, i), At(group.weight, i));
    return sum;
  }
  template <class Term>
  Value SumOverLanesInto(int site, Term term) const {
    return Sum(lanes_into_, site, term);
  }
  /// Over those without lead time on which orders are placed.
  template <class Term>
  Value SumOverImmediateLanesInto(int site, Term term) const {
    return Sum(immediate_lanes_into_, site, term);
  }
  template <class Term>
  Value SumOverEmergencyLanesInto(int site, Term term) const {
    return Sum(emergency_lanes_into_, site, term);
  }
  template <class Term>
  Value SumOverLanesOutOf(int site, Term term) const {
    return Sum(lanes_out_of_, site, term);
  }
  template <class Term>
  Value SumOverSitesAt(int location, Term term) const {
    return Sum(sites_at_, location, term);
  }
  /// What channels of a perishable site sell of its newest units.
  template <class SoldRows>
  Value SumOverChannelsThatSellNewest(int perishable, const SoldRows& sold) const {
    return Sum(newest_channels_, perishable, [&](int site) -> Value { return sold(site); });
  }

 private:
  template <class Term>
  static Value Sum(const IndexLists& lists, int index, Term term) {
    int i = At(lists.begin, index);
    const int end = At(lists.begin, index + 1);
    if (i == end) return Value();
    Value sum = term(At(lists.entries, i));
    while (++i < end) sum = sum + term(At(lists.entries, i));
    return sum;
  }
};

}  // namespace restock
