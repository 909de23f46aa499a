// What the commands promise beside their work: where they write, and what they refuse.

#include "tests/experiments/command.h"

#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "agents/learner.h"
#include "common/file.h"
#include "tests/experiments/tiny_experiment.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

using testing::HasSubstr;
using testing::Not;

class CommandTest : public testing::Test {
 protected:
  CommandTest() { WriteFileAtomically(folder_ / "tiny.yaml", kTinyExperiment); }
  Result Here(const std::string& arguments) { return Command(arguments, folder_.path().string()); }

  TemporaryFolder folder_;
};

TEST_F(CommandTest, TellsWhichModelTheAutomaticChoiceTookForEachClass) {
  const Result result = Here("forecast tiny.yaml forecaster.model=automatic --out forecasts");
  ASSERT_EQ(result.exit_code, 0) << result.output;
  const auto choices = nlohmann::json::parse(ReadFile(folder_ / "forecasts" / "summary.json"))["forecast"]["choices"];
  ASSERT_FALSE(choices.empty());
  for (const auto& choice : choices) {
    EXPECT_GT(choice["scores"].size(), 1u);
    EXPECT_NE(choice["model"], "");
  }
  EXPECT_THAT(ReadFile(folder_ / "forecasts" / "report.html"), HasSubstr("Which model was chosen"));
}

TEST_F(CommandTest, AFinishedRunIsLeftAsItIs) {
  ASSERT_EQ(Here("run tiny.yaml baselines=base_stock --out run").exit_code, 0);
  const auto written = std::filesystem::last_write_time(folder_ / "run" / "config.yaml");
  const Result again = Here("run run --resume");
  EXPECT_EQ(again.exit_code, 0) << again.output;
  EXPECT_EQ(std::filesystem::last_write_time(folder_ / "run" / "config.yaml"), written);
}

TEST_F(CommandTest, TheForecastsOfARunGoIntoADirectoryOfTheirOwn) {
  ASSERT_EQ(Here("train tiny.yaml baselines=base_stock --out run").exit_code, 0);
  const Result result = Here("forecast run");
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_TRUE(std::filesystem::exists(folder_ / "runs" / "tiny-1" / "forecast.csv")) << result.output;
}

TEST_F(CommandTest, ForecastsNeedNoPolicies) {
  const Result result = Here("forecast tiny.yaml baselines=none agents=none --out forecasts");
  EXPECT_EQ(result.exit_code, 0) << result.output;
}

TEST_F(CommandTest, ASearchWritesAConfigurationThatCanBeForecastFromAndGoesOn) {
  const std::string search =
      "forecast tiny.yaml --search backtest.horizon=7 --out found "
      "'search={num_origins: 2, method: grid, space: {model: [naive, moving_average, ets]}}'";
  const Result result = Here(search);
  ASSERT_EQ(result.exit_code, 0) << result.output;
  const std::string best = ReadFile(folder_ / "found" / "best.yaml"),
                    journal = ReadFile(folder_ / "found" / "search.jsonl");
  // half of the journal is as if it had been interrupted
  WriteFileAtomically(folder_ / "found" / "search.jsonl",
                      journal.substr(0, journal.find('\n', journal.size() / 2) + 1));
  std::filesystem::remove(folder_ / "found" / "best.yaml");
  ASSERT_EQ(Here(search).exit_code, 0);
  EXPECT_EQ(ReadFile(folder_ / "found" / "best.yaml"), best);
  EXPECT_EQ(ReadFile(folder_ / "found" / "search.jsonl"), journal);
  EXPECT_EQ(Here("forecast found/best.yaml --out forecasts").exit_code, 0);

  // another search does not go on from it, and a setting that does not exist is told before anything is fitted
  EXPECT_EQ(Here(search + " seed=9").exit_code, 2);
  const Result typo = Here("forecast tiny.yaml --search 'search.space={modle: [ets]}' --out typo");
  EXPECT_EQ(typo.exit_code, 2);
  EXPECT_THAT(typo.output, HasSubstr("Did you mean model?"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "typo"));
  const Result nothing = Here("forecast tiny.yaml --search");
  EXPECT_EQ(nothing.exit_code, 2);
  EXPECT_THAT(nothing.output, HasSubstr("search.space"));
}

