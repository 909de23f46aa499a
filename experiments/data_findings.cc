#include "experiments/data_findings.h"

#include <map>

#include <fmt/format.h>

#include "common/csv.h"
#include "forecasting/demand_structure.h"

namespace restock {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostRules = 15;
constexpr int kExamples = 3;

void WriteChanges(const DataReport& report, const DemandHistory& history, const std::filesystem::path& file) {
  CsvWriter csv(file);
  for (const char* name : {"date", "warehouse", "sku", "step", "before", "after"}) csv.Text(name);
  csv.EndRow();
  const auto unit_size = static_cast<float>(history.unit_size);
  for (const DataChange& change : report.changes()) {
    const Series& series = history.series[static_cast<size_t>(change.series)];
    csv.Text(history.calendar.DateOf(change.period).ToString()).Text(series.warehouse).Text(series.sku);
    csv.Text(NameOf(change.step)).Number(change.before * unit_size).Number(change.after * unit_size).EndRow();
  }
  csv.Commit();
}

void WriteAssortment(const DemandStructure& structure, const DemandHistory& history,
                     const std::filesystem::path& file) {
  CsvWriter csv(file);
  for (const char* name : {"warehouse", "sku", "demand_class", "abc_xyz", "share", "cluster"}) csv.Text(name);
  csv.EndRow();
  for (size_t i = 0; i < history.series.size(); ++i) {
    const int cluster = structure.clusters.label[i];
    csv.Text(history.series[i].warehouse).Text(history.series[i].sku).Text(structure.demand_class[i]);
    csv.Text(structure.abc_xyz[i]).Number(structure.share[i]);
    csv.Text(cluster < 0 ? "" : std::to_string(cluster + 1)).EndRow();
  }
  csv.Commit();
}

Json StepsJson(const DataReport& report, double unit_size) {
  Json steps = Json::array();
  for (const DataReport::Total& total : report.Totals()) {
    steps.push_back({{"step", NameOf(total.step)},
                     {"num_values", total.num_values},
                     {"num_series", total.num_series},
                     {"units", total.units * unit_size}});
  }
  return steps;
}

/// How many series have each name, and which share of sales; series without a name do not count.
Json GroupsJson(const std::vector<std::string>& names, const std::vector<double>& share) {
  std::map<std::string, std::pair<int, double>> groups;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) continue;
    ++groups[names[i]].first;
    groups[names[i]].second += share[i];
  }
  Json json = Json::array();
  for (const auto& [name, group] : groups)
    json.push_back({{"name", name}, {"num_series", group.first}, {"share", group.second}});
  return json;
}

Json ClustersJson(const DemandStructure& structure, const DemandHistory& history) {
  const SeriesClusters& clusters = structure.clusters;
  Json groups = Json::array();
  for (int label = 0; label < clusters.count; ++label) {
    Json group = {{"num_series", 0}, {"share", 0.0}};
    int count = 0;
    double share = 0;
    Json examples = Json::array();
    for (size_t i = 0; i < clusters.label.size(); ++i) {
      if (clusters.label[i] != label) continue;
      share += structure.share[i];
      if (count++ < kExamples) examples.push_back(history.series[i].sku + " at " + history.series[i].warehouse);
    }
    group["num_series"] = count;
    group["share"] = share;
    for (size_t feature = 0; feature < clusters.features.size(); ++feature)
      group["features"][clusters.features[feature]] = clusters.mean_features(label, static_cast<Eigen::Index>(feature));
    group["examples"] = std::move(examples);
    groups.push_back(std::move(group));
  }
  Json explained = Json::array();
  for (const double share : clusters.explained) explained.push_back(share);
  return {{"count", clusters.count},
          {"silhouette", clusters.silhouette},
          {"explained", std::move(explained)},
          {"groups", std::move(groups)}};
}

Json RulesJson(const DemandStructure& structure) {
  Json rules = Json::array();
  for (const AssociationRule& rule : structure.sold_together) {
    if (rules.size() == kMostRules) break;
    Json left = Json::array();
    for (const int item : rule.left) left.push_back(structure.skus[static_cast<size_t>(item)]);
    rules.push_back({{"left", std::move(left)},
                     {"right", structure.skus[static_cast<size_t>(rule.right)]},
                     {"support", rule.support},
                     {"confidence", rule.confidence},
                     {"lift", rule.lift}});
  }
  return rules;
}

}  // namespace

Json WriteDataFindings(const ExperimentConfig& config, const DemandSplit& demand, const RunDirectory& run) {
  const DemandHistory& history = demand.past;
  const DemandStructure structure =
      StructureOf(config.data.structure, history, Random(config.seed).Stream("structure"));
  WriteChanges(demand.report, demand.full, run.data_changes());
  WriteAssortment(structure, history, run.assortment());
  return {{"num_series", history.num_series()},
          {"unit", history.unit},
          {"steps", StepsJson(demand.report, history.unit_size)},
          {"classes", GroupsJson(structure.demand_class, structure.share)},
          {"abc_xyz", GroupsJson(structure.abc_xyz, structure.share)},
          {"clusters", ClustersJson(structure, history)},
          {"sold_together", RulesJson(structure)}};
}

}  // namespace restock
