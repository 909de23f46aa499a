#include "forecasting/neural/integrated_gradients.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <torch/autograd.h>
#include <torch/types.h>

#include "forecasting/known_values.h"
#include "forecasting/neural/batch.h"
#include "forecasting/neural/likelihood.h"
#include "forecasting/neural/module.h"

namespace restock {
namespace {

constexpr double kLeastMean = 0.02;

/// The inputs along the line: the points take the place of a batch's series.
struct Line {
  torch::Tensor inputs, level, factor, period_features;  // at all points
  torch::Tensor inputs_way, level_way, factor_way, features_way;
};

/// Where a group's inputs stand among those of the network.
class Groups {
 public:
  Groups(const NeuralFeatures& features, const DemandHistory& history) : features_(features), history_(history) {}

  /// Adds the contributions of a period's inputs (num_inputs) that was `age` periods ago, 0: the last.
  void AddPast(const float* inputs, int age, GradientAttribution& sums) const {
    Add(age < 7    ? "demand of the last 7 periods"
        : age < 28 ? "demand 8 to 28 periods ago"
                   : "earlier demand",
        inputs[0], sums);
    Add("known periods", inputs[1], sums);
    Add("stock-outs", inputs[2], sums);
    Add("level of demand", inputs[kLevelInput], sums);
    AddPeriod(inputs + kNumStateInputs, sums);
    const float* past = inputs + kNumStateInputs + features_.num_period_features();
    for (const Covariate& covariate : history_.covariates)
      if (!covariate.known_ahead) Add(covariate.name, *past++, sums);
  }
  /// The same of what is known of any period.  (num_period_features)
  void AddPeriod(const float* features, GradientAttribution& sums) const {
    for (int i = 0; i < num_calendar(); ++i) Add(SeasonName(), *features++, sums);
    Add("closed days", *features++, sums);
    for (int near = -1; near <= 1; ++near) Add("holidays", *features++, sums);
    for (const Covariate& covariate : history_.covariates)
      if (covariate.known_ahead) Add(covariate.name, *features++, sums);
  }
  void Add(const std::string& name, double contribution, GradientAttribution& sums) const {
    const auto found = std::find(sums.inputs.begin(), sums.inputs.end(), name);
    const auto index = static_cast<size_t>(found - sums.inputs.begin());
    if (found == sums.inputs.end()) {
      sums.inputs.push_back(name);
      sums.contribution.push_back(0);
    }
    sums.contribution[index] += contribution;
  }
  int num_calendar() const { return features_.season() == 1 ? 4 : features_.season(); }
  std::string SeasonName() const { return features_.season() == 1 ? "time of the year" : "weekdays"; }

