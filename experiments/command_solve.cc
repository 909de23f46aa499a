#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/config_node.h"
#include "common/error.h"
#include "common/file.h"
#include "common/text.h"
#include "env/problem_file.h"
#include "experiments/commands.h"
#include "optimization/exact_optimum.h"
#include "optimization/mps_file.h"
#include "optimization/simplex/simplex_solver.h"

namespace restock {
namespace {

struct SolveArguments {
  std::string model;
  std::string json;
  double time_limit = kInfinity;
  std::string presolve = "on";
  std::vector<std::string> overrides;  // of a problem file
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

// The exact optimum of a problem of the textbooks.
void SolveProblem(const SolveArguments& arguments) {
  const auto start = std::chrono::steady_clock::now();
  const ExactOptimum optimum = SolveExactly(ReadProblem(LoadConfig(arguments.model, arguments.overrides)));
  const nlohmann::ordered_json json = {
      {"status", "optimal"},
      {"objective", optimum.cost},
      {"lower_bound", optimum.lower_bound},
      {"upper_bound", optimum.upper_bound},
      {"seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()},
      {"method", optimum.method}};
  if (!arguments.json.empty()) WriteFileAtomically(arguments.json, json.dump(1) + "\n");
  std::cout << fmt::format("optimal  average cost per period {:.6g}  by {}\n", optimum.cost, optimum.method);
}

void SolveLinearProgram(const SolveArguments& arguments) {
  if (!arguments.overrides.empty()) {
    throw ConfigError(arguments.model + ": settings (" + arguments.overrides.front() +
                      ") are for problem files, whose names end in .yaml; a linear program has none.");
  }
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

void SolveFile(const SolveArguments& arguments) {
  RequireFolderOf(arguments.json);
  if (arguments.model.ends_with(".yaml") || arguments.model.ends_with(".yml")) {
    SolveProblem(arguments);
  } else {
    SolveLinearProgram(arguments);
  }
}

}  // namespace

void AddSolveCommand(CLI::App& app) {
  const auto arguments = std::make_shared<SolveArguments>();
  CLI::App* solve =
      app.add_subcommand("solve", "Solve a linear program by the simplex method, or a classic problem exactly");
  solve->add_option("MODEL", arguments->model, "A file in MPS format, fixed or free; or a problem of configs/problems")
      ->required();
  solve->add_option("key=value", arguments->overrides, "Settings of a problem, such as lead_time=3");
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
      "An infeasible or unbounded model is a result: the exit code is 0.\nExamples:\n  restock solve model.mps --json "
      "result.json --time-limit 60\n  restock solve configs/problems/lost_sales.yaml lead_time=3 "
      "demand.kind=geometric");
  solve->callback([arguments] { SolveFile(*arguments); });
}

}  // namespace restock
