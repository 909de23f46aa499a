#include "agents/warm_up.h"

#include <vector>

#include "agents/training_env.h"

namespace restock {
namespace {

constexpr float kMinVariance = 1e-6f;
constexpr float kMinCostShare = 0.01f;

}  // namespace

WarmUp RunWarmUp(const TrainingWorld& world, const NetworkPolicy& start, float noise, const Random& random, int num_threads) {
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

    Eigen::ArrayXf actions = start.StartActions(observation);
    RandomStream stream = random.Stream("warm up").At(static_cast<uint64_t>(period));
    for (float& action : actions) action += noise * static_cast<float>(stream.Normal());
    start.decoder().Orders(observation, actions, orders);
    env.Step({orders.data(), static_cast<size_t>(orders.size())});

    const Eigen::Map<const Eigen::ArrayXXf> by_site(env.charge().data(), kBlockSize, num_sites);
    charge += by_site.cast<double>().colwise().mean().transpose();
  }

  const double count = static_cast<double>(env.num_rows()) * env.spec().num_periods;
  const Eigen::RowVectorXd mean = sum / count;
  const Eigen::RowVectorXf variance = (sum_of_squares / count - mean.cwiseAbs2()).cast<float>();
  const Eigen::ArrayXf mean_charge = (charge / env.spec().num_periods).cast<float>();
  return {.input_mean = mean.cast<float>(),
          .input_scale = (variance.array() > kMinVariance).select(variance.array().max(kMinVariance).rsqrt(), 1.f).matrix(),
          .cost_scale = mean_charge.max(kMinCostShare * mean_charge.abs().mean())};
}

}  // namespace restock
