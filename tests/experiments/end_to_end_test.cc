// The whole chain with classical policies on a tiny problem: seconds.

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "agents/base_stock_policy.h"
#include "common/csv.h"
#include "common/file.h"
#include "common/progress.h"
#include "experiments/run_experiment.h"
#include "experiments/saved_run.h"
#include "experiments/stages.h"
#include "tests/experiments/tiny_experiment.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

// One run that the tests look at.
class EndToEndTest : public testing::Test {
 protected:
  void SetUp() override {
    if (evaluation_ != nullptr) return;
    Progress::SetQuiet(true);
    folder_ = std::make_unique<TemporaryFolder>();
    config_ = std::make_unique<ExperimentConfig>(TinyExperiment());
    run_ = std::make_unique<RunDirectory>(Start("run", *config_));
    evaluation_ = std::make_unique<Evaluation>(RunExperiment(*config_, *run_));
  }
  static RunDirectory Start(const std::string& name, const ExperimentConfig& config) {
    const RunDirectory run = RunDirectory::Create(*folder_ / name, /*resume=*/false);
    WriteFileAtomically(run.config(), config.resolved_yaml);
    return run;
  }

  static inline std::unique_ptr<TemporaryFolder> folder_;
  static inline std::unique_ptr<ExperimentConfig> config_;
  static inline std::unique_ptr<RunDirectory> run_;
  static inline std::unique_ptr<Evaluation> evaluation_;
};

TEST_F(EndToEndTest, WritesEveryFileOfARun) {
  for (const auto& file :
       {run_->config(), run_->build(), run_->forecast(), run_->evaluation(), run_->summary(), run_->traces(),
        run_->report(), run_->forecaster() / "forecaster.bin", run_->policy() / "policies.json"}) {
    EXPECT_TRUE(std::filesystem::exists(file)) << file;
  }
}

TEST_F(EndToEndTest, EveryPolicyMeetsTheSameDemand) {
  for (const SetEvaluation& set : *evaluation_) {
    ASSERT_EQ(set.policies.size(), 3u);
    for (const PolicyOutcome& policy : set.policies) {
      for (size_t scenario = 0; scenario < policy.scenarios.size(); ++scenario) {
        EXPECT_EQ(policy.scenarios[scenario].demand, set.policies[0].scenarios[scenario].demand)
            << set.name << " " << policy.name;
      }
    }
  }
}

TEST_F(EndToEndTest, CostsAddUpByKindAndByWarehouse) {
  for (const SetEvaluation& set : *evaluation_) {
    for (const PolicyOutcome& policy : set.policies) {
      for (const ScenarioOutcome& outcome : policy.scenarios) {
        const double scale = 1 + std::abs(outcome.cost);
        double by_kind = 0;
        for (const double part : outcome.parts) by_kind += part;
        if (!std::isnan(by_kind)) {
          EXPECT_NEAR(by_kind, outcome.cost, 1e-4 * scale) << set.name << " " << policy.name;
        }
        double by_warehouse = 0;
        for (const double cost : outcome.warehouse_cost) by_warehouse += cost;
        EXPECT_NEAR(by_warehouse, outcome.cost, 1e-9 * scale);
      }
    }
  }
}

TEST_F(EndToEndTest, SlowPoliciesAndTheBoundSeeTheFirstScenarios) {
  const SetEvaluation& sampled = evaluation_->front();
  EXPECT_EQ(sampled.num_scenarios, 24);
  EXPECT_EQ(sampled.bound.size(), 2u);
  for (const PolicyOutcome& policy : sampled.policies) {
    EXPECT_EQ(policy.scenarios.size(), policy.name == "lp" ? 2u : 24u);
    // no policy beats perfect information
    for (size_t scenario = 0; scenario < sampled.bound.size(); ++scenario) {
      EXPECT_GE(policy.scenarios[scenario].cost, sampled.bound[scenario] - 1e-6 * std::abs(sampled.bound[scenario]));
    }
  }
}

