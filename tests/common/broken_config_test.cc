#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/config_node.h"

namespace restock {
namespace {

enum class Period { kDay, kWeek };

/// Reads a configuration as the real readers do: a bit of everything.
void ReadLikeARun(ConfigNode root) {
  uint64_t seed = 1;
  root.Read("seed", seed);

  ConfigNode data = root.Child("data");
  std::string path;
  double unit_size = 1;
  Period period = Period::kDay;
  int holdout_periods = 0;
  bool is_weekly = false;
  data.Read("path", path);
  data.Read("unit_size", unit_size, Above(0));
  data.ReadChoice("period", period, {{"day", Period::kDay}, {"week", Period::kWeek}});
  data.Read("holdout_periods", holdout_periods, AtLeast(0));
  data.Read("is_weekly", is_weekly);
  data.ExpectNoMoreKeys();

  for (ConfigNode& lane : root.Child("lanes").Items()) {
    int lead_time = 0;
    float unit_cost = 0;
    std::vector<std::string> order_days;
    lane.Read("lead_time", lead_time, Between(0, 100));
    lane.Read("unit_cost", unit_cost, AtLeast(0));
    lane.Read("order_days", order_days);
    lane.ExpectNoMoreKeys();
  }

  for (auto& [name, agent] : root.Child("agents").Entries()) {
    double clip_range = 0.2;
    double learning_rate = 3e-4;
    double gamma = 0.99;
    agent.Read("clip_range", clip_range, Above(0));
    agent.Read("learning_rate", learning_rate, AboveAndUpTo(0, 1));
    agent.Read("gamma", gamma, Inside(0, 1));
    agent.ExpectNoMoreKeys();
  }

  ConfigNode training = root.Child("training");
  std::vector<int> seeds = {1};
  std::vector<double> weights;
  training.Read("seeds", seeds, AtLeast(1));
  training.Read("weights", weights);
  training.ExpectNoMoreKeys();
  root.ExpectNoMoreKeys();
}

struct BrokenConfig {
  std::string text;
  std::string message;
};

const std::string kLookFor = "; look for a missing blank, quote or bracket here and just above.";
const std::string kOctal = "which may be read as octal or hexadecimal; write it in decimal without a leading zero.";

void ExpectMessages(const std::vector<BrokenConfig>& broken_configs) {
  for (const BrokenConfig& broken : broken_configs) {
    std::string message = "accepted";
    try {
      ReadLikeARun(ParseConfig(broken.text, "run.yaml"));
    } catch (const ConfigError& error) {
      message = error.what();
    }
    EXPECT_EQ(message, broken.message) << broken.text.substr(0, 200);
  }
}

TEST(BrokenConfigTest, TheSoundOneIsAccepted) {
  EXPECT_NO_THROW(ReadLikeARun(ParseConfig(R"(
seed: 7
data: {path: sales.csv, unit_size: 0.1, period: week, holdout_periods: 14, is_weekly: true}
lanes:
  - {lead_time: 3, unit_cost: 1.5, order_days: [mon, fri]}
agents: {ppo: {clip_range: 0.2}, dqn: {}}
training: {seeds: [1, 2], weights: [0.5]}
)",
                                           "run.yaml")));
}

TEST(BrokenConfigTest, WrongKeys) {
  ExpectMessages({
      {"sede: 1", "run.yaml:1:1: unknown key sede. Did you mean seed?"},
      {"seed: 1\nSeed: 2", "run.yaml:2:1: unknown key Seed. Did you mean seed?"},
      {"seed: 1\nseed: 2", "run.yaml:2:1: key \"seed\" stands twice, first at run.yaml:1:1."},
      {"data:\n  path: a\n  path: a", "run.yaml:3:3: key \"path\" stands twice, first at run.yaml:2:3."},
      {"data: {path: a, unit_size: 1, path: b}", "run.yaml:1:31: key \"path\" stands twice, first at run.yaml:1:8."},
      {"agents:\n  ppo:\n    learning_rte: 1e-4",
       "run.yaml:3:5: unknown key agents.ppo.learning_rte. Did you mean learning_rate?"},
      {"lanes:\n  - lead_tme: 3", "run.yaml:2:5: unknown key lanes.0.lead_tme. Did you mean lead_time?"},
      {"lanes:\n  - {}\n  - {cost: 3}",
       "run.yaml:3:6: unknown key lanes.1.cost. Known: lead_time, unit_cost, order_days."},
      {"data:\n  paht: x", "run.yaml:2:3: unknown key data.paht. Did you mean path?"},
      {"trainings: {}", "run.yaml:1:1: unknown key trainings. Did you mean training?"},
      {"colour: red", "run.yaml:1:1: unknown key colour. Known: seed, data, lanes, agents, training."},
      {": 3", "run.yaml:1:1: a key is missing before the colon."},
      {"null: 3", "run.yaml:1:1: a key is missing before the colon."},
      {"? [a, b]\n: 3", "run.yaml:1:3: a key must be a word, not a list or a map; is a bracket left open?"},
      {"seed: 1\n1: 2", "run.yaml:2:1: unknown key 1. Known: seed, data, lanes, agents, training."},
      {"data: &d {path: a}\nlanes:\n  <<: *d", "run.yaml:3:3: merge keys (<<) are not used here; write the keys out."},
      {"a: &x b\n*x : 1", "run.yaml:2:1: a key must be a word, not an alias."},
      {"&x seed: 1", "run.yaml:1:1: a key cannot have an anchor (&)."},
  });
}

TEST(BrokenConfigTest, WrongTypes) {
  ExpectMessages({
      {"seed: one", "run.yaml:1:7: seed must be a whole number from 0 to 2^64 - 1, but is \"one\" (default 1)."},
      {"seed: 1.5", "run.yaml:1:7: seed must be a whole number from 0 to 2^64 - 1, but is 1.5 (default 1)."},
      {"seed: -1", "run.yaml:1:7: seed must be a whole number from 0 to 2^64 - 1, but is -1 (default 1)."},
      {"seed: \"7\"", "run.yaml:1:7: seed must be a whole number from 0 to 2^64 - 1, but is \"7\" (default 1)."},
      {"seed:", "run.yaml:1:1: seed must be a whole number from 0 to 2^64 - 1, but is empty (default 1)."},
      {"seed: [1]", "run.yaml:1:7: seed must be a whole number from 0 to 2^64 - 1, but is a list (default 1)."},
      {"seed: {a: 1}", "run.yaml:1:7: seed must be a whole number from 0 to 2^64 - 1, but is a map (default 1)."},
      {"seed: 18446744073709551616",
       "run.yaml:1:7: seed must be a whole number from 0 to 2^64 - 1, but is 18446744073709551616 (default 1)."},
      {"data: {is_weekly: yes}",
       "run.yaml:1:19: data.is_weekly must be true or false, but is \"yes\" (default false)."},
      {"data: {is_weekly: 1}", "run.yaml:1:19: data.is_weekly must be true or false, but is 1 (default false)."},
      {"data: {is_weekly: \"true\"}",
       "run.yaml:1:19: data.is_weekly must be true or false, but is \"true\" (default false)."},
      {"data: {path: [a, b]}", "run.yaml:1:14: data.path must be a text, but is a list."},
      {"data: {path: }", "run.yaml:1:8: data.path must be a text, but is empty."},
      {"data: 5", "run.yaml:1:7: data must be a map of keys and values, but is 5."},
      {"data: [path, x]", "run.yaml:1:7: data must be a map of keys and values, but is a list."},
      {"lanes: 3", "run.yaml:1:8: lanes must be a map of keys and values, but is 3."},
      {"lanes: [3]", "run.yaml:1:9: lanes.0 must be a map of keys and values, but is 3."},
      {"lanes: [[3]]", "run.yaml:1:9: lanes.0 must be a map of keys and values, but is a list."},
      {"lanes: [{order_days: {mon: 1}}]",
       "run.yaml:1:22: lanes.0.order_days must be a list of texts, but holds a map."},
      {"agents: [{ppo: 1}]", "run.yaml:1:10: agents must be a map, or a list of names."},
      {"agents: {ppo: fast}", "run.yaml:1:15: agents.ppo must be a map of keys and values, but is \"fast\"."},
      {"training: {seeds: [1, two]}", "run.yaml:1:23: training.seeds.1 must be a whole number, but is \"two\"."},
      {"training: {seeds: [1, [2]]}", "run.yaml:1:23: training.seeds.1 must be a whole number, but is a list."},
      {"training: {seeds: [1, , 2]}", "run.yaml:1:23: training.seeds.1 must be a whole number, but is empty."},
      {"training: {seeds: 1.0}", "run.yaml:1:19: training.seeds.0 must be a whole number, but is 1.0."},
      {"training: {weights: {a: 1}}", "run.yaml:1:21: training.weights.0 must be a finite number, but is a map."},
      {"data: {period: month}", "run.yaml:1:16: data.period cannot be \"month\" (default day). Known: day, week."},
      {"data: {period: Week}", "run.yaml:1:16: data.period cannot be \"Week\" (default day). Did you mean week?"},
      {"data: {period: [day]}", "run.yaml:1:16: data.period cannot be a list (default day). Known: day, week."},
  });
}

TEST(BrokenConfigTest, WrongNumbers) {
  ExpectMessages({
      {"agents: {ppo: {clip_range: -0.2}}",
       "run.yaml:1:28: agents.ppo.clip_range must be above 0, but is -0.2 (default 0.2)."},
      {"agents: {ppo: {clip_range: 0}}",
       "run.yaml:1:28: agents.ppo.clip_range must be above 0, but is 0 (default 0.2)."},
      {"agents: {ppo: {clip_range: -0.0}}",
       "run.yaml:1:28: agents.ppo.clip_range must be above 0, but is -0.0 (default 0.2)."},
      {"agents:\n  ppo:\n    gamma: 1",
       "run.yaml:3:12: agents.ppo.gamma must be above 0 and below 1, but is 1 (default 0.99)."},
      {"agents: {dqn: {learning_rate: 2}}",
       "run.yaml:1:31: agents.dqn.learning_rate must be above 0 and at most 1, but is 2 (default 0.0003)."},
      {"lanes: [{lead_time: 101}]",
       "run.yaml:1:21: lanes.0.lead_time must be between 0 and 100, but is 101 (default 0)."},
      {"lanes: [{lead_time: -1}]",
       "run.yaml:1:21: lanes.0.lead_time must be between 0 and 100, but is -1 (default 0)."},
      {"training: {seeds: [1, 0]}", "run.yaml:1:23: training.seeds.1 must be at least 1, but is 0."},
      {"training: {seeds: 3, 0}", "run.yaml:1:22: unknown key training.0. Known: seeds, weights."},
      {"lanes: [{unit_cost: .nan}]",
       "run.yaml:1:21: lanes.0.unit_cost must be a finite number, but is \".nan\" (default 0)."},
      {"lanes: [{unit_cost: nan}]",
       "run.yaml:1:21: lanes.0.unit_cost must be a finite number, but is \"nan\" (default 0)."},
      {"lanes: [{unit_cost: .inf}]",
       "run.yaml:1:21: lanes.0.unit_cost must be a finite number, but is \".inf\" (default 0)."},
      {"lanes: [{unit_cost: inf}]",
       "run.yaml:1:21: lanes.0.unit_cost must be a finite number, but is \"inf\" (default 0)."},
      {"lanes: [{unit_cost: 1e400}]",
       "run.yaml:1:21: lanes.0.unit_cost must be a finite number, but is \"1e400\" (default 0)."},
      {"lanes: [{unit_cost: 1e39}]",
       "run.yaml:1:21: lanes.0.unit_cost must be a finite number, but is 1e39 (default 0)."},
      {"lanes: [{unit_cost: 1,5}]", "run.yaml:1:23: unknown key lanes.0.5. Known: lead_time, unit_cost, order_days."},
      {"lanes:\n  - unit_cost: 1,5",
       "run.yaml:2:16: lanes.0.unit_cost must be a finite number, but is \"1,5\" (default 0)."},
      {"lanes: [{unit_cost: 1_000}]",
       "run.yaml:1:21: lanes.0.unit_cost must be a finite number, but is \"1_000\" (default 0)."},
      {"lanes: [{unit_cost: 5 EUR}]",
       "run.yaml:1:21: lanes.0.unit_cost must be a finite number, but is \"5 EUR\" (default 0)."},
      {"lanes: [{unit_cost: 1:30}]",
       "run.yaml:1:21: lanes.0.unit_cost must be a finite number, but is \"1:30\" (default 0)."},
      {"lanes: [{lead_time: 010}]", "run.yaml:1:21: lanes.0.lead_time is 010, " + kOctal},
      {"lanes: [{lead_time: -010}]", "run.yaml:1:21: lanes.0.lead_time is -010, " + kOctal},
      {"lanes: [{unit_cost: 007.5}]", "run.yaml:1:21: lanes.0.unit_cost is 007.5, " + kOctal},
      {"seed: 0o17", "run.yaml:1:7: seed is 0o17, " + kOctal},
      {"seed: 0x1F", "run.yaml:1:7: seed is 0x1F, " + kOctal},
      {"seed: 0b11", "run.yaml:1:7: seed is 0b11, " + kOctal},
      {"training: {seeds: [08]}", "run.yaml:1:20: training.seeds.0 is 08, " + kOctal},
      {"data: {holdout_periods: 3000000000}",
       "run.yaml:1:25: data.holdout_periods must be a whole number, but is 3000000000 (default 0)."},
      {"data: {holdout_periods: 1e1}",
       "run.yaml:1:25: data.holdout_periods must be a whole number, but is 1e1 (default 0)."},
  });
}

TEST(BrokenConfigTest, BrokenYaml) {
  ExpectMessages({
      {"data:\n\tpath: x", "run.yaml:2:6: the line is indented with a tab; use blanks."},
      {"data:\n  path: x\n\tunit_size: 1", "run.yaml:3:1: the line is indented with a tab; use blanks."},
      {"data:\n  path: x\n unit_size: 1", "run.yaml:3:2: is not valid YAML (end of map not found)" + kLookFor},
      {"seed: 1\ndata: {path: x\ntraining: {}",
       "run.yaml:3:9: is not valid YAML (end of map flow not found)" + kLookFor},
      {"training: {seeds: [1, 2}", "run.yaml:1:24: is not valid YAML (illegal flow end)" + kLookFor},
      {"data: path: x", "run.yaml:1:11: is not valid YAML (illegal map value)" + kLookFor},
      {"data:\n  path: \"x", "run.yaml:2:11: is not valid YAML (illegal EOF in scalar)" + kLookFor},
      {"seed: *unknown", "run.yaml:1:7: is not valid YAML (the referenced anchor is not defined)" + kLookFor},
      {"seed: @1", "run.yaml:1:7: is not valid YAML (unknown token)" + kLookFor},
      {"seed: !!int 5", "run.yaml:1:7: tags such as \"tag:yaml.org,2002:int\" are not used here."},
      {"seed: !secret 5", "run.yaml:1:7: tags such as \"!secret\" are not used here."},
      {"data: !!map {}", "run.yaml:1:7: tags such as \"tag:yaml.org,2002:map\" are not used here."},
      {"seed: 1\n---\nseed: 2", "run.yaml:2:1: a second document begins here; a configuration is one."},
      {"lanes: &l [*l]", "run.yaml:1:12: the alias stands inside the value that it names."},
  });
}

TEST(BrokenConfigTest, NotAConfigurationAtAll) {
  ExpectMessages({
      {"", "run.yaml:1:1: the configuration is empty."},
      {"\n\n  \n", "run.yaml:1:1: the configuration is empty."},
      {"# only a comment\n", "run.yaml:1:1: the configuration is empty."},
      {"---\n...\n", "run.yaml:2:1: the configuration is empty."},
      {"~", "run.yaml:1:1: the configuration is empty."},
      {"\xEF\xBB\xBF", "run.yaml:1:1: the configuration is empty."},
      {"- seed: 1", "run.yaml:1:1: a configuration is a map of keys and values, but this is a list."},
      {"seed = 1", "run.yaml:1:1: a configuration is a map of keys and values, but this is \"seed = 1\"."},
      {"date,sku,demand\n2024-01-01,milk,3\n",
       "run.yaml:1:1: a configuration is a map of keys and values, but this is \"date,sku,demand 2024-01-01,milk,3\"."},
      {"seed: 1\npath: caf\xE9\n", "run.yaml:2: is not UTF-8 text."},
      {std::string("seed: 1\0", 8), "run.yaml:1: is not UTF-8 text."},
      {std::string("\x7f"
                   "ELF\x02\x01\x01\0",
                   8),
       "run.yaml:1: is not UTF-8 text."},
      {std::string("\xFF\xFEs\0e\0", 6), "run.yaml:1: is not UTF-8 text."},
  });
}

TEST(BrokenConfigTest, Bombs) {
  // nine lists of ten references each would be a billion values
  std::string bomb = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
  for (const char* line :
       {"b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n", "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n",
        "d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n", "e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n",
        "f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]\n", "g: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f, *f]\n",
        "h: &h [*g, *g, *g, *g, *g, *g, *g, *g, *g, *g]\n", "i: &i [*h, *h, *h, *h, *h, *h, *h, *h, *h, *h]\n"})
    bomb += line;
  std::string deep_maps = "a:\n";
  for (size_t depth = 1; depth < 100; ++depth) deep_maps += std::string(depth, ' ') + "a:\n";
  std::string many;
  for (int key = 0; key < 30'000; ++key) many += fmt::format("k{}: 1\n", key);
  ExpectMessages({
      {bomb, "run.yaml:5:8: there are more than 20000 values, counting what aliases stand for."},
      {std::string("lanes: ") + std::string(100, '[') + std::string(100, ']'),
       "run.yaml:1:39: values are nested more than 32 deep."},
      {std::string("lanes: ") + std::string(500'000, '['),
       "run.yaml:1:9: a key must be a word, not a list or a map; is a bracket left open?"},
      {std::string(100'000, '{'), "run.yaml:1:1: a key must be a word, not a list or a map; is a bracket left open?"},
      {std::string("lanes:\n") + std::string(1000, '-') + "\n",
       std::string("run.yaml:2:1: the key \"") + std::string(60, '-') + "...\" is too long; is a quote left open?"},
      {deep_maps, "run.yaml:33:33: values are nested more than 32 deep."},
      {many, "run.yaml:20000:9: there are more than 20000 values, counting what aliases stand for."},
      {std::string("data: {path: ") + std::string(5'000'000, 'x') + "}",
       "run.yaml: is larger than 4 MB, which no configuration is."},
      {std::string(101, 'k') + ": 1",
       std::string("run.yaml:1:1: the key \"") + std::string(60, 'k') + "...\" is too long; is a quote left open?"},
  });
}

}  // namespace
}  // namespace restock
