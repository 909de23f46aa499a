#include "env/problem_demand.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "common/check.h"
#include "common/distributions.h"
#include "env/sampled_demand.h"
#include "env/site_demand.h"
#include "env/total_demand.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr size_t kLargestExactTotal = 20000;  // counts of a total that are still worked out one by one

class ProcessSource : public DemandSource {
 public:
  ProcessSource(const Network& network, std::vector<DemandProcess> processes, const CorrelationMatrix& correlation,
                int num_periods, const Random& random)
      : num_periods_(num_periods), random_(random), correlation_(correlation) {
    place_.assign(processes.size(), -1);
    for (int site = 0; site < network.num_sites(); ++site) {
      const DemandProcess& process = processes[Index(site)];
      if (process.is_none()) continue;
      is_homogeneous_ &= process.is_homogeneous();
      place_[Index(site)] = static_cast<int>(places_.size());
      places_.emplace_back(network, site, process, num_periods, random);
    }
    if (!correlation_.empty()) {
      RESTOCK_CHECK_EQ(correlation_.size(), places_.size());
      scores_.emplace(correlation_, random.Stream("scores"));
    }
    // without effects a forecast depends on the order calendars alone
    const int num_forecasts = is_homogeneous_ ? network.CalendarCycle() : num_periods + 1;
    forecasts_.resize(Index(num_forecasts));
    for (int period = 0; period < num_forecasts; ++period)
      for (int site = 0; site < network.num_sites(); ++site)
        forecasts_[Index(period)].push_back(MakeForecast(network, site, period));
  }

  int num_scenarios() const override { return std::numeric_limits<int>::max(); }
  int num_periods() const override { return num_periods_; }
  int first_phase() const override { return 0; }
  int season() const override { return 1; }
  bool has_fixed_forecasts() const override {
    return forecasts_.size() == 1 &&
           std::none_of(places_.begin(), places_.end(), [](const SiteDemand& place) { return place.has_chain(); });
  }
  Random chance() const override { return random_.Stream("chance"); }

  void Demand(int period, std::span<const int> scenarios, const Network&, float* demand) const override {
    thread_local std::vector<double> scores;
    if (scores_) {
      scores.resize(places_.size() * kBlockSize);
      scores_->Draw(period, scenarios, scores.data());
    }
    for (size_t site = 0; site < place_.size(); ++site, demand += kBlockSize) {
      if (place_[site] < 0) {
        std::fill_n(demand, kBlockSize, 0.f);
      } else {
        const double* of_place = scores_ ? &scores[Index(place_[site]) * kBlockSize] : nullptr;
        places_[Index(place_[site])].Draw(period, scenarios, of_place, demand);
      }
    }
  }

  void Forecast(int period, std::span<const int> scenarios, const Network& network, int feature,
                float* forecast) const override {
    const auto num_forecasts = static_cast<int>(forecasts_.size());
    const int known = is_homogeneous_ ? period % num_forecasts : std::min(period, num_forecasts - 1);
    for (int site = 0; site < network.num_sites(); ++site, forecast += kBlockSize) {
      const SiteForecast& of_site = forecasts_[Index(known)][Index(site)];
      const auto at = [&](size_t state) { return of_site.features[state][Index(feature)]; };
      std::array<uint8_t, kBlockSize> state;
      if (of_site.chains.empty()) {
        std::fill_n(forecast, kBlockSize, at(0));
      } else if (of_site.chains.size() == 1) {
        of_site.chains[0]->States(period, scenarios, state.data());
        for (size_t env = 0; env < kBlockSize; ++env) forecast[env] = at(state[env]);
      } else {
        ForecastOfChains(of_site, period, scenarios, feature, forecast);
      }
    }
  }

  void ExpectedDemand(int period, int ahead, std::span<const int> scenarios, const Network&,
                      float* mean) const override {
    std::array<uint8_t, kBlockSize> state;
    for (size_t site = 0; site < place_.size(); ++site, mean += kBlockSize) {
      std::fill_n(mean, kBlockSize, 0.f);
      if (place_[site] < 0) continue;
      const SiteDemand& place = places_[Index(place_[site])];
      std::vector<float> of_state;
      for (int from = 0; from < std::max(1, place.process().num_states()); ++from)
        of_state.push_back(static_cast<float>(TotalOver(place.process(), period, ahead + 1, from).mean() -
                                              TotalOver(place.process(), period, ahead, from).mean()));
      place.States(period, scenarios, state.data());
      for (size_t env = 0; env < kBlockSize; ++env) mean[env] = of_state[state[env]];
    }
  }

