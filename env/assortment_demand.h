#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "common/random.h"
#include "env/network.h"
#include "env/row_value.h"

namespace restock {

/// Where the demand of an assortment comes from: of each SKU at each site of a network template.
class AssortmentDemand {
 public:
  virtual ~AssortmentDemand() = default;
  /// Demand of `period` at all sites, for a block of SKUs; the same on any thread and in any order. Behind the last SKU
  /// there is none.  `demand`: [site][sku]
  virtual void Demand(uint64_t seed, int period, int block, float* demand) const = 0;
  /// Mean of a period, as far as it is known ahead, over the SKUs of a block.
  virtual RowValue Mean(int block, int site) const = 0;
};

struct SampledAssortmentConfig {
  int num_skus = 0;
  std::vector<float> mean;  // of a period, at most 700: [site][sku], or [sku], the same wherever something is sold
  double dispersion = 0;    // of a negative binomial; 0: Poisson
};

/// Independent counts drawn on the fly, each SKU at each site with a mean of its own (count_inversion.h). The count of
/// (random, seed, period, site, sku) depends on nothing else, the number of SKUs included. Throws ConfigError.
std::unique_ptr<AssortmentDemand> MakeSampledAssortment(const Network& network, const SampledAssortmentConfig& config,
                                                        const Random& random);

struct GivenAssortmentConfig {
  int num_skus = 0;
  std::vector<std::vector<float>> demand;  // by period: [site][sku]; after the last the first comes again
  std::vector<float> mean;                 // as above; may be left empty: 0
};

/// Demand in memory, the same for any seed. Throws ConfigError.
std::unique_ptr<AssortmentDemand> MakeGivenAssortment(const Network& network, const GivenAssortmentConfig& config);

}  // namespace restock
