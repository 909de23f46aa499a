#include "experiments/saved_run.h"

#include <nlohmann/json.hpp>

#include "agents/base_stock_policy.h"
#include "agents/forecast_quantile_policy.h"
#include "agents/lp_policy.h"
#include "agents/policy_file.h"
#include "common/check.h"
#include "common/file.h"

namespace restock {
namespace {

using Json = nlohmann::json;

constexpr const char* kPoliciesFile = "policies.json";

// The file of a learned policy: ppo-3.bin.
std::string WeightsFile(const NamedPolicy& policy) {
  return policy.name + (policy.seed ? "-" + std::to_string(*policy.seed) : "") + ".bin";
}

// What stands in policies.json; weights go to a file of their own.
Json Describe(const NamedPolicy& named, const std::filesystem::path& folder) {
  Json json = {{"name", named.name}, {"is_rule", named.is_rule}};
  json["seed"] = named.seed ? Json(*named.seed) : Json();
  if (const auto* base_stock = dynamic_cast<const BaseStockPolicy*>(named.policy.get())) {
    json["levels"] = std::vector<float>(base_stock->levels().begin(), base_stock->levels().end());
  } else if (const auto* quantile = dynamic_cast<const ForecastQuantilePolicy*>(named.policy.get())) {
    json["scores"] = {quantile->store_score(), quantile->central_score()};
    json["service_levels"] = {quantile->store_service_level(), quantile->central_service_level()};
  } else if (named.policy && IsLearned(*named.policy)) {
    json["file"] = WeightsFile(named);
    SavePolicy(*named.policy, folder / WeightsFile(named));
  } else if (named.stochastic_lp) {
    json["num_scenarios"] = named.stochastic_lp->num_scenarios;
    json["horizon"] = named.stochastic_lp->horizon;
    json["reduce_from"] = named.stochastic_lp->reduce_from;
    json["branchings"] = Json::array();
    for (const DemandBranching& branching : named.stochastic_lp->branchings)
      json["branchings"].push_back({branching.after, branching.parts});
  } else {
    RESTOCK_CHECK(named.lp.has_value());  // a new kind of policy: say above how it is saved
    json["service_levels"] = {named.lp->service_level, named.lp->central_service_level};
    json["horizon"] = named.lp->horizon;
  }
  return json;
}

NamedPolicy Restore(const Json& json, const std::shared_ptr<const Network>& network,
                    const std::filesystem::path& folder) {
  NamedPolicy named{.name = json.at("name"), .is_rule = json.at("is_rule")};
  if (!json.at("seed").is_null()) named.seed = json.at("seed").get<int>();
  if (json.contains("levels")) {
    const auto levels = json.at("levels").get<std::vector<float>>();
    named.policy = std::make_shared<BaseStockPolicy>(
        Eigen::Map<const Eigen::ArrayXf>(levels.data(), static_cast<Eigen::Index>(levels.size())));
  } else if (json.contains("scores")) {
    named.policy = std::make_shared<ForecastQuantilePolicy>(json.at("scores")[0], json.at("scores")[1]);
  } else if (json.contains("file")) {
    named.policy = LoadPolicy(folder / json.at("file").get<std::string>());
  } else if (json.contains("num_scenarios")) {
    named.stochastic_lp = StochasticLpConfig{.horizon = json.at("horizon"), .num_scenarios = json.at("num_scenarios")};
    named.stochastic_lp->reduce_from = json.value("reduce_from", 0);
    for (const Json& branching : json.value("branchings", Json::array()))
      named.stochastic_lp->branchings.push_back({branching.at(0), branching.at(1)});
    named.policy = MakeStochasticLpPolicy(network, *named.stochastic_lp);
  } else {
    named.lp = LpPolicyConfig{.horizon = json.at("horizon"),
                              .service_level = json.at("service_levels")[0],
                              .central_service_level = json.at("service_levels")[1]};
    named.policy = MakeLpPolicy(network, *named.lp);
  }
  return named;
}

}  // namespace

void SavePolicies(const std::vector<NamedPolicy>& policies, size_t best, const std::filesystem::path& folder) {
  Json json = {{"schema", 1}, {"best", best}, {"policies", Json::array()}};
  for (const NamedPolicy& policy : policies) json["policies"].push_back(Describe(policy, folder));
  WriteFileAtomically(folder / kPoliciesFile, json.dump(1) + "\n");
}

std::vector<NamedPolicy> LoadPolicies(const std::shared_ptr<const Network>& network,
                                      const std::filesystem::path& folder, size_t& best) {
  const std::filesystem::path file = folder / kPoliciesFile;
  const std::string text = ReadFile(file);
  try {
    const Json json = Json::parse(text);
    std::vector<NamedPolicy> policies;
    for (const Json& one : json.at("policies")) policies.push_back(Restore(one, network, folder));
    best = json.at("best");
    if (best >= policies.size()) throw DataError(file.string() + ": best names no policy.");
    return policies;
  } catch (const Json::exception& error) {
    throw DataError(file.string() + ": is no list of policies (" + error.what() +
                    "). Remove it and write it anew by restock run RUN_DIR --resume.");
  }
}

SavedRun LoadRun(const std::filesystem::path& run_dir) {
  const RunDirectory run = RunDirectory::Open(run_dir);
  SavedRun saved;
  saved.config = ReadExperimentConfig(run.config());
  for (const auto& file : {run.network(), run.policies(), run.forecaster() / "forecaster.bin"}) {
    if (!std::filesystem::exists(file)) {
      throw DataError(file.string() + ": is missing, the run did not come so far. Go on with: restock run " +
                      run_dir.string() + " --resume");
    }
  }
  saved.network = LoadNetwork(run.network(), saved.series);
  saved.forecaster = MakeForecaster(saved.config.forecaster, Random(saved.config.seed).Stream("forecaster"));
  saved.forecaster->Load(run.forecaster() / "forecaster.bin");
  saved.policies = LoadPolicies(saved.network, run.policy(), saved.best);
  return saved;
}

}  // namespace restock