 private:
  using Features = std::array<float, kNumForecastFeatures>;

  struct SiteForecast {
    std::vector<const SiteDemand*> chains;        // places below whose demand has states
    std::vector<Features> features;               // by the state of the only chain; one where there is none
    TotalDemand certain, certain_next;            // where there are several: of all the others, and ...
    std::vector<std::vector<TotalDemand>> total;  // ... by chain and state: over the protection periods
    std::vector<std::vector<TotalDemand>> next;   // ... and of the coming period
  };

  SiteForecast MakeForecast(const Network& network, int site, int period) const {
    const int periods = network.EchelonProtectionPeriods(site, period);
    SiteForecast forecast;
    std::vector<const SiteDemand*> others, members;
    for (const int member : network.echelon[Index(site)]) {
      if (place_[Index(member)] < 0) continue;
      const SiteDemand& place = places_[Index(place_[Index(member)])];
      members.push_back(&place);
      (place.has_chain() ? forecast.chains : others).push_back(&place);
    }
    for (const SiteDemand* place : others) {
      forecast.certain = forecast.certain + TotalOver(place->process(), period, periods, 0);
      forecast.certain_next = forecast.certain_next + TotalOver(place->process(), period, 1, 0);
    }
    forecast.certain.by_chance.variance += Covariance(members, period, periods);
    for (const SiteDemand* chain : forecast.chains) {
      forecast.total.emplace_back();
      forecast.next.emplace_back();
      for (int state = 0; state < chain->process().num_states(); ++state) {
        forecast.total.back().push_back(TotalOver(chain->process(), period, periods, state));
        forecast.next.back().push_back(TotalOver(chain->process(), period, 1, state));
      }
    }

    // all features in advance where there are few
    if (forecast.chains.empty()) {
      forecast.features.push_back(FeaturesOf(forecast.certain, forecast.certain_next));
      if (const auto exact = ExactQuantiles(others, periods)) {
        for (int i = 0; i < kNumForecastQuantiles; ++i)
          forecast.features[0][Index(kForecastFirstQuantile + i)] = static_cast<float>((*exact)[Index(i)]);
      }
    } else if (forecast.chains.size() == 1) {
      for (size_t state = 0; state < forecast.total[0].size(); ++state)
        forecast.features.push_back(
            FeaturesOf(forecast.certain + forecast.total[0][state], forecast.certain_next + forecast.next[0][state]));
    }
    return forecast;
  }

  static Features FeaturesOf(const TotalDemand& total, const TotalDemand& next) {
    Features features;
    features[kForecastMean] = static_cast<float>(total.mean());
    features[kForecastNextMean] = static_cast<float>(next.mean());
    const auto quantiles = total.Quantiles();
    for (int i = 0; i < kNumForecastQuantiles; ++i)
      features[Index(kForecastFirstQuantile + i)] = static_cast<float>(quantiles[Index(i)]);
    return features;
  }

  // of independent counts with the same distribution in every period: by adding them up
  std::optional<std::array<double, kNumForecastQuantiles>> ExactQuantiles(const std::vector<const SiteDemand*>& members,
                                                                          int periods) const {
    if (scores_) return std::nullopt;
    CountProbabilities below = {1};
    for (const SiteDemand* member : members) {
      if (member->process().states.empty() || !member->process().is_homogeneous() || !member->process().is_whole())
        return std::nullopt;
      below = SumOf(below, member->process().states[0].Counts());
      if (below.size() * Index(periods) > kLargestExactTotal) return std::nullopt;
    }
    const CountProbabilities total = SumOf(periods, below);
    std::array<double, kNumForecastQuantiles> quantiles;
    for (int i = 0; i < kNumForecastQuantiles; ++i)
      quantiles[Index(i)] = QuantileOf(total, static_cast<double>(kForecastQuantiles[i]));
    return quantiles;
  }

