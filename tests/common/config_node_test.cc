#include "common/config_node.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/file.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::ThrowsMessage;

enum class Period { kDay, kWeek };
const std::vector<std::pair<std::string, Period>> kPeriods = {{"day", Period::kDay}, {"week", Period::kWeek}};

ConfigNode Parse(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return ParseConfig(text, "run.yaml", overrides);
}

TEST(ConfigNodeTest, ReadsEveryKindOfValue) {
  ConfigNode node = Parse(R"(
flag: true
count: -3
big: 9007199254740993
seed: 18446744073709551615
share: 0.25
rate: 3e-4
name: "city dc"
code: 0123
days: [1, 2, 3]
weights: [0.5, 1]
words: [a, "b c"]
period: week
)");
  bool flag = false;
  int count = 0;
  int64_t big = 0;
  uint64_t seed = 0;
  float share = 0;
  double rate = 0;
  std::string name;
  std::string code;
  std::vector<int> days;
  std::vector<double> weights;
  std::vector<std::string> words;
  Period period = Period::kDay;
  node.Read("flag", flag);
  node.Read("count", count);
  node.Read("big", big);
  node.Read("seed", seed);
  node.Read("share", share, Between(0, 1));
  node.Read("rate", rate, Above(0));
  node.Read("name", name);
  node.Read("code", code);
  node.Read("days", days, AtLeast(1));
  node.Read("weights", weights);
  node.Read("words", words);
  node.ReadChoice("period", period, kPeriods);
  node.ExpectNoMoreKeys();

  EXPECT_TRUE(flag);
  EXPECT_EQ(count, -3);
  EXPECT_EQ(big, 9007199254740993);
  EXPECT_EQ(seed, std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(share, 0.25f);
  EXPECT_EQ(rate, 3e-4);
  EXPECT_EQ(name, "city dc");
  EXPECT_EQ(code, "0123") << "digits may be a name";
  EXPECT_THAT(days, ElementsAre(1, 2, 3));
  EXPECT_THAT(weights, ElementsAre(0.5, 1));
  EXPECT_THAT(words, ElementsAre("a", "b c"));
  EXPECT_EQ(period, Period::kWeek);
}

TEST(ConfigNodeTest, LeavesDefaultsWhereKeysAreMissing) {
  ConfigNode node = Parse("other: {}");
  int count = 7;
  Period period = Period::kWeek;
  node.Read("count", count);
  node.Child("deep").Child("deeper").Read("count", count, Above(3));
  node.ReadChoice("period", period, kPeriods);
  EXPECT_EQ(count, 7);
  EXPECT_EQ(period, Period::kWeek);
  EXPECT_FALSE(node.Has("count")) << "a default is not the user's";
  EXPECT_TRUE(node.Has("other"));
}

TEST(ConfigNodeTest, AKeyWithoutAValueIsAMapWithoutKeys) {
  ConfigNode node = Parse("agents:\n  ppo:\n  dqn: {}\n");
  double clip_range = 0.2;
  ConfigNode ppo = node.Child("agents").Child("ppo");
  EXPECT_FALSE(node.Child("agents").Has("ppo"));
  ppo.Read("clip_range", clip_range);
  ppo.ExpectNoMoreKeys();
  EXPECT_EQ(clip_range, 0.2);
}

TEST(ConfigNodeTest, ListsMayBeWrittenInThreeWays) {
  ConfigNode node = Parse("a: [1, 2]\nb: 1, 2\nc: 5\nd: none\ne: []\nf:\n  - 1\n  - 2\ng: \"x, y\"");
  std::vector<int> list;
  const auto read = [&](const char* key) {
    list = {99};
    node.Read(key, list);
    return list;
  };
  EXPECT_THAT(read("a"), ElementsAre(1, 2));
  EXPECT_THAT(read("b"), ElementsAre(1, 2));
  EXPECT_THAT(read("c"), ElementsAre(5));
  EXPECT_THAT(read("d"), IsEmpty());
  EXPECT_THAT(read("e"), IsEmpty());
  EXPECT_THAT(read("f"), ElementsAre(1, 2));
  EXPECT_THAT(read("missing"), ElementsAre(99));
  std::vector<std::string> words;
  node.Read("g", words);
  EXPECT_THAT(words, ElementsAre("x, y")) << "a quoted text is one text";
}

TEST(ConfigNodeTest, WalksThroughListsOfMaps) {
  ConfigNode node = Parse("lanes:\n  - {from: a, to: b}\n  - {from: b, to: c}\none: {from: x}\n");
  std::vector<std::string> from;
  for (ConfigNode& lane : node.Child("lanes").Items()) lane.Read("from", from.emplace_back());
  for (ConfigNode& lane : node.Child("one").Items()) lane.Read("from", from.emplace_back());
  EXPECT_THAT(from, ElementsAre("a", "b", "x"));
  EXPECT_THAT(node.Child("missing").Items(), IsEmpty());
  EXPECT_EQ(node.Child("lanes").Items()[1].path(), "lanes.1");
  EXPECT_EQ(node.Child("lanes").Items()[1].Where(), "run.yaml:3:5");
}

TEST(ConfigNodeTest, WordsStandForMapsWithoutSettings) {
  for (const char* text : {"agents: ppo, dqn", "agents: [ppo, dqn]", "agents: {ppo: , dqn: {}}"}) {
    ConfigNode node = Parse(text);
    const auto entries = node.Child("agents").Entries();
    ASSERT_EQ(entries.size(), 2u) << text;
    EXPECT_EQ(entries[0].first, "ppo");
    EXPECT_EQ(entries[1].first, "dqn");
    node.Child("agents").ExpectNoMoreKeys();
  }
  EXPECT_THAT(Parse("agents: none").Child("agents").Entries(), IsEmpty());
  EXPECT_THAT(Parse("x: 1").Child("agents").Entries(), IsEmpty());
}

TEST(ConfigNodeTest, AliasesAreValuesOfTheirOwn) {
  ConfigNode node = Parse("a: &base {x: 1, y: [2]}\nb: *base\n", {"b.x=5"});
  int a = 0;
  int b = 0;
  node.Child("a").Read("x", a);
  node.Child("b").Read("x", b);
  EXPECT_EQ(a, 1);
  EXPECT_EQ(b, 5);
}

TEST(ConfigNodeTest, ReadsByteOrderMarkCrLfAndDocumentStart) {
  ConfigNode node = Parse("\xEF\xBB\xBF---\r\na: 1\r\nb:\r\n  c: x\r\n");
  int a = 0;
  std::string c;
  node.Read("a", a);
  node.Child("b").Read("c", c);
  EXPECT_EQ(a, 1);
  EXPECT_EQ(c, "x");
}

TEST(OverrideTest, SetsAnyKeyByItsPath) {
  ConfigNode node = Parse("seed: 1\nnetwork:\n  locations:\n    - {name: a, cost: 1}\n    - {name: b, cost: 1}\n",
                          {"seed=7", "network.locations.1.cost=4", "new.deep.key=[1, 2]", "text=a=b: c", "seed=8"});
  int seed = 0;
  std::vector<int> costs;
  std::vector<int> list;
  node.Read("seed", seed);
  for (ConfigNode& location : node.Child("network").Child("locations").Items())
    location.Read("cost", costs.emplace_back());
  node.Child("new").Child("deep").Read("key", list);
  EXPECT_EQ(seed, 8) << "the last one counts";
  EXPECT_THAT(costs, ElementsAre(1, 4));
  EXPECT_THAT(list, ElementsAre(1, 2));
  EXPECT_TRUE(node.Child("text").IsMap());
}

TEST(OverrideTest, PicksAgentsWithTheirDefaultsAndThenSetsOne) {
  ConfigNode node = Parse("agents: {ppo: {clip_range: 0.1}}", {"agents=ppo,dqn", "agents.dqn.gamma=0.9"});
  double clip_range = 0.2;
  double gamma = 0.99;
  ConfigNode agents = node.Child("agents");
  EXPECT_EQ(agents.Entries().size(), 2u);
  agents.Child("ppo").Read("clip_range", clip_range);
  agents.Child("dqn").Read("gamma", gamma);
  EXPECT_EQ(clip_range, 0.2);
  EXPECT_EQ(gamma, 0.9);
}

TEST(OverrideTest, GoesIntoAListOfWordsByTheWordToo) {
  ConfigNode node = Parse("agents: [ppo, dqn]", {"agents.dqn.gamma=0.9"});
  double gamma = 0.99;
  node.Child("agents").Child("dqn").Read("gamma", gamma);
  EXPECT_EQ(gamma, 0.9);
}

struct BrokenOverride {
  std::string text;
  std::string message;
};

TEST(OverrideTest, SaysWhatIsWrong) {
  const std::vector<BrokenOverride> broken_overrides = {
      {"seed", "override seed: write key=value, such as seed=7."},
      {"=7", "override =7: write key=value, such as seed=7."},
      {"", "override : write key=value, such as seed=7."},
      {"seed.x=1", "override seed.x=1: seed is a single value, it has no keys."},
      {"list.x=1", "override list.x=1: list is a list; write the number of an item."},
      {"list.2=1", "override list.2=1: list is a list of 2; its first item has number 0."},
      {"list.-1=1", "override list.-1=1: list is a list; write the number of an item."},
      {"map..x=1", "override map..x=1: map is followed by two dots or ends with one; write a.b.c=value."},
      {"map.=1", "override map.=1: map is followed by two dots or ends with one; write a.b.c=value."},
      {"seed=[1", "override seed=[1: a key must be a word, not a list or a map; is a bracket left open?"},
      {"seed=\"1",
       "override seed=\"1: is not valid YAML (illegal EOF in scalar); look for a missing blank, quote or bracket here "
       "and just above."},
      {"seed={a: 1, a: 2}", "override seed={a: 1, a: 2}: key \"a\" stands twice."},
      {"seed=010",
       "override seed=010: seed is 010, which may be read as octal or hexadecimal; write it in decimal without a "
       "leading zero."},
      {"seed=abc", "override seed=abc: seed must be a whole number, but is \"abc\" (default 3)."},
      {"seed=", "override seed=: seed must be a whole number, but is empty (default 3)."},
      {"sed=1", "override sed=1: unknown key sed. Did you mean seed?"},
  };
  for (const BrokenOverride& broken : broken_overrides) {
    std::string message = "accepted";
    try {
      ConfigNode node = Parse("seed: 1\nlist: [1, 2]\nmap: {a: 1}\n", {broken.text});
      int seed = 3;
      node.Read("seed", seed);
      node.Child("list");
      node.Child("map");
      node.ExpectNoMoreKeys();
    } catch (const ConfigError& error) {
      message = error.what();
    }
    EXPECT_EQ(message, broken.message) << broken.text;
  }
}

TEST(ResolvedYamlTest, HoldsTheUsersValuesAndTheDefaultsInTheOrderOfReading) {
  ConfigNode node = Parse("clip_range: 0.10\nname: \"12\"\n", {"extra.word=none"});
  uint64_t seed = 1;
  double clip_range = 0.2;
  float share = 0.1f;
  double no_limit = std::numeric_limits<double>::infinity();
  std::string name = "none";
  std::string path;
  std::vector<int> seeds = {1, 2};
  std::vector<std::string> words = {"a", "b: c"};
  bool flag = true;
  Period period = Period::kWeek;
  node.Read("seed", seed);
  node.Read("clip_range", clip_range);
  node.Read("name", name);
  node.Read("path", path);
  node.Read("no_limit", no_limit);
  node.Child("deep").Read("share", share);
  node.Child("deep").Read("flag", flag);
  node.Child("untouched");
  node.Read("seeds", seeds);
  node.Read("words", words);
  node.ReadChoice("period", period, kPeriods);
  EXPECT_EQ(node.ResolvedYaml(), R"(seed: 1
clip_range: 0.10
name: "12"
path: ""
deep:
  share: 0.1
  flag: true
seeds: [1, 2]
words: [a, "b: c"]
period: week
extra:
  word: none
)");
}

TEST(ResolvedYamlTest, ReadsBackToTheSame) {
  const std::string text = R"(
texts: ["", " blanks ", "null", "~", "true", "a: b", "# no", "- x", "[", "quote \" and \\", "two\nlines", "caf\u00e9", "*", "&a", "!t", "%", "@", "1:30", "=1"]
plain: some words, and more
folded: >
  one
  two
list:
  - [1, [2, {a: []}]]
  - - x
    - {b: {c: 1}}
  - 
"odd key: x": 1
"": 2
? other
: 3
)";
  const std::string resolved = Parse(text).ResolvedYaml();
  EXPECT_EQ(ParseConfig(resolved, "config.yaml").ResolvedYaml(), resolved);
  std::vector<std::string> texts;
  ParseConfig(resolved, "config.yaml").Read("texts", texts);
  EXPECT_THAT(texts, ElementsAre("", " blanks ", "null", "~", "true", "a: b", "# no", "- x", "[", "quote \" and \\",
                                 "two\nlines", "caf\xC3\xA9", "*", "&a", "!t", "%", "@", "1:30", "=1"));
}

