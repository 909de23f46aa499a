#include "env/demand_source.h"

#include <algorithm>
#include <cmath>

#include "common/check.h"
#include "env/network_state.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

class ScenarioSource : public DemandSource {
 public:
  explicit ScenarioSource(std::shared_ptr<const ScenarioSet> scenarios)
      : scenarios_(std::move(scenarios)), first_phase_(PhaseOf(scenarios_->calendar, 0)) {
    RESTOCK_CHECK(scenarios_->num_scenarios > 0 && scenarios_->num_periods > 0);
  }

  int num_scenarios() const override { return scenarios_->num_scenarios; }
  int num_periods() const override { return scenarios_->num_periods; }
  int first_phase() const override { return first_phase_; }
  int season() const override { return scenarios_->calendar.season(); }
  const ScenarioSet* scenario_set() const override { return scenarios_.get(); }

  // told by the paths themselves: other paths, other chances
  Random chance() const override {
    Random random(static_cast<uint64_t>(scenarios_->num_scenarios));
    for (int series = 0; series < scenarios_->num_series; ++series) {
      double sum = 0;
      for (const float demand : scenarios_->Demand(0, series)) sum += demand;
      random = random.Child(static_cast<uint64_t>(std::llround(sum * 1024)));
    }
    return random;
  }

  void Demand(int period, std::span<const int> scenarios, const Network& network, float* demand) const override {
    const bool in_turn = AreInTurn(scenarios);
    for (int site = 0; site < network.num_sites(); ++site, demand += kBlockSize) {
      const int series = network.site_series[Index(site)];
      if (series == kNoSeries) {
        std::fill_n(demand, kBlockSize, 0.f);
      } else {
        Gather(scenarios_->Demand(period, series).data(), scenarios, in_turn, demand);
      }
    }
  }

  // after the last period there is no newer forecast than the last
  void Forecast(int period, std::span<const int> scenarios, const Network& network, int feature,
                float* forecast) const override {
    RESTOCK_CHECK_EQ(scenarios_->num_targets(), network.num_sites());
    const bool in_turn = AreInTurn(scenarios);
    const int known = std::min(period, scenarios_->num_periods - 1);
    for (int site = 0; site < network.num_sites(); ++site, forecast += kBlockSize)
      Gather(scenarios_->Forecast(known, site, feature).data(), scenarios, in_turn, forecast);
  }

  // beyond the end of the forecaster's path the last season repeats
  void ExpectedDemand(int period, int ahead, std::span<const int> scenarios, const Network& network,
                      float* mean) const override {
    const int horizon = scenarios_->path_horizon;
    if (horizon == 0) return DemandSource::ExpectedDemand(period, ahead, scenarios, network, mean);
    while (ahead >= horizon) ahead -= std::min(season(), horizon);
    for (int site = 0; site < network.num_sites(); ++site, mean += kBlockSize) {
      const int series = network.site_series[Index(site)];
      for (size_t env = 0; env < kBlockSize; ++env) {
        const int scenario = scenarios[env];
        const bool is_known = series != kNoSeries && scenario < scenarios_->num_path_scenarios;
        mean[env] = is_known ? scenarios_->PathMean(period, series, ahead)[scenario] : 0.f;
      }
    }
  }

 private:
  // scenarios in turn, as evaluation has them, are copied
  static bool AreInTurn(std::span<const int> scenarios) {
    bool in_turn = true;
    for (size_t env = 0; env < kBlockSize; ++env) in_turn &= scenarios[env] == scenarios[0] + static_cast<int>(env);
    return in_turn;
  }
  static void Gather(const float* row, std::span<const int> scenarios, bool in_turn, float* values) {
    if (in_turn) {
      std::copy_n(row + scenarios[0], kBlockSize, values);
    } else {
      for (size_t env = 0; env < kBlockSize; ++env) values[env] = row[scenarios[env]];
    }
  }

  std::shared_ptr<const ScenarioSet> scenarios_;
  int first_phase_;
};

}  // namespace

void DemandSource::ExpectedDemand(int period, int, std::span<const int> scenarios, const Network& network,
                                  float* mean) const {
  Forecast(period, scenarios, network, kForecastNextMean, mean);
}

int PhaseOf(const Calendar& calendar, int period) {
  constexpr int kMonday = -210 * 52 * 7 - 3;  // 210 times 52 weeks before Monday 1969-12-29: early enough for any data
  return (calendar.DateOf(period).days_since_epoch - kMonday) / calendar.days_per_period();
}

std::unique_ptr<DemandSource> MakeScenarioSource(std::shared_ptr<const ScenarioSet> scenarios) {
  return std::make_unique<ScenarioSource>(std::move(scenarios));
}

}  // namespace restock
