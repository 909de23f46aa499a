#include <iostream>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/file.h"
#include "common/text.h"
#include "experiments/commands.h"
#include "optimization/mps_file.h"
#include "optimization/simplex/simplex_solver.h"

namespace restock {
namespace {

struct SolveArguments {
  std::string model;
  std::string json;
  double time_limit = kInfinity;
  std::string presolve = "on";
};

nlohmann::ordered_json ToJson(const LpModel& model, const LpSolution& solution) {
  return {{"status", LpStatusName(solution.status)},
          {"objective", solution.status == LpStatus::kOptimal ? nlohmann::ordered_json(solution.objective)
                                                              : nlohmann::ordered_json()},
          {"iterations", solution.iterations},
          {"seconds", solution.seconds},
          {"primal_infeasibility", solution.primal_infeasibility},
          {"dual_infeasibility", solution.dual_infeasibility},
          {"gap", solution.gap},
          {"num_rows", model.num_rows()},
          {"num_columns", model.num_columns()},
          {"num_entries", model.num_entries()},
          {"relaxed_integers", model.num_relaxed_integers}};
}

void SolveFile(const SolveArguments& arguments) {
  RequireFolderOf(arguments.json);
  const LpModel model = ReadMps(arguments.model);
  const LpSolution solution =
      Solve(model, {.time_limit = arguments.time_limit, .presolve = arguments.presolve == "on"});
  if (!arguments.json.empty()) WriteFileAtomically(arguments.json, ToJson(model, solution).dump(1) + "\n");
  std::cout << LpStatusName(solution.status);
  if (solution.status == LpStatus::kOptimal) std::cout << fmt::format("  objective {:.12g}", solution.objective);
  std::cout << fmt::format("  {} iterations  {:.3f} s\n", solution.iterations, solution.seconds);
  if (model.num_relaxed_integers > 0) {
    std::cout << fmt::format("integer columns: {}, solved as if they could take any value within their bounds\n",
                             model.num_relaxed_integers);
  }
  if (solution.status == LpStatus::kNumericalTrouble)
    throw std::runtime_error("the model could not be solved with the wanted accuracy.");
}

}  // namespace

void AddSolveCommand(CLI::App& app) {
  const auto arguments = std::make_shared<SolveArguments>();
  CLI::App* solve = app.add_subcommand("solve", "Solve a linear program in MPS format by the simplex method");
  solve->add_option("MODEL", arguments->model, "A file in MPS format, fixed or free")->required();
  solve->add_option("--json", arguments->json, "File for the result: status, objective, iterations, accuracy");
  solve->add_option("--time-limit", arguments->time_limit, "Seconds after which it gives up")
      ->check(
          [](const std::string& text) {
            const auto seconds = ParseNumber(text);
            return seconds && *seconds > 0 ? "" : text + " must be above 0 seconds";
          },
          "");
  solve->add_option("--presolve", arguments->presolve, "Make the model smaller first (default: on)")
      ->check(CLI::IsMember({"on", "off"}))
      ->type_name("on|off");
  solve->footer(
      "An infeasible or unbounded model is a result: the exit code is 0.\nExample:\n  restock solve model.mps --json "
      "result.json --time-limit 60");
  solve->callback([arguments] { SolveFile(*arguments); });
}

}  // namespace restock