TEST_F(CommandTest, ForecastsAreExplainedAndFittedAgainWhenItIsTime) {
  const Result result = Here(
      "forecast tiny.yaml retrain.on=schedule retrain.schedule=14 retrain.walk_periods=28 retrain.judged_periods=14 "
      "backtest.horizon=7 explain.num_items=2 --out forecasts");
  ASSERT_EQ(result.exit_code, 0) << result.output;
  const auto forecast = nlohmann::json::parse(ReadFile(folder_ / "forecasts" / "summary.json"))["forecast"];
  EXPECT_EQ(forecast["retraining"]["steps"].size(), 4u);
  EXPECT_EQ(forecast["retraining"]["tries"].size(), 1u);
  ASSERT_EQ(forecast["explanations"]["items"].size(), 2u);
  for (const auto& item : forecast["explanations"]["items"]) {
    double sum = item["baseline"];
    for (const auto& input : item["inputs"]) sum += input["contribution"].get<double>();
    EXPECT_NEAR(sum, item["forecast"].get<double>(), 1e-6);
  }
  const std::string page = ReadFile(folder_ / "forecasts" / "report.html");
  EXPECT_THAT(page, HasSubstr("What moved the forecast of"));
  EXPECT_THAT(page, HasSubstr("Is it worth fitting again?"));

  const Result too_long = Here("forecast tiny.yaml retrain.on=alarm retrain.walk_periods=9999");
  EXPECT_EQ(too_long.exit_code, 2);
  EXPECT_THAT(too_long.output, HasSubstr("set retrain.walk_periods lower"));
}

TEST_F(CommandTest, EvaluatingAConfigurationDropsNoAgentsInSilence) {
  const Result result = Here("evaluate tiny.yaml agents=ppo");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.output, HasSubstr("override agents=ppo"));
  EXPECT_THAT(result.output, HasSubstr("restock run tiny.yaml agents=ppo"));
}

TEST_F(CommandTest, AGpuThatIsNotThereIsMissedBeforeAnyWork) {
  if (HasCuda()) GTEST_SKIP() << "there is a GPU";
  for (const std::string key : {"device", "forecaster.lstm.device", "agents.ppo.device"}) {
    const Result result = Here("validate tiny.yaml agents=ppo " + key + "=cuda");
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.output, HasSubstr(key + " is cuda, but there is no CUDA device here"));
  }
}

TEST_F(CommandTest, LpAloneMayChooseBetweenLanes) {
  const std::string lanes = "'network.lanes=[{from: supplier, to: \"*\"}, {from: supplier, to: \"*\", lead_time: 3}]' ";
  const std::string locations = "'network.locations=[{name: \"*\", holding_cost: 1, stockout_cost: 7}]' ";
  EXPECT_EQ(Here("validate tiny.yaml baselines=lp " + lanes + locations).exit_code, 0);
  EXPECT_EQ(Here("validate tiny.yaml baselines=lp,base_stock " + lanes + locations).exit_code, 2);
}

TEST_F(CommandTest, AFolderIsNoFileToWrite) {
  for (const std::string command :
       {"compare some-run --out .", "export some-run --format csv --out .",
        "plan some-run --sales sales.csv --stock stock.csv --out .", "generate tiny.yaml --out ."}) {
    const Result result = Here(command);
    EXPECT_EQ(result.exit_code, 2) << command;
    EXPECT_THAT(result.output, HasSubstr("is a folder")) << command;
  }
}

TEST_F(CommandTest, ValidateSaysWhatItFoundInTheSales) {
  std::string sales = "date,warehouse,sku,demand\n";
  for (int day = 1; day <= 31; ++day) {
    const std::string date = "2024-01-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
    sales += date + ",north,milk,3\n" + date + ",north,tea,0\n";
  }
  WriteFileAtomically(folder_ / "sales.csv", sales);
  std::string config = kTinyExperiment;
  const size_t begin = config.find("generate:");
  config.replace(begin, config.find('\n', begin) - begin, "path: sales.csv");
  WriteFileAtomically(folder_ / "sales.yaml", config);
  const Result result = Here("validate sales.yaml");
  EXPECT_THAT(result.output, HasSubstr("31 days from 2024-01-01 to 2024-01-31, 1 warehouse, 2 products, 2 series"));
  EXPECT_THAT(result.output, HasSubstr("series without a day of known demand above zero: 1"));
}