TEST(LoadConfigTest, ReadsAFileAndNamesItInErrors) {
  const TemporaryFolder folder;
  const auto file = folder / "run.yaml";
  WriteFileAtomically(file, "a: 1\nb: 2\n");
  ConfigNode node = LoadConfig(file, {"a=5"});
  int a = 0;
  node.Read("a", a);
  EXPECT_EQ(a, 5);
  EXPECT_THAT([&] { node.ExpectNoMoreKeys(); },
              ThrowsMessage<ConfigError>(file.string() + ":2:1: unknown key b. Known: a."));
  EXPECT_THAT(
      [&] { LoadConfig(folder / "no.yaml"); },
      ThrowsMessage<ConfigError>((folder / "no.yaml").string() + ": cannot be read: No such file or directory."));
  EXPECT_THAT([&] { LoadConfig(folder.path()); }, ThrowsMessage<ConfigError>(HasSubstr("Is a directory")));
}

TEST(RangeTest, IsToldInWords) {
  EXPECT_EQ(Above(0).ToString(), "above 0");
  EXPECT_EQ(AtLeast(1).ToString(), "at least 1");
  EXPECT_EQ(Between(0, 1).ToString(), "between 0 and 1");
  EXPECT_EQ(AboveAndUpTo(0, 1).ToString(), "above 0 and at most 1");
  EXPECT_EQ(Inside(0, 0.5).ToString(), "above 0 and below 0.5");
}

