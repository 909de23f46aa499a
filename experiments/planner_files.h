#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/calendar.h"
#include "env/network.h"

namespace restock {

// The files of `restock plan`, see docs/formats.md. Quantities in files are in the unit of the data, inside in unit
// sizes.

/// What outside supply is called as the source of an order.
inline constexpr const char* kSupplierName = "supplier";

/// Stock of each site, and what its customers wait for.
struct StockList {
  std::vector<float> on_hand;     // [unit] (num_sites)
  std::vector<float> backorders;  // [unit] (num_sites)
  std::vector<int> unlisted;      // sites without a row: they count as empty
};

/// Reads `warehouse,sku,on_hand` and, where there is one, `backorders`. Throws DataError (file:line) for warehouses and
/// SKUs that the network does not have, rows that come twice, and quantities below zero or above 2^20 units. Parts of a
/// unit cannot be sold: stock is rounded down, backorders to the nearest.
StockList ReadStock(const std::filesystem::path& file, const Network& network, double unit_size);

/// An order that was placed and has not arrived.
struct OpenOrder {
  int lane = 0;
  float quantity = 0;  // [unit]
  Date due;
};

/// Reads `source,warehouse,sku,quantity,due_date`. Throws DataError (file:line) likewise, for sources that do not
/// deliver there, and for dates that are none.
std::vector<OpenOrder> ReadOpenOrders(const std::filesystem::path& file, const Network& network, double unit_size);

/// A row of orders.csv.
struct PlannedOrder {
  std::string action;  // purchase, transfer, cut, expedite
  int lane = 0;
  float quantity = 0;  // [unit]
  Date order_date;
  Date receipt_date;
  std::string reason;
};

/// How a policy is named in the files of a plan.
struct PlanUnits {
  std::string unit;
  double unit_size = 1;
  std::string policy;
};

/// Writes orders.csv; cells that a spreadsheet would run as a formula are neutralised.
void WriteOrders(const std::vector<PlannedOrder>& orders, const Network& network, const PlanUnits& units,
                 const std::filesystem::path& file);

/// Location of a site; of a lane's origin, `supplier` for outside supply.
const std::string& LocationOf(const Network& network, int site);
std::string SourceOf(const Network& network, int lane);

/// Inside units as the file's number, without the noise of binary fractions: 123 at 0.1 is 12.3.
double InFileUnits(double units, double unit_size);

}  // namespace restock
