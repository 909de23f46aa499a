#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "experiments/experiment_config.h"
#include "experiments/run_directory.h"

namespace restock {

// The commands of `restock`, a file per group. Each adds its subcommand with its options; the work is done in its
// callback.

void AddRunCommands(CLI::App& app);       // run, table, train, evaluate, forecast
void AddSolveCommand(CLI::App& app);      // solve
void AddReportCommands(CLI::App& app);    // report, compare
void AddPlanCommands(CLI::App& app);      // plan, export
void AddGenerateCommands(CLI::App& app);  // generate, validate

/// What `CONFIG|RUN_DIR [key=value ...]` on a command line means.
struct ConfigArgument {
  std::string path;
  std::vector<std::string> overrides;

  /// Adds both to a command.
  void AddTo(CLI::App& command, const std::string& what);
  bool IsRunDirectory() const;
  /// The configuration file that is meant.
  std::filesystem::path File() const;
  bool IsProblemFile() const;
  /// Throws ConfigError where the configuration is a problem of configs/problems/, which has no sales.
  ExperimentConfig Read() const;
};

/// Before any work is done: throws ConfigError where `out` is a folder, or where there is none to write it into.
void RequireFolderOf(const std::filesystem::path& out);

}  // namespace restock
