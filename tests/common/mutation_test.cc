#include <fstream>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "common/config_node.h"
#include "common/csv.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

/// Damages a text in a few places, with a liking for the signs that mean something.
std::string Mutate(std::string text, std::mt19937& random) {
  const std::string signs = "{}[]:,&*!|>'\"%@`?-#\n\t \r\\~<0.e_$=\xff\xef";
  const auto below = [&](size_t size) { return random() % size; };
  for (size_t change = 0; change <= below(5) && !text.empty(); ++change) {
    const size_t place = below(text.size());
    switch (below(5)) {
      case 0:
        text[place] = signs[below(signs.size())];
        break;
      case 1:
        text.erase(place, 1 + below(5));
        break;
      case 2:
        text.insert(place, 1, signs[below(signs.size())]);
        break;
      case 3:
        text.insert(place, text.substr(below(text.size()), below(40)));
        break;
      case 4:
        text.resize(place);
        break;
    }
  }
  return text;
}

const std::string kConfig = R"(seed: 1
data: &data
  path: "sales.csv"   # a comment
  columns: {date: date, 'demand': sale}
lanes:
  - {from: a, to: "*", lead_time: 3, days: [mon, fri]}
  - from: b
    cost: 0.5
note: >-
  two
  lines
copy: *data
)";

TEST(MutationTest, AnyConfigurationIsReadAndWrittenBackTheSameOrRefused) {
  std::mt19937 random(1);
  int num_accepted = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::string text = Mutate(kConfig, random);
    try {
      const std::string resolved = ParseConfig(text, "run.yaml").ResolvedYaml();
      EXPECT_EQ(ParseConfig(resolved, "config.yaml").ResolvedYaml(), resolved) << text;
      ++num_accepted;
    } catch (const ConfigError& error) {
      EXPECT_TRUE(std::string_view(error.what()).starts_with("run.yaml:")) << error.what() << '\n' << text;
    }
  }
  EXPECT_GT(num_accepted, 300);
  EXPECT_LT(num_accepted, 2700);
}

TEST(MutationTest, AnyCsvFileIsReadOrRefusedWithItsLine) {
  const TemporaryFolder folder;
  const auto file = folder / "sales.csv";
  const std::string good =
      "date,sku,demand\r\n2024-01-01,\"milk, \"\"fresh\"\"\",3\r\n2024-01-02,\"two\nlines\",4.5\r\n2024-01-03,,0\r\n";
  std::mt19937 random(2);
  int num_accepted = 0;
  for (int round = 0; round < 500; ++round) {
    const std::string text = Mutate(good, random);
    std::filesystem::remove(file);
    std::ofstream(file) << text;
    try {
      CsvReader csv(file);
      const int demand = csv.RequireColumn("demand");
      while (csv.NextRow()) csv.Number(demand, "units");
      ++num_accepted;
    } catch (const DataError& error) {
      EXPECT_TRUE(std::string_view(error.what()).starts_with(file.string() + ":")) << error.what() << '\n' << text;
    }
  }
  EXPECT_GT(num_accepted, 40);
  EXPECT_LT(num_accepted, 460);
}

}  // namespace
}  // namespace restock
