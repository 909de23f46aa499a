#pragma once

#include <vector>

#include "env/network.h"
#include "optimization/replenishment_lp.h"

namespace restock {

/// What one more unit of something scarce would save.
struct ShadowPrice {
  enum class Kind { kStorage, kLane, kSite, kLimit };

  Kind kind = Kind::kStorage;
  int index = 0;           // location, lane, site whose shipping capacity it is, or joint limit
  double value = 0;        // saved by one more unit in every period  [money/period]
  double tight_share = 0;  // of the periods, in which it would save anything
};

/// Everything in a network of which there is not enough for all, at a price of nothing.
std::vector<ShadowPrice> ScarceThings(const Network& network);

/// Their mean over plans, or paths, that are equally likely. Each of `prices` is made by ScarceThings(), as is `sum`.
std::vector<ShadowPrice> MeanOf(const std::vector<std::vector<ShadowPrice>>& prices, std::vector<ShadowPrice> sum);

/// Adds what the duals of an optimal plan say to `prices`, made by ScarceThings(): one more unit saves what the
/// objective changes by, as long as no other basis becomes optimal (Chvatal 1983, chapter 5). `present`: the plan's
/// first period that is not over; `weight`: of this plan among others.
void AddShadowPrices(const Network& network, const ReplenishmentLp& lp, const LpSolution& plan, int present,
                     double weight, std::vector<ShadowPrice>& prices);

}  // namespace restock
