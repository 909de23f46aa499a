#include "forecasting/lstm_loss.h"

#include <algorithm>

namespace restock {

namespace {

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

}  // namespace

LossSum LossOver(LstmModule& net, const LstmBatch& window, torch::Device device, const std::vector<int>& steps,
                 int first_origin, TargetRange range, bool zero_inflated) {
  const LstmTensors batch(window, device);
  const torch::Tensor shared = net.SharedUnits(batch);
  LossSum sum = {torch::zeros({}, shared.options()), torch::zeros({}, shared.options())};
  for (const int step : steps) {
    const int64_t begin = first_origin + step + 1;
    const int64_t end = batch.num_periods + step + 1;
    const CountParameters counts = net.Predict(batch, shared, first_origin, step);
    const torch::Tensor loss = NegativeLogLikelihood(counts, batch.target.slice(0, begin, end), zero_inflated);
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
