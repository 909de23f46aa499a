#include "env/kept_demand.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "common/check.h"
#include "env/aligned_vector.h"

namespace restock {
namespace {

class InMemory : public DemandSource {
 public:
  InMemory(std::shared_ptr<const DemandSource> source, const Network& network, int num_scenarios)
      : source_(std::move(source)),
        num_scenarios_(num_scenarios),
        rows_size_(static_cast<size_t>(network.num_sites()) * kBlockSize) {
    RESTOCK_CHECK_EQ(num_scenarios % kBlockSize, 0);
    demand_.resize(static_cast<size_t>(num_scenarios / kBlockSize) * static_cast<size_t>(num_periods()) * rows_size_);
    std::vector<int> scenarios(kBlockSize);
    for (int first = 0; first < num_scenarios; first += kBlockSize) {
      std::iota(scenarios.begin(), scenarios.end(), first);
      for (int period = 0; period < num_periods(); ++period)
        source_->Demand(period, scenarios, network, demand_.data() + Begin(period, scenarios));
    }
  }

  int num_scenarios() const override { return num_scenarios_; }
  int num_periods() const override { return source_->num_periods(); }
  int first_phase() const override { return source_->first_phase(); }
  int season() const override { return source_->season(); }

  const float* KeptDemand(int period, std::span<const int> scenarios) const override {
    return demand_.data() + Begin(period, scenarios);
  }
  void Demand(int period, std::span<const int> scenarios, const Network&, float* demand) const override {
    std::copy_n(KeptDemand(period, scenarios), rows_size_, demand);
  }
  void Forecast(int period, std::span<const int> scenarios, const Network& network, int feature,
                float* forecast) const override {
    source_->Forecast(period, scenarios, network, feature, forecast);
  }
  void ExpectedDemand(int period, int ahead, std::span<const int> scenarios, const Network& network,
                      float* mean) const override {
    source_->ExpectedDemand(period, ahead, scenarios, network, mean);
  }
  bool has_fixed_forecasts() const override { return source_->has_fixed_forecasts(); }
  Random chance() const override { return source_->chance(); }
  int ChanceScenario(int scenario) const override { return source_->ChanceScenario(scenario); }

 private:
  size_t Begin(int period, std::span<const int> scenarios) const {
    RESTOCK_CHECK_EQ(scenarios.front() % kBlockSize, 0);
    RESTOCK_CHECK_EQ(scenarios.back(), scenarios.front() + kBlockSize - 1);
    const auto blocks_before = static_cast<size_t>(period) * static_cast<size_t>(num_scenarios_ / kBlockSize);
    return (blocks_before + static_cast<size_t>(scenarios.front() / kBlockSize)) * rows_size_;
  }

  std::shared_ptr<const DemandSource> source_;
  int num_scenarios_;
  size_t rows_size_;
  AlignedVector demand_;  // [period][block][site][env]: a step goes through memory in order
};

}  // namespace

std::unique_ptr<DemandSource> KeepDemand(std::shared_ptr<const DemandSource> source, const Network& network,
                                         int num_scenarios) {
  return std::make_unique<InMemory>(std::move(source), network, num_scenarios);
}

}  // namespace restock