TEST_F(CommandTest, SolveSaysHowManyIntegersItRelaxed) {
  WriteFileAtomically(folder_ / "model.mps",
                      "ROWS\n N C\n G R\nCOLUMNS\n X C 1 R 2\nRHS\n RHS R 1\nBOUNDS\n BV B X\nENDATA\n");
  const Result result = Here("solve model.mps --json result.json");
  EXPECT_THAT(result.output, HasSubstr("objective 0.5"));
  EXPECT_THAT(result.output, HasSubstr("integer columns: 1, solved as if"));
  EXPECT_THAT(ReadFile(folder_ / "result.json"), HasSubstr("\"relaxed_integers\": 1"));
}

// Wyndor Glass: 36 at (2, 6), shadow prices 0, 3/2, 1
TEST_F(CommandTest, SolveReadsLpFilesAndWritesValuesAndBasis) {
  WriteFileAtomically(folder_ / "wyndor.lp",
                      "Maximize\n 3 doors + 5 windows\nSubject To\n p1: doors <= 4\n p2: 2 windows <= 12\n"
                      " p3: 3 doors + 2 windows <= 18\nEnd\n");
  const Result result = Here("solve wyndor.lp --json result.json --values --basis-out wyndor.bas --write wyndor.mps");
  EXPECT_THAT(result.output, HasSubstr("objective 36"));
  const auto json = nlohmann::json::parse(ReadFile(folder_ / "result.json"));
  EXPECT_EQ(json["columns"][0]["name"], "doors");
  EXPECT_NEAR(json["columns"][1]["value"].get<double>(), 6, 1e-9);
  EXPECT_NEAR(json["rows"][2]["dual"].get<double>(), 1, 1e-9);
  EXPECT_EQ(json["rows"][0]["basis"], "basic");

  // the same model as MPS, from the basis that solves it
  EXPECT_THAT(Here("solve wyndor.mps --basis-in wyndor.bas").output, HasSubstr("objective 36  0 iterations"));
  EXPECT_THAT(Here("solve wyndor.mps --presolve off --iteration-limit 1").output, HasSubstr("iteration_limit"));
  EXPECT_THAT(Here("solve wyndor.mps --values").output, HasSubstr("windows "));
  EXPECT_EQ(Here("solve wyndor.mps --basis-in wyndor.mps").exit_code, 2);
}

// the range of the third right-hand side of Wyndor Glass is 12 to 24
TEST_F(CommandTest, SolveTellsRangesAndWhatClashes) {
  const std::string head = "Maximize\n 3 doors + 5 windows\nSubject To\n p1: doors <= 4\n p2: 2 windows <= 12\n";
  WriteFileAtomically(folder_ / "wyndor.lp", head + " p3: 3 doors + 2 windows <= 18\nEnd\n");
  EXPECT_EQ(Here("solve wyndor.lp --ranging --json result.json").exit_code, 0);
  const auto json = nlohmann::json::parse(ReadFile(folder_ / "result.json"));
  EXPECT_NEAR(json["ranging"]["rows"][2]["upper"][0].get<double>(), 12, 1e-9);
  EXPECT_NEAR(json["ranging"]["rows"][2]["upper"][1].get<double>(), 24, 1e-9);
  EXPECT_TRUE(json["ranging"]["columns"][1]["cost"][1].is_null());

  WriteFileAtomically(folder_ / "clash.lp", head + " order: 3 doors + 2 windows >= 25\nEnd\n");
  const Result clash = Here("solve clash.lp --iis");
  EXPECT_EQ(clash.exit_code, 0);
  EXPECT_THAT(clash.output, HasSubstr("these 3 cannot all be met, and all but any one of them can:\n  row p1 <= 4\n"
                                      "  row p2 <= 12\n  row order >= 25\n"));
}

TEST_F(CommandTest, SolveFindsTheOptimumOfAProblemFile) {
  // one site without lead time, backorders, h = 1, p = 9, demand 0 to 4 alike: S* = 4 costs 2 a period, S = 3 costs
  // (3 + 2 + 1 + 0 + 9) / 5 = 3
  WriteFileAtomically(
      folder_ / "problem.yaml",
      "parameters: {shortage_cost: 1}\n"
      "demand: {location: store, kind: uniform, low: 0, high: 4}\n"
      "network:\n"
      "  locations: [{name: store, shortage: backorders, holding_cost: 1, stockout_cost: $shortage_cost}]\n"
      "  lanes: [{from: supplier, to: store, lead_time: 0}]\n");
  const Result result = Here("solve problem.yaml shortage_cost=9 --json result.json");
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("optimal  average cost per period 2 "));
  EXPECT_NEAR(nlohmann::json::parse(ReadFile(folder_ / "result.json"))["objective"].get<double>(), 2, 1e-6);

  EXPECT_EQ(Here("solve problem.yaml shortage_cst=9").exit_code, 2);
  EXPECT_EQ(Here("solve model.mps lead_time=9").exit_code, 2);
}

