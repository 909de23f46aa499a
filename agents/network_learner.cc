#include "agents/network_learner.h"

#include <algorithm>
#include <array>
#include <utility>

#include "agents/policy_file.h"
#include "common/torch/bridge.h"
#include "common/torch/checkpoint.h"
#include "common/torch/device.h"

namespace restock {
namespace {

constexpr double kLargestLoss = 1e6;  // costs are scaled, so losses are of order one unless learning diverges

bool AreFinite(const std::vector<torch::Tensor>& tensors) {
  return std::ranges::all_of(tensors, [](const auto& tensor) { return tensor.isfinite().all().template item<bool>(); });
}

// Whole blocks, so many more where a network has few sites.
int NumEnvs(const LearnerConfig& config, const Network& network) {
  const int least = (config.min_rows + network.num_sites() - 1) / network.num_sites();
  return std::max(config.num_envs, (least + kBlockSize - 1) / kBlockSize * kBlockSize);
}

}  // namespace

NetworkLearner::NetworkLearner(const LearnerConfig& config, const std::string& name, Head head, double curvature,
                               double noise, const TrainingWorld& world, const Random& random, int num_threads)
    : config_(config),
      random_(random),
      num_threads_(num_threads),
      device_(ChooseDevice(config.device)),
      env_(world,
           {.num_envs = NumEnvs(config, *world.network),
            .group_size = config.group_size,
            .shared_charge = static_cast<float>(config.shared_charge),
            .num_threads = num_threads},
           random.Stream("environment")),
      model_(FirstModel(world, name, head, curvature)),
      selection_(world, std::make_shared<NetworkPolicy>(model_), num_threads) {
  UseOneThread();
  const WarmUp warm_up =
      RunWarmUp(world, NetworkPolicy(model_), static_cast<float>(noise), random.Stream("warm up"), num_threads);
  Normalize(warm_up);
  cost_scale_ = warm_up.cost_scale;
}

// The network reads what varies: the rest would cost time, and tell nothing.
void NetworkLearner::Normalize(const WarmUp& warm_up) {
  model_.inputs = warm_up.varying.empty() ? std::vector<int>{0} : warm_up.varying;
  const auto num_inputs = static_cast<Eigen::Index>(model_.inputs.size());
  model_.input_mean.resize(num_inputs);
  model_.input_scale.resize(num_inputs);
  for (Eigen::Index i = 0; i < num_inputs; ++i) {
    model_.input_mean[i] = warm_up.input_mean[model_.inputs[Index(static_cast<int>(i))]];
    model_.input_scale[i] = warm_up.input_scale[model_.inputs[Index(static_cast<int>(i))]];
  }
  model_.network =
      FastNetwork(Sizes(static_cast<int>(num_inputs), model_.network.num_outputs()), model_.network.activation());
}

std::vector<int> NetworkLearner::Sizes(int num_inputs, int num_outputs) const {
  std::vector<int> sizes = {num_inputs};
  sizes.insert(sizes.end(), config_.hidden_layers.begin(), config_.hidden_layers.end());
  sizes.push_back(num_outputs);
  return sizes;
}

NetworkModel NetworkLearner::FirstModel(const TrainingWorld& world, const std::string& name, Head head,
                                        double curvature) const {
  const int num_inputs = SiteFeatures(env_.spec().features).num_inputs();
  const int num_outputs = head == Head::kOrdinal ? 1 : config_.grid.num_actions();
  const auto score = static_cast<float>(config_.start_score);
  NetworkModel model{.name = name,
                     .features = env_.spec().features,
                     .input_mean = Eigen::RowVectorXf::Zero(num_inputs),
                     .input_scale = Eigen::RowVectorXf::Ones(num_inputs),
                     .network = FastNetwork(Sizes(num_inputs, num_outputs), config_.activation),
                     .head = head,
                     .grid = config_.grid,
                     .store_score = score,
                     .central_score = score,
                     .curvature = static_cast<float>(curvature)};
  if (config_.tune_start) TuneStartScores(world, num_threads_, model);
  return model;
}

void NetworkLearner::StartOptimizer() {
  optimizer_ =
      std::make_unique<torch::optim::Adam>(parameters(), torch::optim::AdamOptions(config_.learning_rate).eps(1e-5));
  KeepWeights();
}

double NetworkLearner::progress() const {
  return std::min(1.0, static_cast<double>(num_updates_) / config_.num_updates);
}

UpdateMetrics NetworkLearner::Update() {
  if (num_updates_ == 0) selection_.Offer(std::make_shared<NetworkPolicy>(model_));
  Collect();
  for (auto& group : optimizer_->param_groups()) group.options().set_lr(learning_rate());
  const bool learned = Learn() < kLargestLoss && AreFinite(AllWeights());
  if (learned) {
    KeepWeights();
  } else {
    GoBackToKeptWeights();
  }
  ++num_updates_;

  const bool selects = num_updates_ % config_.select_every == 0 || num_updates_ == config_.num_updates;
  if (selects) last_selection_cost_ = selection_.Offer(std::make_shared<NetworkPolicy>(Candidate()));
  UpdateMetrics metrics{.num_periods = num_periods_,
                        .values = {{"mean_cost", mean_cost_},
                                   {"selection_cost", last_selection_cost_},
                                   {"best_selection_cost", selection_.best_cost()}},
                        .diverged = !learned};
  std::ranges::copy(values(), std::back_inserter(metrics.values));
  metrics.values.emplace_back("learning_rate", learning_rate());
  return metrics;
}

std::vector<torch::Tensor> NetworkLearner::AllWeights() const {
  std::vector<torch::Tensor> weights = parameters();
  std::ranges::copy(followers(), std::back_inserter(weights));
  return weights;
}

void NetworkLearner::KeepWeights() {
  kept_.clear();
  for (const torch::Tensor& weight : AllWeights()) kept_.push_back(weight.detach().clone());
  WeightsChanged();
}

void NetworkLearner::GoBackToKeptWeights() {
  const torch::NoGradGuard no_grad;
  const std::vector<torch::Tensor> weights = AllWeights();
  for (size_t i = 0; i < weights.size(); ++i) weights[i].detach().copy_(kept_[i]);
  StartOptimizer();
}

// --- saving ----------------------------------------------------------------------------------------------------------

void NetworkLearner::Save(const std::filesystem::path& file) const {
  SectionFileWriter writer("restock " + name() + " learner");
  const std::array<int64_t, 2> counters = {num_updates_, num_periods_};
  writer.AddValues("counters", counters.data(), counters.size());
  writer.AddValues("selection cost", &last_selection_cost_, 1);
  writer.AddValues("cost scale", cost_scale_.data(), static_cast<size_t>(cost_scale_.size()));
  writer.Add("environments", env_.Save());
  AddModel(model_, "model/", writer);
  const std::vector<torch::Tensor> weights = AllWeights();
  for (size_t i = 0; i < weights.size(); ++i) AddTensor(writer, "weights/" + std::to_string(i), weights[i]);
  AddAdam(writer, "adam", *optimizer_);
  selection_.Save(writer);
  SaveMore(writer);
  writer.Write(file);
}

void NetworkLearner::Load(const std::filesystem::path& file) {
  const SectionFileReader reader(file, "restock " + name() + " learner");
  const std::vector<int64_t> counters = reader.GetValues<int64_t>("counters");
  const std::vector<float> cost_scale = reader.GetValues<float>("cost scale");
  if (counters.size() != 2 || std::ssize(cost_scale) != cost_scale_.size()) {
    throw DataError(file.string() + ": was saved by a learner of another shape.");
  }
  num_updates_ = static_cast<int>(counters[0]);
  num_periods_ = counters[1];
  last_selection_cost_ = reader.GetValues<double>("selection cost").at(0);
  std::ranges::copy(cost_scale, cost_scale_.begin());
  env_.Load(reader.Get("environments"));
  model_ = ReadModel("model/", reader);
  const std::vector<torch::Tensor> weights = AllWeights();
  for (size_t i = 0; i < weights.size(); ++i) LoadTensor(reader, "weights/" + std::to_string(i), weights[i]);
  LoadAdam(reader, "adam", *optimizer_);
  selection_.Load(reader);
  LoadMore(reader);
  KeepWeights();
}

// --- words for algorithms --------------------------------------------------------------------------------------------

Eigen::MatrixXf NetworkLearner::EncodeBlock(const NetworkPolicy& policy,
                                            const Eigen::Ref<const Eigen::MatrixXf>& observation) const {
  Eigen::MatrixXf inputs;
  policy.Encode(observation, inputs);
  return WithSupplierInputs(env_.network(), inputs);
}

float NetworkLearner::ScaledCost(int row) const {
  return env_.charge()[Index(row)] / cost_scale_[row % env_.spec().block_rows() / kBlockSize];
}

}  // namespace restock