TEST(RangeTest, KnowsItsEnds) {
  EXPECT_FALSE(Above(0).Contains(0));
  EXPECT_TRUE(AtLeast(0).Contains(0));
  EXPECT_TRUE(Between(0, 1).Contains(1));
  EXPECT_FALSE(Inside(0, 1).Contains(1));
  EXPECT_TRUE(AboveAndUpTo(0, 1).Contains(1));
  EXPECT_FALSE(AboveAndUpTo(0, 1).Contains(0));
  EXPECT_FALSE(Between(0, 1).Contains(std::numeric_limits<double>::quiet_NaN()));
}

const char* const kParameters = R"(
parameters:
  lead_time: 4
  words: [a, b]
lanes:
  - {lead_time: $lead_time, review: "$lead_time"}
  - {lead_time: $lead_time}
words: $words
)";

TEST(ConfigNodeTest, AParameterReachesEveryPlaceThatNamesIt) {
  for (const int lead_time : {4, 3}) {
    ConfigNode node = lead_time == 4 ? Parse(kParameters) : Parse(kParameters, {"lead_time=3"});
    int sum = 0;
    std::string quoted;
    std::vector<std::string> words;
    for (ConfigNode& lane : node.Child("lanes").Items()) {
      int read = 0;
      lane.Read("lead_time", read);
      lane.Read("review", quoted);
      sum += read;
      lane.ExpectNoMoreKeys();
    }
    node.Read("words", words);
    node.ExpectNoMoreKeys();  // the parameters themselves are no keys
    EXPECT_EQ(sum, 2 * lead_time);
    EXPECT_EQ(quoted, "$lead_time");
    EXPECT_THAT(words, ElementsAre("a", "b"));
  }
}

