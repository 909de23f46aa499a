#include "experiments/planner_files.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "common/csv.h"
#include "common/error.h"
#include "common/text.h"

namespace restock {

namespace {

constexpr double kMostUnits = 1 << 20;  // of one site, as in a network: beyond is a slip of the pen

/// Finds sites by the names in a file.
class SiteFinder {
 public:
  explicit SiteFinder(const Network& network) : network_(network) {
    for (int site = 0; site < network.num_sites(); ++site) {
      sites_[{LocationOf(network, site), network.site_sku[static_cast<size_t>(site)]}] = site;
    }
  }

  /// The site that the current row names.
  int Require(const CsvReader& csv, int warehouse_column, int sku_column) const {
    const std::string warehouse(csv.Text(warehouse_column)), sku(csv.Text(sku_column));
    if (const auto found = sites_.find({warehouse, sku}); found != sites_.end()) return found->second;

    // say which of the two is wrong
    const std::vector<std::string>& locations = network_.location_name;
    if (std::find(locations.begin(), locations.end(), warehouse) == locations.end()) {
      csv.Fail(warehouse_column,
               fmt::format("{} is no warehouse of the run.{}", Quote(warehouse), Suggestion(warehouse, locations)));
    }
    std::vector<std::string> skus;
    for (const auto& [key, site] : sites_) {
      if (key.first == warehouse) skus.push_back(key.second);
    }
    csv.Fail(
        sku_column,
        fmt::format("{} is no product of the run at {}.{} Leave its row out, or run again with sales that have it.",
                    Quote(sku), Quote(warehouse), NearestWord(sku, skus) ? Suggestion(sku, skus) : ""));
  }

 private:
  const Network& network_;
  std::map<std::pair<std::string, std::string>, int> sites_;
};

/// A quantity in whole unit sizes: what is there is rounded down, what is asked for to the nearest.
enum class Rounding { kDown, kNearest };
float Units(const CsvReader& csv, int column, double unit_size, Rounding rounding, const char* cure) {
  const double quantity = csv.Number(column, "units");
  if (quantity < 0) csv.Fail(column, fmt::format("{} is below zero. {}", quantity, cure));
  constexpr double kNoise = 1e-6;  // 0.3 / 0.1 falls just short of 3
  const double units =
      rounding == Rounding::kDown ? std::floor(quantity / unit_size + kNoise) : std::round(quantity / unit_size);
  if (units > kMostUnits) {
    csv.Fail(column, fmt::format("{} is more than the {} that a site may hold.", quantity, kMostUnits * unit_size));
  }
  return static_cast<float>(units);
}

int LaneFrom(const CsvReader& csv, int source_column, const Network& network, int site) {
  const std::string source(csv.Text(source_column));
  std::vector<std::string> sources;
  for (const int lane : network.lanes_into[static_cast<size_t>(site)]) {
    sources.push_back(SourceOf(network, lane));
    if (sources.back() == source) return lane;
  }
  csv.Fail(source_column, fmt::format("{} delivers nothing there in the run's network. Use {}.", Quote(source),
                                      fmt::join(sources, " or ")));
}

}  // namespace

const std::string& LocationOf(const Network& network, int site) {
  return network.location_name[static_cast<size_t>(network.site_location[static_cast<size_t>(site)])];
}

std::string SourceOf(const Network& network, int lane) {
  const int origin = network.lane_origin[static_cast<size_t>(lane)];
  return origin == kOutside ? kSupplierName : LocationOf(network, origin);
}

double InFileUnits(double units, double unit_size) {
  constexpr double kDecimals = 1e9;
  return std::round(units * unit_size * kDecimals) / kDecimals;
}

StockList ReadStock(const std::filesystem::path& file, const Network& network, double unit_size) {
  CsvReader csv(file);
  const int warehouse = csv.RequireColumn("warehouse"), sku = csv.RequireColumn("sku"),
            on_hand = csv.RequireColumn("on_hand");
  const auto backorders = csv.FindColumn("backorders");
  const SiteFinder finder(network);
  const auto num_sites = static_cast<size_t>(network.num_sites());
  StockList stock{std::vector<float>(num_sites), std::vector<float>(num_sites), {}};

  std::vector<int> line(num_sites);
  while (csv.NextRow()) {
    const auto site = static_cast<size_t>(finder.Require(csv, warehouse, sku));
    if (line[site] > 0)
      csv.Fail(sku, fmt::format("the stock of {} at {} stands in line {} already.", Quote(csv.Text(sku)),
                                Quote(csv.Text(warehouse)), line[site]));
    line[site] = csv.line();
    stock.on_hand[site] =
        Units(csv, on_hand, unit_size, Rounding::kDown, "Write 0, and what customers wait for under backorders.");
    if (backorders && !csv.IsEmpty(*backorders))
      stock.backorders[site] =
          Units(csv, *backorders, unit_size, Rounding::kNearest, "Write how much customers wait for.");
  }
  for (int site = 0; site < network.num_sites(); ++site) {
    if (line[static_cast<size_t>(site)] == 0) stock.unlisted.push_back(site);
  }
  return stock;
}

std::vector<OpenOrder> ReadOpenOrders(const std::filesystem::path& file, const Network& network, double unit_size) {
  CsvReader csv(file);
  const int source = csv.RequireColumn("source"), warehouse = csv.RequireColumn("warehouse"),
            sku = csv.RequireColumn("sku");
  const int quantity = csv.RequireColumn("quantity"), due_date = csv.RequireColumn("due_date");
  const SiteFinder finder(network);
  std::vector<OpenOrder> orders;
  while (csv.NextRow()) {
    OpenOrder order;
    order.lane = LaneFrom(csv, source, network, finder.Require(csv, warehouse, sku));
    order.quantity =
        Units(csv, quantity, unit_size, Rounding::kDown, "Write what is still to come; leave returns out.");
    const auto due = Date::Parse(csv.Text(due_date));
    if (!due) csv.Fail(due_date, fmt::format("{} is no date; write it as 2024-06-30.", Quote(csv.Text(due_date))));
    order.due = *due;
    if (order.quantity > 0) orders.push_back(order);
  }
  return orders;
}

void WriteOrders(const std::vector<PlannedOrder>& orders, const Network& network, const PlanUnits& units,
                 const std::filesystem::path& file) {
  CsvWriter csv(file);
  for (const char* name :
       {"action", "source", "warehouse", "sku", "quantity", "unit", "order_date", "receipt_date", "reason", "policy"})
    csv.Text(name);
  csv.EndRow();
  for (const PlannedOrder& order : orders) {
    const int site = network.lane_destination[static_cast<size_t>(order.lane)];
    csv.Text(order.action)
        .Text(SourceOf(network, order.lane))
        .Text(LocationOf(network, site))
        .Text(network.site_sku[static_cast<size_t>(site)]);
    csv.Number(InFileUnits(order.quantity, units.unit_size)).Text(units.unit);
    csv.Text(order.order_date.ToString()).Text(order.receipt_date.ToString()).Text(order.reason).Text(units.policy);
    csv.EndRow();
  }
  csv.Commit();
}

}  // namespace restock