  // what correlation adds to the variance of a sum
  double Covariance(const std::vector<const SiteDemand*>& members, int period, int periods) const {
    double covariance = 0;
    if (!scores_) return covariance;
    for (int t = period; t < period + periods; ++t) {
      for (const SiteDemand* one : members) {
        for (const SiteDemand* other : members) {
          if (one == other) continue;
          const double correlation =
              correlation_[Index(place_[Index(one->site())])][Index(place_[Index(other->site())])];
          covariance += correlation * one->Deviation(t) * other->Deviation(t);
        }
      }
    }
    return covariance;
  }

  // too many states together to know each in advance: quantiles are a normal's
  void ForecastOfChains(const SiteForecast& of_site, int period, std::span<const int> scenarios, int feature,
                        float* forecast) const {
    const bool is_next = feature == kForecastNextMean;
    const TotalDemand& certain = is_next ? of_site.certain_next : of_site.certain;
    std::array<Moments, kBlockSize> moments;
    moments.fill(Moments{certain.mean(), certain.by_chance.variance});
    std::array<uint8_t, kBlockSize> state;
    for (size_t chain = 0; chain < of_site.chains.size(); ++chain) {
      of_site.chains[chain]->States(period, scenarios, state.data());
      const std::vector<TotalDemand>& of_state = is_next ? of_site.next[chain] : of_site.total[chain];
      for (size_t env = 0; env < kBlockSize; ++env) moments[env] = moments[env] + of_state[state[env]].by_chance;
    }
    const bool is_mean = is_next || feature == kForecastMean;
    const double score =
        is_mean ? 0 : NormalQuantile(static_cast<double>(kForecastQuantiles[feature - kForecastFirstQuantile]));
    for (size_t env = 0; env < kBlockSize; ++env) {
      const double value = moments[env].mean + score * std::sqrt(moments[env].variance);
      forecast[env] = static_cast<float>(is_mean ? moments[env].mean : std::max(value, 0.0));
    }
  }

  int num_periods_;
  Random random_;
  bool is_homogeneous_ = true;
  CorrelationMatrix correlation_;
  std::vector<int> place_;  // index into places_, -1: sells nothing  (num_sites)
  std::vector<SiteDemand> places_;
  std::optional<NormalScores> scores_;
  std::vector<std::vector<SiteForecast>> forecasts_;  // by period, or by phase of the order calendars  (num_sites)
};

// Poisson and negative binomials of one variance over mean: the family of sampled demand, whose sums belong to it too.
std::optional<std::vector<CountDistribution>> AsCountDistributions(const std::vector<DemandProcess>& processes) {
  std::vector<CountDistribution> counts;
  std::optional<double> ratio;
  for (const DemandProcess& process : processes) {
    counts.emplace_back();
    if (process.is_none()) continue;
    if (!process.is_stationary() || process.states.empty()) return std::nullopt;
    const DemandDistribution& demand = process.states[0];
    if (demand.kind == DemandKind::kPoisson) {
      counts.back() = {demand.mean, 0};
    } else if (demand.kind == DemandKind::kGeometric) {
      counts.back() = {demand.mean, 1};
    } else if (demand.kind == DemandKind::kNegativeBinomial) {
      counts.back() = {demand.mean, demand.dispersion};
    } else {
      return std::nullopt;
    }
    const double own = counts.back().variance() / counts.back().mean;
    if (ratio && std::abs(*ratio - own) > 1e-9 * own) return std::nullopt;
    ratio = own;
  }
  return counts;
}

}  // namespace

std::unique_ptr<DemandSource> MakeProcessSource(const Network& network, std::vector<DemandProcess> processes,
                                                const CorrelationMatrix& correlation, int num_periods,
                                                const Random& random) {
  RESTOCK_CHECK_EQ(processes.size(), Index(network.num_sites()));
  const auto counts = AsCountDistributions(processes);
  if (counts && correlation.empty())
    return MakeSampledSource(network, {.demand = *counts, .num_periods = num_periods, .first_phase = 0}, random);
  return std::make_unique<ProcessSource>(network, std::move(processes), correlation, num_periods, random);
}

}  // namespace restock
