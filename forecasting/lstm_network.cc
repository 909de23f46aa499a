#include "forecasting/lstm_network.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "common/check.h"
#include "common/parallel.h"
#include "forecasting/count_quantiles.h"
#include "forecasting/seasonal_level.h"

namespace restock {
namespace {

using Eigen::ArrayXf;
using Eigen::MatrixXf;
using Eigen::VectorXf;

void ApplySigmoid(Eigen::Ref<MatrixXf> x) { x = (1 + (-x.array()).exp()).inverse(); }
void ApplyTanh(Eigen::Ref<MatrixXf> x) { x = x.array().tanh(); }

/// What one series knows on every path.
struct SeriesState {
  SeasonalLevel level;
  MatrixXf hidden;  // h  (hidden_size, num_paths)
  MatrixXf cell;    // c  (hidden_size, num_paths)
};

class LstmPathModel final : public PathModel {
 public:
  LstmPathModel(const LstmWeights& weights, const LstmFeatures& features, const DemandHistory& history)
      : weights_(weights), features_(features), history_(history) {
    const Eigen::Index num_embeddings = weights.head_embedding.cols();
    for (int series = 0; series < history.num_series(); ++series) {
      const MatrixXf nothing = MatrixXf::Zero(weights.hidden_size(), 1);
      states_.push_back({SeasonalLevel(features.season(), 1), nothing, nothing});
      const VectorXf embedding = weights.Embedding(features, series);
      gate_bias_.push_back(weights.input.rightCols(num_embeddings) * embedding + weights.bias.col(0));
      head_bias_.push_back(weights.head_embedding * embedding + weights.head_bias.col(0));
    }
  }

  /// Runs over the history, on one path, and then goes on with `num_paths` equal ones.
  void Warm(int origin, int num_paths) {
    const int first_step = std::max(0, origin - kLstmWindow);
    ParallelFor(history_.num_series(), 0, [&](int series) {
      SeriesState& state = states_[static_cast<size_t>(series)];
      ArrayXf demand(1);
      for (int period = 0; period < origin; ++period) {
        demand[0] = history_.demand(period, series);
        const float out_of_stock = 1 - history_.in_stock_share(period, series);
        if (period >= first_step) StepNetwork(demand, out_of_stock, period, series, state);
        state.level.Observe(demand, features_.Phase(history_, period));
      }
      state.level.Replicate(num_paths);
      state.hidden = state.hidden.replicate(1, num_paths).eval();
      state.cell = state.cell.replicate(1, num_paths).eval();
    });
    period_ = origin;
  }

  void Observe(const MatrixXf& demand) override {
    ParallelFor(history_.num_series(), 0, [&](int series) {
      SeriesState& state = states_[static_cast<size_t>(series)];
      StepNetwork(demand.col(series), 0, period_, series, state);
      state.level.Observe(demand.col(series), features_.Phase(history_, period_));
    });
    ++period_;
  }

  void Predict(int series, int num_steps, StepDistributions& steps) const override {
    const SeriesState& state = states_[static_cast<size_t>(series)];
    const Eigen::Index num_paths = state.hidden.cols();
    const int hidden_size = weights_.hidden_size();
    const int num_period_features = features_.num_period_features();
    steps.mean.resize(num_paths, num_steps);
    steps.variance.resize(num_paths, num_steps);
    steps.zero_share.resize(weights_.zero_inflated ? num_paths : 0, num_steps);

    // what all steps share
    const ArrayXf log_level = state.level.level().log();
    MatrixXf shared = weights_.head_state.leftCols(hidden_size) * state.hidden;
    shared.noalias() += weights_.head_state.col(hidden_size) * (kLogLevelScale * log_level).matrix().transpose();

    VectorXf target(num_period_features + 1);
    for (int step = 0; step < num_steps; ++step) {
      const int period = period_ + step;
      features_.PeriodFeatures(history_, period, series, target.data());
      target[num_period_features] = StepFeature(step);
      const VectorXf common =
          weights_.head_step.leftCols(num_period_features + 1) * target + head_bias_[static_cast<size_t>(series)];
      const ArrayXf log_factor = state.level.factor(features_.Phase(history_, period)).log();
      MatrixXf units = shared;
      units.noalias() += weights_.head_step.rightCols(1) * log_factor.matrix().transpose();
      units = (units.colwise() + common).cwiseMax(0.f);
      const MatrixXf output = (weights_.out * units).colwise() + weights_.out_bias.col(0);
      SetDistribution(output, log_level + weights_.season_weight * log_factor, step, steps);
    }
  }

  float Quantile(const StepDistributions& steps, int, int path, int step, float probability) const override {
    const CountMoments counts = Counts(steps, path, step);
    if (probability <= counts.zero_share) return 0;
    const double of_counts = (probability - counts.zero_share) / (1 - counts.zero_share);
    return static_cast<float>(CountQuantile(counts.mean, counts.dispersion, of_counts));
  }

