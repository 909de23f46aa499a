// What a run of a problem says of itself: its table on the screen, and words for its report.

#include <cmath>

#include <fmt/format.h>

#include "experiments/problem_run.h"

namespace restock {

std::string CostWords(const EvaluationProtocol& protocol) {
  switch (protocol.kind) {
    case ProtocolKind::kDiscounted:
      return fmt::format("discounted cost ({} a period) of {} periods", protocol.discount, protocol.num_periods);
    case ProtocolKind::kFiniteHorizon:
      return fmt::format("cost of {} periods", protocol.num_periods);
    default:
      return "average cost per period";
  }
}

std::string ParameterWords(const JudgedPolicy& policy) {
  if (policy.seed) return fmt::format("seed {}, {:.1f} CPU seconds", *policy.seed, policy.training_seconds);
  std::string words;
  for (const auto& [name, value] : policy.rule.parameters)
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", name, value);
  return words;
}

std::string ProgramWords(const ProblemRunConfig& config, const ProblemOutcome& outcome) {
  if (!outcome.no_programs.empty())
    return fmt::format("no linear programs and no bound of perfect information: {}", outcome.no_programs);
  if (config.program_paths.num_lp_scenarios == 0) return "";
  const EvaluationProtocol protocol = ProgramProtocol(config.problem.protocol, config.program_paths);
  return fmt::format("linear programs and what is paid if all demand is known: on the first {} paths, of {} periods",
                     protocol.num_runs, protocol.num_periods);
}

std::string ProblemTable(const ProblemRunConfig& config, const ProblemOutcome& outcome) {
  const ProblemBound& bound = outcome.bound;
  const EvaluationProtocol& protocol = config.problem.protocol;
  const bool is_optimal = bound.kind == "optimal";
  std::string table = fmt::format("{}: {}\n", config.name, CostWords(protocol));
  table += fmt::format("{:<22}{:>12}{:>12}{:>10}  {}\n", "", "cost", "std. error",
                       bound.kind.empty() ? ""
                       : is_optimal       ? "gap"
                                          : "to best",
                       "");
  if (bound.kind.empty()) {
    table += fmt::format(
        "no exact optimum: {} Where a cost is published, best_known: [{{cost, source}}] in the file compares with "
        "it.\n",
        bound.words);
  } else {
    table += fmt::format("{:<22}{:>12.4f}{:>12}{:>10}  {}\n", is_optimal ? "optimum" : "best known", bound.cost, "", "",
                         bound.words);
  }
  if (outcome.perfect_information)
    table += fmt::format("{:<22}{:>12.4f}{:>12.4f}\n", "all demand known", outcome.perfect_information->mean(),
                         outcome.perfect_information->standard_error());
  for (const JudgedPolicy& policy : outcome.policies) {
    const double share = outcome.Gap(policy);
    const std::string gap = std::isnan(share) ? "" : fmt::format("{:.2f} %", 100 * share);
    const std::string error = policy.exact_cost ? "exact" : fmt::format("{:.4f}", policy.estimate().standard_error);
    table += fmt::format("{:<22}{:>12.4f}{:>12}{:>10}  {}\n", policy.rule.name, policy.best_cost_estimate(), error, gap,
                         ParameterWords(policy));
  }
  const std::string programs = ProgramWords(config, outcome);
  return table +
         fmt::format("measured on {} paths of {} periods that no rule and no agent has seen{}\n", protocol.num_runs,
                     protocol.num_periods, outcome.best_rule().exact_cost ? ", and exactly" : "") +
         programs + (programs.empty() ? "" : "\n");
}

}  // namespace restock
