#include "agents/agent_config.h"

#include <vector>

#include "common/text.h"

namespace restock {
namespace {

void ReadGrid(ConfigNode node, LevelGrid& grid) {
  node.Read("step", grid.step, AboveAndUpTo(0, 2));
  node.Read("reach", grid.reach, Between(1, 500));
  node.ExpectNoMoreKeys();
}

void ReadActivation(ConfigNode& node, Activation& activation) {
  node.ReadChoice<Activation>("activation", activation,
                              {{"tanh", Activation::kTanh}, {"elu", Activation::kElu}, {"relu", Activation::kRelu}});
}

void ReadShared(ConfigNode& node, LearnerConfig& config) {
  node.Read("num_updates", config.num_updates, Between(1, 1'000'000));
  node.Read("num_envs", config.num_envs, Between(1, 65'536));
  node.Read("group_size", config.group_size, Between(1, 64));
  if (64 % config.group_size != 0) node.Fail("group_size", "must divide 64");
  if (config.num_envs % config.group_size != 0)
    node.Fail("num_envs", "must be a multiple of group_size, which is " + std::to_string(config.group_size));
  node.Read("min_rows", config.min_rows, Between(1, 1'000'000));
  node.Read("rollout_length", config.rollout_length, Between(1, 1'000'000));
  node.Read("shared_charge", config.shared_charge, Between(0, 1));
  node.Read("exploration_share", config.exploration_share, AboveAndUpTo(0, 1));
  node.Read("discount", config.discount, AboveAndUpTo(0, 1));
  node.Read("learning_rate", config.learning_rate, AboveAndUpTo(0, 1));
  node.Read("minibatch_size", config.minibatch_size, Between(2, 1'000'000));
  node.Read("max_gradient_norm", config.max_gradient_norm, Above(0));
  node.Read("hidden_layers", config.hidden_layers, Between(1, 4096));
  ReadActivation(node, config.activation);
  ReadGrid(node.Child("grid"), config.grid);
  node.Read("tune_start", config.tune_start);
  node.Read("start_score", config.start_score, Between(-6, 6));
  node.Read("select_every", config.select_every, Between(1, 1'000'000));
  node.Read("device", config.device);
  if (config.device != "auto" && config.device != "cpu" && config.device != "cuda")
    node.Fail("device", "must be one of auto, cpu, cuda");
}

}  // namespace

PpoConfig ReadPpoConfig(ConfigNode node) {
  PpoConfig config;
  ReadShared(node, config);
  node.Read("gae_lambda", config.gae_lambda, Between(0, 1));
  node.Read("centre_cost", config.centre_cost);
  node.Read("clip_range", config.clip_range, Above(0));
  node.Read("num_epochs", config.num_epochs, Between(1, 1000));
  node.Read("value_coefficient", config.value_coefficient, AtLeast(0));
  node.Read("entropy_coefficient", config.entropy_coefficient, AtLeast(0));
  node.ReadChoice<PpoHead>("head", config.head, {{"ordinal", PpoHead::kOrdinal}, {"softmax", PpoHead::kSoftmax}});
  node.Read("first_sigma", config.first_sigma, Above(0));
  node.Read("last_sigma", config.last_sigma, Above(0));
  node.ExpectNoMoreKeys();
  return config;
}

DqnConfig ReadDqnConfig(ConfigNode node) {
  DqnConfig config;
  ReadShared(node, config);
  node.Read("steps_per_update", config.steps_per_update, Between(1, 1'000'000));
  node.Read("num_steps", config.num_steps, Between(1, 1000));
  node.Read("huber_delta", config.huber_delta, Above(0));
  node.Read("buffer_size", config.buffer_size, Between(1, 10'000'000));
  node.Read("smoothness", config.smoothness, Between(0, 10));
  node.Read("target_rate", config.target_rate, AboveAndUpTo(0, 1));
  node.Read("average_rate", config.average_rate, AboveAndUpTo(0, 1));
  node.Read("curvature", config.curvature, Above(0));
  node.ExpectNoMoreKeys();
  return config;
}

PathwiseConfig ReadPathwiseConfig(ConfigNode node) {
  PathwiseConfig config;
  node.Read("num_updates", config.num_updates, Between(1, 1'000'000));
  node.Read("steps_per_update", config.steps_per_update, Between(1, 1'000'000));
  node.Read("num_paths", config.num_paths, Between(64, 65'536));
  if (config.num_paths % 64 != 0) node.Fail("num_paths", "must be a multiple of 64");
  node.Read("num_periods", config.num_periods, Between(2, 1000));
  node.Read("last_periods", config.last_periods, Between(0, 999));
  if (config.last_periods >= config.num_periods) node.Fail("last_periods", "must be below num_periods");
  node.Read("learning_rate", config.learning_rate, AboveAndUpTo(0, 1));
  node.Read("max_gradient_norm", config.max_gradient_norm, Above(0));
  node.Read("hidden_layers", config.hidden_layers, Between(1, 4096));
  ReadActivation(node, config.activation);
  node.Read("whole_units_share", config.whole_units_share, Between(0, 1));
  node.Read("select_every", config.select_every, Between(1, 1'000'000));
  node.Read("roundings", config.roundings, Between(0, 1));
  if (config.roundings.empty()) node.Fail("roundings", "must name at least one number, such as [0.5]");
  node.ExpectNoMoreKeys();
  return config;
}

PolicyIterationConfig ReadPolicyIterationConfig(ConfigNode node) {
  PolicyIterationConfig config;
  node.Read("num_updates", config.num_updates, Between(1, 1000));
  node.Read("num_states", config.num_states, Between(64, 1'000'000));
  node.Read("first_rollouts", config.first_rollouts, Between(64, 65'536));
  if (config.first_rollouts % 64 != 0) node.Fail("first_rollouts", "must be a multiple of 64");
  node.Read("horizon", config.horizon, Between(2, 1000));
  node.Read("reach", config.reach, Between(1, 1000));
  node.Read("first_reach", config.first_reach, Between(1, 1000));
  node.Read("random_share", config.random_share, Between(0, 1));
  node.Read("num_epochs", config.num_epochs, Between(1, 100'000));
  node.Read("minibatch_size", config.minibatch_size, Between(1, 1'000'000));
  node.Read("learning_rate", config.learning_rate, AboveAndUpTo(0, 1));
  node.Read("max_gradient_norm", config.max_gradient_norm, Above(0));
  node.Read("sigma", config.sigma, Between(0.05, 100));
  node.Read("hidden_layers", config.hidden_layers, Between(1, 4096));
  ReadActivation(node, config.activation);
  node.ExpectNoMoreKeys();
  return config;
}

AgentConfig ReadAgentConfig(const std::string& algorithm, ConfigNode node) {
  if (algorithm == "ppo") return {algorithm, ReadPpoConfig(node)};
  if (algorithm == "dqn") return {algorithm, ReadDqnConfig(node)};
  if (algorithm == "pathwise") return {algorithm, ReadPathwiseConfig(node)};
  if (algorithm == "policy_iteration") return {algorithm, ReadPolicyIterationConfig(node)};
  const std::vector<std::string> known = {"ppo", "dqn", "pathwise", "policy_iteration"};
  node.Fail("is no learner." + Suggestion(algorithm, known));
}

}  // namespace restock