  float Probability(const StepDistributions& steps, int, int path, int step, float demand) const override {
    const CountMoments counts = Counts(steps, path, step);
    const double of_counts = CountProbability(counts.mean, counts.dispersion, demand);
    return static_cast<float>(counts.zero_share + (1 - counts.zero_share) * of_counts);
  }

 private:
  float StepFeature(int step) const {
    return static_cast<float>(std::min(step + 1, weights_.horizon)) / static_cast<float>(weights_.horizon);
  }

  /// The negative binomial without the extra zeros, and their share.
  struct CountMoments {
    double mean, dispersion, zero_share;
  };

  static CountMoments Counts(const StepDistributions& steps, int path, int step) {
    const double all_mean = steps.mean(path, step), all_variance = steps.variance(path, step);
    const double zero_share = steps.zero_share.size() > 0 ? steps.zero_share(path, step) : 0;
    const double mean = all_mean / (1 - zero_share);
    const double variance = (all_variance + all_mean * all_mean) / (1 - zero_share) - mean * mean;
    return {mean, mean * mean / std::max(variance - mean, 1e-6 * mean), zero_share};
  }

  /// `output`: (3, num_paths)
  void SetDistribution(const MatrixXf& output, const ArrayXf& log_base, int step, StepDistributions& steps) const {
    const ArrayXf log_ratio = output.row(0).transpose().array().max(-kLargestLogRatio).min(kLargestLogRatio);
    const ArrayXf mean = (log_base + log_ratio).exp();
    const ArrayXf dispersion =
        output.row(1).transpose().array().max(kLeastLogDispersion).min(kLargestLogDispersion).exp();
    if (!weights_.zero_inflated) {
      steps.mean.col(step) = mean;
      steps.variance.col(step) = mean + dispersion * mean.square();
      return;
    }
    const ArrayXf zero_share = (1 + (-output.row(2).transpose().array()).exp()).inverse().min(kLargestZeroShare);
    steps.zero_share.col(step) = zero_share;
    steps.mean.col(step) = (1 - zero_share) * mean;
    steps.variance.col(step) = (1 - zero_share) * (mean + (dispersion + zero_share) * mean.square());
  }

  /// One step of the LSTM over `period`, whose demand is now known.
  void StepNetwork(const ArrayXf& demand, float out_of_stock, int period, int series, SeriesState& state) const {
    const int hidden_size = weights_.hidden_size();
    const int num_period_features = features_.num_period_features();
    const int num_past_features = features_.num_past_features();

    // inputs that all paths share
    VectorXf inputs(num_period_features + num_past_features);
    features_.PeriodFeatures(history_, period, series, inputs.data());
    features_.PastFeatures(history_, period, series, inputs.data() + num_period_features);
    const VectorXf common =
        weights_.input.middleCols(kNumStateInputs, inputs.size()) * inputs + gate_bias_[static_cast<size_t>(series)];

    // inputs of each path
    MatrixXf own(kNumStateInputs, demand.size());
    const bool known = !std::isnan(demand[0]);
    if (known) {
      own.row(0) = LogRatio(demand, state.level.level()).transpose();
    } else {
      own.row(0).setZero();
    }
    own.row(1).setConstant(known ? 1.f : 0.f);
    own.row(2).setConstant(out_of_stock);
    own.row(3) = kLogLevelScale * state.level.level().log().transpose();

    MatrixXf gates = weights_.recurrent * state.hidden;
    gates.noalias() += weights_.input.leftCols(kNumStateInputs) * own;
    gates.colwise() += common;
    // the cell forgets and takes in, the output gate lets out
    const auto input = gates.topRows(hidden_size).array();
    const auto forget = gates.middleRows(hidden_size, hidden_size).array();
    const auto candidate = gates.middleRows(2 * hidden_size, hidden_size).array();
    const auto output = gates.bottomRows(hidden_size).array();
    ApplySigmoid(gates.topRows(2 * hidden_size));
    ApplyTanh(gates.middleRows(2 * hidden_size, hidden_size));
    ApplySigmoid(gates.bottomRows(hidden_size));
    state.cell = forget * state.cell.array() + input * candidate;
    state.hidden = output * state.cell.array().tanh();
  }

  const LstmWeights& weights_;
  const LstmFeatures& features_;
  const DemandHistory& history_;
  int period_ = 0;
  std::vector<SeriesState> states_;  // (num_series)
  std::vector<VectorXf> gate_bias_;  // with the part of the embeddings  (num_series)
  std::vector<VectorXf> head_bias_;
};

}  // namespace

std::unique_ptr<PathModel> StartLstm(const LstmWeights& weights, const LstmFeatures& features,
                                     const DemandHistory& history, int origin, int num_paths) {
  features.CheckFits(history);
  auto model = std::make_unique<LstmPathModel>(weights, features, history);
  model->Warm(origin, num_paths);
  return model;
}

}  // namespace restock
