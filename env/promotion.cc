#include "env/promotion.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common/error.h"
#include "env/expected_demand.h"
#include "env/network_config.h"
#include "env/network_state.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

bool IsOf(const PlannedPromotion& promotion, const Network& network, int site) {
  const auto fits = [](const std::string& pattern, const std::string& name) {
    return pattern == "*" || pattern == name;
  };
  return network.site_series[Index(site)] != kNoSeries &&
         fits(promotion.location, network.location_name[Index(network.site_location[Index(site)])]) &&
         fits(promotion.sku, network.site_sku[Index(site)]);
}

/// What planned promotions multiply, in each period at each site.
class Uplift {
 public:
  /// `usual`: demand expected without promotions  (num_periods, num_sites); `targets`: of the sites' forecasts
  Uplift(const Network& network, const std::vector<PlannedPromotion>& promotions, const Eigen::MatrixXd& usual,
         const std::vector<ForecastTarget>& targets)
      : network_(network),
        demand_(PromotionFactors(promotions, network, static_cast<int>(usual.rows()))),
        forecast_(Eigen::MatrixXd::Ones(usual.rows(), usual.cols())),
        next_(forecast_) {
    const Eigen::MatrixXd promoted = usual.cwiseProduct(demand_);
    for (int site = 0; site < network.num_sites(); ++site) {
      for (int period = 0; period < usual.rows(); ++period) {
        const ForecastTarget& target = targets[Index(site)];
        const int end = std::min<int>(period + target.protection_periods[Index(period)], num_periods());
        const auto growth = [&](int num) {
          double before = 0, after = 0;
          for (const int below : network.echelon[Index(site)]) {
            if (network.site_series[Index(below)] == kNoSeries) continue;
            before += usual.col(below).segment(period, num).sum();
            after += promoted.col(below).segment(period, num).sum();
          }
          return before > 0 ? after / before : 1;
        };
        forecast_(period, site) = growth(std::max(end - period, 1));
        next_(period, site) = growth(1);
      }
    }
  }

  int num_periods() const { return static_cast<int>(demand_.rows()); }
  /// Of what is asked for; beyond the plan nothing is promoted.
  double OfDemand(int period, int site) const { return period < num_periods() ? demand_(period, site) : 1; }
  /// Of a feature of a site's forecast; after the last period the last one stands.
  double OfForecast(int period, int site, int feature) const {
    return (feature == kForecastNextMean ? next_ : forecast_)(std::min(period, num_periods() - 1), site);
  }
  float Promoted(float demand, double factor, RandomStream random) const {
    const double wanted = static_cast<double>(demand) * factor;
    return static_cast<float>(network_.is_divisible ? wanted : std::floor(wanted + random.Uniform()));
  }

 private:
  const Network& network_;
  Eigen::MatrixXd demand_, forecast_, next_;  // (num_periods, num_sites)
};

class PromotedSource : public DemandSource {
 public:
  PromotedSource(std::unique_ptr<DemandSource> demand, const Network& network,
                 const std::vector<PlannedPromotion>& promotions)
      : demand_(std::move(demand)),
        uplift_(network, promotions, ExpectedAhead(network, *demand_, demand_->num_periods()),
                ForecastTargets(network, demand_->first_phase(), demand_->num_periods())),
        random_(demand_->chance().Stream("promotions")) {}

  int num_scenarios() const override { return demand_->num_scenarios(); }
  int num_periods() const override { return demand_->num_periods(); }
  int first_phase() const override { return demand_->first_phase(); }
  int season() const override { return demand_->season(); }
  Random chance() const override { return demand_->chance(); }
  int ChanceScenario(int scenario) const override { return demand_->ChanceScenario(scenario); }

  void Demand(int period, std::span<const int> scenarios, const Network& network, float* demand) const override {
    demand_->Demand(period, scenarios, network, demand);
    for (int site = 0; site < network.num_sites(); ++site) {
      const double factor = uplift_.OfDemand(period, site);
      if (factor == 1) continue;
      const Random of_site = random_.Child(static_cast<uint64_t>(period)).Child(static_cast<uint64_t>(site));
      for (int env = 0; env < kBlockSize; ++env) {
        float& asked = demand[site * kBlockSize + env];
        asked = uplift_.Promoted(asked, factor, of_site.At(static_cast<uint64_t>(scenarios[Index(env)])));
      }
    }
  }

  void Forecast(int period, std::span<const int> scenarios, const Network& network, int feature,
                float* forecast) const override {
    demand_->Forecast(period, scenarios, network, feature, forecast);
    for (int site = 0; site < network.num_sites(); ++site)
      Scale(uplift_.OfForecast(period, site, feature), forecast + site * kBlockSize);
  }

