#include "forecasting/neural/loss.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "common/check.h"
#include "common/torch/bridge.h"
#include "forecasting/neural/count_probability.h"
#include "forecasting/neural/likelihood.h"
#include "forecasting/neural/quantile_grid.h"

namespace restock {
namespace {

torch::Tensor LogMean(const torch::Tensor& outputs, const torch::Tensor& log_base) {
  return log_base + outputs.select(-1, 0).clamp(-kLargestLogRatio, kLargestLogRatio);
}

/// Negative log-likelihood of counts.
torch::Tensor CountLoss(const torch::Tensor& outputs, const torch::Tensor& log_mean, const torch::Tensor& target,
                        bool zero_inflated) {
  const torch::Tensor log_dispersion = outputs.select(-1, 1).clamp(kLeastLogDispersion, kLargestLogDispersion);
  const torch::Tensor log_count = LogCountProbability(target, log_mean, log_dispersion);
  if (!zero_inflated) return -log_count;
  const torch::Tensor log_zero = LogCountProbability(torch::zeros_like(target), log_mean, log_dispersion);
  const torch::Tensor zero_logit = outputs.select(-1, 2);
  const torch::Tensor log_kept = torch::log_sigmoid(-zero_logit);
  const torch::Tensor of_zero = torch::logaddexp(torch::log_sigmoid(zero_logit), log_kept + log_zero);
  return -torch::where(target > 0.5f, log_kept + log_count, of_zero);
}

/// The mean by half the Tweedie deviance (Jorgensen 1987), up to what does not depend on it.
torch::Tensor TweedieLoss(const torch::Tensor& outputs, const torch::Tensor& log_base, const torch::Tensor& target) {
  const torch::Tensor log_mean = LogMean(outputs, log_base);
  const torch::Tensor of_mean = torch::exp((2 - kTweediePower) * log_mean) / (2 - kTweediePower) -
                                target * torch::exp((1 - kTweediePower) * log_mean) / (1 - kTweediePower);
  return of_mean + CountLoss(outputs, log_mean.detach(), target, false);
}

/// Huber (1964): squares of small errors, absolute values of large ones, in units of the usual demand.
torch::Tensor HuberLoss(const torch::Tensor& outputs, const torch::Tensor& log_base, const torch::Tensor& target) {
  const torch::Tensor log_mean = LogMean(outputs, log_base);
  const torch::Tensor error = ((log_mean.exp() - target) / (log_base.exp() + 1)).abs();
  const torch::Tensor of_mean = torch::where(error < 1, 0.5 * error.square(), error - 0.5);
  return of_mean + CountLoss(outputs, log_mean.detach(), target, false);
}

/// Negative log density of Student's t.
torch::Tensor StudentLoss(const torch::Tensor& outputs, const torch::Tensor& log_base, const torch::Tensor& target) {
  const torch::Tensor location = LogMean(outputs, log_base).exp();
  const torch::Tensor log_scale =
      outputs.select(-1, 1).clamp(kLeastLogScale, kLargestLogScale) + torch::log1p(log_base.exp());
  const torch::Tensor degrees = kFewestDegrees + torch::log1p(outputs.select(-1, 2).clamp_max(20).exp());
  const torch::Tensor deviate = (target - location) / log_scale.exp();
  return torch::lgamma(degrees / 2) - torch::lgamma((degrees + 1) / 2) + 0.5 * torch::log(degrees * std::numbers::pi) +
         log_scale + (degrees + 1) / 2 * torch::log1p(deviate.square() / degrees);
}

/// Twice the mean pinball loss over the grid, in units of the usual demand.
torch::Tensor QuantileLoss(const torch::Tensor& outputs, const torch::Tensor& log_base, const torch::Tensor& target) {
  const torch::Tensor limited = outputs.clamp(-20, 20);
  const torch::Tensor first = limited.slice(-1, 0, 1).clamp(-2 * kLargestLogRatio, kLargestLogRatio);
  const torch::Tensor rises = torch::log1p(limited.slice(-1, 1).exp());
  const torch::Tensor exponent = torch::cat({first, rises}, -1).cumsum(-1).clamp_max(2 * kLargestLogRatio);
  const torch::Tensor base = (log_base.exp() + 1).unsqueeze(-1);
  const torch::Tensor quantiles = torch::relu(base * exponent.exp() - 1);
  const torch::Tensor levels = ToTensor(kGridLevels, {kNumGridLevels}, outputs.device());
  const torch::Tensor difference = target.unsqueeze(-1) - quantiles;
  const torch::Tensor loss = torch::maximum(levels * difference, (levels - 1) * difference);
  return 2 * (loss / base).mean(-1);
}

}  // namespace

torch::Tensor LossOf(const std::string& likelihood, const torch::Tensor& outputs, const torch::Tensor& log_base,
                     const torch::Tensor& target) {
  if (likelihood == "negative_binomial") return CountLoss(outputs, LogMean(outputs, log_base), target, false);
  if (likelihood == "zero_inflated") return CountLoss(outputs, LogMean(outputs, log_base), target, true);
  if (likelihood == "tweedie") return TweedieLoss(outputs, log_base, target);
  if (likelihood == "huber") return HuberLoss(outputs, log_base, target);
  if (likelihood == "student_t") return StudentLoss(outputs, log_base, target);
  RESTOCK_CHECK(likelihood == "quantile");
  return QuantileLoss(outputs, log_base, target);
}

LossSum LossOver(NeuralModule& net, const NeuralBatch& window, torch::Device device, const std::vector<int>& steps,
                 int first_origin, TargetRange range, const torch::Tensor& mask) {
  const NeuralTensors batch(window, device);
  const torch::Tensor shared = net.SharedUnits(batch, mask);
  LossSum sum = {torch::zeros({}, shared.options()), torch::zeros({}, shared.options())};
  for (const int step : steps) {
    const int64_t begin = first_origin + step + 1;
    const int64_t end = batch.num_periods + step + 1;
    const NetworkOutputs at = net.Predict(batch, shared, first_origin, step);
    const torch::Tensor loss = LossOf(net.likelihood(), at.outputs, at.log_base, batch.target.slice(0, begin, end));
    torch::Tensor weight = batch.weight.slice(0, begin, end).clone();
    const int64_t skip = std::clamp<int64_t>(range.from - window.first - begin, 0, end - begin);
    const int64_t keep = std::clamp<int64_t>(range.until - window.first - begin, 0, end - begin);
    weight.slice(0, 0, skip).zero_();
    weight.slice(0, keep).zero_();
    sum.loss = sum.loss + (loss * weight).sum();
    sum.weight = sum.weight + weight.sum();
  }
  return sum;
}

}  // namespace restock
