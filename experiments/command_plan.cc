#include <iostream>
#include <memory>

#include <fmt/format.h>

#include "agents/network_policy.h"
#include "agents/onnx_export.h"
#include "agents/policy_file.h"
#include "common/text.h"
#include "experiments/commands.h"
#include "experiments/planner.h"
#include "experiments/saved_run.h"

namespace restock {

namespace {

void AddPlan(CLI::App& app) {
  struct Arguments {
    std::string run_dir, sales, stock, open_orders, date, out = "orders.csv";
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* plan = app.add_subcommand("plan", "What to order today, and why");
  plan->add_option("RUN_DIR", arguments->run_dir, "The directory of a run")->required();
  plan->add_option("--sales", arguments->sales, "Sales up to yesterday, in the columns of the run's sales file")
      ->required();
  plan->add_option("--stock", arguments->stock, "warehouse,sku,on_hand,backorders")->required();
  plan->add_option("--open-orders", arguments->open_orders, "source,warehouse,sku,quantity,due_date");
  plan->add_option("--date", arguments->date,
                   "Day of the orders, YYYY-MM-DD; otherwise the period after the last sales");
  plan->add_option("--out", arguments->out, "The order list to write")->capture_default_str();
  plan->footer("Example:\n  restock plan runs/quickstart-1 --sales sales.csv --stock stock.csv --out orders.csv");
  plan->callback([arguments] {
    RequireFolderOf(arguments->out);
    PlanRequest request{arguments->run_dir,     arguments->sales, arguments->stock,
                        arguments->open_orders, std::nullopt,     arguments->out};
    if (!arguments->date.empty()) {
      request.date = Date::Parse(arguments->date);
      if (!request.date)
        throw ConfigError(fmt::format("--date {} is no date; write it as 2024-06-30.", Quote(arguments->date)));
    }
    PlanOrders(request, std::cout);
  });
}

/// The learned policy of a run: the best policy, or the first learned one where a rule is best.
void ExportLearnedPolicy(const SavedRun& run, const std::filesystem::path& out) {
  std::vector<const NamedPolicy*> candidates = {&run.best_policy()};
  for (const NamedPolicy& policy : run.policies) candidates.push_back(&policy);
  for (const NamedPolicy* candidate : candidates) {
    const auto* network = dynamic_cast<const NetworkPolicy*>(candidate->policy.get());
    if (!network && candidate->policy && IsLearned(*candidate->policy))
      throw ConfigError(candidate->name +
                        " decides for all sites at once, and only policies that decide site by site "
                        "can be written as ONNX. Run again with agents=ppo.");
    if (!network || candidate->name.ends_with("_untrained")) continue;
    ExportOnnx(*network, out);
    std::cout << fmt::format("{}{} {}\n", candidate->name, candidate->seed ? fmt::format("-{}", *candidate->seed) : "",
                             out.string());
    return;
  }
  throw ConfigError(
      "The run has no learned policy to write as ONNX. Use --format csv for its levels, or run again with agents=ppo.");
}

void AddExport(CLI::App& app) {
  struct Arguments {
    std::string run_dir, format, out;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("export", "The policy of a run for other programs");
  command->add_option("RUN_DIR", arguments->run_dir, "The directory of a run")->required();
  command->add_option("--format", arguments->format, "onnx: the network from features to orders; csv: a level per site")
      ->required()
      ->check(CLI::IsMember({"onnx", "csv"}));
  command->add_option("--out", arguments->out, "The file to write; otherwise policy.onnx or policy.csv in the run");
  command->footer("Example:\n  restock export runs/quickstart-1 --format csv --out levels.csv");
  command->callback([arguments] {
    RequireFolderOf(arguments->out);
    const std::filesystem::path run_dir = arguments->run_dir;
    const std::filesystem::path out =
        arguments->out.empty() ? run_dir / ("policy." + arguments->format) : std::filesystem::path(arguments->out);
    if (arguments->format == "onnx") {
      ExportLearnedPolicy(LoadRun(run_dir), out);
    } else {
      ExportPolicyTable(run_dir, out);
      std::cout << out.string() << "\n";
    }
  });
}

}  // namespace

void AddPlanCommands(CLI::App& app) {
  AddPlan(app);
  AddExport(app);
}

}  // namespace restock
