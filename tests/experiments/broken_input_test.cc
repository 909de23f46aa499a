// A hundred broken configurations and sales files through the command: each ends with exit code 2 and one message that
// names the file and the line.

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/file.h"
#include "tests/experiments/command.h"
#include "tests/experiments/tiny_experiment.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

// `text` with the first `from` replaced; a `from` that is not there is an error of the test.
std::string Replace(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << "the good file has no " << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// One way to break a good file.
struct Fault {
  const char* from;
  const char* to;
  const char* expected;  // part of the message
};

const std::vector<Fault> kConfigFaults = {
    // typos
    {"seed:", "sead:", "Did you mean seed"},
    {"data:", "dta:", "data"},
    {"holdout_periods", "holdout_period", "holdout_periods"},
    {"generate:", "genrate:", "generate"},
    {"num_skus", "num_sku", "num_skus"},
    {"forecaster:", "forcaster:", "forecaster"},
    {"model:", "modell:", "model"},
    {"exponential_smoothing", "exponential", "exponential_smoothing"},
    {"scenarios:", "scenario:", "scenarios"},
    {"train: 32", "trian: 32", "train"},
    {"num_periods: 14}", "num_period: 14}", "num_periods"},
    {"network:", "netwrok:", "network"},
    {"locations:", "location:", "locations"},
    {"lanes:", "lane:", "lanes"},
    {"holding_cost", "holdingcost", "holding_cost"},
    {"stockout_cost", "stockoutcost", "stockout_cost"},
    {"initial_cover: 6", "initial_covr: 6", "initial_cover"},
    {"lead_time: 2", "leadtime: 2", "lead_time"},
    {"unit_cost: 4}", "unitcost: 4}", "unit_cost"},
    {"baselines:", "baseline:", "baselines"},
    {"base_stock", "basestock", "base_stock"},
    {"num_lp_scenarios", "num_lp_scenario", "num_lp_scenarios"},
    {"evaluation:", "evaluations:", "evaluation"},
    {"seed: 3", "seed: 3\nagents: {ppoo: {}}", "ppo"},
    {"seed: 3", "seed: 3\nagents: {ppo: {clip_rnge: 0.2}}", "clip_range"},
    {"seed: 3", "seed: 3\ntraining: {seed: [1]}", "seeds"},
    // types
    {"seed: 3", "seed: three", "seed"},
    {"seed: 3", "seed: 3.5", "seed"},
    {"seed: 3", "seed: [3]", "seed"},
    {"holdout_periods: 14", "holdout_periods: two weeks", "holdout_periods"},
    {"train: 32", "train: many", "train"},
    {"train: 32", "train: {}", "train"},
    {"lead_time: 2", "lead_time: 2.5", "lead_time"},
    {"holding_cost: 0.02", "holding_cost: cheap", "holding_cost"},
    {"holding_cost: 0.02", "holding_cost: .nan", "holding_cost"},
    {"holding_cost: 0.02", "holding_cost: .inf", "holding_cost"},
    {"locations:", "locations: 5\n  locatons:", "locations"},
    {"[base_stock, forecast_quantile, lp]", "none", "nothing to compare"},
    {"[base_stock, forecast_quantile, lp]", "{base_stock: 3}", "base_stock"},
    {"seed: 3", "seed: 3\nagents: 7", "agents"},
    {"seed: 3", "seed: 3\ntraining: {seeds: one}", "seeds"},
    {"seed: 3", "seed: 3\nthreads: two", "threads"},
    {"seed: 3", "seed: 010", "010"},
    // ranges
    {"seed: 3", "seed: -3", "seed"},
    {"seed: 3", "seed: 99999999999999999999999", "seed"},
    {"holdout_periods: 14", "holdout_periods: -1", "holdout_periods"},
    {"holdout_periods: 14", "holdout_periods: 84", "holdout"},
    {"num_warehouses: 2", "num_warehouses: 0", "num_warehouses"},
    {"num_skus: 2", "num_skus: -2", "num_skus"},
    {"train: 32", "train: 0", "train"},
    {"test: 24", "test: 1", "test"},
    {"num_periods: 14}", "num_periods: 0}", "num_periods"},
    {"holding_cost: 0.02", "holding_cost: -0.02", "holding_cost"},
    {"stockout_cost: 7", "stockout_cost: -7", "stockout_cost"},
    {"lead_time: 2", "lead_time: -2", "lead_time"},
    {"unit_cost: 4}", "unit_cost: -4}", "unit_cost"},
    {"initial_cover: 6", "initial_cover: -6", "initial_cover"},
    {"num_lp_scenarios: 2", "num_lp_scenarios: -2", "num_lp_scenarios"},
    {"seed: 3", "seed: 3\nagents: {ppo: {clip_range: -0.2}}", "clip_range"},
    {"seed: 3", "seed: 3\nthreads: -1", "threads"},
    {"seed: 3", "seed: 3\ntraining: {seeds: [1, 1]}", "twice"},
    {"evaluation: {", "evaluation: {confidence: 1.5, ", "confidence"},
    {"evaluation: {", "evaluation: {held_out_origins: 0, ", "held_out_origins"},
    {"evaluation: {", "evaluation: {held_out_periods: 15, ", "held_out_periods"},
    {"seed: 3", "seed: 3\nbacktest: {num_origins: -1}", "num_origins"},
    {"seed: 3", "seed: 3\nbacktest: {num_origins: 20}", "20 origins 7 periods apart need 154 periods of sales"},
    {"seed: 3", "seed: 3\nbacktest: {rivals: [seasonal_nave]}", "Did you mean seasonal_naive?"},
    {"num_lp_scenarios: 2", "num_lp_scenarios: 0", "must be at least 1"},
    {"seed: 3", "seed: 3\nname: ../x", "name of a folder"},
    // duplicates and structure
    {"seed: 3", "seed: 3\nseed: 4", "seed"},
    {"train: 32", "train: 32, train: 33", "train"},
    {"seed: 3", "seed: 3\n\tdata: x", ""},
    {"evaluation: {num_lp_scenarios: 2}", "evaluation: {num_lp_scenarios: 2", ""},
    {"model: exponential_smoothing}", "model: exponential_smoothing]", ""},
    {"seed: 3", "seed: &a [*a]", ""},
    {"seed: 3", "seed: 3\nx: &a [1]\ny: *a", "x"},
    {"seed: 3", "- seed: 3", ""},
    // networks that make no sense, or that most policies would not understand
    {"lead_time: 1}\n", "lead_time: 1}\n    - {from: supplier, to: \"*\", lead_time: 5}\n",
     "2 lanes lead into location"},
    {"from: central", "from: centre", "centre"},
    {"to: central", "to: nowhere", "nowhere"},
    {"    - {from: supplier, to: central, lead_time: 2, unit_cost: 4}\n", "", "central"},
    {"    - {from: central, to: \"*\", lead_time: 1}\n", "", "central"},
    {"{from: supplier, to: central, lead_time: 2,", "{from: supplier, to: central, order_days: [], lead_time: 2,",
     "order_days"},
    {"{from: supplier, to: central, lead_time: 2,",
     "{from: supplier, to: central, order_days: [mon, someday], lead_time: 2,", "someday"},
    {"    - {name: central,", "    - {name: central, holding_cost: 1}\n    - {name: central,", "central"},
};

// 40 days of two products at one warehouse.
std::string GoodSales() {
  std::ostringstream csv;
  csv << "date,warehouse,sku,demand,stockout_hours,holiday\n";
  for (const char* sku : {"milk", "tea"}) {
    for (int day = 0; day < 40; ++day) {
      csv << "2024-" << (day < 31 ? "01-" : "02-");
      const int day_of_month = day < 31 ? day + 1 : day - 30;
      csv << (day_of_month < 10 ? "0" : "") << day_of_month << ",north," << sku << "," << 3 + day % 5 << ",0,0\n";
    }
  }
  return csv.str();
}

std::string SalesConfig(const std::string& sales_file) {
  return Replace(kTinyExperiment, "generate: {num_warehouses: 2, num_skus: 2, num_periods: 84}",
                 "path: " + sales_file +
                     "\n  columns: {date: date, warehouse: warehouse, sku: sku, demand: demand, "
                     "stockout_hours: stockout_hours, holiday: holiday}\n  open_hours: 16");
}

const std::vector<Fault> kSalesFaults = {
    // the header
    {"date,warehouse,sku,demand", "day,warehouse,sku,demand", "date"},
    {"date,warehouse,sku,demand", "date,warehouse,sku,demnd", "demand"},
    {"date,warehouse,sku,demand", "date,store,sku,demand", "warehouse"},
    {"date,warehouse,sku,demand", "date,warehouse,product,demand", "sku"},
    {"date,warehouse,sku,demand", "date,warehouse,demand,demand", "demand"},
    {"stockout_hours", "stockouts", "stockout_hours"},
    {",holiday", ",festival", "holiday"},
    // dates
    {"2024-01-05,north,milk", "2024-13-05,north,milk", "2024-13-05"},
    {"2024-01-05,north,milk", "2024-01-32,north,milk", "2024-01-32"},
    {"2024-01-05,north,milk", "05.01.2024,north,milk", "05.01.2024"},
    {"2024-01-05,north,milk", ",north,milk", "date"},
    {"2024-01-05,north,milk", "yesterday,north,milk", "yesterday"},
    {"2024-01-05,north,milk", "2024-01-04,north,milk", "2024-01-04"},  // twice
    {"2024-01-05,north,milk", "9999-01-05,north,milk", ""},            // millennia after the others
    // numbers
    {"2024-01-05,north,milk,7", "2024-01-05,north,milk,n/a", "n/a"},
    {"2024-01-05,north,milk,7", "2024-01-05,north,milk,nan", "nan"},
    {"2024-01-05,north,milk,7", "2024-01-05,north,milk,inf", "inf"},
    {"2024-01-05,north,milk,7", "2024-01-05,north,milk,-7", "-7"},
    {"2024-01-05,north,milk,7", "2024-01-05,north,milk,7 pieces", "7 pieces"},
    {"2024-01-05,north,milk,7", "2024-01-05,north,milk,\"7,5\"", "7,5"},
    {"2024-01-05,north,milk,7", "2024-01-05,north,milk,1e999", "1e999"},
    {"2024-01-05,north,milk,7,0", "2024-01-05,north,milk,7,-1", "-1 is negative"},
    {"2024-01-05,north,milk,7,0", "2024-01-05,north,milk,7,17", "17 is more than the 16 hours of data.open_hours"},
    {"2024-01-05,north,milk,7,0", "2024-01-05,north,milk,7,16.5", "16.5 is more than the 16 hours"},
    {"2024-01-05,north,milk,7,0", "2024-01-05,north,milk,7,many", "many"},
    {"2024-01-05,north,milk,7,0,0", "2024-01-05,north,milk,7,0,2", "2"},
    // names and fields
    {"2024-01-05,north,milk", "2024-01-05,,milk", "warehouse"},
    {"2024-01-05,north,milk", "2024-01-05,north,", "sku"},
    {"2024-01-05,north,milk,7,0,0", "2024-01-05,north,milk,7,0", ""},
    {"2024-01-05,north,milk,7,0,0", "2024-01-05,north,milk,7,0,0,0", ""},
    {"2024-01-05,north,milk", "2024-01-05,north,\"milk", ""},
    {"2024-01-05,north,milk", "2024-01-05,north,\"mi\"lk", ""},
};

// Says what is wrong with an answer to broken input, nothing where it is as it must be: exit code 2, one line,
// `file:line` in front.
std::string WrongAnswer(const Result& result, const std::filesystem::path& file, const char* expected,
                        bool with_line = true) {
  if (result.exit_code != 2) return "exit code " + std::to_string(result.exit_code);
  if (std::count(result.output.begin(), result.output.end(), '\n') != 1) return "not one line";
  const std::string place = file.string() + ":";
  if (!result.output.starts_with(place)) return "does not begin with the file";
  if (with_line && !isdigit(result.output[place.size()])) return "names no line";
  if (result.output.find(expected) == std::string::npos) return std::string("does not name ") + expected;
  return "";
}

TEST(BrokenInputTest, TheGoodFilesAreAccepted) {
  const TemporaryFolder folder;
  WriteFileAtomically(folder.path() / "good.yaml", kTinyExperiment);
  const Result generated = Command("validate " + (folder.path() / "good.yaml").string());
  EXPECT_EQ(generated.exit_code, 0) << generated.output;

  WriteFileAtomically(folder.path() / "sales.csv", GoodSales());
  WriteFileAtomically(folder.path() / "sales.yaml", SalesConfig((folder.path() / "sales.csv").string()));
  const Result read = Command("validate " + (folder.path() / "sales.yaml").string());
  EXPECT_EQ(read.exit_code, 0) << read.output;
}

TEST(BrokenInputTest, EveryBrokenConfigurationIsRefusedWithFileAndLine) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "broken.yaml";
  for (const Fault& fault : kConfigFaults) {
    WriteFileAtomically(file, Replace(kTinyExperiment, fault.from, fault.to));
    const Result result = Command("validate " + file.string());
    EXPECT_EQ(WrongAnswer(result, file, fault.expected), "")
        << "\"" << fault.to << "\" in place of \"" << fault.from << "\": " << result.output;
  }
}

