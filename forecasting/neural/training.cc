#include "forecasting/neural/training.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <torch/nn/module.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adam.h>

#include "common/progress.h"
#include "common/torch/bridge.h"
#include "common/torch/checkpoint.h"
#include "common/torch/device.h"
#include "common/torch/mixed_precision.h"
#include "forecasting/neural/augmentation.h"
#include "forecasting/neural/batch.h"
#include "forecasting/neural/loss.h"
#include "forecasting/neural/module.h"
#include "forecasting/zero_inflation.h"

namespace restock {
namespace {

constexpr int kWarmPeriods = 7;          // at the start of a sequence nothing is asked of the network
constexpr double kExcessOfZeros = 0.02;  // from here on `auto` adds zeros to the distribution

std::string ChooseLikelihood(const NeuralConfig& config, const DemandHistory& history) {
  if (config.likelihood != "auto") return config.likelihood;
  return ExcessOfZeros(history) > kExcessOfZeros ? "zero_inflated" : "negative_binomial";
}

/// One mask for all periods of a series, whose mean is 1 (Gal & Ghahramani 2016); undefined where nothing is left out.
torch::Tensor DropoutMask(double dropout, int num_series, int hidden_size, torch::Device device, RandomStream& stream) {
  if (dropout == 0) return {};
  std::vector<float> mask(static_cast<size_t>(num_series * hidden_size));
  for (float& value : mask) value = stream.Uniform() < dropout ? 0.f : static_cast<float>(1 / (1 - dropout));
  return ToTensor(mask, {num_series, hidden_size}, device);
}

std::vector<int> Sample(int size, int count, RandomStream& stream) {
  std::vector<int> all(static_cast<size_t>(size));
  std::iota(all.begin(), all.end(), 0);
  for (int i = 0; i < std::min(count, size); ++i) {
    std::swap(all[static_cast<size_t>(i)], all[static_cast<size_t>(i + stream.UniformInt(size - i))]);
  }
  all.resize(static_cast<size_t>(std::min(count, size)));
  return all;
}

/// The first of the periods that decide when to stop. They are the last `count`, and begin earlier where demand is
/// known in fewer than half of these (the shops were closed). The end of the history (nothing decides) where demand is
/// not known both before and after.
int FirstValidationPeriod(const NeuralSequences& data, int count) {
  const Eigen::Array<bool, Eigen::Dynamic, 1> known = (data.weight.array() > 0).rowwise().any();
  const auto num_known = [&](int from, int until) { return known.segment(from, until - from).count(); };
  int first = data.num_periods - count;
  while (first > 0 && num_known(first, data.num_periods) < (count + 1) / 2) --first;
  const bool can_decide = num_known(first, data.num_periods) > 0;
  const bool can_learn = first > kWarmPeriods && num_known(kWarmPeriods, first) > 0;
  return can_decide && can_learn ? first : data.num_periods;
}

void MoveAverage(const NeuralModule& net, double decay, NeuralModule& average) {
  const torch::NoGradGuard no_grad;
  const auto source = net.parameters();
  const auto target = average.parameters();
  for (size_t i = 0; i < source.size(); ++i) target[i].mul_(decay).add_(source[i], 1 - decay);
}

/// The training as it stands: everything that a checkpoint must hold.
class Trainer {
 public:
  Trainer(const NeuralConfig& config, int horizon, const NeuralFeatures& features, const DemandHistory& history,
          const Random& random)
      : config_(config),
        horizon_(horizon),
        features_(features),
        random_(random),
        device_(ChooseDevice(config.device)),
        data_(features, history),
        batches_(features, history, data_, horizon),
        likelihood_(ChooseLikelihood(config, history)),
        net_(config, likelihood_, features),
        average_(config, likelihood_, features),
        best_(config, likelihood_, features),
        adam_(net_.parameters(), torch::optim::AdamOptions(config.learning_rate)) {
    net_.Initialize(random.Stream("weights"));
    if (!config.start_from.empty()) StartFromFile();
    CopyModule(net_, average_);
    CopyModule(net_, best_);
    for (NeuralModule* net : {&net_, &average_, &best_}) net->to(device_);
    num_validation_ = std::clamp(data_.num_periods / 8, 7, std::max(7, horizon));
    first_validation_ = FirstValidationPeriod(data_, num_validation_);
  }

