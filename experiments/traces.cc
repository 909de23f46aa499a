#include "experiments/traces.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <nlohmann/json.hpp>

#include "agents/simulate.h"
#include "common/file.h"
#include "env/observation.h"

namespace restock {
namespace {

using Json = nlohmann::ordered_json;

// Values in the file's units, rounded to what a picture can show; unknown ones are null.
Json Number(double value) { return std::isfinite(value) ? Json(std::round(value * 1e4) / 1e4) : Json(); }

// Columns of the SKUs that sell most, in the middle and least, at the first warehouse.
std::vector<int> ChooseSeries(const DemandHistory& history) {
  std::vector<int> columns;
  for (int column = 0; column < history.num_series(); ++column) {
    if (history.series[static_cast<size_t>(column)].warehouse == history.series[0].warehouse) columns.push_back(column);
  }
  const auto sold = [&](int column) {
    return history.sales.col(column).array().isNaN().select(0, history.sales.col(column)).sum();
  };
  std::ranges::stable_sort(columns, [&](int a, int b) { return sold(a) > sold(b); });
  std::vector<int> chosen = {columns.front(), columns[columns.size() / 2], columns.back()};
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return chosen;
}

// The sites of the chosen series, and the sites that feed them.
std::vector<int> ChooseSites(const Network& network, const std::vector<int>& series) {
  std::vector<int> sites;
  const auto is_chosen = [&](int site) {
    return std::ranges::count(series, network.site_series[static_cast<size_t>(site)]) > 0;
  };
  for (int site = 0; site < network.num_sites(); ++site) {
    const auto& echelon = network.echelon[static_cast<size_t>(site)];
    if (std::ranges::any_of(echelon, is_chosen)) sites.push_back(site);
  }
  return sites;
}

Json SeriesJson(const DemandHistory& history, int column, int first_held_out) {
  const Series& series = history.series[static_cast<size_t>(column)];
  Json json = {{"warehouse", series.warehouse},
               {"sku", series.sku},
               {"dates", Json::array()},
               {"first_held_out", first_held_out}};
  for (int period = 0; period < history.num_periods(); ++period) {
    json["dates"].push_back(history.calendar.DateOf(period).ToString());
    json["demand"].push_back(Number(history.demand(period, column) * history.unit_size));
    json["in_stock_share"].push_back(Number(history.in_stock_share(period, column)));
  }
  return json;
}

// Everything but what happened.
Json SeriesTraces(const DemandHistory& history, const std::vector<int>& columns, int first_held_out) {
  Json json = {{"schema", 1},
               {"unit", history.unit},
               {"currency", history.currency},
               {"series", Json::array()},
               {"traces", Json::array()}};
  for (const int column : columns) json["series"].push_back(SeriesJson(history, column, first_held_out));
  return json;
}

// Records what happens at some sites in the first scenario.
class TraceObserver : public SimulationObserver {
 public:
  TraceObserver(const Network& network, std::vector<int> sites, double unit_size)
      : network_(network), sites_(std::move(sites)), unit_size_(unit_size), traces_(sites_.size()) {}

  void OnDecision(const VectorEnv& env, const StepBatch& before, std::span<const float>) override {
    const auto observation = before.Observation(env.spec(), /*block=*/0);
    for (size_t i = 0; i < sites_.size(); ++i) {
      const auto record = [&](const char* name, Feature feature) {
        traces_[i][name].push_back(Number(observation(sites_[i] * kBlockSize, feature) * unit_size_));
      };
      record("on_hand", kOnHand);
      record("in_transit", kInTransit);
      record("backorders", kBackorders);
      record("forecast_mean", kForecastMeanFeature);
      record("forecast_q0.9", kForecastQ90);
    }
  }

  void OnOutcome(int, const VectorEnv&, const StepBatch& after) override {
    const PeriodOutcome& outcome = after.outcome[0];
    const auto at = [](const AlignedVector& values, int row) { return values[static_cast<size_t>(row) * kBlockSize]; };
    for (size_t i = 0; i < sites_.size(); ++i) {
      const auto site = static_cast<size_t>(sites_[i]);
      double ordered = 0;
      for (const int lane : network_.lanes_into[site]) ordered += at(outcome.shipped, lane);
      double passed_on = 0;
      for (const int lane : network_.lanes_out_of[site]) passed_on += at(outcome.shipped, lane);
      const bool is_store = network_.site_series[site] != kNoSeries;
      traces_[i]["ordered"].push_back(Number(ordered * unit_size_));
      traces_[i]["demand"].push_back(Number((is_store ? at(outcome.demand, sites_[i]) : passed_on) * unit_size_));
      traces_[i]["sold"].push_back(Number((is_store ? at(outcome.sold, sites_[i]) : passed_on) * unit_size_));
    }
  }

  const std::vector<Json>& traces() const { return traces_; }

 private:
  const Network& network_;
  std::vector<int> sites_;
  double unit_size_;
  std::vector<Json> traces_;  // by site
};

}  // namespace

void WriteTraces(const DemandHistory& history, int first_held_out, const std::vector<NamedPolicy>& policies,
                 const std::shared_ptr<const Network>& network, const EvaluationSet& set,
                 const std::filesystem::path& file) {
  const std::vector<int> series = ChooseSeries(history);
  Json json = SeriesTraces(history, series, first_held_out);

  const ScenarioSet& scenarios = *set.parts[0];
  Json dates = Json::array();
  for (int period = 0; period < scenarios.num_periods; ++period)
    dates.push_back(scenarios.calendar.DateOf(period).ToString());

  // every fast policy once, of the learned ones the first seed
  const std::vector<int> sites = ChooseSites(*network, series);
  std::set<std::string> done;
  for (const NamedPolicy& policy : policies) {
    if (policy.policy->is_slow() || !done.insert(policy.name).second) continue;
    TraceObserver observer(*network, sites, history.unit_size);
    Simulate(*policy.policy, network, MakeScenarioSource(set.parts[0]), /*num_scenarios=*/1, /*num_threads=*/1,
             observer);
    for (size_t i = 0; i < sites.size(); ++i) {
      const auto site = static_cast<size_t>(sites[i]);
      Json trace = {{"policy", policy.name},
                    {"seed", policy.seed ? Json(*policy.seed) : Json()},
                    {"scenario_set", set.name},
                    {"scenario", 0}};
      trace["location"] = network->location_name[static_cast<size_t>(network->site_location[site])];
      trace["sku"] = network->site_sku[site];
      trace["dates"] = dates;
      trace.update(observer.traces()[i]);
      json["traces"].push_back(std::move(trace));
    }
  }
  WriteFileAtomically(file, json.dump() + "\n");
}

void WriteDemandTraces(const DemandHistory& history, const std::filesystem::path& file) {
  WriteFileAtomically(file, SeriesTraces(history, ChooseSeries(history), history.num_periods()).dump() + "\n");
}

}  // namespace restock
