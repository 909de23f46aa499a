#include "forecasting/lstm_training.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/rnn.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adam.h>

#include "common/progress.h"
#include "common/torch/bridge.h"
#include "common/torch/checkpoint.h"
#include "common/torch/device.h"
#include "common/torch/initialize.h"
#include "forecasting/seasonal_level.h"

namespace restock {
namespace {

constexpr int kGroups = LstmFeatures::kNumGroups;
constexpr int kWarmPeriods = 7;  // at the start of a sequence nothing is asked of the network

// ---- 1. The data: what the network reads and what it is to predict ----

/// Series as the network sees them, and targets.
struct Sequences {
  int num_periods = 0;
  int num_series = 0;
  int season = 1;
  Eigen::MatrixXf log_ratio;     // of demand to the level before it, 0: not known  (num_periods, num_series)
  Eigen::MatrixXf level_before;  // logarithm  (num_periods, num_series)
  Eigen::MatrixXf level_after;
  std::vector<Eigen::MatrixXf> factor_after;  // logarithm, by phase  (num_periods, num_series)
  Eigen::MatrixXf target;                     // demand, 0 where it is not known  (num_periods, num_series)
  Eigen::MatrixXf weight;                     // 0: not known  (num_periods, num_series)
};

Sequences MakeSequences(const LstmFeatures& features, const DemandHistory& history) {
  Sequences data;
  data.num_periods = history.num_periods();
  data.num_series = history.num_series();
  data.season = features.season();
  const auto zero = Eigen::MatrixXf::Zero(data.num_periods, data.num_series);
  for (Eigen::MatrixXf* matrix : {&data.log_ratio, &data.level_before, &data.level_after, &data.target, &data.weight}) {
    *matrix = zero;
  }
  data.factor_after.assign(static_cast<size_t>(data.season), zero);
  for (int series = 0; series < data.num_series; ++series) {
    SeasonalLevel level(data.season, 1);
    for (int period = 0; period < data.num_periods; ++period) {
      const Eigen::ArrayXf demand = Eigen::ArrayXf::Constant(1, history.demand(period, series));
      const bool known = !std::isnan(demand[0]);
      data.level_before(period, series) = std::log(level.level()[0]);
      if (known) data.log_ratio(period, series) = LogRatio(demand, level.level())[0];
      level.Observe(demand, features.Phase(history, period));
      data.level_after(period, series) = std::log(level.level()[0]);
      for (int phase = 0; phase < data.season; ++phase) {
        data.factor_after[static_cast<size_t>(phase)](period, series) = std::log(level.factor(phase)[0]);
      }
      if (!known) continue;
      // an estimate from a part of the period counts like that part
      data.target(period, series) = demand[0];
      data.weight(period, series) = history.in_stock_share(period, series);
    }
  }
  return data;
}

/// Some series over a window of periods, as tensors. Time first.
struct Batch {
  int first = 0;         // period of the window's first
  int num_periods = 0;   // of the window
  torch::Tensor inputs;  // (num_periods, batch, num_inputs without embeddings)
  torch::Tensor level;   // logarithm after each period  (num_periods, batch)
  torch::Tensor factor;  // logarithm after each period, by phase  (num_periods, batch, season)
  torch::Tensor
      period_features;  // of the window and the horizon after it  (num_periods + horizon, batch, num_period_features)
  torch::Tensor target, weight;   // (num_periods + horizon, batch)
  std::vector<int64_t> phase;     // (num_periods + horizon)
  torch::Tensor groups[kGroups];  // (batch)
};

class BatchMaker {
 public:
  BatchMaker(const LstmFeatures& features, const DemandHistory& history, const Sequences& data, int horizon,
             torch::Device device)
      : features_(features), history_(history), data_(data), horizon_(horizon), device_(device) {}

