#include "agents/training_env.h"

#include <algorithm>

#include "agents/grouped_demand.h"
#include "common/check.h"
#include "common/parallel.h"

namespace restock {
namespace {

using ConstColumn = Eigen::Map<const Eigen::Array<float, kBlockSize, 1>>;
using Column = Eigen::Map<Eigen::Array<float, kBlockSize, 1>>;

VectorEnv MakeEnv(const TrainingWorld& world, const TrainingEnvConfig& config, const Random& random) {
  RESTOCK_CHECK_EQ(kBlockSize % config.group_size, 0);
  RESTOCK_CHECK_EQ(config.num_envs % config.group_size, 0);
  return VectorEnv(world.network, MakeGroupedDemand(world.train, config.group_size, random.Stream("scenario order")),
                   {.num_envs = config.num_envs,
                    .shuffle_scenarios = false,
                    .credit_leftovers = false,
                    .num_threads = config.num_threads,
                    .features = {}});
}

// The site at the beginning of the chain that supplies `site`.
int RootOf(const Network& network, int site) {
  const int origin = network.lane_origin[static_cast<size_t>(network.lanes_into[static_cast<size_t>(site)].front())];
  return origin == kOutside ? site : RootOf(network, origin);
}

}  // namespace

TrainingEnv::TrainingEnv(const TrainingWorld& world, const TrainingEnvConfig& config, const Random& random)
    : config_(config),
      env_(MakeEnv(world, config, random)),
      batch_(env_.MakeBatch()),
      lane_orders_(static_cast<size_t>(spec().num_blocks * spec().num_lanes * kBlockSize)),
      charge_(static_cast<size_t>(num_rows())) {
  for (int site = 0; site < spec().num_sites; ++site) root_.push_back(RootOf(network(), site));
  env_.Reset(/*seed=*/0, batch_);
}

StepBatch::BlockMatrix TrainingEnv::next_observation(int block) const {
  return truncated() ? batch_.FinalObservation(spec(), block) : batch_.Observation(spec(), block);
}

void TrainingEnv::Step(std::span<const float> orders) {
  RESTOCK_CHECK_EQ(static_cast<int>(orders.size()), num_rows());
  std::fill(lane_orders_.begin(), lane_orders_.end(), 0.f);
  std::vector<Eigen::VectorXf> position_before(static_cast<size_t>(spec().num_blocks));
  for (int block = 0; block < spec().num_blocks; ++block) {
    position_before[static_cast<size_t>(block)] = observation(block).col(kInventoryPosition);
    for (int site = 0; site < spec().num_sites; ++site) {
      const int lane = network().lanes_into[static_cast<size_t>(site)].front();
      const float* order = orders.data() + block * spec().block_rows() + site * kBlockSize;
      std::copy_n(order, kBlockSize, lane_orders_.data() + (block * spec().num_lanes + lane) * kBlockSize);
    }
  }
  env_.Step(lane_orders_, batch_);
  ParallelFor(spec().num_blocks, config_.num_threads,
              [&](int block) { ChargeBlock(block, position_before[static_cast<size_t>(block)]); });
}

void TrainingEnv::ChargeBlock(int block, const Eigen::Ref<const Eigen::VectorXf>& position_before) {
  const Network& net = network();
  const PeriodOutcome& outcome = batch_.outcome[static_cast<size_t>(block)];
  const Eigen::VectorXf position = next_observation(block).col(kInventoryPosition);

  // each site's own accounts
  Eigen::ArrayXXf own(kBlockSize, net.num_sites());
  for (int site = 0; site < net.num_sites(); ++site) {
    const int row = site * kBlockSize;
    const ConstColumn cost(batch_.site_cost.data() + block * spec().block_rows() + row);
    const ConstColumn demand(outcome.demand.data() + row);
    const auto gained = position.segment<kBlockSize>(row).array() - position_before.segment<kBlockSize>(row).array();
    own.col(site) = cost - net.unit_value[static_cast<size_t>(site)] * (gained + demand);
  }

  // goods that go from site to site are paid for
  for (int lane = 0; lane < net.num_lanes(); ++lane) {
    const int origin = net.lane_origin[static_cast<size_t>(lane)];
    if (origin == kOutside) continue;
    const ConstColumn shipped(outcome.shipped.data() + lane * kBlockSize);
    const auto price = net.unit_value[static_cast<size_t>(origin)] * shipped;
    own.col(net.lane_destination[static_cast<size_t>(lane)]) += price;
    own.col(origin) -= price;
  }

  // who feeds others answers for them, and who is fed for what it leaves to the others
  Eigen::ArrayXXf echelon = Eigen::ArrayXXf::Zero(kBlockSize, net.num_sites());
  for (int site = 0; site < net.num_sites(); ++site) {
    for (const int member : net.echelon[static_cast<size_t>(site)]) echelon.col(site) += own.col(member);
  }
  for (int site = 0; site < net.num_sites(); ++site) {
    Column charge(charge_.data() + block * spec().block_rows() + site * kBlockSize);
    charge =
        echelon.col(site) + config_.shared_charge * (echelon.col(root_[static_cast<size_t>(site)]) - echelon.col(site));
  }
}

double TrainingEnv::mean_cost() const {
  double cost = 0;
  for (const float reward : batch_.reward) cost -= reward;
  return cost / static_cast<double>(batch_.reward.size());
}

void TrainingEnv::Load(const std::string& saved) {
  env_.Load(saved);
  env_.Observe(batch_);
}

int DrawRow(int part, int num_parts, int num_rows, RandomStream& stream) {
  const auto first = static_cast<int>(int64_t{part} * num_rows / num_parts);
  const auto next = static_cast<int>((int64_t{part} + 1) * num_rows / num_parts);
  return first + stream.UniformInt(next - first);
}

Eigen::MatrixXf WithSupplierInputs(const Network& network, const Eigen::MatrixXf& inputs) {
  Eigen::MatrixXf both(inputs.rows(), 2 * inputs.cols());
  both.leftCols(inputs.cols()) = inputs;
  for (int site = 0; site < network.num_sites(); ++site) {
    const int origin = network.lane_origin[static_cast<size_t>(network.lanes_into[static_cast<size_t>(site)].front())];
    both.rightCols(inputs.cols()).middleRows(site * kBlockSize, kBlockSize) =
        inputs.middleRows((origin == kOutside ? site : origin) * kBlockSize, kBlockSize);
  }
  return both;
}

}  // namespace restock
