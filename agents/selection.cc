#include "agents/selection.h"

#include <limits>
#include <utility>

#include "agents/policy_file.h"
#include "agents/simulate.h"

namespace restock {

Selection::Selection(const TrainingWorld& world, NetworkModel first, int num_threads)
    : network_(world.network),
      demand_(world.select),
      num_threads_(num_threads),
      best_(std::make_shared<NetworkPolicy>(std::move(first))),
      best_cost_(std::numeric_limits<double>::infinity()) {}

double Selection::Offer(NetworkModel model) {
  const auto policy = std::make_shared<const NetworkPolicy>(std::move(model));
  const double cost = SiteCosts(*policy, network_, demand_, num_threads_).sum();
  if (cost < best_cost_) {
    best_ = policy;
    best_cost_ = cost;
  }
  return cost;
}

void Selection::Save(SectionFileWriter& file) const {
  AddModel(best_->model(), "best/", file);
  file.AddValues("best/cost", &best_cost_, 1);
}

void Selection::Load(const SectionFileReader& file) {
  best_ = std::make_shared<const NetworkPolicy>(ReadModel("best/", file));
  best_cost_ = file.GetValues<double>("best/cost").at(0);
}

}  // namespace restock