TEST_F(EndToEndTest, HeldOutDemandStartsAtThreeOrigins) {
  ASSERT_EQ(evaluation_->size(), 3u);
  EXPECT_EQ((*evaluation_)[1].name, "held_out");
  EXPECT_EQ((*evaluation_)[1].num_scenarios, 3);
  EXPECT_EQ((*evaluation_)[1].num_periods, 10);  // two thirds of 14 days
  EXPECT_EQ((*evaluation_)[2].name, "held_out_uncensored");
  for (size_t policy = 0; policy < 3; ++policy) {
    for (size_t origin = 0; origin < (*evaluation_)[1].policies[policy].scenarios.size(); ++origin) {
      const ScenarioOutcome& all = (*evaluation_)[1].policies[policy].scenarios[origin];
      const ScenarioOutcome& uncensored = (*evaluation_)[2].policies[policy].scenarios[origin];
      EXPECT_LE(uncensored.num_site_periods, all.num_site_periods);
      EXPECT_LE(uncensored.demand, all.demand);
    }
  }
}

TEST_F(EndToEndTest, SummarySaysWhatTheEvaluationFound) {
  const auto summary = nlohmann::json::parse(ReadFile(run_->summary()));
  EXPECT_EQ(summary.at("schema"), 1);
  EXPECT_EQ(summary.at("policies").size(), 9u);
  const auto& policy = summary.at("policies").at(0);
  EXPECT_EQ(policy.at("name"), "base_stock");
  double mean = 0;
  for (const ScenarioOutcome& outcome : evaluation_->front().policies[0].scenarios) mean += outcome.cost / 24;
  EXPECT_NEAR(policy.at("mean_cost"), mean, 1e-9);
  EXPECT_EQ(summary.at("bound").at("kind"), "perfect_information");
}

TEST_F(EndToEndTest, EvaluationFileHasARowPerPolicyAndScenario) {
  CsvReader csv(run_->evaluation());
  const int cost = csv.RequireColumn("cost");
  int num_rows = 0;
  while (csv.NextRow()) {
    csv.Number(cost);
    ++num_rows;
  }
  EXPECT_EQ(num_rows, 24 + 24 + 2 + 2 * (3 + 3 + 2));
}

TEST_F(EndToEndTest, EqualSeedsGiveEqualFilesForAnyNumberOfThreads) {
  const ExperimentConfig config = TinyExperiment({"threads=2"});
  const RunDirectory again = Start("again", config);
  RunExperiment(config, again);
  for (const char* file : {"forecast.csv", "evaluation.csv", "summary.json", "traces.json", "policy/policies.json"}) {
    EXPECT_EQ(ReadFile(again.path() / file), ReadFile(run_->path() / file)) << file;
  }
}

TEST_F(EndToEndTest, SavedPoliciesGiveTheSameEvaluation) {
  const std::string before = ReadFile(run_->evaluation());
  EvaluatePolicies(*config_, *run_);
  EXPECT_EQ(ReadFile(run_->evaluation()), before);
}

TEST_F(EndToEndTest, TunedRulesAreAtTheirBestOnTheTrainScenarios) {
  const SavedRun saved = LoadRun(run_->path());
  const DemandSplit demand = LoadDemand(saved.config);
  const TrainingWorld world =
      MakeWorld(saved.config, *saved.forecaster, demand.past, saved.network, Random(saved.config.seed));
  for (const NamedPolicy& named : saved.policies) {
    const auto* base_stock = dynamic_cast<const BaseStockPolicy*>(named.policy.get());
    if (base_stock == nullptr) continue;
    const double cost = MeanCost(*base_stock, world.network, world.train, 1);
    for (const float factor : {0.8f, 0.9f, 1.1f, 1.2f}) {
      EXPECT_LT(cost, MeanCost(BaseStockPolicy(base_stock->levels() * factor), world.network, world.train, 1));
    }
  }
}

TEST_F(EndToEndTest, AnInterruptedRunIsToldFromAFinishedOne) {
  const RunDirectory run = Start("interrupted", *config_);
  try {
    LoadRun(run.path());
    FAIL() << "was accepted";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("--resume"));
  }
}

}  // namespace
}  // namespace restock
