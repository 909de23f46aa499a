#pragma once

#include <filesystem>

#include <Eigen/Core>

#include "common/config_node.h"
#include "common/demand.h"
#include "common/random.h"

namespace restock {

/// Demand that looks like a retailer's: the `data.generate:` block of a configuration.
struct GeneratorConfig {
  int num_warehouses = 3;
  int num_skus = 8;
  int num_periods = 210;        // days of sales, from 2024-01-01
  int num_future_periods = 28;  // days after them whose prices, promotions and holidays are already planned
  double median_demand = 8;     // units per day of a typical product
  double intermittent = 0.2;    // share of products that sell on few days
  double stockout = 0.06;       // share of days on which a series runs out of stock, roughly
  double promotion = 0.08;      // share of days on promotion, roughly
};

GeneratorConfig ReadGeneratorConfig(ConfigNode generate);

struct GeneratedSales {
  DemandHistory history;        // with sales and share in stock; `demand` is still to be estimated
  Eigen::MatrixXf true_demand;  // what customers asked for  (num_periods, num_series)
};

/// Draws level and yearly season per product, size per warehouse, week days, promotions with price cuts and uplift,
/// holidays, weather, intermittent products, shocks that products and warehouses share, and stock that runs out before
/// it is refilled, so that sales fall short of demand. The same seed gives the same sales.
GeneratedSales GenerateSales(const GeneratorConfig& config, const Random& random);

/// Writes them as a tidy sales file whose column names are the roles, so that it reads without any `data.columns`;
/// `true_demand` has a column of its own.
void WriteSalesFile(const GeneratedSales& sales, const std::filesystem::path& file);

}  // namespace restock
