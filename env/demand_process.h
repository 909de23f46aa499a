#pragma once

#include <vector>

#include "common/config_node.h"
#include "env/demand_distribution.h"

namespace restock {

/// Demand at one place over time: given values, or a distribution whose mean effects move and whose kind or parameters
/// may depend on the state of a Markov chain. Periods count from 0, the first of an episode.
struct DemandProcess {
  std::vector<double> values;                   // given, of periods 0, 1, ...; the last repeats. Empty: by chance
  std::vector<DemandDistribution> states;       // one, or by the state of the chain. Empty: no demand by chance
  std::vector<std::vector<double>> transition;  // [from][to]; empty: one state
  std::vector<double> first;                    // probabilities of the states in period 0; empty: stationary
  double trend = 0;                             // a: factor 1 + a t, not below 0
  double season_amplitude = 0;                  // b: factor 1 + b sin(2 pi t / n)
  int season_periods = 1;                       // n
  double shock_factor = 1;                      // from `shock_period` on
  int shock_period = 0;

  bool is_none() const { return values.empty() && states.empty(); }
  int num_states() const { return static_cast<int>(states.size()); }
  /// No effects: what is to come does not depend on the period, only on the state.
  bool is_homogeneous() const;
  /// The same distribution in every period, of one period and the next independent.
  bool is_stationary() const { return is_homogeneous() && states.size() <= 1; }
  /// Whole units, never negative.
  bool is_whole() const;
  bool may_be_negative() const;
  /// What the effects make of the mean in `period`.
  double Factor(int period) const;
  double Value(int period) const;  // of given values
  DemandDistribution At(int period, int state) const;
  /// Mean demand of the first period.
  double FirstMean() const;
};

/// Reads a place's demand: a distribution (demand_distribution.h), or one of
///
///   {kind: list, values: [4, 4, 4, 4, 8]}     period by period; the last value repeats
///   {kind: markov, states: [{kind: poisson, mean: 3, next: [0.9, 0.1]}, {kind: poisson, mean: 12, next: [0.3, 0.7]}]}
///
/// where `next` are the probabilities of the states in the period after one in this state, and `first: [1, 0]` those of
/// the first period (by default the stationary ones). Next to anything but a list and a uniform may stand effects,
/// which multiply the mean in period t = 0, 1, ...:
///
///   trend: 0.05                                1 + 0.05 t, not below 0
///   season: {amplitude: 0.5, periods: 30}      1 + 0.5 sin(2 pi t / 30)
///   shock: {factor: 2, period: 15}             2 from period 15 on
///
/// Throws ConfigError with file, line, value and cure.
DemandProcess ReadDemandProcess(ConfigNode& node);

}  // namespace restock
