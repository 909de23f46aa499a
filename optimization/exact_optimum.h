#pragma once

#include <string>

#include "env/problem_file.h"
#include "optimization/dynamic_program.h"

namespace restock {

/// The least cost that any policy can have: on average per period, or as the problem's protocol says.
struct ExactOptimum {
  double cost = 0;
  double lower_bound = 0;  // it lies between these
  double upper_bound = 0;
  std::string method;  // what found it, for people
};

/// Solves a problem of configs/problems/ by the method that knows its network: one site, also of a perishable item, by
/// value iteration, a chain of sites by Clark and Scarf's recursion, sites that order together by value iteration.
/// Discounted costs, of perishable items and of orders without lead time, are those of the policy that is best for all
/// time, by the periods of the protocol, which must leave out at most a twentieth; the lower bound is 0 where that is
/// more than nothing. Throws ConfigError where no method fits.
///
///   const Problem problem = ReadProblem(LoadConfig("configs/problems/lost_sales.yaml", {"lead_time=3"}));
///   const double least = SolveExactly(problem).cost;
ExactOptimum SolveExactly(const Problem& problem, const DynamicProgramConfig& config = {});

}  // namespace restock
