#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/calendar.h"
#include "common/count_probabilities.h"

namespace restock {

/// Purchase orders of the past, and how long each was under way: what lead times are estimated from.
///
///   const PastOrders orders("orders.csv");
///   CountProbabilities lead_time = orders.LeadTimes("supplier", "north", "milk", PeriodLength::kDay);
class PastOrders {
 public:
  /// Reads a CSV file with the columns order_date, receipt_date, source, warehouse and sku; others are left alone.
  /// Throws DataError with file, line and cure where a date is missing or none, a receipt comes before its order or
  /// years after it, a name is empty, or there is no order at all.
  explicit PastOrders(const std::filesystem::path& file);

  /// Share of the orders that took 0, 1, 2, ... periods: of those on the lane, or where these are fewer than
  /// `enough`, of all SKUs between the two places, else of all from the source, else of the whole file. Goods can be
  /// used from the day of their receipt on; a week begun counts as a whole one.
  CountProbabilities LeadTimes(std::string_view source, std::string_view warehouse, std::string_view sku,
                               PeriodLength period_length, int enough = 10) const;

 private:
  struct Order {
    std::string source;
    std::string warehouse;
    std::string sku;
    int days;  // from order to receipt
  };

  std::vector<Order> orders_;
};

}  // namespace restock
