#include "tests/experiments/fabricated_run.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <nlohmann/json.hpp>

#include "common/calendar.h"
#include "common/csv.h"
#include "forecasting/forecaster.h"

namespace restock {

using nlohmann::json;

namespace {

constexpr int kFirstDay = 19810;  // 2024-03-28
constexpr int kHeldOut = 14;
constexpr double kRuleCost = 1056;

std::string DateText(int day) { return Date{day}.ToString(); }

/// A week's pattern and a little noise without a random number.
double Demand(size_t sku, int day) {
  const double level = 24.0 / static_cast<double>(1 + 3 * sku);
  const double noise = std::sin(12.9898 * day + 78.233 * static_cast<double>(sku));
  return std::max(0.0, std::round(level * (1 + 0.35 * std::sin(6.2832 * day / 7) + 0.25 * noise) * 10) / 10);
}

json Difference(double cost, double half_interval, int num_scenarios) {
  const double mean = cost - kRuleCost;
  return {{"mean", mean},
          {"low", mean - half_interval},
          {"high", mean + half_interval},
          {"relative", mean / kRuleCost},
          {"num_scenarios", num_scenarios}};
}

json PolicyRow(const FabricatedRun& run, const std::string& name, const std::string& set, double cost,
               bool is_learned) {
  const bool is_lp = name == "lp", is_rule = name == "forecast_quantile";
  const int num_scenarios = set != "scenarios" ? 3 : is_lp ? 8 : 256;
  json seeds = json::array();
  for (int seed = 1; seed <= (is_learned ? run.num_seeds : 1); ++seed) {
    const double seed_cost = cost + (is_learned ? 3 * (seed - 2) : 0);
    seeds.push_back({{"seed", is_learned ? json(seed) : json()},
                     {"mean_cost", seed_cost},
                     {"difference", is_rule ? json() : Difference(seed_cost, run.half_interval, num_scenarios)}});
  }
  return {{"name", name},
          {"scenario_set", set},
          {"num_scenarios", num_scenarios},
          {"mean_cost", cost},
          {"standard_error", 6.1},
          {"seed_standard_deviation", is_learned ? json(3.0) : json()},
          {"costs", set == "held_out_uncensored" ? json()
                                                 : json{{"holding", 0.09 * cost},
                                                        {"stockout", 0.14 * cost},
                                                        {"purchase", 0.83 * cost},
                                                        {"order", 0.0},
                                                        {"overflow", 0.01 * cost},
                                                        {"leftover credit", -0.07 * cost}}},
          {"fill_rate", 0.99 - cost / 40000},
          {"stockout_share", cost / 20000},
          {"turns", 41.3},
          {"cost_on_bound_scenarios", set == "scenarios" ? json(cost) : json()},
          {"gap_to_bound", set == "scenarios" ? json((cost - run.bound) / std::abs(run.bound)) : json()},
          {"seeds", seeds},
          {"difference",
           is_rule ? json() : Difference(cost, is_lp ? 6 * run.half_interval : run.half_interval, num_scenarios)}};
}

json Summary(const FabricatedRun& run) {
  json summary = {
      {"schema", 1},
      {"currency", "CNY"},
      {"unit", run.unit},
      {"period", "day"},
      {"num_locations", 5},
      {"num_sites", 100},
      {"num_skus", 20},
      {"confidence", run.confidence},
      {"best", {{"policy", run.has_agents ? "ppo" : "forecast_quantile"}, {"seed", run.has_agents ? json(2) : json()}}},
      {"best_classical", "forecast_quantile"},
      {"policies", json::array()},
      {"scenario_sets", json::array()},
      {"diverged", json::array()}};
  const std::pair<const char*, const char*> sets[] = {
      {"scenarios", "Paths drawn from the forecaster after the end of the past, of their own stream of chance."},
      {"held_out", "The demand that really came, from three origins in the held-out periods."},
      {"held_out_uncensored", "The same, site-days with stock-outs left out, since demand is an estimate there."}};
  for (const auto& [set, description] : sets) {
    summary["scenario_sets"].push_back({{"name", set},
                                        {"description", description},
                                        {"num_scenarios", std::string(set) == "scenarios" ? 256 : 3},
                                        {"num_periods", std::string(set) == "scenarios" ? 28 : 9},
                                        {"num_lp_scenarios", 8},
                                        {"best_classical", "forecast_quantile"}});
    const double shift = std::string(set) == "scenarios" ? 0 : 25;
    auto& policies = summary["policies"];
    policies.push_back(PolicyRow(run, "base_stock", set, 1090 + shift, false));
    policies.push_back(PolicyRow(run, "forecast_quantile", set, kRuleCost, false));
    policies.push_back(PolicyRow(run, "lp", set, 1048 + shift, false));
    if (!run.has_agents) continue;
    policies.push_back(PolicyRow(run, "ppo_untrained", set, 1702 + shift, true));
    policies.push_back(PolicyRow(run, "ppo", set, run.learned_cost + shift, true));
    policies.push_back(PolicyRow(run, "dqn", set, 1051 + shift, true));
  }
  summary["bound"] = {
      {"kind", "perfect_information"}, {"scenario_set", "scenarios"}, {"cost", run.bound}, {"num_scenarios", 8}};
  summary["bounds"] = {summary["bound"]};
  summary["forecast"] = {{"model", "lstm"}, {"backtest", json::array()}};
  if (!run.has_backtest) return summary;
  for (const auto& [model, loss] : std::vector<std::pair<std::string, double>>{
           {"lstm", 0.231}, {"exponential_smoothing", 0.247}, {"seasonal_naive", 0.294}}) {
    summary["forecast"]["backtest"].push_back({{"model", model},
                                               {"weighted_quantile_loss", loss},
                                               {"wape", 1.4 * loss},
                                               {"bias", 0.3 - loss},
                                               {"mase", 3.2 * loss},
                                               {"rmsse", 3 * loss},
                                               {"coverage", {{"0.5", 0.51}, {"0.9", 0.885}, {"0.95", 0.94}}}});
  }
  return summary;
}

json Traces(const FabricatedRun& run) {
  json traces = {
      {"schema", 1}, {"unit", run.unit}, {"currency", "CNY"}, {"series", json::array()}, {"traces", json::array()}};
  for (size_t sku = 0; sku < run.skus.size(); ++sku) {
    json series = {{"warehouse", run.warehouse}, {"sku", run.skus[sku]}, {"first_held_out", run.num_days - kHeldOut}};
    for (int day = 0; day < run.num_days; ++day) {
      series["dates"].push_back(DateText(kFirstDay + day));
      series["demand"].push_back(day % 31 == 17 ? json() : json(Demand(sku, day)));
      series["in_stock_share"].push_back(day % 11 == 3 ? 0.6 : 1.0);
    }
    traces["series"].push_back(series);
    for (const std::string policy : {"ppo", "forecast_quantile", "base_stock"}) {
      if (policy == "ppo" && !run.has_agents) continue;
      json trace = {{"policy", policy},           {"seed", policy == "ppo" ? json(1) : json()},
                    {"scenario_set", "held_out"}, {"scenario", 0},
                    {"location", run.warehouse},  {"sku", run.skus[sku]}};
      double on_hand = 3 * Demand(sku, 0), coming = 0;
      for (int day = run.num_days - kHeldOut; day < run.num_days; ++day) {
        const double demand = Demand(sku, day), sold = std::min(on_hand, demand);
        const double ordered =
            day % 2 == 0 ? std::max(0.0, (policy == "ppo" ? 3.2 : 3.8) * Demand(sku, 3) - on_hand) : 0;
        trace["dates"].push_back(DateText(kFirstDay + day));
        for (const auto& [key, value] :
             std::vector<std::pair<const char*, double>>{{"on_hand", on_hand},
                                                         {"in_transit", coming},
                                                         {"backorders", 0},
                                                         {"ordered", ordered},
                                                         {"demand", demand},
                                                         {"sold", sold},
                                                         {"forecast_mean", 3 * Demand(sku, 3)},
                                                         {"forecast_q0.9", 3.7 * Demand(sku, 3)}}) {
          trace[key].push_back(value);
        }
        on_hand += coming - sold;
        coming = ordered;
      }
      traces["traces"].push_back(trace);
    }
  }
  return traces;
}

void WriteFans(const FabricatedRun& run, const std::vector<std::string>& models, const std::vector<int>& origins,
               const std::filesystem::path& file) {
  CsvWriter csv(file);
  if (!models[0].empty()) csv.Text("model");
  for (const char* name : {"origin", "date", "warehouse", "sku", "mean", "q0.025", "q0.05", "q0.1", "q0.2", "q0.3",
                           "q0.4", "q0.5", "q0.6", "q0.7", "q0.8", "q0.9", "q0.95", "q0.975"})
    csv.Text(name);
  csv.EndRow();
  for (const std::string& model : models) {
    for (const int origin : origins) {
      for (size_t sku = 0; sku < run.skus.size(); ++sku) {
        for (int day = origin + 1; day <= origin + kHeldOut; ++day) {
          const double mean = Demand(sku, day) * 0.7 + Demand(sku, day - 7) * 0.3;
          if (!model.empty()) csv.Text(model);
          csv.Text(DateText(kFirstDay + origin))
              .Text(DateText(kFirstDay + day))
              .Text(run.warehouse)
              .Text(run.skus[sku])
              .Number(mean);
          for (const float level : kForecastLevels) csv.Number(std::max(0.0, mean * (1 + 0.9 * (level - 0.48))));
          csv.EndRow();
        }
      }
    }
  }
  csv.Commit();
}

std::string Metrics(const FabricatedRun& run) {
  std::string lines;
  for (const std::string agent : {"ppo", "dqn"}) {
    for (int seed = 1; seed <= run.num_seeds; ++seed) {
      for (int update = 1; update <= run.num_updates; ++update) {
        const double cost =
            run.learned_cost + 700 * std::exp(-update / 12.0) + 6 * std::sin(update * 1.7 + seed) + 4 * seed;
        json line = {{"agent", agent},
                     {"seed", seed},
                     {"update", update},
                     {"num_periods", update * 8192},
                     {"mean_cost", cost * 1.02}};
        line["selection_cost"] = update % 2 == 0 ? json(cost) : json();
        lines += line.dump() + "\n";
      }
    }
  }
  return lines;
}

/// Costs of each scenario around the policy's mean, the same ups and downs for all policies.
void WriteEvaluation(const FabricatedRun& run, const std::filesystem::path& file) {
  CsvWriter csv(file);
  for (const char* name : {"policy", "seed", "scenario_set", "scenario", "cost"}) csv.Text(name);
  csv.EndRow();
  for (const auto& [policy, cost] :
       std::vector<std::pair<std::string, double>>{{"forecast_quantile", kRuleCost}, {"ppo", run.learned_cost}}) {
    for (int scenario = 0; scenario < 64; ++scenario) {
      csv.Text(policy).Text(policy == "ppo" ? "1" : "").Text("scenarios").Integer(scenario);
      csv.Number(cost + 80 * std::sin(7 * scenario) +
                 (policy == "ppo" ? 5 * std::cos(3 * scenario + run.learned_cost) : 0));
      csv.EndRow();
    }
  }
  csv.Commit();
}

}  // namespace

void Write(const FabricatedRun& run, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto write = [&](const char* name, const std::string& text) { std::ofstream(folder / name) << text; };
  write("config.yaml", run.config);
  write("build.json",
        json{{"version", "0.1.0"},
             {"commit", "1a2b3c4"},
             {"compiler", "GNU 12.2"},
             {"device", "cpu"},
             {"seed", 1},
             {"sales", {{"first_date", "2024-03-28"}, {"last_date", "2024-06-25"}, {"crc32c", run.sales}}},
             {"seconds", {{"train", 61.2}}},
             {"libraries", {{"LibTorch", "1.13.1"}}}}
            .dump());
  write("traces.json", Traces(run).dump());
  WriteFans(run, {""}, {run.num_days - kHeldOut - 1}, folder / "forecast.csv");
  if (run.has_evaluation) {
    write("summary.json", Summary(run).dump());
    WriteEvaluation(run, folder / "evaluation.csv");
  }
  if (run.has_agents) write("metrics.jsonl", Metrics(run));
  if (run.has_backtest)
    WriteFans(run, {"lstm", "seasonal_naive"}, {run.num_days - 3 * kHeldOut - 1, run.num_days - 2 * kHeldOut - 1},
              folder / "backtest.csv");
}

}  // namespace restock
