#include "env/problem_file.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "env/network_config.h"
#include "env/network_state.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

enum class DemandKind { kPoisson, kGeometric, kNegativeBinomial, kUniform, kRoundedGamma, kRoundedNormal, kTwoMoments };

CountProbabilities ReadDemandKind(ConfigNode& node) {
  DemandKind kind = DemandKind::kPoisson;
  double mean = 1, dispersion = 1, coefficient_of_variation = 1, standard_deviation = 1;
  int low = 0, high = 1;
  node.ReadChoice("kind", kind,
                  {{"poisson", DemandKind::kPoisson},
                   {"geometric", DemandKind::kGeometric},
                   {"negative_binomial", DemandKind::kNegativeBinomial},
                   {"uniform", DemandKind::kUniform},
                   {"rounded_gamma", DemandKind::kRoundedGamma},
                   {"rounded_normal", DemandKind::kRoundedNormal},
                   {"two_moments", DemandKind::kTwoMoments}});
  const auto require = [&](const char* key) {
    if (!node.Has(key)) node.Fail(fmt::format("needs {} for this kind of demand", key));
  };
  if (kind == DemandKind::kUniform) {
    require("high");
    node.Read("low", low, Between(0, 1000));
    node.Read("high", high, Between(low, 1000));
    return UniformProbabilities(low, high);
  }
  require("mean");
  node.Read("mean", mean, AboveAndUpTo(0, 1000));
  switch (kind) {
    case DemandKind::kGeometric:
      return ProbabilitiesOf({mean, /*dispersion=*/1});
    case DemandKind::kNegativeBinomial:
      require("dispersion");
      node.Read("dispersion", dispersion, Above(0));
      return ProbabilitiesOf({mean, dispersion});
    case DemandKind::kRoundedGamma:
      require("coefficient_of_variation");
      node.Read("coefficient_of_variation", coefficient_of_variation, Above(0));
      return RoundedGammaProbabilities(mean, coefficient_of_variation);
    case DemandKind::kRoundedNormal:
      require("standard_deviation");
      node.Read("standard_deviation", standard_deviation, Above(0));
      return RoundedNormalProbabilities(mean, standard_deviation);
    case DemandKind::kTwoMoments: {
      require("standard_deviation");
      // a count lies beside its mean at least as far as the two whole numbers around it
      const double fraction = mean - std::floor(mean);
      node.Read("standard_deviation", standard_deviation, AtLeast(std::sqrt(fraction * (1 - fraction))));
      return TwoMomentProbabilities(mean, standard_deviation * standard_deviation);
    }
    default:
      return ProbabilitiesOf({mean});
  }
}

/// Independent counts by inversion of the distribution function.
class ProblemDemandSource : public DemandSource {
 public:
  ProblemDemandSource(const Problem& problem, int num_periods, const Random& random)
      : num_periods_(num_periods), random_(random) {
    for (const CountProbabilities& demand : problem.demand) {
      std::vector<double> counts(demand.size());
      for (size_t count = 0; count < counts.size(); ++count) counts[count] = static_cast<double>(count);
      sites_.push_back(demand.empty() ? EmpiricalDistribution(std::vector<double>{0})
                                      : EmpiricalDistribution(counts, demand));
    }
    AddForecasts(problem);
  }

  int num_scenarios() const override { return std::numeric_limits<int>::max(); }
  int num_periods() const override { return num_periods_; }
  int first_phase() const override { return 0; }
  int season() const override { return 1; }
  Random chance() const override { return random_.Stream("chance"); }

  void Demand(int period, std::span<const int> scenarios, const Network&, float* demand) const override {
    const Random of_period = random_.Child(static_cast<uint64_t>(period));
    for (size_t site = 0; site < sites_.size(); ++site) {
      const Random of_site = of_period.Child(site);
      for (const int scenario : scenarios) {
        RandomStream stream = of_site.At(static_cast<uint64_t>(scenario));
        *demand++ = static_cast<float>(sites_[site].Sample(stream));
      }
    }
  }

  void Forecast(int period, std::span<const int>, const Network& network, int feature, float* forecast) const override {
    for (int site = 0; site < network.num_sites(); ++site, forecast += kBlockSize) {
      const CountProbabilities& total = totals_[Index(period) % totals_.size()][Index(site)];
      double value = 0;
      if (feature == kForecastMean) {
        value = MeanOf(total);
      } else if (feature == kForecastNextMean) {
        value = next_means_[Index(site)];
      } else {
        value = QuantileOf(total, kForecastQuantiles[feature - kForecastFirstQuantile]);
      }
      std::fill_n(forecast, kBlockSize, static_cast<float>(value));
    }
  }

 private:
  void AddForecasts(const Problem& problem) {
    const Network& network = *problem.network;
    totals_.resize(Index(network.CalendarCycle()));
    for (int site = 0; site < network.num_sites(); ++site) {
      CountProbabilities below = {1};
      for (const int member : network.echelon[Index(site)])
        if (!problem.demand[Index(member)].empty()) below = SumOf(below, problem.demand[Index(member)]);
      next_means_.push_back(MeanOf(below));
      for (size_t phase = 0; phase < totals_.size(); ++phase)
        totals_[phase].push_back(SumOf(network.EchelonProtectionPeriods(site, static_cast<int>(phase)), below));
    }
  }

  int num_periods_;
  Random random_;
  std::vector<EmpiricalDistribution> sites_;
  std::vector<double> next_means_;                       // (num_sites)
  std::vector<std::vector<CountProbabilities>> totals_;  // over the protection periods, by phase  (num_sites)
};

}  // namespace

Problem ReadProblem(ConfigNode root) {
  // demand, and the series that the network sells
  std::vector<Series> series;
  std::vector<CountProbabilities> demand;
  std::vector<double> means;
  for (ConfigNode& node : root.Child("demand").Items()) {
    std::string location = "store";
    node.Read("location", location);
    demand.push_back(ReadDemandKind(node));
    node.ExpectNoMoreKeys();
    means.push_back(MeanOf(demand.back()));
    series.push_back({location, "item", ""});
  }
  if (series.empty()) root.Fail("demand", "needs a location that sells: {location: store, kind: poisson, mean: 5}");
  const NetworkConfig config = ReadNetworkConfig(root.Child("network"));
  root.ExpectNoMoreKeys();

  Problem problem;
  problem.network = std::make_shared<Network>(BuildNetwork(config, series, means, PeriodLength::kDay));
  for (const int column : problem.network->site_series)
    problem.demand.push_back(column == kNoSeries ? CountProbabilities() : demand[Index(column)]);
  return problem;
}

std::unique_ptr<DemandSource> MakeProblemDemand(const Problem& problem, int num_periods, const Random& random) {
  return std::make_unique<ProblemDemandSource>(problem, num_periods, random);
}

}  // namespace restock