// the same store, and two of them behind a central site
constexpr const char* kProblem = R"(
parameters: {shortage_cost: 9}
demand: {location: store, kind: uniform, low: 0, high: 4}
protocol: {periods: 500, runs: 64}
network:
  locations: [{name: store, shortage: backorders, holding_cost: 1, stockout_cost: $shortage_cost}]
  lanes: [{from: supplier, to: store, lead_time: 0}]
)";
constexpr const char* kTwoStores = R"(
parameters: {lead_time: 1}
demand: [{location: north, kind: poisson, mean: 2}, {location: south, kind: poisson, mean: 3}]
protocol: {periods: 100, runs: 64}
network:
  locations: [{name: central, holding_cost: 0.5}, {name: "*", holding_cost: 1, stockout_cost: 9}]
  lanes: [{from: supplier, to: central, lead_time: $lead_time}, {from: central, to: "*", lead_time: 1}]
best_known:
  - {when: {lead_time: 2}, cost: 20, source: a paper}
)";

TEST_F(CommandTest, RunPutsTheRulesOfAProblemBesideItsOptimum) {
  WriteFileAtomically(folder_ / "problem.yaml", kProblem);
  const Result result = Here("run problem.yaml --out run");
  EXPECT_EQ(result.exit_code, 0) << result.output;
  const auto summary = nlohmann::json::parse(ReadFile(folder_ / "run" / "summary.json"));
  EXPECT_EQ(summary["bound"]["kind"], "optimal");
  EXPECT_NEAR(summary["bound"]["cost"].get<double>(), 2, 1e-6);
  const auto& rule = summary["policies"][0];
  EXPECT_EQ(rule["name"], "base_stock");
  EXPECT_EQ(rule["parameters"]["S"], 4);
  const double cost = rule["mean_cost"], error = rule["standard_error"], exact_cost = rule["exact_cost"];
  EXPECT_NEAR(cost, 2, 3 * error);
  EXPECT_NEAR(exact_cost, 2, 1e-5);
  EXPECT_NEAR(rule["gap_to_bound"].get<double>(), (exact_cost - 2) / 2, 1e-6);
  EXPECT_THAT(ReadFile(folder_ / "run" / "report.html"), HasSubstr("Base stock"));

  // its own configuration repeats it, and the report is made again from the files
  ASSERT_EQ(Here("run run/config.yaml --out again").exit_code, 0);
  EXPECT_EQ(ReadFile(folder_ / "run" / "evaluation.csv"), ReadFile(folder_ / "again" / "evaluation.csv"));
  const std::string report = ReadFile(folder_ / "run" / "report.html");
  EXPECT_EQ(Here("report run").exit_code, 0);
  EXPECT_EQ(ReadFile(folder_ / "run" / "report.html"), report);
}

TEST_F(CommandTest, ABestKnownCostStandsForItsOwnParametersAlone) {
  WriteFileAtomically(folder_ / "stores.yaml", kTwoStores);
  const Result without = Here("run stores.yaml evaluation.num_lp_scenarios=0 --out without");
  EXPECT_EQ(without.exit_code, 0) << without.output;
  EXPECT_THAT(without.output, HasSubstr("no exact optimum"));
  EXPECT_TRUE(nlohmann::json::parse(ReadFile(folder_ / "without" / "summary.json"))["bound"].is_null());

  const Result with = Here(
      "run stores.yaml lead_time=2 network.locations.0.holding_cost=0.50 evaluation.num_lp_scenarios=0 --out with");
  EXPECT_THAT(with.output, HasSubstr("a paper"));
  ASSERT_EQ(Here("run with/config.yaml --out again").exit_code, 0);
  for (const char* run : {"with", "again"}) {
    const auto bound = nlohmann::json::parse(ReadFile(folder_ / run / "summary.json"))["bound"];
    EXPECT_EQ(bound["kind"], "best_known");
    EXPECT_EQ(bound["cost"], 20);
  }

  std::string typo = kTwoStores;
  typo.replace(typo.find("{lead_time: 2}"), 14, "{lead: 2}");
  WriteFileAtomically(folder_ / "typo.yaml", typo);
  EXPECT_THAT(Here("run typo.yaml --out typo").output, HasSubstr("override lead=2: unknown key lead"));
}

