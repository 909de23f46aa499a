#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "agents/lp_policy.h"
#include "agents/policy_judge.h"
#include "common/config_node.h"
#include "common/cpu_time.h"
#include "env/problem_file.h"

// The profit that linear programs earn on a problem of a finite horizon, discounted as the problem says: with perfect
// information, planning on expected demand, and planning on sampled paths, all on the same demand:
//   rolling_programs_benchmark configs/problems/network_management.yaml [num_paths_of_the_bound]
//   [num_paths_of_policies] [num_scenarios] [key=value ...]

namespace restock {
namespace {

struct Estimate {
  double mean = 0, error = 0;
};

Estimate EstimateOf(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  Estimate estimate;
  for (const double value : values) estimate.mean += value / count;
  double squares = 0;
  for (const double value : values) squares += std::pow(value - estimate.mean, 2);
  estimate.error = std::sqrt(squares / (count - 1) / count);
  return estimate;
}

std::vector<double> ProfitsOf(const Policy& policy, const Problem& problem, int num_paths, const Random& random) {
  EvaluationProtocol protocol = problem.protocol;
  protocol.num_runs = num_paths;
  std::vector<double> profits;
  for (const PathCost& path : PolicyJudge(problem, protocol, random).Judge(policy, {"on_hand"}, 0))
    profits.push_back(-path.cost);
  return profits;
}

int Run(int argc, char** argv) {
  std::vector<std::string> overrides;
  std::vector<int> numbers = {1024, 64, 20};
  for (int i = 2, next = 0; i < argc; ++i) {
    if (std::string(argv[i]).find('=') != std::string::npos) {
      overrides.emplace_back(argv[i]);
    } else {
      numbers.at(static_cast<size_t>(next++)) = std::atoi(argv[i]);
    }
  }
  const Problem problem = ReadProblem(LoadConfig(argv[1], overrides));
  const Random random(1);
  const int num_periods = problem.protocol.num_periods;

  EvaluationProtocol protocol = problem.protocol;
  protocol.num_runs = numbers[0];
  std::vector<double> bounds = PolicyJudge(problem, protocol, random).PerfectInformation(numbers[0], 0);
  for (double& bound : bounds) bound = -bound;
  const Estimate all = EstimateOf(bounds);
  std::printf("%s: profit of %d periods", argv[1], num_periods);
  std::printf(protocol.discount < 1 ? ", discounted by %g a period\n" : "\n", protocol.discount);
  std::printf("perfect information   %9.1f +- %.1f  on %d paths\n", all.mean, all.error, numbers[0]);
  bounds.resize(static_cast<size_t>(numbers[1]));
  const Estimate paired = EstimateOf(bounds);
  std::printf("perfect information   %9.1f +- %.1f  on the first %d\n", paired.mean, paired.error, numbers[1]);

  const auto report = [&](const char* name, const Policy& policy) {
    const double before = ProgramCpuSeconds();
    const Estimate earned = EstimateOf(ProfitsOf(policy, problem, numbers[1], random));
    std::printf("%-21s %9.1f +- %.1f  %.1f %% of it, %.1f ms an episode\n", name, earned.mean, earned.error,
                100 * earned.mean / paired.mean, 1000 * (ProgramCpuSeconds() - before) / numbers[1]);
    std::fflush(stdout);
  };
  for (const double level : {0.5, 0.8, 0.95})
    report(("lp, service level " + std::to_string(level).substr(0, 4)).c_str(),
           *MakeLpPolicy(problem.network, {.horizon = num_periods,
                                           .service_level = level,
                                           .central_service_level = 0.5,
                                           .ends_with_episode = true,
                                           .discount = protocol.discount}));
  report("stochastic_lp", *MakeStochasticLpPolicy(problem.network, {.horizon = num_periods,
                                                                    .num_scenarios = numbers[2],
                                                                    .ends_with_episode = true,
                                                                    .discount = protocol.discount}));
  return 0;
}

}  // namespace
}  // namespace restock

int main(int argc, char** argv) {
  if (argc < 2) {
    std::printf("%s PROBLEM.yaml [paths of the bound] [paths of policies] [scenarios] [key=value ...]\n", argv[0]);
    return 2;
  }
  return restock::Run(argc, argv);
}
