#pragma once

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>

#include "common/demand.h"
#include "common/random.h"
#include "forecasting/censoring.h"
#include "forecasting/demand_generator.h"

namespace restock {

inline constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

/// A history of days from Monday 2024-01-01 whose demand was seen in full; NaN: no record.
inline DemandHistory HistoryOf(const Eigen::MatrixXf& demand) {
  DemandHistory history;
  history.calendar.first_date = *Date::Parse("2024-01-01");
  history.calendar.closed.assign(static_cast<size_t>(demand.rows()), false);
  history.calendar.holiday = history.calendar.closed;
  for (Eigen::Index i = 0; i < demand.cols(); ++i) {
    history.series.push_back({"store_" + std::to_string(i % 2), "item_" + std::to_string(i / 2), ""});
  }
  history.sales = demand;
  history.demand = demand;
  history.in_stock_share = Eigen::MatrixXf::Ones(demand.rows(), demand.cols());
  return history;
}

/// Generated demand, as a model sees it.
inline DemandHistory GeneratedHistory(int num_warehouses, int num_skus, int num_periods, uint64_t seed = 1) {
  GeneratorConfig config;
  config.num_warehouses = num_warehouses;
  config.num_skus = num_skus;
  config.num_periods = num_periods;
  DemandHistory history = GenerateSales(config, Random(seed)).history;
  EstimateDemand({}, history);
  return history;
}

/// Folder of the real data: RESTOCK_DATA, else ../shared beside the repository; empty when it is not there.
inline std::filesystem::path RealData() {
  const char* folder = std::getenv("RESTOCK_DATA");
  const std::filesystem::path data = folder != nullptr ? folder : "../shared";
  return std::filesystem::exists(data / "data") ? data : std::filesystem::path();
}

}  // namespace restock
