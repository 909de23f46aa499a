#pragma once

#include <memory>
#include <span>
#include <vector>

#include "common/calendar.h"
#include "common/demand.h"
#include "common/random.h"
#include "env/network.h"

namespace restock {

/// Phase of the order calendars in `period` of a calendar: days, or weeks, since a Monday long ago. A calendar of seven
/// days has its Monday where phase % 7 is 0.
int PhaseOf(const Calendar& calendar, int period);

/// Where demand comes from, and what is known of it ahead: recorded or sampled paths, or a distribution drawn on the
/// fly.
class DemandSource {
 public:
  virtual ~DemandSource() = default;
  virtual int num_scenarios() const = 0;  // environments may be given scenarios 0 ... num_scenarios - 1
  virtual int num_periods() const = 0;    // longest episode
  /// Phase of the order calendars in the episode's first period.
  virtual int first_phase() const = 0;
  /// Periods after which demand repeats: 7 days, 52 weeks, 1 where it has no season.
  virtual int season() const = 0;
  /// Demand of `period` in the scenario of each of a block's environments.  `demand`: [site][env], zero where a site
  /// has none
  virtual void Demand(int period, std::span<const int> scenarios, const Network& network, float* demand) const = 0;
  /// Where in memory it already stands as Demand() would write it; nullptr: nowhere.
  virtual const float* KeptDemand(int /*period*/, std::span<const int> /*scenarios*/) const { return nullptr; }
  /// What a forecaster knew before `period`, one feature of common/demand.h (kForecastMean ...).  `forecast`:
  /// [site][env]
  virtual void Forecast(int period, std::span<const int> scenarios, const Network& network, int feature,
                        float* forecast) const = 0;
  /// Mean demand of the period `ahead` periods after `period` (0: the coming one), as a forecaster knew it before
  /// `period`, of each site by itself. Who knows no more takes the coming period's for all.  `mean`: [site][env]
  virtual void ExpectedDemand(int period, int ahead, std::span<const int> scenarios, const Network& network,
                              float* mean) const;
  /// Whether forecasts are the same in every period and scenario.
  virtual bool has_fixed_forecasts() const { return false; }
  /// What draws the rest that chance decides (chance_source.h): of its own for every source, so that learning and
  /// judging share nothing.
  virtual Random chance() const = 0;
  /// The scenario whose other chances a scenario shares: itself, where a source does not repeat scenarios.
  virtual int ChanceScenario(int scenario) const { return scenario; }
  /// The paths behind it, where there are any: policies that plan ahead read `path_mean` there.
  virtual const ScenarioSet* scenario_set() const { return nullptr; }
};

/// Paths of a ScenarioSet whose targets are the network's sites.
std::unique_ptr<DemandSource> MakeScenarioSource(std::shared_ptr<const ScenarioSet> scenarios);

}  // namespace restock
