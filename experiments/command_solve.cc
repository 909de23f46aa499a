#include <chrono>
#include <cmath>
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
#include "experiments/problem_run.h"
#include "optimization/basis_file.h"
#include "optimization/exact_optimum.h"
#include "optimization/irreducible_infeasible_subset.h"
#include "optimization/lp_file.h"
#include "optimization/ranging.h"
#include "optimization/simplex/simplex_solver.h"

namespace restock {
namespace {

struct SolveArguments {
  std::string model;
  std::string json;
  bool values = false, ranging = false, iis = false;
  std::string write;
  std::string basis_in, basis_out;
  double time_limit = kInfinity;
  int64_t iteration_limit = INT64_MAX;
  std::string presolve = "on";
  std::string crash = "slack";
  std::vector<std::string> overrides;  // of a problem file
};

std::string_view BasisStatusName(BasisStatus status) {
  constexpr std::string_view kNames[] = {"basic", "at_lower", "at_upper", "free"};
  return kNames[static_cast<size_t>(status)];
}

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

// Every column and row with its value, its dual and its place in the basis.
void AddValues(const LpModel& model, const LpSolution& solution, nlohmann::ordered_json& json) {
  json["columns"] = json["rows"] = nlohmann::ordered_json::array();
  for (int column = 0; column < model.num_columns(); ++column) {
    const auto j = static_cast<size_t>(column);
    json["columns"].push_back({{"name", model.ColumnName(column)},
                               {"value", solution.values[j]},
                               {"reduced_cost", solution.reduced_costs[j]},
                               {"basis", BasisStatusName(solution.basis.column[j])}});
  }
  for (int row = 0; row < model.num_rows(); ++row) {
    const auto i = static_cast<size_t>(row);
    json["rows"].push_back({{"name", model.RowName(row)},
                            {"activity", solution.row_activity[i]},
                            {"dual", solution.duals[i]},
                            {"basis", BasisStatusName(solution.basis.row[i])}});
  }
}

void PrintValues(const LpModel& model, const LpSolution& solution) {
  std::string text = "column                       value     reduced cost\n";
  for (int column = 0; column < model.num_columns(); ++column) {
    const auto j = static_cast<size_t>(column);
    text += fmt::format("{:<18} {:>15.9g}  {:>15.9g}  {}\n", model.ColumnName(column), solution.values[j],
                        solution.reduced_costs[j], BasisStatusName(solution.basis.column[j]));
  }
  text += "row                       activity             dual\n";
  for (int row = 0; row < model.num_rows(); ++row) {
    const auto i = static_cast<size_t>(row);
    text += fmt::format("{:<18} {:>15.9g}  {:>15.9g}  {}\n", model.RowName(row), solution.row_activity[i],
                        solution.duals[i], BasisStatusName(solution.basis.row[i]));
  }
  std::cout << text;
}

nlohmann::ordered_json ToJson(const LpRange& range) {
  const auto number = [](double end) {
    return std::isfinite(end) ? nlohmann::ordered_json(end) : nlohmann::ordered_json();
  };
  return nlohmann::ordered_json::array({number(range.low), number(range.high)});
}

void AddRanging(const LpModel& model, const LpRanging& ranging, nlohmann::ordered_json& json) {
  nlohmann::ordered_json columns = nlohmann::ordered_json::array(), rows = nlohmann::ordered_json::array();
  for (int column = 0; column < model.num_columns(); ++column) {
    const auto j = static_cast<size_t>(column);
    columns.push_back({{"name", model.ColumnName(column)},
                       {"cost", ToJson(ranging.cost[j])},
                       {"lower", ToJson(ranging.lower[j])},
                       {"upper", ToJson(ranging.upper[j])}});
  }
  for (int row = 0; row < model.num_rows(); ++row) {
    const auto i = static_cast<size_t>(row);
    rows.push_back({{"name", model.RowName(row)},
                    {"lower", ToJson(ranging.row_lower[i])},
                    {"upper", ToJson(ranging.row_upper[i])}});
  }
  json["ranging"] = {{"columns", columns}, {"rows", rows}};
}

// Only numbers that are there have a range worth reading.
void PrintRanging(const LpModel& model, const LpRanging& ranging) {
  std::string text = fmt::format("{:<24} {:>15}  {:>15}  {:>15}\n", "may lie", "now", "from", "to");
  const auto add = [&](std::string_view what, const std::string& name, double now, const LpRange& range) {
    if (std::isfinite(now)) {
      text += fmt::format("{:<5} {:<18} {:>15.9g}  {:>15.9g}  {:>15.9g}\n", what, name, now, range.low, range.high);
    }
  };
  for (int column = 0; column < model.num_columns(); ++column) {
    const auto j = static_cast<size_t>(column);
    const std::string name = model.ColumnName(column);
    add("cost", name, model.cost[j], ranging.cost[j]);
    add("lower", name, model.lower[j], ranging.lower[j]);
    add("upper", name, model.upper[j], ranging.upper[j]);
  }
  for (int row = 0; row < model.num_rows(); ++row) {
    const auto i = static_cast<size_t>(row);
    add("lower", model.RowName(row), model.row_lower[i], ranging.row_lower[i]);
    add("upper", model.RowName(row), model.row_upper[i], ranging.row_upper[i]);
  }
  std::cout << text;
}

void ExplainInfeasibility(const LpModel& model, const LpSolution& solution, const SolveArguments& arguments,
                          nlohmann::ordered_json& json) {
  const InfeasibleSubset subset = FindInfeasibleSubset(model, solution, {.time_limit = arguments.time_limit});
  json["infeasible_subset"] = nlohmann::ordered_json::array();
  json["is_irreducible"] = subset.is_irreducible;
  std::string text = fmt::format("these {} cannot all be met{}:\n", subset.bounds.size(),
                                 subset.is_irreducible ? ", and all but any one of them can" : "");
  for (const LpBound& bound : subset.bounds) {
    json["infeasible_subset"].push_back(DescribeBound(model, bound));
    text += "  " + DescribeBound(model, bound) + "\n";
  }
  std::cout << text;
}

// Presolve finds its own way to a basis: a given one starts the simplex on the whole model.
LpSolution SolveModel(const LpModel& model, const SolveArguments& arguments) {
  const SimplexOptions options = {.time_limit = arguments.time_limit,
                                  .iteration_limit = arguments.iteration_limit,
                                  .crash = arguments.crash == "slack" ? Crash::kSlack : Crash::kTriangular,
                                  .presolve = arguments.presolve == "on"};
  if (arguments.basis_in.empty()) return Solve(model, options);
  SimplexSolver solver(model, options);
  solver.SetBasis(ReadBasis(model, arguments.basis_in));
  return solver.Solve();
}

// Options that only a linear program has.
void RefuseProgramOptions(const SolveArguments& arguments) {
  const SolveArguments usual;
  const auto refuse = [&](bool is_given, const char* option) {
    if (is_given)
      throw ConfigError(fmt::format("{}: {} is for linear programs; a problem is solved exactly. Leave it out.",
                                    arguments.model, option));
  };
  refuse(!arguments.write.empty(), "--write");
  refuse(arguments.values, "--values");
  refuse(arguments.ranging, "--ranging");
  refuse(arguments.iis, "--iis");
  refuse(!arguments.basis_in.empty(), "--basis-in");
  refuse(!arguments.basis_out.empty(), "--basis-out");
  refuse(arguments.time_limit != usual.time_limit, "--time-limit");
  refuse(arguments.iteration_limit != usual.iteration_limit, "--iteration-limit");
  refuse(arguments.crash != usual.crash, "--crash");
}

// The exact optimum of a problem of the textbooks.
void SolveProblem(const SolveArguments& arguments) {
  RefuseProgramOptions(arguments);
  const auto start = std::chrono::steady_clock::now();
  const Problem problem = ReadProblemRun(arguments.model, arguments.overrides).problem;  // checks all that it says
  const ExactOptimum optimum = SolveExactly(problem);
  const nlohmann::ordered_json json = {
      {"status", "optimal"},
      {"objective", optimum.cost},
      {"lower_bound", optimum.lower_bound},
      {"upper_bound", optimum.upper_bound},
      {"seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()},
      {"method", optimum.method}};
  if (!arguments.json.empty()) WriteFileAtomically(arguments.json, json.dump(1) + "\n");
  std::cout << fmt::format("optimal  {} {:.6g}  by {}\n", CostWords(problem.protocol), optimum.cost, optimum.method);
}

void SolveLinearProgram(const SolveArguments& arguments) {
  if (!arguments.overrides.empty()) {
    throw ConfigError(arguments.model + ": settings (" + arguments.overrides.front() +
                      ") are for problem files, whose names end in .yaml; a linear program has none.");
  }
  const LpModel model = ReadLinearProgram(arguments.model);
  if (!arguments.write.empty()) WriteLinearProgram(model, arguments.write);
  const LpSolution solution = SolveModel(model, arguments);
  nlohmann::ordered_json json = ToJson(model, solution);
  if (arguments.values) AddValues(model, solution, json);
  if (!arguments.basis_out.empty()) WriteBasis(model, solution.basis, arguments.basis_out);
  std::cout << LpStatusName(solution.status);
  if (solution.status == LpStatus::kOptimal) std::cout << fmt::format("  objective {:.12g}", solution.objective);
  std::cout << fmt::format("  {} iterations  {:.3f} s\n", solution.iterations, solution.seconds);
  if (model.num_relaxed_integers > 0) {
    std::cout << fmt::format("integer columns: {}, solved as if they could take any value within their bounds\n",
                             model.num_relaxed_integers);
  }
  if (arguments.values && arguments.json.empty()) PrintValues(model, solution);
  if (arguments.ranging && solution.status == LpStatus::kOptimal) {
    const LpRanging ranging = FindRanging(model, solution);
    AddRanging(model, ranging, json);
    if (arguments.json.empty()) PrintRanging(model, ranging);
  }
  if (arguments.iis && solution.status == LpStatus::kInfeasible) ExplainInfeasibility(model, solution, arguments, json);
  if (!arguments.json.empty()) WriteFileAtomically(arguments.json, json.dump(1) + "\n");
  if (solution.status == LpStatus::kNumericalTrouble)
    throw std::runtime_error("the model could not be solved with the wanted accuracy.");
}

void SolveFile(const SolveArguments& arguments) {
  for (const std::string& file : {arguments.json, arguments.write, arguments.basis_out}) RequireFolderOf(file);
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
  solve
      ->add_option("MODEL", arguments->model,
                   "A file in LP format (.lp) or MPS format, fixed or free; or a problem of configs/problems")
      ->required();
  solve->add_option("key=value", arguments->overrides, "Settings of a problem, such as lead_time=3");
  solve->add_option("--json", arguments->json, "File for the result: status, objective, iterations, accuracy");
  solve->add_flag("--values", arguments->values,
                  "Also the value and reduced cost of every column, the activity and dual of every row, and the basis: "
                  "in the file of --json, else printed");
  solve->add_flag("--ranging", arguments->ranging,
                  "How far each cost and each bound may move alone before another basis is optimal");
  solve->add_flag("--iis", arguments->iis,
                  "Of an infeasible model: rows and bounds that contradict each other, none of which can be left out");
  solve->add_option("--write", arguments->write, "File for the model itself: LP format if it ends in .lp, else MPS");
  solve->add_option("--basis-in", arguments->basis_in, "Start from a basis in MPS format, without presolve");
  solve->add_option("--basis-out", arguments->basis_out, "File for the last basis, in MPS format");
  solve->add_option("--iteration-limit", arguments->iteration_limit, "Iterations after which it gives up")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
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
  solve->add_option("--crash", arguments->crash, "The first basis: slacks, or columns for equations (default: slack)")
      ->check(CLI::IsMember({"slack", "triangular"}))
      ->type_name("slack|triangular");
  solve->footer(
      "An infeasible or unbounded model is a result: the exit code is 0.\nExamples:\n  restock solve model.mps --json "
      "result.json --time-limit 60\n  restock solve model.lp --values\n  restock solve "
      "configs/problems/lost_sales.yaml lead_time=3 "
      "demand.kind=geometric");
  solve->callback([arguments] { SolveFile(*arguments); });
}

}  // namespace restock
