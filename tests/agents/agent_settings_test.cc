#include <gtest/gtest.h>

#include "agents/agent_config.h"

namespace restock {
namespace {

std::string Resolved(const std::vector<std::string>& overrides, const std::string& file, const std::string& algorithm) {
  ConfigNode root = LoadConfig(file, overrides);
  ReadAgentConfig(algorithm, root.Child("agents").Child(algorithm));
  return root.ResolvedYaml();
}

// What stands in configs/agents/ are the defaults in the code: all of them, and nothing else.
TEST(AgentSettingsTest, FilesHoldTheDefaultsOfTheCode) {
  for (const std::string algorithm : {"ppo", "dqn", "pathwise", "policy_iteration"}) {
    const std::string file = "configs/agents/" + algorithm + ".yaml";
    EXPECT_EQ(Resolved({}, file, algorithm), Resolved({"agents." + algorithm + "={}"}, file, algorithm)) << file;
    ConfigNode root = LoadConfig(file);
    const std::string as_written = root.ResolvedYaml();
    ReadAgentConfig(algorithm, root.Child("agents").Child(algorithm));
    EXPECT_EQ(root.ResolvedYaml(), as_written) << file << " lacks settings, whose defaults are read instead";
  }
}

}  // namespace
}  // namespace restock