TEST(ConfigNodeTest, AnOverrideThatIsNoParameterIsAKey) {
  ConfigNode node = Parse(kParameters, {"lanes.1.lead_time=7", "words=c"});
  EXPECT_THAT(node.ResolvedYaml(), HasSubstr("lead_time: 7"));
  EXPECT_THAT(node.ResolvedYaml(), HasSubstr("words: c"));
}

TEST(ConfigNodeTest, SaysWhichParameterHasAWrongValue) {
  const auto read = [](const std::vector<std::string>& overrides) {
    int lead_time = 0;
    ConfigNode root = Parse("parameters: {lead_time: -4}\nlane: {periods: $lead_time}", overrides);
    root.Child("lane").Read("periods", lead_time, Between(0, 10));
  };
  EXPECT_THAT(
      [&] { read({}); },
      ThrowsMessage<ConfigError>(
          "run.yaml:1:25: lane.periods (parameter lead_time) must be between 0 and 10, but is -4 (default 0)."));
  EXPECT_THAT([&] { read({"lead_time=11"}); },
              ThrowsMessage<ConfigError>("override lead_time=11: lane.periods (parameter lead_time) must be between 0 "
                                         "and 10, but is 11 (default 0)."));
}

TEST(ConfigNodeTest, SuggestsAParameterForAMisspeltOne) {
  const auto read = [](const std::string& override_text) {
    int lead_time = 0;
    ConfigNode root = Parse("parameters: {lead_time: 4}\nperiods: $lead_time", {override_text});
    root.Read("periods", lead_time);
    root.ExpectNoMoreKeys();
  };
  EXPECT_THAT([&] { read("lead_tme=3"); },
              ThrowsMessage<ConfigError>("override lead_tme=3: unknown key lead_tme. Did you mean lead_time?"));
  EXPECT_THAT([&] { read("budget=3"); }, ThrowsMessage<ConfigError>(HasSubstr("lead_time, periods")));
}

TEST(ConfigNodeTest, SaysWhichParameterIsMissingOrUnused) {
  EXPECT_THAT([] { Parse("parameters: {lead_time: 4}\na: $lead_tme\nb: $lead_time"); },
              ThrowsMessage<ConfigError>("run.yaml:2:4: there is no parameter \"lead_tme\". Did you mean lead_time?"));
  EXPECT_THAT([] { Parse("parameters: {lead_time: 4}\na: 1"); },
              ThrowsMessage<ConfigError>(HasSubstr("parameter lead_time is used nowhere")));
  EXPECT_THAT([] { Parse("parameters: 4\na: 1"); }, ThrowsMessage<ConfigError>(HasSubstr("must be a map")));
}

}  // namespace
}  // namespace restock