TEST_F(CommandTest, LinearProgramsAndTheirBoundStandBesideTheRulesOfAProblem) {
  WriteFileAtomically(folder_ / "stores.yaml", kTwoStores);
  const std::string settings =
      " 'protocol={kind: finite_horizon, periods: 12, runs: 64}' evaluation.num_lp_scenarios=8 "
      "linear_programs.stochastic_lp.num_scenarios=4 'linear_programs.lp.service_levels=0.8,0.95' "
      "'network.limits={name: dock, from: central, to: \"*\", counts: units, capacity: 6}'";
  const Result result = Here("run stores.yaml --out run" + settings);
  ASSERT_EQ(result.exit_code, 0) << result.output;
  const auto summary = nlohmann::json::parse(ReadFile(folder_ / "run" / "summary.json"));
  const auto& bound = summary["bounds"].at(0);
  EXPECT_EQ(bound["kind"], "perfect_information");
  EXPECT_EQ(bound["num_scenarios"], 8);
  std::set<std::string> programs;
  for (const auto& row : summary["policies"]) {
    EXPECT_GE(row["cost_on_bound_scenarios"].get<double>(), bound["cost"].get<double>());
    EXPECT_GE(row["gap_to_perfect_information"].get<double>(), 0);
    const std::string name = row["name"];
    if (!name.ends_with("lp")) continue;
    programs.insert(name);
    EXPECT_EQ(row["num_scenarios"], 8);
    EXPECT_EQ(row["mean_cost"], row["cost_on_bound_scenarios"]);
    EXPECT_FALSE(row["difference"].is_null());
  }
  EXPECT_EQ(programs, (std::set<std::string>{"lp", "stochastic_lp"}));
  std::set<std::string> planners;
  for (const auto& price : summary["shadow_prices"])
    if (price["value"].get<double>() > 0) planners.insert(price["plans"]);
  EXPECT_EQ(planners, (std::set<std::string>{"bound", "lp", "stochastic_lp"}));
  const std::string report = ReadFile(folder_ / "run" / "report.html");
  for (const char* words : {"Somebody who knew all demand ahead would pay", "Rolling LP (first 8)",
                            "Stochastic LP (first 8)", "one more of dock"})
    EXPECT_THAT(report, HasSubstr(words));

  // without them, or where they cannot tell the network
  EXPECT_THAT(Here("run stores.yaml --out without evaluation.num_lp_scenarios=0").output, Not(HasSubstr("lp")));
  const Result unknown = Here("run stores.yaml --out unknown network.locations.1.goodwill={}");
  EXPECT_EQ(unknown.exit_code, 0) << unknown.output;
  EXPECT_THAT(unknown.output, HasSubstr("no linear programs and no bound of perfect information: a linear program "
                                        "cannot tell goodwill"));
  EXPECT_EQ(Here("run stores.yaml --out no linear_programs=ppo").exit_code, 2);

  const std::string tree =
      " 'protocol={kind: finite_horizon, periods: 6, runs: 64}' evaluation.num_lp_scenarios=4 service.frontier=none "
      "'linear_programs={multistage_lp: {branchings: [[1, 2], [3, 2]]}}'";
  EXPECT_THAT(Here("run stores.yaml --out tree" + tree).output, HasSubstr("demand paths 4"));
  EXPECT_EQ(Here("validate stores.yaml 'linear_programs={multistage_lp: {branchings: [[3, 2], [1, 2]]}}'").exit_code,
            2);
}

// A dock for 4 a period, and 5 asked for.
TEST_F(CommandTest, APlanThatNobodyCanKeepNamesWhatClashes) {
  WriteFileAtomically(folder_ / "stores.yaml", kTwoStores);
  const std::string dock =
      " 'network.limits={name: dock, from: central, to: \"*\", counts: units, capacity: 4}' "
      "network.locations.0.initial_on_hand=40 'protocol={kind: finite_horizon, periods: 11, runs: 64}'";
  for (const std::string command : {"run", "validate"}) {
    const Result result = Here(command + " stores.yaml service.fill_rate=0.9" + dock);
    EXPECT_EQ(result.exit_code, 2) << result.output;
    for (const char* words :
         {"service.fill_rate of 0.9 cannot be kept", "at most 2 short of 20 asked for: service of item at north",
          "at most 3 short of 30 asked for: service of item at south", "at most 4: limit of dock in periods 0 to 9",
          "demand and stock of item at south", "At most 80.0 % of the demand", "Raise one of these limits"})
      EXPECT_THAT(result.output, HasSubstr(words));
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "runs"));
  EXPECT_EQ(Here("validate stores.yaml service.fill_rate=0.75" + dock).exit_code, 0);
  EXPECT_EQ(Here("validate stores.yaml service.frontier=0.9,0.8").exit_code, 2);

  // with sales instead of a problem
  const Result sales = Here("validate tiny.yaml service.fill_rate=0.99 network.lanes.0.lane_capacity=1");
  EXPECT_EQ(sales.exit_code, 2) << sales.output;
  EXPECT_THAT(sales.output, HasSubstr("at most 1: capacity of"));
}

