#include "env/past_orders.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/csv.h"
#include "common/error.h"

namespace restock {
namespace {

constexpr int kMostDays = 1000;

Date ReadDate(const CsvReader& csv, int column) {
  if (csv.IsEmpty(column)) csv.Fail(column, "is empty: leave out orders that have not been received");
  const std::optional<Date> date = Date::Parse(csv.Text(column));
  if (!date) csv.Fail(column, fmt::format("\"{}\" is no date of the form YYYY-MM-DD", csv.Text(column)));
  return *date;
}

std::string ReadName(const CsvReader& csv, int column) {
  if (csv.IsEmpty(column)) csv.Fail(column, "is empty: every order needs a source, a warehouse and a SKU");
  return std::string(csv.Text(column));
}

}  // namespace

PastOrders::PastOrders(const std::filesystem::path& file) {
  CsvReader csv(file);
  const int order_date = csv.RequireColumn("order_date");
  const int receipt_date = csv.RequireColumn("receipt_date");
  const int source = csv.RequireColumn("source");
  const int warehouse = csv.RequireColumn("warehouse");
  const int sku = csv.RequireColumn("sku");
  while (csv.NextRow()) {
    const Date ordered = ReadDate(csv, order_date);
    const Date received = ReadDate(csv, receipt_date);
    if (received < ordered)
      csv.Fail(receipt_date, fmt::format("{} is before the order of {}", received.ToString(), ordered.ToString()));
    const int days = received.days_since_epoch - ordered.days_since_epoch;
    if (days > kMostDays)
      csv.Fail(receipt_date, fmt::format("{} is {} days after the order of {}, and {} is the most: correct the dates",
                                         received.ToString(), days, ordered.ToString(), kMostDays));
    orders_.push_back({ReadName(csv, source), ReadName(csv, warehouse), ReadName(csv, sku), days});
  }
  if (orders_.empty()) throw DataError(file.string() + ": holds no order.");
}

CountProbabilities PastOrders::LeadTimes(std::string_view source, std::string_view warehouse, std::string_view sku,
                                         PeriodLength period_length, int enough) const {
  // the first criteria of source, warehouse and SKU that enough orders share
  const auto is_like = [&](const Order& order, int criteria) {
    return (criteria < 1 || order.source == source) && (criteria < 2 || order.warehouse == warehouse) &&
           (criteria < 3 || order.sku == sku);
  };
  int criteria = 3;
  while (criteria > 0 && std::count_if(orders_.begin(), orders_.end(),
                                       [&](const Order& order) { return is_like(order, criteria); }) < enough)
    --criteria;

  const int days_per_period = period_length == PeriodLength::kDay ? 1 : 7;
  CountProbabilities share;
  double num_orders = 0;
  for (const Order& order : orders_) {
    if (!is_like(order, criteria)) continue;
    const auto lead_time = static_cast<size_t>((order.days + days_per_period - 1) / days_per_period);
    if (lead_time >= share.size()) share.resize(lead_time + 1);
    ++share[lead_time];
    ++num_orders;
  }
  for (double& one : share) one /= num_orders;
  return share;
}

}  // namespace restock
