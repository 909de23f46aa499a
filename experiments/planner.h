#pragma once

#include <filesystem>
#include <optional>
#include <ostream>

#include "common/calendar.h"

namespace restock {

/// What `restock plan` is given. Files as in docs/formats.md.
struct PlanRequest {
  std::filesystem::path run_dir;
  std::filesystem::path sales;  // up to the day before the orders; later rows give what is known ahead
  std::filesystem::path stock;
  std::filesystem::path open_orders;  // empty: there are none
  std::optional<Date> date;           // of the orders; none: the period after the last sales
  std::filesystem::path out;
};

/// Refreshes the forecast from the sales, asks the run's best policy what to do with the stock and the open orders,
/// writes orders.csv, and tells the sums. Throws DataError (file:line) for what is wrong in the files.
void PlanOrders(const PlanRequest& request, std::ostream& summary);

/// Writes the run's best policy as a table for programs that order up to levels: per site the level on its next order
/// day, from the run's own sales, for a stock of half the expected demand. `restock plan` is exact, levels move with
/// forecast and stock.
void ExportPolicyTable(const std::filesystem::path& run_dir, const std::filesystem::path& out);

}  // namespace restock
