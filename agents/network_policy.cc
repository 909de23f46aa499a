#include "agents/network_policy.h"

#include <utility>

#include <fmt/format.h>

#include "common/check.h"
#include "common/error.h"

namespace restock {
namespace {

void ExpectSize(const std::string& what, Eigen::Index size, Eigen::Index wanted) {
  if (size != wanted) throw DataError(fmt::format("the policy has {} {} where {} are needed.", size, what, wanted));
}

}  // namespace

NetworkPolicy::NetworkPolicy(NetworkModel model)
    : model_(std::move(model)),
      features_(model_.features, model_.inputs),
      decoder_(model_.grid, model_.features),
      has_own_demand_(features_.Column("has_own_demand")),
      forecast_next_(features_.Column("forecast_next")) {
  ExpectSize("means of inputs", model_.input_mean.size(), features_.num_inputs());
  ExpectSize("scales of inputs", model_.input_scale.size(), features_.num_inputs());
  ExpectSize("network inputs", model_.network.num_inputs(), features_.num_inputs());
  if (model_.head == Head::kDiscrete)
    ExpectSize("network outputs", model_.network.num_outputs(), model_.grid.num_actions());
}

void NetworkPolicy::Encode(const Eigen::Ref<const Eigen::MatrixXf>& observation, Eigen::MatrixXf& inputs) const {
  features_.Encode(observation, inputs);
  constexpr float kLimit = NetworkModel::kInputLimit;
  for (Eigen::Index i = 0; i < inputs.cols(); ++i) {
    auto input = inputs.col(i).array();
    input = ((input - model_.input_mean[i]) * model_.input_scale[i]).max(-kLimit).min(kLimit);
  }
}

Eigen::ArrayXf NetworkPolicy::RuleScores(const Eigen::Ref<const Eigen::MatrixXf>& observation) const {
  return model_.central_score + (model_.store_score - model_.central_score) * observation.col(has_own_demand_).array();
}

Eigen::ArrayXf NetworkPolicy::GreedyActions(const Eigen::Ref<const Eigen::MatrixXf>& outputs) const {
  const auto middle = static_cast<float>(model_.grid.middle());
  if (model_.head == Head::kOrdinal) return middle + outputs.col(0).array();

  // the best of the outputs, the lower action where two are equal
  Eigen::ArrayXf best = Eigen::ArrayXf::Constant(outputs.rows(), -std::numeric_limits<float>::infinity());
  Eigen::ArrayXf action = Eigen::ArrayXf::Zero(outputs.rows());
  for (int k = 0; k < model_.grid.num_actions(); ++k) {
    const float distance = static_cast<float>(k) - middle;
    const Eigen::ArrayXf value = outputs.col(k).array() - model_.curvature * distance * distance;
    action = (value > best).select(static_cast<float>(k), action);
    best = best.max(value);
  }
  return action;
}

Eigen::MatrixXf NetworkPolicy::Outputs(const Eigen::Ref<const Eigen::MatrixXf>& observation) const {
  Eigen::MatrixXf inputs;
  Encode(observation, inputs);
  Eigen::MatrixXf outputs(inputs.rows(), model_.network.num_outputs());
  model_.network.Evaluate(inputs, outputs);
  return outputs;
}

Eigen::ArrayXf NetworkPolicy::DirectOrders(const Eigen::Ref<const Eigen::MatrixXf>& observation) const {
  const Eigen::ArrayXf order = observation.col(forecast_next_).array() * Softplus(Outputs(observation).col(0).array());
  const auto is_open = observation.col(decoder_.periods_to_next_order()).array() < 0.5f;
  return is_open.select((order + model_.rounding).floor(), 0.f);
}

void NetworkPolicy::Decide(const Eigen::Ref<const Eigen::MatrixXf>& observation,
                           Eigen::Ref<Eigen::ArrayXf> orders) const {
  if (model_.head == Head::kOrder) {
    orders = DirectOrders(observation);
  } else {
    decoder_.Orders(observation, RuleScores(observation), GreedyActions(Outputs(observation)), orders);
  }
}

Eigen::ArrayXf NetworkPolicy::OrderUpToLevels(const Eigen::Ref<const Eigen::MatrixXf>& observation) const {
  if (model_.head == Head::kOrder) return observation.col(decoder_.position()).array() + DirectOrders(observation);
  return decoder_.Levels(observation, RuleScores(observation), GreedyActions(Outputs(observation)));
}

void NetworkPolicy::Act(const DecisionContext& context, PolicyMemory*, std::span<float> orders) const {
  const Network& network = context.network;
  Eigen::ArrayXf wanted(context.observation.rows());
  Decide(context.observation, wanted);
  for (int site = 0; site < network.num_sites(); ++site) {
    const int lane = network.lanes_into[static_cast<size_t>(site)].front();
    Eigen::Map<Eigen::ArrayXf>(orders.data() + lane * kBlockSize, kBlockSize) =
        wanted.segment(site * kBlockSize, kBlockSize);
  }
}

}  // namespace restock