// 1.5 times 3 a period more; the store orders them where they can arrive.
TEST_F(CommandTest, TheReportTellsWhatAPromotionNeeds) {
  WriteFileAtomically(folder_ / "stores.yaml", kTwoStores);
  const std::string settings =
      " --out run 'protocol={kind: finite_horizon, periods: 12, runs: 64}' evaluation.num_lp_scenarios=0 "
      "service.frontier=none ";
  const std::string promotion = "'promotions={location: south, first_period: 6, periods: 2, factor: 2.5}'";
  const Result result = Here("run stores.yaml" + settings + promotion);
  ASSERT_EQ(result.exit_code, 0) << result.output;
  const auto plan = nlohmann::json::parse(ReadFile(folder_ / "run" / "summary.json"))["promotions"];
  EXPECT_NEAR(plan["more_demand"].get<double>(), 2 * 3 * 1.5, 1e-6);
  EXPECT_NEAR(plan["more_short"].get<double>(), 0, 1e-6);
  double into_south = 0;
  for (const auto& order : plan["orders"])
    if (order["lane"] == "item from central to south") into_south = order["units"];
  EXPECT_NEAR(into_south, 9, 1e-6);
  const std::string report = ReadFile(folder_ / "run" / "report.html");
  EXPECT_THAT(report, HasSubstr("every product at south in periods 6 to 7: 2.5 times as much as usual"));
  EXPECT_THAT(report, HasSubstr("All of it can be met at once."));

  const auto message = [&](const std::string& text) { return Here("validate stores.yaml 'promotions=" + text).output; };
  EXPECT_THAT(message("{location: east, first_period: 6}'"), HasSubstr("nothing of that name sells"));
  EXPECT_THAT(message("{location: south, first_period: 600}'"), HasSubstr("must end within"));
  EXPECT_THAT(message("{location: south}'"), HasSubstr("needs its first_period"));
}

// Policies meet what is promoted: the demand of two of twelve periods at the south, 2.5 times as much.
TEST_F(CommandTest, PoliciesAreJudgedOnPromotedDemand) {
  WriteFileAtomically(folder_ / "stores.yaml", kTwoStores);
  const std::string settings =
      "run stores.yaml 'protocol={kind: finite_horizon, periods: 12, runs: 256}' evaluation.num_lp_scenarios=64 "
      "linear_programs=lp service.frontier=none ";
  const std::string promotion = "'promotions={location: south, first_period: 6, periods: 2, factor: 2.5}'";
  ASSERT_EQ(Here(settings + "--out with " + promotion).exit_code, 0);
  const auto summary = nlohmann::json::parse(ReadFile(folder_ / "with" / "summary.json"));
  const auto& simulated = summary["promotions"]["simulated"];
  EXPECT_NEAR(simulated["more_demand"].get<double>(), 2 * 3 * 1.5, 1.4);  // standard error 0.46
  EXPECT_GT(simulated["more_sold"].get<double>(), 0);
  EXPECT_GT(simulated["more_cost"].get<double>(), 0);
  EXPECT_THAT(ReadFile(folder_ / "with" / "report.html"), HasSubstr("Policies are judged on demand with them"));
}

