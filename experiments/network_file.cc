#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>

#include "common/file.h"
#include "experiments/saved_run.h"

namespace restock {
namespace {

using Json = nlohmann::json;

// JSON has no infinity: unlimited is null.
Json Limits(const std::vector<float>& values) {
  Json list = Json::array();
  for (const float value : values) list.push_back(std::isinf(value) ? Json() : Json(value));
  return list;
}

std::vector<float> ReadLimits(const Json& list) {
  std::vector<float> values;
  for (const Json& value : list) values.push_back(value.is_null() ? kUnlimited : value.get<float>());
  return values;
}

// Calls `field(name, member)` for every array that is plain numbers or texts.
template <class AnyNetwork, class Field>
void ForEachField(AnyNetwork& network, Field field) {
  field("location_name", network.location_name);
  field("overflow_cost", network.overflow_cost);
  field("site_sku", network.site_sku);
  field("site_location", network.site_location);
  field("site_series", network.site_series);
  field("holding_cost", network.holding_cost);
  field("stockout_cost", network.stockout_cost);
  field("backorder_share", network.backorder_share);
  field("volume", network.volume);
  field("unit_value", network.unit_value);
  field("initial_on_hand", network.initial_on_hand);
  field("lane_origin", network.lane_origin);
  field("lane_destination", network.lane_destination);
  field("lead_time", network.lead_time);
  field("unit_cost", network.unit_cost);
  field("order_cost", network.order_cost);
  field("lane_calendar", network.lane_calendar);
}

}  // namespace

void SaveNetwork(const Network& network, const std::vector<Series>& series, const std::filesystem::path& file) {
  Json json = {{"schema", 1}, {"series", Json::array()}, {"calendars", Json::array()}};
  for (const Series& one : series) {
    json["series"].push_back({{"warehouse", one.warehouse}, {"sku", one.sku}, {"category", one.category}});
  }
  ForEachField(network, [&](const char* name, const auto& values) { json[name] = values; });
  json["storage_capacity"] = Limits(network.storage_capacity);
  json["lane_capacity"] = Limits(network.lane_capacity);
  for (const OrderCalendar& calendar : network.calendars) {
    json["calendars"].push_back({{"cycle", calendar.cycle}, {"open", calendar.open}});
  }
  WriteFileAtomically(file, json.dump(1) + "\n");
}

std::shared_ptr<const Network> LoadNetwork(const std::filesystem::path& file, std::vector<Series>& series) {
  const std::string text = ReadFile(file);
  try {
    const Json json = Json::parse(text);
    auto network = std::make_shared<Network>();
    series.clear();
    for (const Json& one : json.at("series")) {
      series.push_back({one.at("warehouse"), one.at("sku"), one.at("category")});
    }
    ForEachField(*network, [&](const char* name, auto& values) { json.at(name).get_to(values); });
    network->storage_capacity = ReadLimits(json.at("storage_capacity"));
    network->lane_capacity = ReadLimits(json.at("lane_capacity"));
    for (const Json& calendar : json.at("calendars")) {
      network->calendars.push_back({calendar.at("cycle"), calendar.at("open")});
    }
    network->Validate();
    return network;
  } catch (const Json::exception& error) {
    throw DataError(file.string() + ": is no saved network (" + error.what() +
                    "). Remove it and write it anew by restock run RUN_DIR --resume.");
  }
}

}  // namespace restock
