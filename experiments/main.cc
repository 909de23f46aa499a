// The `restock` command. Exit codes: 0 done, 1 failed while running, 2 bad usage or bad input.

#include <exception>
#include <iostream>

#include "common/error.h"
#include "common/progress.h"
#include "experiments/build_info.h"
#include "experiments/commands.h"

namespace restock {
namespace {

enum ExitCode { kDone = 0, kFailed = 1, kBadInput = 2 };

int Main(int argc, char** argv) {
  CLI::App app{"Restock learns when and how much to order.", "restock"};
  app.footer("Start with: restock run configs/quickstart.yaml\nEach command explains itself: restock run --help");
  app.set_version_flag("--version", VersionText());
  app.add_flag_callback(
      "-q,--quiet", [] { Progress::SetQuiet(true); }, "No progress lines");
  app.require_subcommand(1);
  app.fallthrough();
  AddRunCommands(app);
  AddGenerateCommands(app);
  AddSolveCommand(app);
  AddReportCommands(app);
  AddPlanCommands(app);
  try {
    app.parse(argc, argv);
    return kDone;
  } catch (const CLI::ParseError& error) {
    if (app.exit(error) == 0) return kDone;
    if (dynamic_cast<const CLI::ExtrasError*>(&error))
      std::cerr << "Settings of the configuration are written as key=value, such as seed=7.\n";
    return kBadInput;
  } catch (const InputError& error) {
    std::cerr << error.what() << "\n";
    return kBadInput;
  } catch (const std::exception& error) {
    std::cerr << "restock failed: " << error.what() << "\n";
    return kFailed;
  }
}

}  // namespace
}  // namespace restock

int main(int argc, char** argv) { return restock::Main(argc, argv); }
