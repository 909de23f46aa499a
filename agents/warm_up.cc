#include "agents/warm_up.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "agents/first_scenarios.h"
#include "agents/simulate.h"
#include "agents/training_env.h"
#include "optimization/policy_search.h"

namespace restock {
namespace {

constexpr float kMinVariance = 1e-6f;
constexpr float kMinCostShare = 0.01f;
constexpr int kTuningScenarios = 2 * kBlockSize;
constexpr int kTuningRounds = 2;
constexpr double kLowestScore = -1;
constexpr double kHighestScore = 5;
constexpr int kTuningPoints = 5;          // of the grid in the first round
constexpr double kTuningTolerance = 0.1;  // normal scores

}  // namespace

void TuneStartScores(const TrainingWorld& world, int num_threads, NetworkModel& model) {
  const std::shared_ptr<const DemandSource> demand = FirstScenarios(world.train, kTuningScenarios);
  const auto cost = [&](float store_score, float central_score) {
    NetworkModel candidate = model;
    candidate.store_score = store_score;
    candidate.central_score = central_score;
    return SiteCosts(NetworkPolicy(candidate), world.network, demand, num_threads).sum();
  };
  const bool has_central = std::ranges::count(world.network->site_series, kNoSeries) > 0;
  double reach = (kHighestScore - kLowestScore) / 2;
  for (int round = 0; round < kTuningRounds; ++round, reach /= 4) {
    // the first round looks at the whole range, the next around the best so far
    const auto search = [&](float& score, const auto& objective) {
      const double from = round == 0 ? kLowestScore : std::max(kLowestScore, score - reach);
      const double to = round == 0 ? kHighestScore : std::min(kHighestScore, score + reach);
      score = static_cast<float>(SearchScalar(objective, from, to, kTuningPoints, kTuningTolerance).value);
    };
    if (has_central)
      search(model.central_score, [&](double z) { return cost(model.store_score, static_cast<float>(z)); });
    search(model.store_score, [&](double z) { return cost(static_cast<float>(z), model.central_score); });
  }
}

WarmUp RunWarmUp(const TrainingWorld& world, const NetworkPolicy& start, float noise, const Random& random,
                 int num_threads) {
  TrainingEnv env(world, {.num_envs = kBlockSize, .group_size = 1, .num_threads = num_threads}, random);
  const int num_sites = env.spec().num_sites;
  const Eigen::Index num_inputs = start.features().num_inputs();
  Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(num_inputs);
  Eigen::RowVectorXd sum_of_squares = Eigen::RowVectorXd::Zero(num_inputs);
  Eigen::ArrayXd charge = Eigen::ArrayXd::Zero(num_sites);

  Eigen::MatrixXf inputs;
  Eigen::ArrayXf orders(env.num_rows());
  for (int period = 0; period < env.spec().num_periods; ++period) {
    const auto observation = env.observation(0);
    start.features().Encode(observation, inputs);
    sum += inputs.cast<double>().colwise().sum();
    sum_of_squares += inputs.cast<double>().colwise().squaredNorm();

    Eigen::ArrayXf actions =
        Eigen::ArrayXf::Constant(env.num_rows(), static_cast<float>(start.decoder().grid().middle()));
    RandomStream stream = random.Stream("warm up").At(static_cast<uint64_t>(period));
    for (float& action : actions) action += noise * static_cast<float>(stream.Normal());
    start.decoder().Orders(observation, start.RuleScores(observation), actions, orders);
    env.Step({orders.data(), static_cast<size_t>(orders.size())});

    const Eigen::Map<const Eigen::ArrayXXf> by_site(env.charge().data(), kBlockSize, num_sites);
    charge += by_site.cast<double>().colwise().mean().transpose();
  }

  const double count = static_cast<double>(env.num_rows()) * env.spec().num_periods;
  const Eigen::RowVectorXd mean = sum / count;
  const Eigen::RowVectorXf variance = (sum_of_squares / count - mean.cwiseAbs2()).cast<float>();
  const Eigen::ArrayXf mean_charge = (charge / env.spec().num_periods).cast<float>();
  std::vector<int> varying;
  for (int i = 0; i < static_cast<int>(num_inputs); ++i) {
    if (variance[i] > kMinVariance) varying.push_back(i);
  }
  return {
      .input_mean = mean.cast<float>(),
      .input_scale = (variance.array() > kMinVariance).select(variance.array().max(kMinVariance).rsqrt(), 1.f).matrix(),
      .varying = varying,
      .cost_scale = mean_charge.max(kMinCostShare * mean_charge.abs().mean())};
}

}  // namespace restock
