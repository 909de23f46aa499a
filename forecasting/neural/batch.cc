#include "forecasting/neural/batch.h"

#include <algorithm>
#include <cmath>

#include "forecasting/neural/weights.h"
#include "forecasting/seasonal_level.h"

namespace restock {

NeuralSequences::NeuralSequences(const NeuralFeatures& features, const DemandHistory& history)
    : num_periods(history.num_periods()), num_series(history.num_series()), season(features.season()) {
  const auto zero = Eigen::MatrixXf::Zero(num_periods, num_series);
  for (Eigen::MatrixXf* matrix : {&log_ratio, &level_before, &level_after, &target, &weight}) *matrix = zero;
  factor_after.assign(static_cast<size_t>(season), zero);
  for (int series = 0; series < num_series; ++series) {
    SeasonalLevel level(season, 1);
    for (int period = 0; period < num_periods; ++period) {
      const Eigen::ArrayXf demand = Eigen::ArrayXf::Constant(1, history.demand(period, series));
      const bool known = !std::isnan(demand[0]);
      level_before(period, series) = std::log(level.level()[0]);
      if (known) log_ratio(period, series) = LogRatio(demand, level.level())[0];
      level.Observe(demand, features.Phase(history, period));
      level_after(period, series) = std::log(level.level()[0]);
      for (int phase = 0; phase < season; ++phase) {
        factor_after[static_cast<size_t>(phase)](period, series) = std::log(level.factor(phase)[0]);
      }
      if (!known) continue;
      // an estimate from a part of the period counts like that part
      target(period, series) = demand[0];
      weight(period, series) = history.in_stock_share(period, series);
    }
  }
}

NeuralBatch NeuralBatchMaker::Make(const std::vector<int>& series, int first, int num_periods, bool hide_past) const {
  NeuralBatch batch;
  batch.first = first;
  batch.num_periods = num_periods;
  batch.horizon = horizon_;
  batch.num_series = static_cast<int>(series.size());
  batch.season = data_.season;
  batch.num_period_features = features_.num_period_features();
  batch.num_inputs = kNumStateInputs + features_.num_period_features() + features_.num_past_features();
  std::vector<float> row(static_cast<size_t>(batch.num_inputs));
  for (int period = first; period < first + num_periods + horizon_; ++period) {
    batch.phase.push_back(features_.Phase(history_, period));
    for (const int s : series) {
      // the period as it will be looked back on and ahead to
      features_.PeriodFeatures(history_, period, s, row.data());
      batch.period_features.insert(batch.period_features.end(), row.begin(), row.begin() + batch.num_period_features);
      const bool exists = period < data_.num_periods;
      batch.target.push_back(exists ? data_.target(period, s) : 0);
      batch.weight.push_back(exists ? data_.weight(period, s) : 0);
      if (period >= first + num_periods) continue;

      // the period as the network reads it
      WriteInputs(period, s, hide_past, row.data());
      batch.inputs.insert(batch.inputs.end(), row.begin(), row.end());
      batch.level.push_back(data_.level_after(period, s));
      for (const Eigen::MatrixXf& of_phase : data_.factor_after) batch.factor.push_back(of_phase(period, s));
    }
  }
  for (int kind = 0; kind < NeuralFeatures::kNumGroups; ++kind) {
    for (const int s : series) {
      batch.groups[static_cast<size_t>(kind)].push_back(features_.group(kind)[static_cast<size_t>(s)]);
    }
  }
  return batch;
}

void NeuralBatchMaker::WriteInputs(int period, int series, bool hide_past, float* inputs) const {
  inputs[0] = data_.log_ratio(period, series);
  inputs[1] = std::isnan(history_.demand(period, series)) ? 0.f : 1.f;
  inputs[2] = 1 - history_.in_stock_share(period, series);
  inputs[kLevelInput] = kLogLevelScale * data_.level_before(period, series);
  features_.PeriodFeatures(history_, period, series, inputs + kNumStateInputs);
  float* past = inputs + kNumStateInputs + features_.num_period_features();
  features_.PastFeatures(history_, period, series, past);
  if (hide_past) std::fill(past, past + features_.num_past_features(), 0.f);
}

}  // namespace restock
