#include "env/kept_demand.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "common/check.h"
#include "env/network_state.h"

namespace restock {
namespace {

class KeptDemand : public DemandSource {
 public:
  KeptDemand(std::shared_ptr<const DemandSource> source, const Network& network)
      : source_(std::move(source)),
        period_size_(static_cast<size_t>(network.num_sites() * kBlockSize)),
        demand_(period_size_ * static_cast<size_t>(source_->num_periods())) {
    std::vector<int> scenarios(kBlockSize);
    std::iota(scenarios.begin(), scenarios.end(), 0);
    for (int period = 0; period < num_periods(); ++period) source_->Demand(period, scenarios, network, Of(period));
  }

  int num_scenarios() const override { return kBlockSize; }
  int num_periods() const override { return source_->num_periods(); }
  int first_phase() const override { return source_->first_phase(); }
  int season() const override { return source_->season(); }

  void Demand(int period, std::span<const int> scenarios, const Network&, float* demand) const override {
    RESTOCK_CHECK_EQ(scenarios[0], 0);  // a block's environments meet the scenarios of their number
    std::copy_n(demand_.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(period) * period_size_), period_size_,
                demand);
  }
  void Forecast(int period, std::span<const int> scenarios, const Network& network, int feature,
                float* forecast) const override {
    source_->Forecast(period, scenarios, network, feature, forecast);
  }
  bool has_fixed_forecasts() const override { return source_->has_fixed_forecasts(); }
  Random chance() const override { return source_->chance(); }
  int ChanceScenario(int scenario) const override { return source_->ChanceScenario(scenario); }

 private:
  float* Of(int period) { return demand_.data() + static_cast<size_t>(period) * period_size_; }

  std::shared_ptr<const DemandSource> source_;
  size_t period_size_;
  std::vector<float> demand_;  // [period][site][env]
};

}  // namespace

std::unique_ptr<DemandSource> KeepDemand(std::shared_ptr<const DemandSource> source, const Network& network) {
  return std::make_unique<KeptDemand>(std::move(source), network);
}

}  // namespace restock