 private:
  const NeuralFeatures& features_;
  const DemandHistory& history_;
};

NeuralConfig SizesOf(const NeuralWeights& weights) {
  NeuralConfig config = DefaultNeuralConfig(weights.network);
  config.num_layers = weights.num_layers;
  config.hidden_size = weights.hidden_size();
  config.head_size = static_cast<int>(weights.head.at("head_state.weight").rows());
  config.embedding_size = static_cast<int>(weights.head.at("embedding_0").cols());
  return config;
}

double LogMeanDemand(const DemandHistory& history, int series) {
  return std::log(std::max(kLeastMean, MeanOfKnown(history.demand.col(series))));
}

/// Sets the tensors of one series to points on the line, `share` (num_points) of the way. Keeps the way itself.
Line MakeLine(NeuralTensors& tensors, const torch::Tensor& share, int num_calendar, float log_mean) {
  Line line;
  const torch::Tensor way = share.unsqueeze(0);
  torch::Tensor from = torch::zeros_like(tensors.inputs);
  from.select(2, 1).copy_(tensors.inputs.select(2, 1));  // that a period is known is no reason for demand
  from.select(2, kLevelInput).fill_(kLogLevelScale * log_mean);
  torch::Tensor features_from = torch::zeros_like(tensors.period_features);
  if (num_calendar == 7) {
    // any weekday alike
    from.slice(2, kNumStateInputs, kNumStateInputs + num_calendar).fill_(1.f / 7);
    features_from.slice(2, 0, num_calendar).fill_(1.f / 7);
  }
  line.inputs_way = tensors.inputs - from;
  line.features_way = tensors.period_features - features_from;
  line.level_way = tensors.level - log_mean;
  line.factor_way = tensors.factor.clone();
  const auto points = [&](const torch::Tensor& start, const torch::Tensor& difference) {
    torch::Tensor at = start + (difference.dim() == 3 ? way.unsqueeze(2) : way) * difference;
    return at.detach().set_requires_grad(true);
  };
  line.inputs = tensors.inputs = points(from, line.inputs_way);
  line.period_features = tensors.period_features = points(features_from, line.features_way);
  line.level = tensors.level = points(torch::full_like(line.level_way, log_mean), line.level_way);
  line.factor = tensors.factor = points(torch::zeros_like(line.factor_way), line.factor_way);
  for (torch::Tensor& group : tensors.groups) group = group.expand({share.size(0)}).contiguous();
  return line;
}

/// The mean of the network's distribution, summed over the coming periods that are not closed.  (num_points)
torch::Tensor MeanTotal(NeuralModule& net, const NeuralTensors& tensors, const DemandHistory& history,
                        int num_periods) {
  const int last = tensors.num_periods - 1;
  const torch::Tensor shared = net.SharedUnits(tensors);
  torch::Tensor total = torch::zeros({tensors.level.size(1)});
  for (int step = 0; step < num_periods; ++step) {
    if (history.calendar.IsClosed(history.num_periods() + step)) continue;
    const NetworkOutputs said = net.Predict(tensors, shared, last, step);
    torch::Tensor mean =
        (said.log_base + said.outputs.select(2, 0).clamp(-kLargestLogRatio, kLargestLogRatio)).exp().squeeze(0);
    if (net.likelihood() == "zero_inflated")
      mean = mean * (1 - torch::sigmoid(said.outputs.select(2, 2)).clamp_max(kLargestZeroShare)).squeeze(0);
    total = total + mean;
  }
  return total;
}

}  // namespace

GradientAttribution IntegratedGradients(const NeuralForecaster& forecaster, const DemandHistory& history, int series,
                                        int num_periods, int num_steps) {
  const NeuralWeights& weights = forecaster.weights();
  const NeuralFeatures& features = forecaster.features();
  if (weights.likelihood == "student_t" || weights.likelihood == "quantile")
    throw ConfigError("explain.method: integrated_gradients needs a likelihood of counts, but the network has " +
                      weights.likelihood + ". Use shapley.");
  features.CheckFits(history);
  NeuralModule net(SizesOf(weights), weights.likelihood, features);
  net.StartFrom(weights, features, features);
  net.eval();

  // the last window before the forecast, at points of the line, its two ends behind them
  const int first = std::max(0, history.num_periods() - kNeuralWindow), length = history.num_periods() - first;
  const NeuralSequences sequences(features, history);
  const NeuralBatch batch =
      NeuralBatchMaker(features, history, sequences, num_periods).Make({series}, first, length, false);
  NeuralTensors tensors(batch, torch::kCPU);
  tensors.horizon = weights.horizon;
  torch::Tensor share = (torch::arange(num_steps + 2, torch::kFloat) + 0.5f) / num_steps;
  share[num_steps] = 0;
  share[num_steps + 1] = 1;
  const Groups groups(features, history);
  const Line line = MakeLine(tensors, share, groups.num_calendar(), static_cast<float>(LogMeanDemand(history, series)));
  const torch::Tensor total = MeanTotal(net, tensors, history, num_periods);

  // mean gradient over the points, times the way
  const auto gradients =
      torch::autograd::grad({total.slice(0, 0, num_steps).sum()},
                            {line.inputs, line.period_features, line.level, line.factor}, {}, {}, false, true);
  const auto times_way = [&](size_t index, const torch::Tensor& way) {
    return (gradients[index].slice(1, 0, num_steps).mean(1, true) * way).contiguous();
  };
  GradientAttribution result;
  result.baseline = total[num_steps].item<float>();
  result.value = total[num_steps + 1].item<float>();
  const torch::Tensor inputs = times_way(0, line.inputs_way), ahead = times_way(1, line.features_way);
  for (int period = 0; period < length; ++period)
    groups.AddPast(inputs[period].data_ptr<float>(), length - 1 - period, result);
  for (int period = length; period < length + num_periods; ++period)
    groups.AddPeriod(ahead[period].data_ptr<float>(), result);
  groups.Add("level of demand", times_way(2, line.level_way).sum().item<float>(), result);
  groups.Add(groups.SeasonName(), times_way(3, line.factor_way).sum().item<float>(), result);
  return result;
}

}  // namespace restock