  /// `hide_past`: measured covariates are not known, as on sampled paths.
  Batch Make(const std::vector<int>& series, int first, int num_periods, bool hide_past) const {
    Batch batch;
    batch.first = first;
    batch.num_periods = num_periods;
    const int num_inputs = kNumStateInputs + features_.num_period_features() + features_.num_past_features();
    const int64_t size = static_cast<int64_t>(series.size());
    std::vector<float> inputs, level, factor, period_features, target, weight;
    std::vector<float> row(static_cast<size_t>(std::max(num_inputs, features_.num_period_features())));
    for (int period = first; period < first + num_periods + horizon_; ++period) {
      batch.phase.push_back(features_.Phase(history_, period));
      for (const int s : series) {
        features_.PeriodFeatures(history_, period, s, row.data());
        period_features.insert(period_features.end(), row.begin(), row.begin() + features_.num_period_features());
        const bool exists = period < data_.num_periods;
        target.push_back(exists ? data_.target(period, s) : 0);
        weight.push_back(exists ? data_.weight(period, s) : 0);
        if (period >= first + num_periods) continue;
        WriteInputs(period, s, hide_past, row.data());
        inputs.insert(inputs.end(), row.begin(), row.begin() + num_inputs);
        level.push_back(data_.level_after(period, s));
        for (const Eigen::MatrixXf& of_phase : data_.factor_after) factor.push_back(of_phase(period, s));
      }
    }
    const int64_t all = num_periods + horizon_;
    batch.inputs = ToTensor(inputs, {num_periods, size, num_inputs}, device_);
    batch.level = ToTensor(level, {num_periods, size}, device_);
    batch.factor = ToTensor(factor, {num_periods, size, data_.season}, device_);
    batch.period_features = ToTensor(period_features, {all, size, features_.num_period_features()}, device_);
    batch.target = ToTensor(target, {all, size}, device_);
    batch.weight = ToTensor(weight, {all, size}, device_);
    for (int kind = 0; kind < kGroups; ++kind) {
      std::vector<int64_t> group;
      for (const int s : series) group.push_back(features_.group(kind)[static_cast<size_t>(s)]);
      batch.groups[kind] = ToTensor(group, {size}, device_);
    }
    return batch;
  }

 private:
  void WriteInputs(int period, int series, bool hide_past, float* inputs) const {
    inputs[0] = data_.log_ratio(period, series);
    inputs[1] = std::isnan(history_.demand(period, series)) ? 0.f : 1.f;
    inputs[2] = 1 - history_.in_stock_share(period, series);
    inputs[3] = kLogLevelScale * data_.level_before(period, series);
    features_.PeriodFeatures(history_, period, series, inputs + kNumStateInputs);
    float* past = inputs + kNumStateInputs + features_.num_period_features();
    features_.PastFeatures(history_, period, series, past);
    if (hide_past) std::fill(past, past + features_.num_past_features(), 0.f);
  }

  const LstmFeatures& features_;
  const DemandHistory& history_;
  const Sequences& data_;
  int horizon_;
  torch::Device device_;
};

// ---- 2. The network, as lstm_network.h writes it down ----

struct LstmNet : torch::nn::Module {
  LstmNet(const LstmConfig& config, const LstmFeatures& features)
      : lstm(torch::nn::LSTMOptions(NumInputs(config, features), config.hidden_size)),
        head_state(config.hidden_size + 1, config.head_size),
        head_embedding(torch::nn::LinearOptions(kGroups * config.embedding_size, config.head_size).bias(false)),
        head_step(torch::nn::LinearOptions(features.num_period_features() + 2, config.head_size).bias(false)),
        out(config.head_size, 3) {
    for (int kind = 0; kind < kGroups; ++kind) {
      embeddings.push_back(torch::nn::Embedding(features.group_size(kind), config.embedding_size));
      register_module("embedding_" + std::to_string(kind), embeddings.back());
    }
    register_module("lstm", lstm);
    register_module("head_state", head_state);
    register_module("head_embedding", head_embedding);
    register_module("head_step", head_step);
    register_module("out", out);
    season_weight = register_parameter("season_weight", torch::full({1}, 0.7f));
  }

  static int NumInputs(const LstmConfig& config, const LstmFeatures& features) {
    return kNumStateInputs + features.num_period_features() + features.num_past_features() +
           kGroups * config.embedding_size;
  }

  /// Small outputs at first: the forecast starts as level times factor.
  void Initialize(const Random& random) {
    InitializeModule(*this, random);
    const torch::NoGradGuard no_grad;
    out->weight.mul_(0.1);
    out->bias.copy_(torch::tensor({0.f, -1.f, -3.f}));
    season_weight.fill_(0.7);
    for (auto& embedding : embeddings) embedding->weight.mul_(0.3);
  }

  torch::Tensor Embedding(const Batch& batch) {
    std::vector<torch::Tensor> parts;
    for (int kind = 0; kind < kGroups; ++kind)
      parts.push_back(embeddings[static_cast<size_t>(kind)]->forward(batch.groups[kind]));
    return torch::cat(parts, 1);  // (batch, kGroups * embedding_size)
  }

