#include "forecasting/neural/paths.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "common/check.h"
#include "common/parallel.h"
#include "forecasting/neural/likelihood.h"
#include "forecasting/seasonal_level.h"

namespace restock {
namespace {

using Eigen::ArrayXf;
using Eigen::MatrixXf;
using Eigen::VectorXf;

/// What one series knows on every path.
struct SeriesState {
  SeasonalLevel level;
  MatrixXf body;    // of the network's body  (state_size, num_paths)
  MatrixXf hidden;  // what it made of the past  (hidden_size, num_paths)
};

class NeuralPathModel final : public PathModel {
 public:
  NeuralPathModel(const NeuralWeights& weights, const NeuralFeatures& features, const DemandHistory& history)
      : weights_(weights),
        features_(features),
        history_(history),
        body_(weights.MakeBody()),
        likelihood_(MakeLikelihood(weights.likelihood)),
        head_state_(weights.head.at("head_state.weight")),
        head_step_(weights.head.at("head_step.weight")),
        out_(weights.head.at("out.weight")),
        out_bias_(weights.head.at("out.bias")) {
    const MatrixXf& head_embedding = weights.head.at("head_embedding.weight");
    const VectorXf head_bias = weights.head.at("head_state.bias").col(0);
    for (int series = 0; series < history.num_series(); ++series) {
      states_.push_back({SeasonalLevel(features.season(), 1), MatrixXf::Zero(body_->state_size(), 1),
                         MatrixXf::Zero(weights.hidden_size(), 1)});
      const VectorXf embedding = weights.Embedding(features, series);
      input_bias_.push_back(body_->input_weights().rightCols(embedding.size()) * embedding +
                            body_->input_bias().col(0));
      head_bias_.push_back(head_embedding * embedding + head_bias);
    }
  }

  /// Runs over the history, on one path, and then goes on with `num_paths` equal ones.
  void Warm(int origin, int num_paths) {
    const int first_step = std::max(0, origin - kNeuralWindow);
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
      state.body = state.body.replicate(1, num_paths).eval();
      state.hidden = state.hidden.replicate(1, num_paths).eval();
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

    // what all steps share
    const ArrayXf log_level = state.level.level().log();
    MatrixXf shared = head_state_.leftCols(hidden_size) * state.hidden;
    shared.noalias() += head_state_.col(hidden_size) * (kLogLevelScale * log_level).matrix().transpose();

    VectorXf target(num_period_features + 1);
    for (int step = 0; step < num_steps; ++step) {
      const int period = period_ + step;
      features_.PeriodFeatures(history_, period, series, target.data());
      target[num_period_features] = StepFeature(step);
      const VectorXf common =
          head_step_.leftCols(num_period_features + 1) * target + head_bias_[static_cast<size_t>(series)];
      const ArrayXf log_factor = state.level.factor(features_.Phase(history_, period)).log();
      MatrixXf units = shared;
      units.noalias() += head_step_.rightCols(1) * log_factor.matrix().transpose();
      units = (units.colwise() + common).cwiseMax(0.f);
      const MatrixXf outputs = (out_ * units).colwise() + out_bias_.col(0);
      likelihood_->SetDistribution(outputs, log_level + weights_.season_weight * log_factor, step, steps);
    }
  }

  float Quantile(const StepDistributions& steps, int, int path, int step, float probability) const override {
    return likelihood_->Quantile(steps, path, step, probability);
  }

  float Probability(const StepDistributions& steps, int, int path, int step, float demand) const override {
    return likelihood_->Probability(steps, path, step, demand);
  }

 private:
  float StepFeature(int step) const {
    return static_cast<float>(std::min(step + 1, weights_.horizon)) / static_cast<float>(weights_.horizon);
  }

  /// One step of the body over `period`, whose demand is now known.
  void StepNetwork(const ArrayXf& demand, float out_of_stock, int period, int series, SeriesState& state) const {
    const int num_period_features = features_.num_period_features();
    const int num_past_features = features_.num_past_features();

    // inputs that all paths share
    VectorXf inputs(num_period_features + num_past_features);
    features_.PeriodFeatures(history_, period, series, inputs.data());
    features_.PastFeatures(history_, period, series, inputs.data() + num_period_features);
    const MatrixXf& input_weights = body_->input_weights();
    const VectorXf common =
        input_weights.middleCols(kNumStateInputs, inputs.size()) * inputs + input_bias_[static_cast<size_t>(series)];

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

    MatrixXf units = input_weights.leftCols(kNumStateInputs) * own;
    units.colwise() += common;
    body_->Step(units, state.body, state.hidden);
  }

  const NeuralWeights& weights_;
  const NeuralFeatures& features_;
  const DemandHistory& history_;
  int period_ = 0;
  std::vector<SeriesState> states_;  // (num_series)
  std::unique_ptr<NetworkBody> body_;
  std::unique_ptr<Likelihood> likelihood_;
  const MatrixXf &head_state_, &head_step_, &out_, &out_bias_;
  std::vector<VectorXf> input_bias_;  // with the part of the embeddings  (num_series)
  std::vector<VectorXf> head_bias_;
};

}  // namespace

std::unique_ptr<PathModel> StartNeural(const NeuralWeights& weights, const NeuralFeatures& features,
                                       const DemandHistory& history, int origin, int num_paths) {
  features.CheckFits(history);
  auto model = std::make_unique<NeuralPathModel>(weights, features, history);
  model->Warm(origin, num_paths);
  return model;
}

}  // namespace restock
