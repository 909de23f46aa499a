#pragma once

#include <chrono>
#include <cstdint>

#include "optimization/simplex/simplex_solver.h"

namespace restock::simplex {

/// Counts the iterations of one solve and says when to stop.
class Limits {
 public:
  explicit Limits(const SimplexOptions& options)
      : time_limit_(options.time_limit), iteration_limit_(options.iteration_limit) {}

  void CountIteration() { ++iterations_; }
  int64_t iterations() const { return iterations_; }
  double Seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
  bool Reached() const {
    return iterations_ >= iteration_limit_ || (time_limit_ < kInfinity && Seconds() >= time_limit_);
  }
  LpStatus status() const { return iterations_ >= iteration_limit_ ? LpStatus::kIterationLimit : LpStatus::kTimeLimit; }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double time_limit_;
  int64_t iteration_limit_;
  int64_t iterations_ = 0;
};

}  // namespace restock::simplex