  bool done() const { return stage_ == kDone; }
  int update() const { return update_; }
  int planned() const { return config_.num_updates; }
  const std::vector<NeuralMetrics>& metrics() const { return metrics_; }
  NeuralWeights weights() { return best_.ToWeights(horizon_); }

  void Update() {
    RandomStream stream = random_.Stream("batch").At(static_cast<uint64_t>(update_));
    const bool all_periods = stage_ == kFinish;
    const int window = std::min(data_.num_periods, kNeuralWindow);
    const int first = stream.UniformInt(data_.num_periods - window + 1);
    NeuralBatch batch =
        batches_.Make(Sample(data_.num_series, config_.batch_size, stream), first, window, stream.Uniform() < 0.5);
    const std::vector<int> steps = Sample(horizon_, config_.steps_per_origin, stream);
    if (config_.augmentation > 0) ScaleDemand(config_.augmentation, stream, batch);
    const TargetRange range = {0, all_periods ? data_.num_periods : first_validation_};

    const torch::Tensor mask = DropoutMask(config_.dropout, batch.num_series, config_.hidden_size, device_, stream);
    const LossSum sum = [&] {
      const MixedPrecision precision(device_, config_.mixed_precision);
      return LossOver(net_, batch, device_, steps, std::min(kWarmPeriods, window / 2), range, mask);
    }();
    const torch::Tensor loss = sum.loss / sum.weight.clamp_min(1e-6);
    const double value = loss.item<double>();
    if (std::isfinite(value)) {
      adam_.zero_grad();
      loss.backward();
      torch::nn::utils::clip_grad_norm_(net_.parameters(), 1.0);
      adam_.step();
      training_loss_ += value;
    }
    ++update_;
    MoveAverage(net_, std::min(config_.averaging, 1 - 1.0 / (1 + update_)), average_);
    const bool is_last = update_ >= config_.num_updates;
    if (stage_ == kSearch && (update_ % kLook == 0 || is_last)) Look();
    if (stage_ == kSearch && is_last) StartFinish();
    if (stage_ == kFinish && update_ >= finish_at_) {
      CopyModule(average_, best_);
      stage_ = kDone;
    }
  }

  void Save(const std::filesystem::path& file) const {
    SectionFileWriter writer(config_.network + " training");
    AddModule(writer, "net", net_);
    AddModule(writer, "average", average_);
    AddModule(writer, "best", best_);
    AddAdam(writer, "adam", adam_);
    const int counters[] = {update_, stage_, looks_without_gain_, best_update_, finish_at_};
    const double losses[] = {training_loss_, best_loss_};
    writer.AddValues("counters", counters, std::size(counters));
    writer.AddValues("losses", losses, std::size(losses));
    writer.AddValues("metrics", metrics_.data(), metrics_.size());
    writer.Write(file);
  }

  void Load(const std::filesystem::path& file) {
    const SectionFileReader reader(file, config_.network + " training");
    LoadModule(reader, "net", net_);
    LoadModule(reader, "average", average_);
    LoadModule(reader, "best", best_);
    LoadAdam(reader, "adam", adam_);
    const auto counters = reader.GetValues<int>("counters");
    const auto losses = reader.GetValues<double>("losses");
    update_ = counters.at(0);
    stage_ = static_cast<Stage>(counters.at(1));
    looks_without_gain_ = counters.at(2);
    best_update_ = counters.at(3);
    finish_at_ = counters.at(4);
    training_loss_ = losses.at(0);
    best_loss_ = losses.at(1);
    metrics_ = reader.GetValues<NeuralMetrics>("metrics");
  }

  static constexpr int kLook = 20;  // updates between looks at the validation part

