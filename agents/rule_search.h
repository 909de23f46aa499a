#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agents/classical_rules.h"
#include "agents/policy_judge.h"

namespace restock {

/// The best member of a rule's family.
struct TunedRule {
  std::string name;
  std::vector<std::pair<std::string, int>> parameters;  // name and value
  std::shared_ptr<const Policy> policy;
  int num_evaluations = 0;  // policies that were simulated
};

/// Finds the parameters that cost least by a problem's own protocol: a wide search on little demand, then the
/// neighbourhood of its minima on ten times as much, all candidates of a stage on the same.
class RuleSearch {
 public:
  /// `random`: a stream that judges no policy afterwards.  `num_threads`: 0: one per core
  RuleSearch(const Problem& problem, const EvaluationProtocol& protocol, const Random& random, int num_threads);

  /// Told after each candidate how many were simulated so far, by any thread.
  using Watcher = std::function<void(int num_evaluations)>;
  TunedRule Tune(const ClassicalRule& rule, const Watcher& watch = {}) const;

 private:
  int num_threads_;
  PolicyJudge wide_;
  PolicyJudge fine_;
};

}  // namespace restock
