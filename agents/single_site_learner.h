#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "agents/learner.h"
#include "agents/network_gradient.h"
#include "agents/network_policy.h"
#include "agents/selection.h"
#include "agents/single_site.h"

namespace restock {

/// What learners of one site have in common: the network that orders, its optimiser, the choice of the best on
/// held-back demand and of the rounding that suits it, counters, exact saving. They need no LibTorch.
class SingleSiteLearner : public Learner {
 public:
  const std::string& name() const final { return model_.name; }
  int num_updates() const final { return num_updates_; }
  int planned_updates() const final { return planned_updates_; }
  std::shared_ptr<const Policy> policy() const final { return selection_.best(); }
  UpdateMetrics Update() final;
  void Save(const std::filesystem::path& file) const final;
  void Load(const std::filesystem::path& file) final;

 protected:
  struct Plan {
    std::string name;
    int num_updates = 0;
    int select_every = 1;  // updates between two evaluations on the selection scenarios
    std::vector<int> hidden_layers;
    Activation activation = Activation::kElu;
    std::vector<double> roundings;  // that the selection may choose among, see NetworkModel::rounding
  };
  SingleSiteLearner(const Plan& plan, const TrainingWorld& world, const Random& random, int num_threads);

  // --- the algorithm -------------------------------------------------------------------------------------------------

  /// A round of learning. False when something was not finite: weights and optimiser go back to where they were.
  virtual bool Learn() = 0;
  virtual std::vector<std::pair<std::string, double>> values() const = 0;
  virtual void SaveMore(SectionFileWriter& file) const = 0;
  virtual void LoadMore(const SectionFileReader& file) = 0;

  // --- words for algorithms ------------------------------------------------------------------------------------------

  static size_t Index(int i) { return static_cast<size_t>(i); }
  int num_threads() const { return num_threads_; }
  const Random& random() const { return random_; }
  /// Demand of paths of `num_periods` periods, see PathBlock; of one length no two share demand until the source has no
  /// more.  `demand`: of `period` on the paths from `first_path` on, whole blocks of them
  void Draw(int64_t first_path, int num_periods, int period, std::span<float> demand) const;

  SingleSite site_;
  NetworkModel model_;
  AdamState optimizer_;
  double mean_cost_ = 0;     // of the round  [money/period]
  int64_t num_periods_ = 0;  // environment periods seen so far

 private:
  double Select();

  Random random_;
  int num_threads_;
  int planned_updates_;
  int select_every_;
  std::vector<double> roundings_;
  std::shared_ptr<const Network> network_;
  std::shared_ptr<const DemandSource> demand_;
  Selection selection_;
  int num_updates_ = 0;
  double last_selection_cost_;
};

}  // namespace restock