 private:
  enum Stage { kSearch, kFinish, kDone };

  void StartFromFile() {
    const SectionFileReader reader(config_.start_from, config_.network + " forecaster");
    NeuralFeatures old_features;
    old_features.Load(reader);
    NeuralWeights weights;
    weights.Load(reader);
    net_.StartFrom(weights, old_features, features_);
  }

  bool has_validation() const { return first_validation_ < data_.num_periods; }

  double ValidationLoss() {
    const torch::NoGradGuard no_grad;
    RandomStream stream = random_.Stream("validation").At(0);
    std::vector<int> series = Sample(data_.num_series, 512, stream);
    const int first = std::max(0, first_validation_ + num_validation_ - kNeuralWindow);
    const int first_origin = std::max(0, first_validation_ - first - horizon_);
    std::vector<int> steps(static_cast<size_t>(horizon_));
    std::iota(steps.begin(), steps.end(), 0);
    const NeuralBatch batch = batches_.Make(series, first, data_.num_periods - first, false);
    const LossSum sum =
        LossOver(average_, batch, device_, steps, first_origin, {first_validation_, data_.num_periods}, {});
    return sum.loss.item<double>() / std::max(sum.weight.item<double>(), 1e-6);
  }

  void Look() {
    const double loss = has_validation() ? ValidationLoss() : 0;
    const auto last_look = metrics_.empty() ? 0 : metrics_.back().update;
    metrics_.push_back({update_, training_loss_ / static_cast<double>(update_ - last_look), loss});
    training_loss_ = 0;
    if (loss < best_loss_ || !has_validation()) {
      best_loss_ = loss;
      best_update_ = update_;
      looks_without_gain_ = 0;
      CopyModule(average_, best_);
    } else if (++looks_without_gain_ >= config_.patience) {
      StartFinish();
    }
  }

  /// Goes back to the best weights and lets them see the validation part too.
  void StartFinish() {
    CopyModule(best_, net_);
    CopyModule(best_, average_);
    const int more = static_cast<int>(config_.finish_share * best_update_);
    finish_at_ = update_ + more;
    stage_ = more > 0 ? kFinish : kDone;
    for (auto& group : adam_.param_groups()) group.options().set_lr(config_.learning_rate / 2);
  }

  const NeuralConfig& config_;
  int horizon_;
  const NeuralFeatures& features_;
  Random random_;
  torch::Device device_;
  NeuralSequences data_;
  NeuralBatchMaker batches_;
  std::string likelihood_;
  int num_validation_ = 0;    // periods that decide when to stop, where demand is known in the last ones
  int first_validation_ = 0;  // of these; the end of the history: there are none
  NeuralModule net_, average_, best_;
  torch::optim::Adam adam_;

  Stage stage_ = kSearch;
  int update_ = 0;
  int best_update_ = 0;
  int looks_without_gain_ = 0;
  int finish_at_ = 0;
  double training_loss_ = 0;  // since the last look
  double best_loss_ = std::numeric_limits<double>::infinity();
  std::vector<NeuralMetrics> metrics_;
};

}  // namespace

NeuralTraining TrainNeural(const NeuralConfig& config, int horizon, const NeuralFeatures& features,
                           const DemandHistory& history, const Random& random, const std::filesystem::path& checkpoint,
                           int max_updates) {
  UseOneThread();
  Trainer trainer(config, horizon, features, history, random);
  if (!checkpoint.empty() && std::filesystem::exists(checkpoint)) trainer.Load(checkpoint);
  Progress progress("fitting " + config.network, trainer.planned());
  const int first_update = trainer.update();
  while (!trainer.done()) {
    if (max_updates > 0 && trainer.update() - first_update >= max_updates) break;
    trainer.Update();
    progress.Advance(trainer.update());
    const bool save = trainer.update() % Trainer::kLook == 0 || trainer.done();
    if (save && !checkpoint.empty()) trainer.Save(checkpoint);
  }
  return {trainer.weights(), trainer.metrics()};
}

}  // namespace restock
