#pragma once

#include <memory>
#include <vector>

#include "common/config_node.h"
#include "common/count_probabilities.h"
#include "common/random.h"
#include "env/demand_source.h"
#include "env/network.h"

namespace restock {

/// A problem of the textbooks: a network, and demand that is known as a distribution instead of from a sales file.
struct Problem {
  std::shared_ptr<const Network> network;
  std::vector<CountProbabilities> demand;  // of a period, independent; empty where a site has none  (num_sites)
};

/// Reads a file of configs/problems/: `network:` as in any configuration, and `demand:`, a map or a list of them, with
/// the location that sells, `kind` and what this kind needs:
///
///   {location: store, kind: poisson, mean: 5}
///   {location: store, kind: geometric, mean: 5}                          P(d) = (1 - q) q^d
///   {location: store, kind: negative_binomial, mean: 5, dispersion: 2}   variance mean + mean^2 / dispersion
///   {location: store, kind: uniform, low: 0, high: 4}
///   {location: store, kind: rounded_gamma, mean: 4, coefficient_of_variation: 0.5}
///   {location: store, kind: rounded_normal, mean: 50, standard_deviation: 8}                            at least 0
///   {location: store, kind: two_moments, mean: 4, standard_deviation: 3}  see TwoMomentProbabilities
///
/// Throws ConfigError with file, line, value and cure.
Problem ReadProblem(ConfigNode root);

/// The problem's demand for the simulator. The numbers of (random, scenario, period, site) are the same on any thread
/// and in any order; forecasts are the distribution's own.
std::unique_ptr<DemandSource> MakeProblemDemand(const Problem& problem, int num_periods, const Random& random);

}  // namespace restock
