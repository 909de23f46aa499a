// A run that is killed and resumed ends as one that was never interrupted: the same bytes.

#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/file.h"
#include "tests/experiments/tiny_experiment.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

// Starts the command with its output thrown away, or put into a file.
pid_t Start(const std::vector<std::string>& arguments, const std::string& output = "/dev/null") {
  const pid_t child = fork();
  if (child != 0) return child;
  std::vector<char*> pointers = {const_cast<char*>(RESTOCK_COMMAND), const_cast<char*>("--quiet")};
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  if (freopen(output.c_str(), "w", stdout) == nullptr) _exit(126);
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
  WriteFileAtomically(folder / "broken" / "policy" / ".ppo-1.bin.4711-3.tmp", "half");  // as a kill may leave it
  ASSERT_EQ(ExitCode(Start(resume)), 0);

  for (const char* file :
       {"config.yaml", "metrics.jsonl", "forecaster/forecaster.bin", "policy/policies.json", "policy/ppo-1.bin",
        "policy/ppo-2.bin", "policy/dqn-1.bin", "policy/dqn-2.bin", "evaluation.csv", "summary.json", "traces.json"}) {
    EXPECT_EQ(ReadFile(folder / "broken" / file), ReadFile(folder / "whole" / file)) << file;
  }

  // nothing is left over: no half written files, no checkpoints
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "broken")) {
    EXPECT_NE(entry.path().extension(), ".tmp") << entry.path();
  }
  for (const char* name : {"whole", "broken"}) {
    EXPECT_TRUE(std::filesystem::is_empty(folder / name / "checkpoints")) << name;
  }

  // a finished run is not begun again, a trained one is only judged
  const std::string report = ReadFile(folder / "broken" / "report.html");
  const std::string output = folder / "output.txt";
  ASSERT_EQ(ExitCode(Start(resume, output)), 0);
  EXPECT_THAT(ReadFile(output), testing::HasSubstr("nothing is left to do"));
  EXPECT_EQ(ReadFile(folder / "broken" / "report.html"), report);
  std::filesystem::remove(folder / "broken" / "evaluation.csv");
  ASSERT_EQ(ExitCode(Start(resume)), 0);
  EXPECT_EQ(ReadFile(folder / "broken" / "evaluation.csv"), ReadFile(folder / "whole" / "evaluation.csv"));
}

TEST(ResumeTest, ATrainedRunGoesOnWithTheComparison) {
  const TemporaryFolder folder;
  const auto config = folder / "tiny.yaml";
  WriteFileAtomically(config, kTinyExperiment);
  const std::string whole = folder / "whole", parts = folder / "parts";
  ASSERT_EQ(ExitCode(Start({"run", config.string(), "agents={ppo: {num_updates: 2}}", "--out", whole})), 0);
  ASSERT_EQ(ExitCode(Start({"train", config.string(), "agents={ppo: {num_updates: 2}}", "--out", parts})), 0);
  ASSERT_EQ(ExitCode(Start({"train", parts, "--resume"})), 0);
  ASSERT_EQ(ExitCode(Start({"run", parts, "--resume"})), 0);
  EXPECT_EQ(ReadFile(parts + "/summary.json"), ReadFile(whole + "/summary.json"));
}

// It was fitted on the held-out sales too.
TEST(ResumeTest, ARunDoesNotTakeTheForecasterOfAForecast) {
  const TemporaryFolder folder;
  const auto config = folder / "tiny.yaml";
  WriteFileAtomically(config, kTinyExperiment);
  const std::string whole = folder / "whole", forecast = folder / "forecast";
  ASSERT_EQ(ExitCode(Start({"run", config.string(), "--out", whole})), 0);
  ASSERT_EQ(ExitCode(Start({"forecast", config.string(), "--out", forecast})), 0);
  ASSERT_EQ(ExitCode(Start({"run", forecast, "--resume"})), 0);
  EXPECT_EQ(ReadFile(forecast + "/summary.json"), ReadFile(whole + "/summary.json"));
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
