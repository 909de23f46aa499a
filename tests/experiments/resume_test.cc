// A run that is killed and resumed ends as one that was never interrupted: the same bytes.

#include <chrono>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/file.h"
#include "tests/experiments/tiny_experiment.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

// Starts the command with its output thrown away.
pid_t Start(const std::vector<std::string>& arguments) {
  const pid_t child = fork();
  if (child != 0) return child;
  std::vector<char*> pointers = {const_cast<char*>(RESTOCK_COMMAND), const_cast<char*>("--quiet")};
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  if (freopen("/dev/null", "w", stdout) == nullptr) _exit(126);
  execv(RESTOCK_COMMAND, pointers.data());
  _exit(127);
}

int ExitCode(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool IsRunning(pid_t child) { return waitpid(child, nullptr, WNOHANG) == 0; }

// Kills the command as soon as `file` appears; false when it ended before.
bool KillWhen(const std::filesystem::path& file, pid_t child) {
  while (IsRunning(child)) {
    if (std::filesystem::exists(file)) {
      kill(child, SIGKILL);
      waitpid(child, nullptr, 0);
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

TEST(ResumeTest, AKilledRunGoesOnToTheSameBytes) {
  const TemporaryFolder folder;
  const auto config = folder / "tiny.yaml";
  WriteFileAtomically(config, kTinyExperiment);
  const std::vector<std::string> settings = {
      "agents={ppo: {num_updates: 6}, dqn: {num_updates: 6}}", "baselines=[base_stock]", "forecaster.model=lstm",
      "forecaster.lstm.num_updates=60", "training={seeds: [1, 2], checkpoint_every: 1}"};
  const auto run = [&](const std::string& name) {
    std::vector<std::string> arguments = {"run", config.string(), "--out", (folder / name).string()};
    arguments.insert(arguments.end(), settings.begin(), settings.end());
    return Start(arguments);
  };

  ASSERT_EQ(ExitCode(run("whole")), 0);
  ASSERT_TRUE(KillWhen(folder / "broken" / "forecaster" / "forecaster.bin.checkpoint", run("broken")));
  EXPECT_FALSE(std::filesystem::exists(folder / "broken" / "forecaster" / "forecaster.bin"));
  const std::vector<std::string> resume = {"run", (folder / "broken").string(), "--resume"};
  ASSERT_TRUE(KillWhen(folder / "broken" / "checkpoints" / "ppo-1.bin", Start(resume)));
  ASSERT_TRUE(KillWhen(folder / "broken" / "checkpoints" / "dqn-1.bin", Start(resume)));
  ASSERT_EQ(ExitCode(Start(resume)), 0);

  for (const char* file :
       {"config.yaml", "metrics.jsonl", "forecaster/forecaster.bin", "policy/policies.json", "policy/ppo-1.bin",
        "policy/ppo-2.bin", "policy/dqn-1.bin", "policy/dqn-2.bin", "evaluation.csv", "summary.json", "traces.json"}) {
    EXPECT_EQ(ReadFile(folder / "broken" / file), ReadFile(folder / "whole" / file)) << file;
  }
}

TEST(ResumeTest, AnotherConfigurationIsRefused) {
  const TemporaryFolder folder;
  const auto config = folder / "tiny.yaml";
  WriteFileAtomically(config, kTinyExperiment);
  const std::string out = (folder / "run").string();
  ASSERT_EQ(ExitCode(Start({"run", config.string(), "agents=none", "--out", out})), 0);
  EXPECT_EQ(ExitCode(Start({"run", config.string(), "agents=none", "seed=4", "--out", out, "--resume"})), 2);
  EXPECT_EQ(ExitCode(Start({"run", config.string(), "agents=none", "--out", out})), 2);
  EXPECT_EQ(ExitCode(Start({"run", config.string(), "agents=none", "--out", out, "--resume"})), 0);
}

}  // namespace
}  // namespace restock
