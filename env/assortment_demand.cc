#include "env/assortment_demand.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "common/error.h"
#include "env/count_inversion.h"
#include "env/philox_rows.h"
#include "env/sku_rows.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr int kSitesPerCounter = 2;  // a uniform number takes two of its four words

bool IsSold(const Network& network, int site) { return network.site_series[Index(site)] != kNoSeries; }

// odd multiples of 2^-53, so neither 0 nor 1
void ToUniform(const std::array<uint32_t, kBlockSize>& high, const std::array<uint32_t, kBlockSize>& low,
               double* uniform) {
  for (size_t i = 0; i < kBlockSize; ++i) {
    const uint64_t bits = uint64_t{high[i]} << 32 | low[i];
    uniform[i] = (static_cast<double>(static_cast<int64_t>(bits >> 12)) + 0.5) * 0x1p-52;
  }
}

class SampledAssortment : public AssortmentDemand {
 public:
  SampledAssortment(const Network& network, const SampledAssortmentConfig& config, const Random& random)
      : random_(random),
        dispersion_(config.dispersion),
        mean_("mean demand", config.mean, std::vector<float>(Index(network.num_sites())), config.num_skus) {
    for (int site = 0; site < network.num_sites(); ++site) is_sold_.push_back(IsSold(network, site));
    const auto largest = std::max_element(config.mean.begin(), config.mean.end());
    if (largest != config.mean.end() && *largest > CountInversion::kLargestMean)
      throw ConfigError(
          fmt::format("assortment: a mean demand of {} is more than {} can be drawn from: count in larger "
                      "units.",
                      *largest, CountInversion::kLargestMean));
    for (const float mean : mean_.values()) zero_.push_back(CountInversion::ProbabilityOfZero(mean, dispersion_));
  }

  void Demand(uint64_t seed, int period, int block, float* demand) const override {
    const uint64_t key = random_.Child(seed).key();
    std::array<uint64_t, kBlockSize> sku;
    for (size_t i = 0; i < kBlockSize; ++i) sku[i] = Index(block) * kBlockSize + i;
    PhiloxWords words;
    alignas(64) double uniform[kBlockSize];
    const int num_sites = static_cast<int>(is_sold_.size());
    for (int site = 0; site < num_sites; ++site, demand += kBlockSize) {
      const size_t word = Index(site % kSitesPerCounter) * 2;
      if (word == 0)
        PhiloxRows(sku, static_cast<uint32_t>(period), static_cast<uint32_t>(site / kSitesPerCounter), 0, key, words);
      if (!is_sold_[Index(site)]) {
        std::fill_n(demand, kBlockSize, 0.f);
        continue;
      }
      ToUniform(words[word], words[word + 1], uniform);
      const ptrdiff_t place = mean_.PlaceOf(block, site);
      CountInversion{zero_.data() + place, mean_.values().data() + place, dispersion_}.Draw(uniform, demand);
    }
  }

  RowValue Mean(int block, int site) const override { return is_sold_[Index(site)] ? mean_(block, site) : RowValue(); }

 private:
  Random random_;
  double dispersion_;
  SkuRows mean_;
  std::vector<double, AlignedAllocator<double>> zero_;  // probability of no demand, beside each mean
  std::vector<uint8_t> is_sold_;                        // by site
};

class GivenAssortment : public AssortmentDemand {
 public:
  GivenAssortment(const Network& network, const GivenAssortmentConfig& config)
      : num_sites_(network.num_sites()),
        mean_("mean demand", config.mean, std::vector<float>(Index(network.num_sites())), config.num_skus) {
    if (config.demand.empty()) throw ConfigError("assortment: there is no period of demand: give one.");
    const std::vector<float> nothing(Index(num_sites_));
    for (const std::vector<float>& period : config.demand) {
      if (period.size() != Index(num_sites_) * Index(config.num_skus))
        throw ConfigError(fmt::format("assortment: a period of demand has {} numbers: give {} sites x {} SKUs.",
                                      period.size(), num_sites_, config.num_skus));
      demand_.emplace_back("demand", period, nothing, config.num_skus);
    }
  }

  void Demand(uint64_t, int period, int block, float* demand) const override {
    const SkuRows& rows = demand_[Index(period) % demand_.size()];
    for (int site = 0; site < num_sites_; ++site) Rows{demand}(site) = rows(block, site);
  }

  RowValue Mean(int block, int site) const override { return mean_(block, site); }

 private:
  int num_sites_;
  SkuRows mean_;
  std::vector<SkuRows> demand_;  // by period
};

}  // namespace

std::unique_ptr<AssortmentDemand> MakeSampledAssortment(const Network& network, const SampledAssortmentConfig& config,
                                                        const Random& random) {
  return std::make_unique<SampledAssortment>(network, config, random);
}

std::unique_ptr<AssortmentDemand> MakeGivenAssortment(const Network& network, const GivenAssortmentConfig& config) {
  return std::make_unique<GivenAssortment>(network, config);
}

}  // namespace restock
