#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "agents/network_policy.h"
#include "common/random.h"
#include "env/demand_source.h"
#include "env/network.h"

namespace restock {

/// One site that orders on one lane from outside supply, and demand that is the same in distribution in every period:
/// what period_step.h makes of such a network, on one line, so that learners can step millions of paths and go back
/// along them. A test holds the two equal.
///
/// A state is a row: the level (on hand minus backorders) at the decision, then what arrives in 1, 2, ... L - 1
/// periods.
struct SingleSite {
  /// What a network has more than that; empty: nothing. `has_steady_demand`: the same in distribution in every period
  static std::string WhatElse(const Network& network, bool has_steady_demand);
  /// The network must have nothing else.
  SingleSite(const Network& network, const std::shared_ptr<const DemandSource>& demand);

  int num_columns() const { return std::max(lead_time, 1); }  // of a state

  // columns of the rows that these functions work on: one path each
  using States = Eigen::ArrayXXf;  // (paths, num_columns)

  /// Moves `states` by a period. Returns what it costs, and what is left (below 0: short) in `left`.  (paths)
  Eigen::ArrayXf Step(const Eigen::ArrayXf& orders, const Eigen::Ref<const Eigen::ArrayXf>& demand, States& states,
                      Eigen::ArrayXf& left) const;
  /// The way back through Step(): `slope`, on entry the gradient by the states after it, becomes that by the states
  /// before it; each period's cost counts `weight`. Returns the gradient by the orders.  (paths)
  Eigen::ArrayXf StepBack(const Eigen::ArrayXf& left, float weight, States& slope) const;

  /// A policy whose network reads the state and orders: weights zero.
  NetworkModel MakeModel(const std::string& name, std::vector<int> hidden_layers, Activation activation) const;
  /// What that network reads of states, as NetworkPolicy::Encode() makes it of observations.
  void Encode(const NetworkModel& model, const States& states, Eigen::MatrixXf& inputs) const;
  /// The gradient by the states, from that by the inputs; added to `slope`.
  void EncodeBack(const NetworkModel& model, const Eigen::MatrixXf& input_slope, States& slope) const;

  int lead_time = 0;        // L
  float holding_cost = 0;   // h
  float stockout_cost = 0;  // p
  float unit_cost = 0;      // c
  bool waits = false;       // what is short is backordered, otherwise lost
  float mean_demand = 0;    // of a period
  float forecast_mean = 0;  // of the protection periods
  float spread = 0;         // of demand over the protection periods: its 0.9 quantile over the mean
  float initial_level = 0;
  std::vector<std::string> features;  // of observations
};

}  // namespace restock