TEST(BrokenInputTest, EveryBrokenSalesFileIsRefusedWithFileAndLine) {
  const TemporaryFolder folder;
  const auto sales = folder.path() / "sales.csv";
  const auto config = folder.path() / "good.yaml";
  WriteFileAtomically(config, SalesConfig(sales.string()));
  for (const Fault& fault : kSalesFaults) {
    WriteFileAtomically(sales, Replace(GoodSales(), fault.from, fault.to));
    const Result result = Command("validate " + config.string());
    EXPECT_EQ(WrongAnswer(result, sales, fault.expected), "")
        << "\"" << fault.to << "\" in place of \"" << fault.from << "\": " << result.output;
  }
}

TEST(BrokenInputTest, FilesCutShortAreRefused) {
  const TemporaryFolder folder;
  const auto config = folder.path() / "config.yaml";
  const auto sales = folder.path() / "sales.csv";
  const std::string header = GoodSales().substr(0, GoodSales().find('\n') + 1);

  // configurations: empty, a comment only, bytes that are no text
  for (const std::string& text :
       {std::string(), std::string("# nothing\n"), std::string("seed: \xff\xfe\n"), std::string("\0\0\0", 3)}) {
    WriteFileAtomically(config, text);
    const Result result = Command("validate " + config.string());
    EXPECT_EQ(WrongAnswer(result, config, "", /*with_line=*/false), "") << result.output;
  }
  // sales: empty, header only, first row cut in the middle, too few days, nothing but zeros in bytes
  WriteFileAtomically(config, SalesConfig(sales.string()));
  for (const std::string& text : {std::string(), header, header + "2024-01-05,nor",
                                  header + "2024-01-05,north,milk,7,0,0\n", std::string("\0\0\0", 3)}) {
    WriteFileAtomically(sales, text);
    const Result result = Command("validate " + config.string());
    EXPECT_EQ(result.exit_code, 2) << result.output;
    EXPECT_EQ(std::count(result.output.begin(), result.output.end(), '\n'), 1) << result.output;
    EXPECT_THAT(result.output, testing::HasSubstr(folder.path().string()));
  }
}