TEST_F(CommandTest, SalesHaveTheSameProgramsAndPromotions) {
  const std::string programs =
      "'baselines={base_stock: {}, stochastic_lp: {num_scenarios: 3, reduce_from: 9, horizon: 5}, "
      "multistage_lp: {branchings: [[1, 2], [3, 2]], horizon: 5}}' ";
  const std::string promotion = "'promotions={first_period: 6, periods: 3, factor: 2}' ";
  const Result result = Here("run tiny.yaml --out run " + programs + promotion);
  ASSERT_EQ(result.exit_code, 0) << result.output;
  const auto summary = nlohmann::json::parse(ReadFile(folder_ / "run" / "summary.json"));
  std::set<std::string> names;
  for (const auto& row : summary["policies"]) names.insert(row["name"]);
  EXPECT_EQ(names, (std::set<std::string>{"base_stock", "stochastic_lp", "multistage_lp"}));

  // as much again for three days, on paths as in the plan
  const auto& plan = summary["promotions"];
  const double planned = plan["more_demand"], simulated = plan["simulated"]["more_demand"];
  EXPECT_GT(planned, 0);
  EXPECT_NEAR(simulated / planned, 1, 0.35);
  EXPECT_FALSE(plan["orders"].empty());
  const std::string report = ReadFile(folder_ / "run" / "report.html");
  EXPECT_THAT(report, HasSubstr("every product at all locations, "));
  EXPECT_THAT(report, HasSubstr("Multistage LP"));

  // a run that is judged again makes the same programs
  ASSERT_EQ(Here("evaluate run").exit_code, 0);
  const auto again = nlohmann::json::parse(ReadFile(folder_ / "run" / "summary.json"));
  EXPECT_EQ(again["policies"], summary["policies"]);

  EXPECT_THAT(Here("validate tiny.yaml 'promotions={sku: tea, first_period: 1}'").output,
              HasSubstr("nothing of that name sells"));
  EXPECT_THAT(Here("validate tiny.yaml 'promotions={first_period: 13, periods: 2}'").output,
              HasSubstr("must end within"));
  EXPECT_THAT(Here("validate tiny.yaml 'baselines={stochastic_lp: {reduce_from: 5}}'").output,
              HasSubstr("must be more than num_scenarios"));
}

TEST_F(CommandTest, TooFewPeriodsToJudgeProgramsByAreRefused) {
  WriteFileAtomically(folder_ / "stores.yaml", kTwoStores);
  const Result result = Here("validate stores.yaml evaluation.num_lp_periods=1");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.output, HasSubstr("must be at least 14, but is 1"));

  // as many as a program is told to plan ahead
  const Result ahead = Here("validate stores.yaml 'linear_programs={lp: {horizon: 30}}' evaluation.num_lp_periods=20");
  EXPECT_EQ(ahead.exit_code, 2);
  EXPECT_THAT(ahead.output, HasSubstr("must be at least 30, but is 20"));
}

TEST_F(CommandTest, ServiceIsPricedInTheReport) {
  WriteFileAtomically(folder_ / "stores.yaml", kTwoStores);
  const Result result = Here(
      "run stores.yaml --out run 'protocol={kind: finite_horizon, periods: 12, runs: 64}' linear_programs=none "
      "service.paths=8");
  ASSERT_EQ(result.exit_code, 0) << result.output;
  const auto service = nlohmann::json::parse(ReadFile(folder_ / "run" / "summary.json"))["service"];
  EXPECT_EQ(service["num_paths"], 8);
  ASSERT_GE(service["points"].size(), 5u);
  double cost = -1, marginal_cost = -1;
  for (const auto& point : service["points"]) {
    EXPECT_GT(point["cost"].get<double>(), cost);
    EXPECT_GE(point["marginal_cost"].get<double>(), marginal_cost - 1e-9);
    cost = point["cost"], marginal_cost = point["marginal_cost"];
  }
  EXPECT_THAT(ReadFile(folder_ / "run" / "report.html"), HasSubstr("The cheapest plan for each fill rate"));

  // of a long-run average when somebody asks for it, and not where no program can tell
  const Result average = Here(
      "run stores.yaml --out average linear_programs=none evaluation.num_lp_scenarios=0 service.frontier=0.9,0.95 "
      "service.paths=4");
  ASSERT_EQ(average.exit_code, 0) << average.output;
  const auto asked = nlohmann::json::parse(ReadFile(folder_ / "average" / "summary.json"))["service"];
  EXPECT_EQ(asked["num_periods"], 28);
  EXPECT_GE(asked["points"].size(), 2u);
  const Result unknown = Here("validate stores.yaml service.frontier=0.9,0.95 network.locations.1.goodwill={}");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.output, HasSubstr("service.frontier cannot be priced"));
}

