#include "env/sampled_demand.h"

#include <algorithm>
#include <array>
#include <limits>

#include "common/check.h"
#include "env/count_table.h"
#include "env/philox_rows.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr int kWordsPerCounter = 4;
constexpr uint32_t kDraw = 0;  // fourth word of the counter: what the random words are for
constexpr uint32_t kEscape = 1;

class SampledSource : public DemandSource {
 public:
  SampledSource(const Network& network, const SampledDemandConfig& config, const Random& random)
      : num_periods_(config.num_periods), first_phase_(config.first_phase), key_(random.key()) {
    RESTOCK_CHECK_EQ(config.demand.size(), Index(network.num_sites()));
    RESTOCK_CHECK_GT(num_periods_, 0);
    for (const CountDistribution& demand : config.demand) mean_.push_back(static_cast<float>(demand.mean));
    AddTables(config.demand);
    AddForecasts(network, config.demand);
  }

  int num_scenarios() const override { return std::numeric_limits<int>::max(); }
  int num_periods() const override { return num_periods_; }
  int first_phase() const override { return first_phase_; }
  int season() const override { return 1; }
  Random chance() const override { return Random(key_).Stream("chance"); }
  bool has_fixed_forecasts() const override { return forecasts_.size() == 1; }

  // one counter gives the words of four sites
  void Demand(int period, std::span<const int> scenarios, const Network&, float* demand) const override {
    std::array<uint64_t, kBlockSize> scenario;
    std::copy(scenarios.begin(), scenarios.end(), scenario.begin());
    PhiloxWords words;
    const int num_sites = static_cast<int>(table_.size());
    for (int first_site = 0; first_site < num_sites; first_site += kWordsPerCounter) {
      const int num = std::min(kWordsPerCounter, num_sites - first_site);
      const bool has_demand = std::any_of(&table_[Index(first_site)], &table_[Index(first_site)] + num,
                                          [](int table) { return table >= 0; });
      if (has_demand)
        PhiloxRows(scenario, static_cast<uint32_t>(period), static_cast<uint32_t>(first_site), kDraw, key_, words);
      for (int i = 0; i < num; ++i) {
        const int site = first_site + i;
        float* counts = demand + static_cast<ptrdiff_t>(site) * kBlockSize;
        if (table_[Index(site)] < 0) {
          std::fill_n(counts, kBlockSize, 0.f);
        } else if (const CountTable& table = tables_[Index(table_[Index(site)])];
                   table.Draw(words[Index(i)].data(), counts)) {
          DrawRest(table, scenario, period, site, counts);
        }
      }
    }
  }

  void Forecast(int period, std::span<const int>, const Network& network, int feature, float* forecast) const override {
    const auto phase = Index(first_phase_ + period) % forecasts_.size();
    const std::vector<float>& values = forecasts_[phase][Index(feature)];
    for (int site = 0; site < network.num_sites(); ++site, forecast += kBlockSize)
      std::fill_n(forecast, kBlockSize, values[Index(site)]);
  }
  void ExpectedDemand(int, int, std::span<const int>, const Network&, float* mean) const override {
    for (const float of_site : mean_) {
      std::fill_n(mean, kBlockSize, of_site);
      mean += kBlockSize;
    }
  }

 private:
  // sites of the same distribution share a table
  void AddTables(const std::vector<CountDistribution>& demand) {
    std::vector<CountDistribution> known;
    for (const CountDistribution& distribution : demand) {
      if (distribution.mean == 0) {
        table_.push_back(-1);
        continue;
      }
      const auto found = std::find(known.begin(), known.end(), distribution);
      table_.push_back(static_cast<int>(found - known.begin()));
      if (found != known.end()) continue;
      known.push_back(distribution);
      tables_.emplace_back(distribution);
    }
  }

  void AddForecasts(const Network& network, const std::vector<CountDistribution>& demand) {
    forecasts_.resize(Index(network.CalendarCycle()));
    for (size_t phase = 0; phase < forecasts_.size(); ++phase) {
      for (auto& values : forecasts_[phase]) values.resize(Index(network.num_sites()));
      for (int site = 0; site < network.num_sites(); ++site) {
        const CountDistribution next = DemandBelow(network, demand, site);
        const CountDistribution total = next.Sum(network.EchelonProtectionPeriods(site, static_cast<int>(phase)));
        forecasts_[phase][kForecastMean][Index(site)] = static_cast<float>(total.mean);
        forecasts_[phase][kForecastNextMean][Index(site)] = static_cast<float>(next.mean);
        for (int i = 0; i < kNumForecastQuantiles; ++i)
          forecasts_[phase][Index(kForecastFirstQuantile + i)][Index(site)] =
              static_cast<float>(total.Quantile(kForecastQuantiles[i]));
      }
    }
  }

  // the sum over a site and all that it feeds, by its first two moments
  static CountDistribution DemandBelow(const Network& network, const std::vector<CountDistribution>& demand, int site) {
    double mean = 0;
    double excess = 0;  // of the variance over the mean
    for (const int member : network.echelon[Index(site)]) {
      mean += demand[Index(member)].mean;
      excess += demand[Index(member)].variance() - demand[Index(member)].mean;
    }
    return {mean, excess > 0 ? mean * mean / excess : 0};
  }

  // counts that a table leaves out, with random words of their own
  void DrawRest(const CountTable& table, const std::array<uint64_t, kBlockSize>& scenario, int period, int site,
                float* counts) const {
    for (size_t env = 0; env < kBlockSize; ++env) {
      if (counts[env] != table.escape()) continue;
      const auto words = Philox(
          {static_cast<uint32_t>(scenario[env]), static_cast<uint32_t>(period), static_cast<uint32_t>(site), kEscape},
          {static_cast<uint32_t>(key_), static_cast<uint32_t>(key_ >> 32)});
      const uint64_t bits = uint64_t{words[0]} << 32 | words[1];
      counts[env] = table.DrawRest(static_cast<double>(bits >> 11) * 0x1p-53);
    }
  }

  int num_periods_;
  int first_phase_;
  uint64_t key_;
  std::vector<float> mean_;  // of a period  (num_sites)
  std::vector<int> table_;   // index into tables_, -1: no demand  (num_sites)
  std::vector<CountTable> tables_;
  using Forecasts = std::array<std::vector<float>, kNumForecastFeatures>;  // by feature: (num_sites)
  std::vector<Forecasts> forecasts_;                                       // by phase of the network's calendar cycle
};

}  // namespace

std::unique_ptr<DemandSource> MakeSampledSource(const Network& network, const SampledDemandConfig& config,
                                                const Random& random) {
  return std::make_unique<SampledSource>(network, config, random);
}

}  // namespace restock
