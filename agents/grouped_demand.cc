#include "agents/grouped_demand.h"

#include <array>
#include <numeric>
#include <utility>
#include <vector>

#include "common/check.h"
#include "env/network_state.h"

namespace restock {
namespace {

class GroupedDemand : public DemandSource {
 public:
  GroupedDemand(std::shared_ptr<const DemandSource> demand, int group_size, const Random& random)
      : demand_(std::move(demand)), group_size_(group_size), order_(static_cast<size_t>(demand_->num_scenarios())) {
    RESTOCK_CHECK_GT(group_size, 0);
    std::iota(order_.begin(), order_.end(), 0);
    RandomStream stream = random.At(0);
    for (int left = static_cast<int>(order_.size()); left > 1; --left) {
      std::swap(order_[static_cast<size_t>(left - 1)], order_[static_cast<size_t>(stream.UniformInt(left))]);
    }
  }

  int num_scenarios() const override { return demand_->num_scenarios() * group_size_; }
  bool has_fixed_forecasts() const override { return demand_->has_fixed_forecasts(); }
  int num_periods() const override { return demand_->num_periods(); }
  int first_phase() const override { return demand_->first_phase(); }
  int season() const override { return demand_->season(); }
  Random chance() const override { return demand_->chance(); }
  int ChanceScenario(int scenario) const override { return demand_->ChanceScenario(Underlying(scenario)); }
  void Demand(int period, std::span<const int> scenarios, const Network& network, float* demand) const override {
    demand_->Demand(period, Underlying(scenarios), network, demand);
  }
  void Forecast(int period, std::span<const int> scenarios, const Network& network, int feature,
                float* forecast) const override {
    demand_->Forecast(period, Underlying(scenarios), network, feature, forecast);
  }

 private:
  int Underlying(int scenario) const { return order_[static_cast<size_t>(scenario / group_size_)]; }
  std::array<int, kBlockSize> Underlying(std::span<const int> scenarios) const {
    std::array<int, kBlockSize> underlying = {};
    for (size_t env = 0; env < scenarios.size(); ++env) {
      underlying[env] = Underlying(scenarios[env]);
    }
    return underlying;
  }

  std::shared_ptr<const DemandSource> demand_;
  int group_size_;
  std::vector<int> order_;
};

}  // namespace

std::unique_ptr<DemandSource> MakeGroupedDemand(std::shared_ptr<const DemandSource> demand, int group_size,
                                                const Random& random) {
  return std::make_unique<GroupedDemand>(std::move(demand), group_size, random);
}

}  // namespace restock
