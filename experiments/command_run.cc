#include <iostream>
#include <memory>

#include "common/file.h"
#include "experiments/commands.h"
#include "experiments/run_experiment.h"

namespace restock {
namespace {

struct RunArguments {
  ConfigArgument config;
  std::string out;
  bool resume = false;
};

// Where a run writes: --out, the run directory that was named, or a new one under runs/.
RunDirectory OpenRun(const RunArguments& arguments, const ExperimentConfig& config) {
  std::filesystem::path path = arguments.out;
  if (path.empty())
    path = arguments.config.IsRunDirectory() ? std::filesystem::path(arguments.config.path)
                                             : NextRunDirectory(config.name);
  RunDirectory run = RunDirectory::Create(path, arguments.resume);
  if (arguments.resume && ReadFile(run.config()) != config.resolved_yaml) {
    throw ConfigError(run.config().string() +
                      ": is not the configuration given. A run is resumed with the one it began with: restock run " +
                      path.string() + " --resume");
  }
  WriteFileAtomically(run.config(), config.resolved_yaml);
  return run;
}

CLI::App* AddCommand(CLI::App& app, const std::string& name, const std::string& description, const std::string& example,
                     RunArguments& arguments) {
  CLI::App* command = app.add_subcommand(name, description);
  arguments.config.AddTo(*command, "A configuration, or the directory of a run");
  command->add_option("--out", arguments.out, "Folder to write to (default: runs/NAME-1, -2, ...)");
  command->footer(example);
  return command;
}

}  // namespace

void ConfigArgument::AddTo(CLI::App& command, const std::string& what) {
  command.add_option("CONFIG", path, what)->required();
  command.add_option("key=value", overrides, "Settings by their dotted path, such as agents.ppo.clip_range=0.1");
}

bool ConfigArgument::IsRunDirectory() const { return std::filesystem::is_directory(path); }

ExperimentConfig ConfigArgument::Read() const {
  const std::filesystem::path file = IsRunDirectory() ? RunDirectory::Open(path).config() : std::filesystem::path(path);
  return ReadExperimentConfig(file, overrides);
}

void AddRunCommands(CLI::App& app) {
  const auto arguments = std::make_shared<RunArguments>();

  CLI::App* run = AddCommand(app, "run", "The whole chain: forecast, train, compare, report",
                             "Examples:\n  restock run configs/quickstart.yaml\n  restock run configs/quickstart.yaml "
                             "agents=none seed=7 --out runs/rules\n"
                             "  restock run runs/quickstart-1 --resume        goes on with an interrupted run",
                             *arguments);
  run->add_flag("--resume", arguments->resume, "Go on with an interrupted run, exactly");
  run->callback([arguments] {
    const ExperimentConfig config = arguments->config.Read();
    const RunDirectory directory = OpenRun(*arguments, config);
    RunExperiment(config, directory);
    std::cout << directory.report().string() << "\n";
  });

  CLI::App* train = AddCommand(
      app, "train", "Fit the forecaster, tune the rules, train the agents; compare nothing",
      "Example:\n  restock train configs/quickstart.yaml --out runs/demo && restock evaluate runs/demo", *arguments);
  train->add_flag("--resume", arguments->resume, "Go on with interrupted training, exactly");
  train->callback([arguments] {
    const ExperimentConfig config = arguments->config.Read();
    const RunDirectory directory = OpenRun(*arguments, config);
    TrainPolicies(config, directory);
    std::cout << directory.policy().string() << "\n";
  });

  CLI::App* evaluate =
      AddCommand(app, "evaluate", "Compare the policies of a run again, or the classical rules of a configuration",
                 "Examples:\n  restock evaluate runs/quickstart-1 evaluation.num_lp_scenarios=32\n"
                 "  restock evaluate configs/quickstart.yaml      the rules alone, nothing is trained",
                 *arguments);
  evaluate->callback([arguments] {
    const bool is_run = arguments->config.IsRunDirectory();
    if (!is_run) arguments->config.overrides.push_back("agents=none");
    const ExperimentConfig config = arguments->config.Read();
    const RunDirectory directory =
        is_run && arguments->out.empty() ? RunDirectory::Open(arguments->config.path) : OpenRun(*arguments, config);
    is_run ? EvaluatePolicies(config, directory) : RunExperiment(config, directory);
    std::cout << directory.report().string() << "\n";
  });

  CLI::App* forecast =
      AddCommand(app, "forecast", "Forecast beyond the observed sales, with a backtest where one is asked for",
                 "Example:\n  restock forecast configs/quickstart.yaml backtest.num_origins=3", *arguments);
  forecast->callback([arguments] {
    const ExperimentConfig config = arguments->config.Read();
    const RunDirectory directory = OpenRun(*arguments, config);
    ForecastDemand(config, directory);
    std::cout << directory.forecast().string() << "\n";
  });
}

}  // namespace restock
