// The whole chain with classical policies on a tiny problem: seconds.

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "agents/base_stock_policy.h"
#include "agents/simulate.h"
#include "common/csv.h"
#include "common/file.h"
#include "common/progress.h"
#include "experiments/planner.h"
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
    const double cost = SiteCosts(*base_stock, world.network, world.train, 1).sum();
    for (const float factor : {0.8f, 0.9f, 1.1f, 1.2f}) {
      const BaseStockPolicy other(base_stock->levels() * factor);
      EXPECT_LT(cost, SiteCosts(other, world.network, world.train, 1).sum());
    }
  }
}

// A run on a sales file, which others then change.
class SalesFileTest : public EndToEndTest {
 protected:
  void SetUp() override {
    EndToEndTest::SetUp();
    const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    sales_ = *folder_ / (name + ".csv");
    WriteSalesFile(GenerateSales(*config_->data.generate, DataRandom(*config_)), sales_);
    file_config_ = TinyExperiment({"data={path: " + sales_.string() + ", holdout_periods: 14}", "baselines=base_stock",
                                   "scenarios.train=4", "scenarios.select=2", "scenarios.test=4"});
    run_dir_ = Start(name, file_config_).path();
    RunExperiment(file_config_, RunDirectory::Open(run_dir_));
  }
  // A day later, a new product is sold.
  void AddProduct() { WriteFileAtomically(sales_, ReadFile(sales_) + NewRow("quince", 7)); }
  // A row of the first warehouse a day after the last.
  std::string NewRow(const std::string& sku, int demand) {
    const DemandHistory history = LoadDemand(file_config_).full;
    const std::string text = ReadFile(sales_), header = text.substr(0, text.find('\n'));
    const auto num_commas = std::count(header.begin(), header.end(), ',');
    EXPECT_THAT(header, testing::StartsWith("date,warehouse,sku,category,demand"));
    return history.calendar.DateOf(history.num_periods()).ToString() + "," + history.series[0].warehouse + "," + sku +
           ",," + std::to_string(demand) + std::string(static_cast<size_t>(num_commas - 4), ',') + "\n";
  }
  // What `restock plan` prints, or the message that it ends with.
  std::string Plan(const std::string& stock, const std::string& open_orders = "",
                   std::optional<Date> date = std::nullopt) {
    const auto file = [&](const char* name, const std::string& text) {
      WriteFileAtomically(run_dir_ / name, text);
      return run_dir_ / name;
    };
    std::ostringstream out;
    try {
      PlanOrders(
          {run_dir_, sales_, file("stock.csv", "warehouse,sku,on_hand\n" + stock),
           file("open.csv", "source,warehouse,sku,quantity,due_date\n" + open_orders), date, run_dir_ / "orders.csv"},
          out);
    } catch (const DataError& error) {
      return error.what();
    }
    return out.str();
  }

  std::filesystem::path sales_, run_dir_;
  ExperimentConfig file_config_;
};

TEST_F(SalesFileTest, OtherSalesAreNotEvaluatedAsThoseOfTheRun) {
  const RunDirectory run = RunDirectory::Open(run_dir_);
  EXPECT_NO_THROW(EvaluatePolicies(file_config_, run));
  AddProduct();
  try {
    EvaluatePolicies(file_config_, run);
    FAIL() << "were accepted";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("are not the sales any more that"));
  }
}

TEST_F(SalesFileTest, LevelsAreExportedForTheProductsOfTheRun) {
  AddProduct();
  ExportPolicyTable(run_dir_, run_dir_ / "levels.csv");
  EXPECT_THAT(ReadFile(run_dir_ / "levels.csv"), testing::Not(testing::HasSubstr("quince")));
}

TEST_F(SalesFileTest, APlanNamesProductsThatTheRunDoesNotKnow) {
  AddProduct();
  EXPECT_THAT(Plan(""), testing::HasSubstr("Products that the run does not know, for which nothing is ordered: 1 ("));
}

TEST_F(SalesFileTest, APlanGoesOnWhereADelistedProductIsWrittenAsZero) {
  const Series gone = LoadDemand(file_config_).full.series[0];
  const std::string zero = NewRow(gone.sku, 0);
  std::istringstream lines(ReadFile(sales_));
  std::string without;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("," + gone.warehouse + "," + gone.sku + ",") == std::string::npos) without += line + "\n";
  }
  WriteFileAtomically(sales_, without);
  EXPECT_THAT(Plan(""), testing::HasSubstr("Add a row with a demand of 0"));
  WriteFileAtomically(sales_, without + zero);
  EXPECT_THAT(Plan(""), testing::HasSubstr("Orders of "));
}

TEST_F(SalesFileTest, APlanNeedsTwoWeeksOfSales) {
  const Date first = LoadDemand(file_config_).full.calendar.first_date;
  EXPECT_THAT(Plan("", "", Date{first.days_since_epoch + 13}),
              testing::HasSubstr("leaves too little to forecast from"));
  EXPECT_THAT(Plan("", "", Date{first.days_since_epoch + 14}), testing::HasSubstr("Orders of "));
}

// 50 of 4 each, due in two days, while the centre is full.
TEST_F(SalesFileTest, APlanCountsWhatIsCutAsMoneySaved) {
  const DemandHistory history = LoadDemand(file_config_).full;
  const Date due{history.calendar.DateOf(history.num_periods()).days_since_epoch + 2};
  const std::string sku = history.series[0].sku;
  EXPECT_THAT(Plan("central," + sku + ",9000\n", "supplier,central," + sku + ",50," + due.ToString() + "\n"),
              testing::ContainsRegex("cut +1 +50 piece +-200\\.00"));
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
