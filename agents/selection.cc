#include "agents/selection.h"

#include <limits>
#include <utility>

#include "agents/policy_file.h"
#include "agents/simulate.h"

namespace restock {

Selection::Selection(const TrainingWorld& world, std::shared_ptr<const Policy> first, int num_threads)
    : network_(world.network),
      demand_(world.select),
      num_threads_(num_threads),
      best_(std::move(first)),
      best_cost_(std::numeric_limits<double>::infinity()) {}

double Selection::Offer(std::shared_ptr<const Policy> policy) {
  const double cost = SiteCosts(*policy, network_, demand_, num_threads_).sum();
  if (cost < best_cost_) {
    best_ = std::move(policy);
    best_cost_ = cost;
  }
  return cost;
}

void Selection::Save(SectionFileWriter& file) const {
  AddPolicy(*best_, "best/", file);
  file.AddValues("best/cost", &best_cost_, 1);
}

void Selection::Load(const SectionFileReader& file) {
  best_ = ReadPolicy("best/", file);
  best_cost_ = file.GetValues<double>("best/cost").at(0);
}

}  // namespace restock