  /// The part of the head's units that all steps ahead share.  (num_periods, batch, head_size)
  torch::Tensor SharedUnits(const Batch& batch) {
    const torch::Tensor embedding = Embedding(batch);
    const torch::Tensor everywhere = embedding.unsqueeze(0).expand({batch.num_periods, -1, -1});
    const torch::Tensor hidden = std::get<0>(lstm->forward(torch::cat({batch.inputs, everywhere}, 2)));
    const torch::Tensor state = torch::cat({hidden, (kLogLevelScale * batch.level).unsqueeze(2)}, 2);
    return head_state->forward(state) + head_embedding->forward(embedding).unsqueeze(0);
  }

  std::vector<torch::nn::Embedding> embeddings;
  torch::nn::LSTM lstm;
  torch::nn::Linear head_state, head_embedding, head_step, out;
  torch::Tensor season_weight;
};

/// Parameters of the (zero-inflated) negative binomial.
struct CountParameters {
  torch::Tensor log_mean, log_dispersion, zero_logit;  // (num_periods, batch)
};

/// `step` periods ahead (0: the coming one) of the origins from `first_origin` of the window on.
CountParameters PredictStep(LstmNet& net, const Batch& batch, const torch::Tensor& shared, int first_origin, int step,
                            int horizon) {
  const int64_t begin = first_origin + step + 1;
  const int64_t end = batch.num_periods + step + 1;
  const torch::Tensor features = batch.period_features.slice(0, begin, end);
  const std::vector<int64_t> phases(batch.phase.begin() + begin, batch.phase.begin() + end);
  const torch::Tensor phase = ToTensor(phases, {end - begin, 1, 1}, batch.factor.device());
  const torch::Tensor factor =
      batch.factor.slice(0, first_origin).gather(2, phase.expand({-1, batch.factor.size(1), 1}));
  const torch::Tensor ahead =
      torch::full_like(factor, static_cast<float>(std::min(step + 1, horizon)) / static_cast<float>(horizon));

  const torch::Tensor units =
      torch::relu(shared.slice(0, first_origin) + net.head_step->forward(torch::cat({features, ahead, factor}, 2)));
  const torch::Tensor output = net.out->forward(units);
  const torch::Tensor base = batch.level.slice(0, first_origin) + net.season_weight * factor.squeeze(2);
  return {base + output.select(2, 0).clamp(-kLargestLogRatio, kLargestLogRatio),
          output.select(2, 1).clamp(kLeastLogDispersion, kLargestLogDispersion), output.select(2, 2)};
}

// ---- 3. The loss: negative log-likelihood of demand ----

/// By value; in logarithms, so that nothing overflows.
torch::Tensor NegativeLogLikelihood(const CountParameters& counts, const torch::Tensor& target, bool zero_inflated) {
  const torch::Tensor r = (-counts.log_dispersion).exp();
  const torch::Tensor log_total = torch::logaddexp(-counts.log_dispersion, counts.log_mean);  // log(r + mean)
  const torch::Tensor log_zero = r * (-counts.log_dispersion - log_total);                    // log P(0)
  const torch::Tensor log_count = torch::lgamma(target + r) - torch::lgamma(r) - torch::lgamma(target + 1) + log_zero +
                                  target * (counts.log_mean - log_total);
  if (!zero_inflated) return -log_count;
  const torch::Tensor log_kept = torch::log_sigmoid(-counts.zero_logit);
  const torch::Tensor of_zero = torch::logaddexp(torch::log_sigmoid(counts.zero_logit), log_kept + log_zero);
  return -torch::where(target > 0.5f, log_kept + log_count, of_zero);
}

/// Which targets count: periods in [from, until).
struct TargetRange {
  int from = 0;
  int until = 0;
};

struct LossSum {
  torch::Tensor loss;    // weighted sum
  torch::Tensor weight;  // sum of weights
};

LossSum LossOver(LstmNet& net, const Batch& batch, const std::vector<int>& steps, int first_origin, TargetRange range,
                 int horizon, bool zero_inflated) {
  const torch::Tensor shared = net.SharedUnits(batch);
  LossSum sum = {torch::zeros({}, shared.options()), torch::zeros({}, shared.options())};
  for (const int step : steps) {
    const int64_t begin = first_origin + step + 1;
    const int64_t end = batch.num_periods + step + 1;
    const CountParameters counts = PredictStep(net, batch, shared, first_origin, step, horizon);
    const torch::Tensor loss = NegativeLogLikelihood(counts, batch.target.slice(0, begin, end), zero_inflated);
    torch::Tensor weight = batch.weight.slice(0, begin, end).clone();
    const int64_t skip = std::clamp<int64_t>(range.from - batch.first - begin, 0, end - begin);
    const int64_t keep = std::clamp<int64_t>(range.until - batch.first - begin, 0, end - begin);
    weight.slice(0, 0, skip).zero_();
    weight.slice(0, keep).zero_();
    sum.loss = sum.loss + (loss * weight).sum();
    sum.weight = sum.weight + weight.sum();
  }
  return sum;
}

// ---- 4. Training ----

/// Zeros are more frequent than negative binomials with each series' mean and variance would have them.
bool WantsZeroInflation(const LstmConfig& config, const DemandHistory& history) {
  if (config.zero_inflated != "auto") return config.zero_inflated == "always";
  double excess = 0;
  for (const auto& column : history.demand.colwise()) {
    double count = 0, sum = 0, squares = 0, zeros = 0;
    for (const float demand : column) {
      if (std::isnan(demand)) continue;
      ++count;
      sum += demand;
      squares += demand * demand;
      zeros += demand == 0 ? 1 : 0;
    }
    if (count == 0 || sum == 0) continue;
    const double mean = sum / count;
    const double overdispersion = std::max(squares / count - mean * mean - mean, 1e-3 * mean);
    const double r = mean * mean / overdispersion;
    excess += zeros / count - std::exp(-r * std::log1p(mean / r));
  }
  return excess / static_cast<double>(history.num_series()) > 0.02;
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

void MoveAverage(const LstmNet& net, double decay, LstmNet& average) {
  const torch::NoGradGuard no_grad;
  const auto source = net.parameters();
  const auto target = average.parameters();
  for (size_t i = 0; i < source.size(); ++i) target[i].mul_(decay).add_(source[i], 1 - decay);
}

LstmWeights ToWeights(LstmNet& net, int horizon, bool zero_inflated) {
  LstmWeights weights;
  for (int kind = 0; kind < kGroups; ++kind)
    weights.embedding[kind] = ToMatrix(net.embeddings[static_cast<size_t>(kind)]->weight).transpose();
  const auto parameters = net.lstm->named_parameters();
  weights.input = ToMatrix(parameters["weight_ih_l0"]);
  weights.recurrent = ToMatrix(parameters["weight_hh_l0"]);
  weights.bias = ToMatrix(parameters["bias_ih_l0"] + parameters["bias_hh_l0"]);
  weights.head_state = ToMatrix(net.head_state->weight);
  weights.head_bias = ToMatrix(net.head_state->bias);
  weights.head_embedding = ToMatrix(net.head_embedding->weight);
  weights.head_step = ToMatrix(net.head_step->weight);
  weights.out = ToMatrix(net.out->weight);
  weights.out_bias = ToMatrix(net.out->bias);
  weights.season_weight = ToFloats(net.season_weight).at(0);
  weights.horizon = horizon;
  weights.zero_inflated = zero_inflated;
  return weights;
}

/// The training as it stands: everything that a checkpoint must hold.
class Trainer {
 public:
  Trainer(const LstmConfig& config, int horizon, const LstmFeatures& features, const DemandHistory& history,
          const Random& random)
      : config_(config),
        horizon_(horizon),
        features_(features),
        random_(random),
        device_(ChooseDevice(config.device)),
        data_(MakeSequences(features, history)),
        batches_(features, history, data_, horizon, device_),
        zero_inflated_(WantsZeroInflation(config, history)),
        net_(config, features),
        average_(config, features),
        best_(config, features),
        adam_(net_.parameters(), torch::optim::AdamOptions(config.learning_rate)) {
    net_.Initialize(random.Stream("weights"));
    CopyModule(net_, average_);
    CopyModule(net_, best_);
    for (LstmNet* net : {&net_, &average_, &best_}) net->to(device_);
    num_validation_ = std::clamp(data_.num_periods / 8, 7, std::max(7, horizon));
  }

  bool done() const { return stage_ == kDone; }
  int update() const { return update_; }
  int planned() const { return config_.num_updates; }
  const std::vector<LstmMetrics>& metrics() const { return metrics_; }
  LstmWeights weights() { return ToWeights(best_, horizon_, zero_inflated_); }

  void Update() {
    RandomStream stream = random_.Stream("batch").At(static_cast<uint64_t>(update_));
    const bool all_periods = stage_ == kFinish;
    const int window = std::min(data_.num_periods, kLstmWindow);
    const int first = stream.UniformInt(data_.num_periods - window + 1);
    const Batch batch =
        batches_.Make(Sample(data_.num_series, config_.batch_size, stream), first, window, stream.Uniform() < 0.5);
    const std::vector<int> steps = Sample(horizon_, config_.steps_per_origin, stream);
    const TargetRange range = {0, all_periods ? data_.num_periods : data_.num_periods - num_validation_};

    const LossSum sum =
        LossOver(net_, batch, steps, std::min(kWarmPeriods, window / 2), range, horizon_, zero_inflated_);
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
    if (stage_ == kSearch && update_ % kLook == 0) Look();
    if (stage_ == kSearch && update_ >= config_.num_updates) StartFinish();
    if (stage_ == kFinish && update_ >= finish_at_) {
      CopyModule(average_, best_);
      stage_ = kDone;
    }
  }

  void Save(const std::filesystem::path& file) const {
    SectionFileWriter writer("lstm training");
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
    const SectionFileReader reader(file, "lstm training");
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
    metrics_ = reader.GetValues<LstmMetrics>("metrics");
  }

  static constexpr int kLook = 20;  // updates between looks at the validation part

 private:
  enum Stage { kSearch, kFinish, kDone };

  double ValidationLoss() {
    const torch::NoGradGuard no_grad;
    RandomStream stream = random_.Stream("validation").At(0);
    std::vector<int> series = Sample(data_.num_series, 512, stream);
    const int window = std::min(data_.num_periods, kLstmWindow);
    const int first_origin = std::max(0, window - num_validation_ - horizon_);
    std::vector<int> steps(static_cast<size_t>(horizon_));
    std::iota(steps.begin(), steps.end(), 0);
    const Batch batch = batches_.Make(series, data_.num_periods - window, window, false);
    const LossSum sum = LossOver(average_, batch, steps, first_origin,
                                 {data_.num_periods - num_validation_, data_.num_periods}, horizon_, zero_inflated_);
    return sum.loss.item<double>() / std::max(sum.weight.item<double>(), 1e-6);
  }

  void Look() {
    const double loss = ValidationLoss();
    metrics_.push_back({update_, training_loss_ / kLook, loss});
    training_loss_ = 0;
    if (loss < best_loss_) {
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

  const LstmConfig& config_;
  int horizon_;
  const LstmFeatures& features_;
  Random random_;
  torch::Device device_;
  Sequences data_;
  BatchMaker batches_;
  bool zero_inflated_;
  int num_validation_ = 0;  // last periods that decide when to stop
  LstmNet net_, average_, best_;
  torch::optim::Adam adam_;

  Stage stage_ = kSearch;
  int update_ = 0;
  int best_update_ = 0;
  int looks_without_gain_ = 0;
  int finish_at_ = 0;
  double training_loss_ = 0;  // since the last look
  double best_loss_ = std::numeric_limits<double>::infinity();
  std::vector<LstmMetrics> metrics_;
};

}  // namespace

LstmTraining TrainLstm(const LstmConfig& config, int horizon, const LstmFeatures& features,
                       const DemandHistory& history, const Random& random, const std::filesystem::path& checkpoint,
                       int max_updates) {
  UseOneThread();
  Trainer trainer(config, horizon, features, history, random);
  if (!checkpoint.empty() && std::filesystem::exists(checkpoint)) trainer.Load(checkpoint);
  Progress progress("fitting lstm", trainer.planned());
  const int first_update = trainer.update();
  while (!trainer.done()) {
    if (max_updates > 0 && trainer.update() - first_update >= max_updates) break;
    trainer.Update();
    progress.Advance(trainer.update());
    if (!checkpoint.empty() && trainer.update() % Trainer::kLook == 0) trainer.Save(checkpoint);
  }
  if (!checkpoint.empty() && trainer.done()) std::filesystem::remove(checkpoint);
  return {trainer.weights(), trainer.metrics()};
}

}  // namespace restock
