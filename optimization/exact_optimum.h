#pragma once

#include <string>

#include "env/problem_file.h"
#include "optimization/dynamic_program.h"

namespace restock {

/// The least average cost per period that any policy can have.
struct ExactOptimum {
  double cost = 0;
  double lower_bound = 0;  // it lies between these
  double upper_bound = 0;
  std::string method;  // what found it, for people
};

/// Solves a problem of configs/problems/ by the method that knows its network: one site by value iteration, a chain of
/// sites by Clark and Scarf's recursion. Throws ConfigError where none does.
///
///   const Problem problem = ReadProblem(LoadConfig("configs/problems/lost_sales.yaml", {"lead_time=3"}));
///   const double least = SolveExactly(problem).cost;
ExactOptimum SolveExactly(const Problem& problem, const DynamicProgramConfig& config = {});

}  // namespace restock