  void ExpectedDemand(int period, int ahead, std::span<const int> scenarios, const Network& network,
                      float* mean) const override {
    demand_->ExpectedDemand(period, ahead, scenarios, network, mean);
    for (int site = 0; site < network.num_sites(); ++site)
      Scale(uplift_.OfDemand(period + ahead, site), mean + site * kBlockSize);
  }

 private:
  static void Scale(double factor, float* row) {
    for (int env = 0; env < kBlockSize; ++env) row[env] *= static_cast<float>(factor);
  }

  std::unique_ptr<DemandSource> demand_;
  Uplift uplift_;
  Random random_;
};

/// The mean over paths.  (num_periods, num_sites)
Eigen::MatrixXd MeanOfPaths(const Network& network, const ScenarioSet& paths) {
  Eigen::MatrixXd mean = Eigen::MatrixXd::Zero(paths.num_periods, network.num_sites());
  for (int site = 0; site < network.num_sites(); ++site) {
    const int series = network.site_series[Index(site)];
    for (int period = 0; period < paths.num_periods && series != kNoSeries; ++period)
      mean(period, site) = paths.Demand(period, series).cast<double>().mean();
  }
  return mean;
}

}  // namespace

std::vector<PlannedPromotion> ReadPromotions(ConfigNode root) {
  std::vector<PlannedPromotion> promotions;
  if (!root.Has("promotions")) return promotions;
  for (ConfigNode& node : root.Child("promotions").Items()) {
    PlannedPromotion promotion{.where = node.Where()};
    node.Read("location", promotion.location);
    node.Read("sku", promotion.sku);
    if (!node.Has("first_period")) node.Fail("needs its first_period, counted from 0 at the start of the plan");
    node.Read("first_period", promotion.first_period, Between(0, 10'000));
    node.Read("periods", promotion.num_periods, Between(1, 365));
    node.Read("factor", promotion.factor, Between(0, 100));
    node.ExpectNoMoreKeys();
    promotions.push_back(promotion);
  }
  return promotions;
}

void CheckPromotedSites(const std::vector<PlannedPromotion>& promotions, const Network& network) {
  for (const PlannedPromotion& promotion : promotions) {
    bool is_of_any = false;
    for (int site = 0; site < network.num_sites(); ++site) is_of_any = is_of_any || IsOf(promotion, network, site);
    if (!is_of_any)
      throw ConfigError(
          fmt::format("{}: promotions of {} at {}: nothing of that name sells. Name a location and a "
                      "product with demand, or \"*\".",
                      promotion.where, promotion.sku, promotion.location));
  }
}

Eigen::MatrixXd PromotionFactors(const std::vector<PlannedPromotion>& promotions, const Network& network,
                                 int num_periods) {
  Eigen::MatrixXd factors = Eigen::MatrixXd::Ones(num_periods, network.num_sites());
  for (const PlannedPromotion& promotion : promotions) {
    const int first = std::min(promotion.first_period, num_periods);
    const int num = std::min(promotion.num_periods, num_periods - first);
    for (int site = 0; site < network.num_sites(); ++site)
      if (IsOf(promotion, network, site)) factors.col(site).segment(first, num) *= promotion.factor;
  }
  return factors;
}

std::unique_ptr<DemandSource> PromoteDemand(std::unique_ptr<DemandSource> demand, const Network& network,
                                            const std::vector<PlannedPromotion>& promotions) {
  return std::make_unique<PromotedSource>(std::move(demand), network, promotions);
}

void PromoteScenarios(const Network& network, const std::vector<PlannedPromotion>& promotions, const Random& random,
                      ScenarioSet& paths) {
  const Uplift uplift(network, promotions, MeanOfPaths(network, paths), paths.targets);
  for (int site = 0; site < network.num_sites(); ++site) {
    for (int period = 0; period < paths.num_periods; ++period) {
      for (int feature = 0; feature < kNumForecastFeatures; ++feature)
        paths.Forecast(period, site, feature) *= static_cast<float>(uplift.OfForecast(period, site, feature));
      const int series = network.site_series[Index(site)];
      if (series == kNoSeries) continue;
      for (int step = 0; step < paths.path_horizon; ++step)
        paths.PathMean(period, series, step) *= static_cast<float>(uplift.OfDemand(period + step, site));
      const double factor = uplift.OfDemand(period, site);
      if (factor == 1) continue;
      const Random of_site = random.Child(static_cast<uint64_t>(period)).Child(static_cast<uint64_t>(site));
      ScenarioSet::Row asked = paths.Demand(period, series);
      for (int scenario = 0; scenario < paths.num_scenarios; ++scenario)
        asked[scenario] = uplift.Promoted(asked[scenario], factor, of_site.At(static_cast<uint64_t>(scenario)));
    }
  }
}

}  // namespace restock
