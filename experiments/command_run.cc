#include <iostream>
#include <memory>

#include "common/file.h"
#include "experiments/commands.h"
#include "experiments/problem_files.h"
#include "experiments/problem_run.h"
#include "experiments/problem_table.h"
#include "experiments/run_experiment.h"
#include "experiments/search_forecasters.h"
#include "experiments/stages.h"
#include "experiments/table_file.h"

namespace restock {
namespace {

struct RunArguments {
  ConfigArgument config;
  std::string out;
  bool resume = false;
  bool search = false;
};

// Where a run writes: --out, the run directory that was named, or a new one under runs/. To be made only when the input
// is sound.
RunDirectory OpenRun(const RunArguments& arguments, const std::string& name, const std::string& resolved_yaml) {
  std::filesystem::path path = arguments.out;
  if (path.empty())
    path = arguments.config.IsRunDirectory() ? std::filesystem::path(arguments.config.path) : NextRunDirectory(name);
  RunDirectory run = RunDirectory::Create(path, arguments.resume);
  if (!arguments.resume) {
    WriteFileAtomically(run.config(), resolved_yaml);
  } else if (ReadFile(run.config()) != resolved_yaml) {
    throw ConfigError(run.config().string() +
                      ": is not the configuration given. A run is resumed with the one it began with: restock run " +
                      path.string() + " --resume");
  }
  return run;
}

// What was learned cannot change any more when a run is evaluated again.
void CheckOverrides(const std::vector<std::string>& overrides) {
  for (const std::string& text : overrides) {
    if (text.starts_with("evaluation.") || text.starts_with("scenarios.test=") || text.starts_with("threads="))
      continue;
    throw ConfigError(
        "override " + text +
        ": a run is evaluated as it was trained. Only evaluation.*, scenarios.test and threads may change.");
  }
}

// A problem of the textbooks: its optimum, the classical rules, agents. Rules take seconds, so that an interrupted run
// tunes them again; training goes on.
void RunProblemFile(const RunArguments& arguments) {
  const ProblemRunConfig config = ReadProblemRun(arguments.config.File(), arguments.config.overrides);
  CheckProblemRun(config);
  const RunDirectory run = OpenRun(arguments, config.name, config.resolved_yaml);
  if (std::filesystem::exists(run.report())) {
    std::cout << "The run is finished: nothing is left to do.\n";
  } else {
    std::cout << ProblemTable(config, RunAndWriteProblem(config, run));
  }
  std::cout << run.report().string() << "\n";
}

// Many instances of problems, each a run of its own.
void RunTable(const ConfigArgument& argument, const std::vector<std::string>& varied, const std::string& out) {
  const std::filesystem::path file = argument.File();
  ProblemTableConfig config{.title = file.stem().string(), .blocks = {}, .overrides = argument.overrides, .out = out};
  if (!argument.IsRunDirectory() && IsTableFile(file)) {
    if (!varied.empty())
      throw ConfigError("--vary " + varied.front() + ": " + file.string() + " says itself what varies.");
    config.blocks = ReadTableFile(file);
  } else if (!argument.IsRunDirectory() && IsProblem(LoadConfig(file, {}))) {
    config.blocks = {{.name = {}, .problem = file, .overrides = {}, .varied = {}}};
    for (const std::string& text : varied) config.blocks.front().varied.push_back(ParseVariedSetting(text));
  } else {
    throw ConfigError(argument.path +
                      ": is neither a problem file nor a table of those. Tables are made of files such as "
                      "configs/problems/lost_sales.yaml.");
  }
  if (out.empty()) config.out = NextRunDirectory(config.title + "_table");
  std::cout << RunProblemTable(config);
}

void RunChain(const RunArguments& arguments) {
  if (arguments.config.IsProblemFile()) return RunProblemFile(arguments);
  const ExperimentConfig config = arguments.config.Read();
  CheckExperiment(config);
  const RunDirectory run = OpenRun(arguments, config.name, config.resolved_yaml);
  if (run.IsFinished()) {
    std::cout << "The run is finished: nothing is left to do.\n";
  } else {
    RunExperiment(config, run);
  }
  std::cout << run.report().string() << "\n";
}

void Train(const RunArguments& arguments) {
  const ExperimentConfig config = arguments.config.Read();
  CheckExperiment(config);
  const RunDirectory run = OpenRun(arguments, config.name, config.resolved_yaml);
  if (run.IsTrained()) std::cout << "The policies are trained: nothing is left to do.\n";
  TrainPolicies(config, run);
  std::cout << run.policy().string() << "\n";
}

void EvaluateAgain(const RunArguments& arguments) {
  CheckOverrides(arguments.config.overrides);
  if (!arguments.out.empty()) {
    throw ConfigError("--out " + arguments.out +
                      ": a run is evaluated in its own directory. Leave --out away, or copy " + arguments.config.path +
                      " first.");
  }
  const ExperimentConfig config = arguments.config.Read();
  const RunDirectory run = RunDirectory::Open(arguments.config.path);
  RemoveTemporaryFiles(run.path());
  EvaluatePolicies(config, run);
  WriteFileAtomically(run.config(), config.resolved_yaml);
  std::cout << run.report().string() << "\n";
}

void EvaluateRules(RunArguments arguments) {
  for (const std::string& text : arguments.config.overrides) {
    if (!text.starts_with("agents")) continue;
    throw ConfigError("override " + text +
                      ": a configuration is evaluated without training, by its classical rules alone. To train agents: "
                      "restock run " +
                      arguments.config.path + " " + text);
  }
  arguments.config.overrides.push_back("agents=none");
  RunChain(arguments);
}

// The best settings of the forecaster, as a configuration.
void SearchSettingsOnly(const RunArguments& arguments) {
  if (arguments.config.IsProblemFile()) arguments.config.Read();  // which tells why not
  const std::filesystem::path file = arguments.config.File();
  const std::filesystem::path folder =
      arguments.out.empty() ? NextRunDirectory(file.stem().string() + "_search") : std::filesystem::path(arguments.out);
  std::cout << SearchTable(SearchForecasters(file, arguments.config.overrides, folder));
  std::cout << (folder / "best.yaml").string() << "\n";
}

void ForecastOnly(RunArguments arguments) {
  if (arguments.search) return SearchSettingsOnly(arguments);
  const ExperimentConfig config = arguments.config.Read();
  CheckForecasts(config);
  if (arguments.out.empty()) arguments.out = NextRunDirectory(config.name);  // beside the run whose configuration it is
  const RunDirectory run = OpenRun(arguments, config.name, config.resolved_yaml);
  ForecastDemand(config, run);
  std::cout << run.forecast().string() << "\n" << run.report().string() << "\n";
}

}  // namespace

void RequireFolderOf(const std::filesystem::path& out) {
  const std::filesystem::path folder = out.parent_path();
  if (std::filesystem::is_directory(out))
    throw ConfigError(out.string() + ": is a folder. Name the file to write in it.");
  if (!folder.empty() && !std::filesystem::is_directory(folder))
    throw ConfigError(out.string() + ": there is no folder " + folder.string() + ". Make it, or write elsewhere.");
}

void ConfigArgument::AddTo(CLI::App& command, const std::string& what) {
  command.add_option("CONFIG", path, what)->required();
  command.add_option("key=value", overrides, "Settings by their dotted path, such as agents.ppo.clip_range=0.1");
}

bool ConfigArgument::IsRunDirectory() const { return std::filesystem::is_directory(path); }

std::filesystem::path ConfigArgument::File() const {
  return IsRunDirectory() ? RunDirectory::Open(path).config() : std::filesystem::path(path);
}

bool ConfigArgument::IsProblemFile() const { return IsProblem(LoadConfig(File(), overrides)); }

ExperimentConfig ConfigArgument::Read() const {
  if (IsProblemFile()) {
    throw ConfigError(path + ": is a problem without sales. For its exact optimum: restock solve " + path +
                      "; for the classical rules beside it: restock run " + path);
  }
  return ReadExperimentConfig(File(), overrides);
}

void AddRunCommands(CLI::App& app) {
  const auto arguments = std::make_shared<RunArguments>();
  const auto add = [&](const char* name, const char* description, const char* example) {
    CLI::App* command = app.add_subcommand(name, description);
    arguments->config.AddTo(*command, "A configuration, or the directory of a run");
    command->add_option("--out", arguments->out, "Folder to write to (default: runs/NAME-1, -2, ...)");
    command->footer(example);
    return command;
  };

  CLI::App* run = add(
      "run", "The whole chain: forecast, train, compare, report",
      "Examples:\n  restock run configs/quickstart.yaml\n"
      "  restock run configs/quickstart.yaml agents=none seed=7 --out runs/rules\n"
      "  restock run configs/problems/lost_sales.yaml lead_time=3   a classic problem: optimum, best rules\n"
      "  restock run runs/quickstart-1 --resume        goes on with an interrupted run\n"
      "Planning with linear programs (docs/formats.md has all settings):\n"
      "  baselines=lp,stochastic_lp,multistage_lp       plan anew in every period: on expected demand, on demand\n"
      "                                                 paths, on a tree of them; of problems: linear_programs=...\n"
      "  baselines.stochastic_lp.num_scenarios=40       demand paths of a plan; horizon: periods ahead\n"
      "  'baselines.multistage_lp.branchings=[[1, 4], [4, 3]]'   paths part after 1 period into 4, after 4 into 3\n"
      "  service.frontier=0.9,0.95,0.98                 what these fill rates cost\n"
      "  service.fill_rate=0.98                         refuses what no plan keeps, and names what clashes\n"
      "  'promotions={location: \"*\", sku: \"*\", first_period: 7, periods: 3, factor: 1.5}'   what they need and "
      "cost\n"
      "  evaluation.num_lp_scenarios=32                 paths that programs, bound and shadow prices see");
  run->add_flag("--resume", arguments->resume, "Go on with an interrupted run, exactly");
  run->callback([arguments] { RunChain(*arguments); });

  CLI::App* table =
      app.add_subcommand("table", "Many instances of a classic problem: mean and worst gap of every policy");
  const auto varied = std::make_shared<std::vector<std::string>>();
  arguments->config.AddTo(*table, "A problem file, or a table of several such as configs/tables/lost_sales.yaml");
  table
      ->add_option("--vary", *varied,
                   "A setting and its values, such as lead_time=1,2,3; several give all combinations")
      ->allow_extra_args(false);
  table->add_option("--out", arguments->out, "Folder of the runs; one that holds some goes on with the others");
  table->footer(
      "Example:\n  restock table configs/problems/lost_sales.yaml --vary shortage_cost=4,9 --vary lead_time=1,2 "
      "agents=pathwise training.seeds=1,2 --out runs/table\n  the same again goes on where it was interrupted\n"
      "  restock table configs/tables/one_warehouse.yaml agents=pathwise   the instances of a paper");
  table->callback([arguments, varied] { RunTable(arguments->config, *varied, arguments->out); });

  CLI::App* train =
      add("train", "Fit the forecaster, tune the rules, train the agents; compare nothing",
          "Example:\n  restock train configs/quickstart.yaml --out runs/demo && restock evaluate runs/demo");
  train->add_flag("--resume", arguments->resume, "Go on with interrupted training, exactly");
  train->callback([arguments] { Train(*arguments); });

  CLI::App* evaluate = add("evaluate", "Compare the policies of a run again, or the classical rules of a configuration",
                           "Examples:\n  restock evaluate runs/quickstart-1 evaluation.num_lp_scenarios=32\n"
                           "  restock evaluate configs/quickstart.yaml      the rules alone, nothing is trained");
  evaluate->callback(
      [arguments] { arguments->config.IsRunDirectory() ? EvaluateAgain(*arguments) : EvaluateRules(*arguments); });

  CLI::App* forecast =
      add("forecast", "Forecast beyond the observed sales, with a backtest where one is asked for",
          "Examples:\n  restock forecast configs/quickstart.yaml backtest.num_origins=3\n"
          "  restock forecast configs/quickstart.yaml forecaster.model=ets retrain.on=both   is it worth "
          "fitting again?\n"
          "  restock forecast configs/search.yaml --search --out runs/search   writes best.yaml; the "
          "same again goes on");
  forecast->add_flag("--search", arguments->search, "Search the settings under `search:`, and write the best ones");
  forecast->callback([arguments] { ForecastOnly(*arguments); });
}

}  // namespace restock
