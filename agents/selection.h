#pragma once

#include <memory>
#include <string>

#include "agents/learner.h"
#include "common/file.h"

namespace restock {

/// Keeps the policy that costs least on the selection scenarios, which are neither trained on nor judged by.
class Selection {
 public:
  Selection(const TrainingWorld& world, std::shared_ptr<const Policy> first, int num_threads);

  /// Simulates the policy on all selection scenarios; keeps it when it is the cheapest so far. Returns its mean cost.
  /// [money/period]
  double Offer(std::shared_ptr<const Policy> policy);
  const std::shared_ptr<const Policy>& best() const { return best_; }
  double best_cost() const { return best_cost_; }

  void Save(SectionFileWriter& file) const;
  void Load(const SectionFileReader& file);

 private:
  std::shared_ptr<const Network> network_;
  std::shared_ptr<const DemandSource> demand_;
  int num_threads_;
  std::shared_ptr<const Policy> best_;
  double best_cost_;
};

}  // namespace restock
