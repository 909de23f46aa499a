#pragma once

#include <memory>

#include "common/demand.h"
#include "common/random.h"
#include "env/demand_source.h"
#include "env/network.h"
#include "env/network_config.h"

namespace restock {

inline int NumSeries(const Network& network) {
  int num_series = 0;
  for (const int series : network.site_series) num_series = std::max(num_series, series + 1);
  return num_series;
}

/// Poisson demand whose forecaster knows the mean (quantiles: that much above it), or, `clairvoyant`, the path itself.
inline std::shared_ptr<ScenarioSet> PoissonScenarios(const Network& network, uint64_t seed, int num_scenarios,
                                                     int num_periods, double mean, bool clairvoyant = false) {
  auto scenarios = std::make_shared<ScenarioSet>();
  scenarios->Resize(num_scenarios, num_periods, NumSeries(network),
                    ForecastTargets(network, PhaseOf(scenarios->calendar, 0), num_periods));
  scenarios->ResizePathMean(num_scenarios, num_periods);
  RandomStream random(seed, 0);
  for (int period = 0; period < num_periods; ++period) {
    for (int series = 0; series < scenarios->num_series; ++series) {
      for (float& units : scenarios->Demand(period, series)) units = static_cast<float>(random.Poisson(mean));
    }
  }
  for (int period = 0; period < num_periods; ++period) {
    for (int series = 0; series < scenarios->num_series; ++series) {
      for (int step = 0; step < num_periods; ++step) {
        auto path = scenarios->PathMean(period, series, step);
        if (clairvoyant && period + step < num_periods) {
          path = scenarios->Demand(period + step, series);
        } else {
          path = clairvoyant ? 0 : static_cast<float>(mean);
        }
      }
    }
    for (int target = 0; target < scenarios->num_targets(); ++target) {
      const auto& about = scenarios->targets[static_cast<size_t>(target)];
      const double expected =
          mean * static_cast<double>(about.series.size()) * about.protection_periods[static_cast<size_t>(period)];
      scenarios->Forecast(period, target, kForecastMean) = static_cast<float>(expected);
      for (int quantile = 0; quantile < kNumForecastQuantiles; ++quantile) {
        const double spread = clairvoyant ? 0 : 0.5 * quantile * std::sqrt(expected);
        scenarios->Forecast(period, target, kForecastFirstQuantile + quantile) = static_cast<float>(expected + spread);
      }
    }
  }
  return scenarios;
}

}  // namespace restock
