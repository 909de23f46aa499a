#include "experiments/compare.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "common/file.h"
#include "experiments/compare_problem.h"
#include "tests/experiments/fabricated_run.h"
#include "tests/experiments/markup.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kConfig =
    "seed: 1\ndata:\n  path: sales.csv\nnetwork:\n  lanes:\n    - {from: supplier, to: north, lead_time: 2}\nagents:\n "
    " ppo: {clip_range: 0.2}\n";

class CompareTest : public testing::Test {
 protected:
  void Add(FabricatedRun run, const std::string& name, const std::string& config = kConfig) {
    run.config = config;
    Write(run, folder_ / name);
    runs_.push_back(folder_ / name);
  }
  /// What stands on the terminal; the page is checked.
  std::string Compare() {
    std::ostringstream out;
    CompareRuns(runs_, folder_ / "compare.html", out);
    page_ = ReadFile(folder_ / "compare.html");
    EXPECT_EQ(MarkupProblem(page_), "");
    EXPECT_LT(page_.size(), 1'000'000u);
    EXPECT_FALSE(Has(page_, "<script"));
    return out.str();
  }

  TemporaryFolder folder_;
  std::vector<std::filesystem::path> runs_;
  std::string page_;
};

TEST_F(CompareTest, SetsRunsSideBySideAndComparesTheirChoiceByScenario) {
  FabricatedRun better;
  better.learned_cost = 960;
  Add({}, "first");
  Add(better, "second", std::string(kConfig) + "training: {seeds: [1, 2]}\n");
  const std::string table = Compare();
  EXPECT_THAT(table, HasSubstr("Same problem and same demand"));
  EXPECT_THAT(table, HasSubstr("-5.1 % ("));  // (960 - 1012) / 1012
  EXPECT_TRUE(Has(page_, "training.seeds.1"));
  EXPECT_TRUE(Has(page_, "<svg"));
}

TEST_F(CompareTest, SaysThatOtherProblemsAreNotComparable) {
  Add({}, "first");
  Add({}, "second",
      "seed: 1\ndata:\n  path: sales.csv\nnetwork:\n  lanes:\n    - {from: supplier, to: north, lead_time: "
      "3}\nagents:\n  ppo: {clip_range: 0.2}\n");
  EXPECT_THAT(Compare(),
              HasSubstr("Not comparable: the runs differ in their data or network (network.lanes.0.lead_time)"));
  EXPECT_TRUE(Has(page_, "Not comparable"));
}

// A sales file grows every day, and keeps its path.
TEST_F(CompareTest, SaysThatOtherSalesUnderTheSamePathAreNotComparable) {
  FabricatedRun later;
  later.sales = "5e6f7a8b";
  Add({}, "first");
  Add(later, "second");
  EXPECT_THAT(Compare(), HasSubstr("Not comparable: the runs differ in their data or network (data.sales)"));
  EXPECT_TRUE(Has(page_, "2024-03-28 to 2024-06-25, 5e6f7a8b"));
}

TEST_F(CompareTest, NamesAConfidenceOnlyWhereAllRunsShareIt) {
  FabricatedRun other;
  other.confidence = 0.8;
  Add(other, "first");
  Compare();
  EXPECT_TRUE(Has(page_, "80 % interval"));
  Add({}, "second");
  Compare();
  EXPECT_FALSE(Has(page_, "% interval"));
}

TEST_F(CompareTest, ShowsNothingWhereThePageCannotBeWritten) {
  Add({}, "first");
  std::ostringstream out;
  EXPECT_ANY_THROW(CompareRuns(runs_, folder_ / "nowhere" / "compare.html", out));
  EXPECT_EQ(out.str(), "");
}

TEST_F(CompareTest, SaysThatOtherSeedsMeanOtherDemand) {
  Add({}, "first");
  Add({}, "second", "seed: 2" + std::string(kConfig).substr(7));
  EXPECT_THAT(Compare(), HasSubstr("not the same sampled demand"));
}

TEST_F(CompareTest, ShowsRunsWithoutAgents) {
  FabricatedRun classical;
  classical.has_agents = false;
  classical.has_backtest = false;
  Add(classical, "first");
  Add({}, "second");
  EXPECT_THAT(Compare(), HasSubstr("Forecast quantile"));
}

TEST_F(CompareTest, RefusesARunWithoutEvaluation) {
  FabricatedRun unfinished;
  unfinished.has_evaluation = false;
  Add(unfinished, "first");
  EXPECT_THROW(Compare(), DataError);
}

TEST_F(CompareTest, RefusesAFolderThatIsNoRun) {
  runs_ = {folder_ / "nothing"};
  EXPECT_THROW(Compare(), DataError);
}

TEST(CompareProblemTest, NamesTheKeysThatDiffer) {
  const auto differences = DifferencesOf({{{"a", "1"}, {"b", "2"}}, {{"a", "1"}, {"b", "3"}, {"c", "4"}}});
  ASSERT_EQ(differences.size(), 2u);
  EXPECT_EQ(differences[0].key, "b");
  EXPECT_THAT(differences[0].values, ElementsAre("2", "3"));
  EXPECT_THAT(differences[1].values, ElementsAre("", "4"));
}

}  // namespace
}  // namespace restock