TEST_F(CommandTest, AProblemHasNoSalesToLearnFrom) {
  WriteFileAtomically(folder_ / "problem.yaml", kProblem);
  EXPECT_THAT(Here("validate problem.yaml").output, HasSubstr("rules that fit: base_stock"));
  for (const std::string command : {"train problem.yaml", "forecast problem.yaml"}) {
    const Result result = Here(command);
    EXPECT_EQ(result.exit_code, 2) << command;
    EXPECT_THAT(result.output, HasSubstr("restock run problem.yaml")) << command;
  }
  EXPECT_EQ(Here("run problem.yaml agents=none --out none").exit_code, 0);
}

TEST_F(CommandTest, AgentsLearnProblemsAndTheirGapStandsBesideTheRules) {
  WriteFileAtomically(folder_ / "problem.yaml", kProblem);
  const std::string settings =
      " protocol.runs=2 protocol.periods=100 agents=pathwise training.seeds=1,2 agents.pathwise.num_updates=2 "
      "agents.pathwise.steps_per_update=2 scenarios.select=64 scenarios.num_periods=100";
  const Result run = Here("run problem.yaml --out learned" + settings);
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_THAT(run.output, HasSubstr("seed 2"));
  EXPECT_THAT(ReadFile(folder_ / "learned/summary.json"), HasSubstr("exact_cost"));
  EXPECT_THAT(Here("run learned --resume").output, HasSubstr("nothing is left to do"));

  // a table goes on where it was interrupted
  const std::string table = "table problem.yaml --out table --vary shortage_cost=4,9" + settings;
  const Result first = Here(table);
  EXPECT_EQ(first.exit_code, 0) << first.output;
  EXPECT_THAT(first.output, HasSubstr("mean gap"));
  const std::string rows = ReadFile(folder_ / "table/table.csv");
  EXPECT_THAT(rows, HasSubstr("\n9,pathwise,2,"));
  std::filesystem::remove_all(folder_ / "table/9");
  EXPECT_EQ(Here(table).exit_code, 0);
  const auto without_seconds = [](const std::string& text) {
    std::string kept;
    for (size_t first_of_line = 0; first_of_line < text.size();) {
      const size_t end = text.find('\n', first_of_line);
      const std::string line = text.substr(first_of_line, end - first_of_line);
      kept += line.substr(0, line.rfind(',')) + "\n";
      first_of_line = end + 1;
    }
    return kept;
  };
  EXPECT_EQ(without_seconds(ReadFile(folder_ / "table/table.csv")), without_seconds(rows));
  EXPECT_EQ(Here("table problem.yaml --vary shortage_cost=4, --out other").exit_code, 2);
}

TEST_F(CommandTest, ATableFileNamesItsInstancesAndComparesPolicies) {
  WriteFileAtomically(folder_ / "problem.yaml", kProblem);
  WriteFileAtomically(folder_ / "table.yaml", R"(table:
  - {name: short, problem: problem.yaml, set: {demand.high: 5}, vary: {shortage_cost: [4, 9]}}
  - {name: dear, problem: problem.yaml, compare_with: best_rule, set: {shortage_cost: 19}}
)");
  const Result table = Here("table table.yaml --out table protocol.runs=2 protocol.periods=100");
  ASSERT_EQ(table.exit_code, 0) << table.output;
  EXPECT_THAT(table.output, HasSubstr("short: 2 instances"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "table/short/9/report.html"));
  EXPECT_THAT(ReadFile(folder_ / "table/table.csv"), HasSubstr("\ndear,base_stock,,"));
  EXPECT_THAT(ReadFile(folder_ / "table/report.html"), HasSubstr("Performance profile"));

  // a file says itself what varies, and its mistakes are told
  EXPECT_EQ(Here("table table.yaml --vary shortage_cost=1").exit_code, 2);
  const auto output_for = [&](const std::string& block) {
    WriteFileAtomically(folder_ / "broken.yaml", "table:\n  - " + block + "\n");
    const Result result = Here("table broken.yaml --out broken");
    EXPECT_EQ(result.exit_code, 2) << block;
    return result.output;
  };
  EXPECT_THAT(output_for("{name: a, problem: nowhere.yaml}"), HasSubstr("broken.yaml:2"));
  EXPECT_THAT(output_for("{name: a/b, problem: problem.yaml}"), HasSubstr("needs a name"));
  EXPECT_THAT(output_for("{name: a, problem: problem.yaml, vary: {shortage_cost: []}}"), HasSubstr("list of values"));
  EXPECT_THAT(output_for("{name: a, problem: problem.yaml}\n  - {name: a, problem: problem.yaml}"),
              HasSubstr("another block"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "broken"));
}

}  // namespace
}  // namespace restock
