#include <algorithm>
#include <iostream>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "common/random.h"
#include "experiments/commands.h"
#include "experiments/planner_changes.h"
#include "experiments/problem_run.h"
#include "experiments/stages.h"

namespace restock {
namespace {

/// "1 product", "2 products".
std::string Count(int count, const char* thing) { return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s"); }

/// What was understood of the sales, so that a user can see whether it is what he meant.
std::string SalesFacts(const DemandHistory& history) {
  std::set<std::string> warehouses, products;
  for (const Series& series : history.series) {
    warehouses.insert(series.warehouse);
    products.insert(series.sku);
  }
  const Calendar& calendar = history.calendar;
  const bool is_daily = calendar.period_length == PeriodLength::kDay;
  std::string facts =
      fmt::format("{} from {} to {}, {}, {}, {} series", Count(history.num_periods(), is_daily ? "day" : "week"),
                  calendar.DateOf(0).ToString(), LastSalesDate(history).ToString(),
                  Count(static_cast<int>(warehouses.size()), "warehouse"),
                  Count(static_cast<int>(products.size()), "product"), history.num_series());
  const double unknown = static_cast<double>(history.sales.array().isNaN().count()) /
                         static_cast<double>(std::max<Eigen::Index>(1, history.sales.size()));
  if (unknown > 0) {
    facts += fmt::format(
        "\n{:.1f} % of the cells between the first and the last {} have no record and count as not known; write 0 "
        "where "
        "nothing was sold",
        100 * unknown, is_daily ? "day" : "week");
  }
  const auto num_sold = (history.demand.array() > 0).colwise().any().count();
  if (num_sold < history.num_series()) {
    facts += fmt::format("\nseries without a {} of known demand above zero: {}", is_daily ? "day" : "week",
                         history.num_series() - num_sold);
  }
  return facts;
}

/// What is changed on the way to the models.
std::string ChangesWords(const DemandSplit& demand) {
  const std::string steps = Describe(demand.report, demand.full.num_series(), demand.full.unit_size, demand.full.unit);
  return steps.empty() ? "" : "what is changed on the way to the models:\n" + steps;
}

/// What was understood of a problem without sales.
std::string ProblemFacts(const ConfigArgument& config) {
  const ProblemRunConfig run = ReadProblemRun(config.File(), config.overrides);
  CheckProblemRun(run);
  const Network& network = *run.problem.network;
  std::string rules;
  for (const ClassicalRule& rule : RulesFor(run.problem)) rules += (rules.empty() ? "" : ", ") + rule.name;
  return fmt::format("{}: is a valid problem\n{}, {}, {}\nrules that fit: {}\n", config.path,
                     Count(network.num_sites(), "site"), Count(network.num_lanes(), "lane"),
                     CostWords(run.problem.protocol), rules);
}

}  // namespace

void AddGenerateCommands(CLI::App& app) {
  const auto config = std::make_shared<ConfigArgument>();
  const auto out = std::make_shared<std::string>();

  CLI::App* validate =
      app.add_subcommand("validate", "Check a configuration, its sales file and its network; run nothing");
  config->AddTo(*validate, "A configuration, or the directory of a run");
  validate->footer("Example:\n  restock validate configs/quickstart.yaml scenarios.train=64");
  validate->callback([config] {
    if (config->IsProblemFile()) {
      std::cout << ProblemFacts(*config);
      return;
    }
    const ExperimentConfig checked = config->Read();
    const DemandSplit demand = CheckExperiment(checked);
    std::cout << config->path << ": is valid\n" << SalesFacts(demand.full) << "\n" << ChangesWords(demand);
  });

  CLI::App* generate =
      app.add_subcommand("generate", "Write the demo sales that a configuration with data.generate learns from");
  config->AddTo(*generate, "A configuration with data.generate");
  generate->add_option("--out", *out, "The sales file to write")->required();
  generate->footer("Example:\n  restock generate configs/quickstart.yaml data.generate.num_skus=50 --out sales.csv");
  generate->callback([config, out] {
    RequireFolderOf(*out);
    const ExperimentConfig read = config->Read();
    if (!read.data.generate)
      throw ConfigError(config->path + ": has no data.generate: block that says what to generate.");
    WriteSalesFile(GenerateSales(*read.data.generate, DataRandom(read)), *out);
    std::cout << *out << "\n";
  });
}

}  // namespace restock
