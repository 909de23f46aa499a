#include "experiments/summary.h"

#include <cmath>
#include <set>

#include "common/csv.h"
#include "common/file.h"

namespace restock {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json ToJson(const std::optional<Difference>& difference) {
  if (!difference) return Json();
  return {{"mean", difference->mean},
          {"low", difference->interval ? Json(difference->interval->low) : Json()},
          {"high", difference->interval ? Json(difference->interval->high) : Json()},
          {"relative", difference->relative},
          {"num_scenarios", difference->num_scenarios}};
}

Json CostParts(const PolicyRow& row) {
  if (std::isnan(row.parts[0])) return Json();
  Json parts;
  for (size_t kind = 0; kind < row.parts.size(); ++kind) parts[kCostNames[kind]] = row.parts[kind];
  return parts;
}

Json ToJson(const PolicyRow& row, const SetEvaluation& set) {
  Json seeds = Json::array();
  for (const SeedRow& seed : row.seeds) {
    seeds.push_back(
        {{"seed", OrNull(seed.seed)}, {"mean_cost", seed.mean_cost}, {"difference", ToJson(seed.difference)}});
  }
  return {{"name", row.name},
          {"scenario_set", set.name},
          {"num_scenarios", row.num_scenarios},
          {"mean_cost", row.mean_cost},
          {"standard_error", OrNull(row.standard_error)},
          {"seed_standard_deviation", OrNull(row.seed_deviation)},
          {"seed_interquartile_mean", row.interquartile_mean},
          {"costs", CostParts(row)},
          {"fill_rate", row.fill_rate},
          {"stockout_share", row.stockout_share},
          {"turns", row.turns},
          {"cost_on_bound_scenarios", OrNull(row.bound_cost)},
          {"gap_to_bound", OrNull(row.gap_to_bound)},
          {"seeds", std::move(seeds)},
          {"difference", ToJson(row.difference)}};
}

Json Bound(const SetEvaluation& set, const ComparisonTable& table) {
  if (!table.bound) return Json();
  return {{"kind", "perfect_information"},
          {"scenario_set", set.name},
          {"cost", *table.bound},
          {"num_scenarios", set.bound.size()}};
}

const char* PeriodName(const DemandHistory& history) {
  return history.calendar.period_length == PeriodLength::kDay ? "day" : "week";
}

}  // namespace

void AppendShadowPrices(const Network& network, const std::vector<ShadowPrice>& prices, const std::string& scenario_set,
                        const std::string& plans, Json& list) {
  using Kind = ShadowPrice::Kind;
  for (const ShadowPrice& price : prices) {
    const auto index = static_cast<size_t>(price.index);
    const auto [kind, name] = price.kind == Kind::kStorage ? std::pair("storage", network.location_name[index])
                              : price.kind == Kind::kLane  ? std::pair("lane", network.LaneName(price.index))
                              : price.kind == Kind::kSite  ? std::pair("shipping", network.SiteName(price.index))
                                                           : std::pair("limit", network.joint_limits[index].name);
    list.push_back({{"scenario_set", scenario_set},
                    {"plans", plans},
                    {"kind", kind},
                    {"name", name},
                    {"value", price.value},
                    {"tight_share", price.tight_share}});
  }
}

void WriteSummary(const RunFindings& findings, const ComparisonConfig& config, const Random& random,
                  const std::filesystem::path& file) {
  const Network& network = findings.network;
  const DemandHistory& history = findings.history;
  const std::set<std::string> skus(network.site_sku.begin(), network.site_sku.end());

  Json sets = Json::array();
  Json policies = Json::array();
  Json bounds = Json::array();
  Json prices = Json::array();
  for (const SetEvaluation& set : findings.evaluation) {
    const ComparisonTable table = Compare(set, config, random.Stream(set.name));
    sets.push_back({{"name", set.name},
                    {"description", set.description},
                    {"num_scenarios", set.num_scenarios},
                    {"num_periods", set.num_periods},
                    {"num_lp_scenarios", set.num_lp_scenarios},
                    {"interval_over", set.is_one_stretch ? "warehouses and products" : "scenarios"},
                    {"best_classical", table.best_rule.empty() ? Json() : Json(table.best_rule)}});
    for (const PolicyRow& row : table.rows) policies.push_back(ToJson(row, set));
    if (table.bound) bounds.push_back(Bound(set, table));
    AppendShadowPrices(network, set.shadow_prices, set.name, "bound", prices);
    for (const PolicyOutcome& policy : set.policies)
      AppendShadowPrices(network, policy.shadow_prices, set.name, policy.name, prices);
  }
  const Json json = {{"schema", 1},
                     {"currency", history.currency},
                     {"unit", history.unit},
                     {"period", PeriodName(history)},
                     {"num_locations", network.num_locations()},
                     {"num_sites", network.num_sites()},
                     {"num_skus", skus.size()},
                     {"best", {{"policy", findings.best.name}, {"seed", OrNull(findings.best.seed)}}},
                     {"best_classical", sets.at(0).at("best_classical")},
                     {"confidence", config.confidence},
                     {"scenario_sets", sets},
                     {"policies", policies},
                     {"bound", bounds.empty() ? Json() : bounds.at(0)},
                     {"bounds", bounds},
                     {"shadow_prices", prices},
                     {"service", findings.service ? ToJson(*findings.service) : Json()},
                     {"promotions", findings.promotions},
                     {"forecast", findings.forecast},
                     {"data", findings.data},
                     {"diverged", findings.diverged}};
  WriteFileAtomically(file, json.dump(1) + "\n");
}

void WriteForecastSummary(const DemandHistory& history, const Json& data, const Json& forecast,
                          const std::filesystem::path& file) {
  const Json json = {{"schema", 1},          {"currency", history.currency},
                     {"unit", history.unit}, {"period", PeriodName(history)},
                     {"data", data},         {"forecast", forecast}};
  WriteFileAtomically(file, json.dump(1) + "\n");
}

void WriteEvaluation(const Evaluation& evaluation, const std::filesystem::path& file) {
  CsvWriter csv(file);
  for (const char* name : {"policy", "seed", "scenario_set", "scenario", "cost"}) csv.Text(name);
  for (const std::string name : kCostNames) csv.Text(name == "leftover credit" ? "leftover_credit" : name);
  for (const char* name : {"fill_rate", "stockout_share", "turns"}) csv.Text(name);
  csv.EndRow();
  for (const SetEvaluation& set : evaluation) {
    for (const PolicyOutcome& outcome : set.policies) {
      for (size_t scenario = 0; scenario < outcome.scenarios.size(); ++scenario) {
        const ScenarioOutcome& one = outcome.scenarios[scenario];
        csv.Text(outcome.name).Text(outcome.seed ? std::to_string(*outcome.seed) : "").Text(set.name);
        csv.Integer(static_cast<int64_t>(scenario)).Number(one.cost);
        for (const double part : one.parts) csv.Number(part);
        csv.Number(one.fill_rate())
            .Number(one.stockout_share())
            .Number(one.turns(set.num_periods * set.days_per_period));
        csv.EndRow();
      }
    }
  }
  csv.Commit();
}

}  // namespace restock
