#include <iostream>
#include <memory>

#include "experiments/commands.h"
#include "experiments/compare.h"
#include "experiments/report.h"

namespace restock {

void AddReportCommands(CLI::App& app) {
  const auto run_dirs = std::make_shared<std::vector<std::string>>();
  const auto out = std::make_shared<std::string>("compare.html");

  CLI::App* report = app.add_subcommand("report", "Make the report of a run again from its files");
  report->add_option("RUN_DIR", *run_dirs, "The directory of a run")->required()->expected(1);
  report->footer("Example:\n  restock report runs/quickstart-1");
  report->callback([run_dirs] {
    const RunDirectory run = RunDirectory::Open(run_dirs->front());
    WriteReport(run.path());
    std::cout << run.report().string() << "\n";
  });

  CLI::App* compare = app.add_subcommand("compare", "Several runs side by side, in one report");
  compare->add_option("RUN_DIR", *run_dirs, "Directories of runs")->required()->expected(1, -1);
  compare->add_option("--out", *out, "The report to write")->capture_default_str();
  compare->footer("Example:\n  restock compare runs/quickstart-1 runs/quickstart-2 --out both.html");
  compare->callback([run_dirs, out] {
    RequireFolderOf(*out);
    CompareRuns({run_dirs->begin(), run_dirs->end()}, *out, std::cout);
  });
}

}  // namespace restock
