#include "agents/first_scenarios.h"

#include <algorithm>
#include <utility>

namespace restock {
namespace {

class FirstOfSource : public DemandSource {
 public:
  FirstOfSource(std::shared_ptr<const DemandSource> demand, int num_scenarios)
      : demand_(std::move(demand)), num_scenarios_(std::min(num_scenarios, demand_->num_scenarios())) {}
  int num_scenarios() const override { return num_scenarios_; }
  int num_periods() const override { return demand_->num_periods(); }
  int first_phase() const override { return demand_->first_phase(); }
  int season() const override { return demand_->season(); }
  Random chance() const override { return demand_->chance(); }
  int ChanceScenario(int scenario) const override { return demand_->ChanceScenario(scenario); }
  bool has_fixed_forecasts() const override { return demand_->has_fixed_forecasts(); }
  void Demand(int period, std::span<const int> scenarios, const Network& network, float* demand) const override {
    demand_->Demand(period, scenarios, network, demand);
  }
  void Forecast(int period, std::span<const int> scenarios, const Network& network, int feature,
                float* forecast) const override {
    demand_->Forecast(period, scenarios, network, feature, forecast);
  }
  void ExpectedDemand(int period, int ahead, std::span<const int> scenarios, const Network& network,
                      float* mean) const override {
    demand_->ExpectedDemand(period, ahead, scenarios, network, mean);
  }

 private:
  std::shared_ptr<const DemandSource> demand_;
  int num_scenarios_;
};

}  // namespace

std::unique_ptr<DemandSource> FirstScenarios(std::shared_ptr<const DemandSource> demand, int num_scenarios) {
  return std::make_unique<FirstOfSource>(std::move(demand), num_scenarios);
}

}  // namespace restock
