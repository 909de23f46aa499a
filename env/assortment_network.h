#pragma once

#include <vector>

#include "env/row_network.h"
#include "env/shared_number.h"
#include "env/sku_rows.h"

namespace restock {

/// What is each SKU's own, by site or lane of the template.
struct AssortmentNumbers {
  SkuRows holding_cost, stockout_cost, price, volume, initial_on_hand;  // (site)
  SkuRows unit_cost, order_cost;                                        // (lane)
  std::vector<SkuRows> limit_weight, vehicle_weight;                    // by entry of the template  (lane of its list)
  bool has_prices = false;
  bool has_order_costs = false;
};

/// Sums over all SKUs: a part of each block, and the totals of those that are known. They are numbered in the order in
/// which the kernel asks for them.
struct SharedSums {
  const double* totals = nullptr;
  int num_known = 0;
  double* parts = nullptr;  // of the block at hand
  int next = 0;
};

/// The vocabulary of period_step.h where a column is a SKU: what differs between SKUs is a row, and what sites share is
/// shared by all SKUs. While such a sum is not known yet, a block hands in its part, and what follows from the sum is
/// left undone.
class AssortmentNetwork : public RowNetwork {
 public:
  /// What a cost adds up to.
  struct Sum {
    Value columns;
    double shared = 0;  // by all SKUs together
  };
  class Total {
   public:
    void Add(const Value& term) { sum_.columns = sum_.columns + term; }
    void Add(SharedNumber term) { sum_.shared += term.value; }
    void Subtract(const Value& term) { sum_.columns = sum_.columns - term; }
    const Sum& sum() const { return sum_; }

   private:
    Sum sum_;
  };

  /// Both must outlive it.
  AssortmentNetwork(const Network& network, const AssortmentNumbers& numbers)
      : RowNetwork(network), network_(network), numbers_(numbers) {}

  void MoveTo(int block, const SharedSums& sums) {
    block_ = block;
    sums_ = sums;
  }

  Value holding_cost(int site) const { return numbers_.holding_cost(block_, site); }
  Value stockout_cost(int site) const { return numbers_.stockout_cost(block_, site); }
  Value price(int site) const { return numbers_.price(block_, site); }
  Value volume(int site) const { return numbers_.volume(block_, site); }
  Value unit_cost(int lane) const { return numbers_.unit_cost(block_, lane); }
  Value order_cost(int lane) const { return numbers_.order_cost(block_, lane); }
  bool HasPrices() const { return numbers_.has_prices; }
  bool HasOrderCosts() const { return numbers_.has_order_costs; }

  /// Lanes that share something, a row of weights each.
  struct Group {
    const std::vector<int>& lanes;
    const SkuRows& weight;
  };
  template <class Work>
  void ForEachJointLimit(Work work) const {
    for (size_t i = 0; i < network_.joint_limits.size(); ++i)
      work(Group{network_.joint_limits[i].lanes, numbers_.limit_weight[i]}, network_.joint_limits[i].limit);
  }
  template <class Work>
  void ForEachVehicles(Work work) const {
    for (size_t i = 0; i < network_.vehicles.size(); ++i)
      work(Group{network_.vehicles[i].lanes, numbers_.vehicle_weight[i]}, network_.vehicles[i]);
  }

  template <class Term>
  SharedNumber SumOverGroup(const Group& group, Term term) const {
    return OverAllSkus([&] {
      Value sum;
      for (size_t i = 0; i < group.lanes.size(); ++i) sum = sum + term(group.lanes[i], Weight(group, i));
      return sum;
    });
  }
  template <class Term>
  SharedNumber SumOverSitesAt(int location, Term term) const {
    return OverAllSkus([&] { return RowNetwork::SumOverSitesAt(location, term); });
  }
  template <class Work>
  void ForEachLaneOf(const Group& group, Work work) const {
    for (size_t i = 0; last_is_known_ && i < group.lanes.size(); ++i) work(group.lanes[i], Weight(group, i));
  }
  template <class Work>
  void ForEachSiteAt(int location, Work work) const {
    if (last_is_known_) RowNetwork::ForEachSiteAt(location, work);
  }

 private:
  Value Weight(const Group& group, size_t i) const { return group.weight(block_, static_cast<int>(i)); }

  template <class Part>
  SharedNumber OverAllSkus(Part part) const {
    const int i = sums_.next++;
    last_is_known_ = i < sums_.num_known;
    if (last_is_known_) return {sums_.totals[i]};
    sums_.parts[i] = SumOfColumns(part());
    return {0};
  }

  const Network& network_;
  const AssortmentNumbers& numbers_;
  int block_ = 0;
  mutable SharedSums sums_;  // the kernel goes through them
  mutable bool last_is_known_ = false;
};

/// Where a period of a block is written down.
struct AssortmentOutcome {
  Rows shipped, sold, site_cost, share, shortage;  // see RowOutcome
  double* columns_cost;                            // added up  (kind)
  double* shared_cost;                             // of all SKUs together  (kind)

  struct Cost {
    double& of_columns;
    double& shared;
    void operator=(const AssortmentNetwork::Sum& sum) const {
      of_columns += SumOfColumns(sum.columns);
      shared = sum.shared;
    }
  };
  Cost cost(int kind) const { return {columns_cost[kind], shared_cost[kind]}; }
};

}  // namespace restock
