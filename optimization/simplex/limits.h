#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "optimization/simplex/simplex_solver.h"

namespace restock::simplex {

/// Counts the iterations of one solve and says when to stop: at the limits that the user set, or when so many
/// iterations that the method must be going in circles.
class Limits {
 public:
  Limits(const SimplexOptions& options, int num_variables)
      : time_limit_(options.time_limit),
        iteration_limit_(options.iteration_limit),
        stall_limit_(10'000 + 200 * static_cast<int64_t>(num_variables)) {}

  void CountIteration() { ++iterations_; }
  int64_t iterations() const { return iterations_; }
  double Seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
  bool Reached() const {
    const int64_t most = std::min(iteration_limit_, stall_limit_);
    return iterations_ >= most || (time_limit_ < kInfinity && Seconds() >= time_limit_);
  }
  LpStatus status() const {
    if (iterations_ >= iteration_limit_) return LpStatus::kIterationLimit;
    return iterations_ >= stall_limit_ ? LpStatus::kNumericalTrouble : LpStatus::kTimeLimit;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double time_limit_;
  int64_t iteration_limit_;
  int64_t stall_limit_;
  int64_t iterations_ = 0;
};

}  // namespace restock::simplex