TEST(BrokenInputTest, ARunWithBrokenInputLeavesNothingBehind) {
  const TemporaryFolder folder;
  const auto config = folder.path() / "config.yaml";
  const auto sales = folder.path() / "sales.csv";
  WriteFileAtomically(config, SalesConfig(sales.string()));
  WriteFileAtomically(sales, Replace(GoodSales(), "2024-01-05,north,milk,7", "2024-01-05,north,milk,?"));
  const Result result = Command("run " + config.string() + " --out " + (folder.path() / "run").string());
  EXPECT_EQ(WrongAnswer(result, sales, "?"), "") << result.output;
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "run"));
}

TEST(BrokenInputTest, BadUsageEndsWithCodeTwo) {
  EXPECT_EQ(Command("").exit_code, 2);
  EXPECT_EQ(Command("fly").exit_code, 2);
  EXPECT_EQ(Command("run").exit_code, 2);
  EXPECT_EQ(Command("run no-such-file.yaml").exit_code, 2);
  EXPECT_EQ(Command("run configs/quickstart.yaml --no-such-option").exit_code, 2);
  EXPECT_EQ(Command("run configs/quickstart.yaml sead=1").exit_code, 2);
  EXPECT_EQ(Command("report no-such-run").exit_code, 2);
  EXPECT_EQ(Command("solve no-such-model.mps").exit_code, 2);
  EXPECT_EQ(Command("generate configs/quickstart.yaml --out no-such-folder/sales.csv").exit_code, 2);
  EXPECT_EQ(Command("compare some-run --out no-such-folder/both.html").exit_code, 2);
  EXPECT_THAT(Command("run configs/quickstart.yaml --seed 3").output, testing::HasSubstr("key=value"));
  EXPECT_THAT(Command("solve model.mps --time-limit 0").output, testing::HasSubstr("must be above 0"));
  EXPECT_EQ(Command("--help").exit_code, 0);
  EXPECT_EQ(Command("--version").exit_code, 0);
  EXPECT_EQ(Command("run --help").exit_code, 0);
}

}  // namespace
}  // namespace restock
