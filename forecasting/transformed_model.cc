#include "forecasting/transformed_model.h"

#include <cmath>
#include <utility>

#include "common/check.h"
#include "forecasting/known_values.h"

namespace restock {
namespace {

/// The state is that of the model inside, then the last transformed value of each of the `lag` phases, the oldest first
/// and NaN where none is known yet, and whether the model has begun.
class TransformedModel final : public SeriesModel {
 public:
  TransformedModel(std::unique_ptr<SeriesModel> model, TransformKind kind) : model_(std::move(model)), kind_(kind) {}

  void Fit(const SeriesData& data) override {
    transform_ = Transform(kind_, data.demand, data.season);
    lag_ = kind_ == TransformKind::kDifference           ? 1
           : kind_ == TransformKind::kSeasonalDifference ? std::max(1, data.season)
                                                         : 0;
    SeriesData seen = {Seen(data.demand), data.season};
    model_->Fit(seen);
    parameters_ = transform_.parameters();
    parameters_.push_back(static_cast<double>(lag_));
    parameters_.insert(parameters_.end(), model_->parameters().begin(), model_->parameters().end());
  }

  void Restore(std::vector<double> parameters) override {
    constexpr auto kOwn = static_cast<size_t>(Transform::kNumParameters) + 1;
    RESTOCK_CHECK_GE(parameters.size(), kOwn);
    transform_.Restore(parameters.data());
    lag_ = static_cast<Eigen::Index>(parameters[kOwn - 1]);
    model_->Restore({parameters.begin() + static_cast<std::ptrdiff_t>(kOwn), parameters.end()});
    parameters_ = std::move(parameters);
  }

  Eigen::Index state_size() const override { return model_->state_size() + lag_ + 1; }

  void Start(State state) const override {
    model_->Start(state.head(model_->state_size()));
    state.segment(model_->state_size(), lag_).setConstant(NAN);
    state[state.size() - 1] = 0;
  }

  void Observe(double demand, State state) const override {
    const double change = TakeChange(transform_.Forward(demand), state.tail(lag_ + 1));
    if (state[state.size() - 1] != 0) model_->Observe(change, state.head(model_->state_size()));
  }

  void Predict(const ConstState& state, Mean mean) const override {
    model_->Predict(state.head(model_->state_size()), mean);
    const auto past = state.segment(model_->state_size(), lag_);
    const double usual = MeanOfKnown(past);
    for (Eigen::Index step = 0; step < mean.size() && lag_ > 0; ++step) {
      if (step < lag_)
        mean[step] += std::isnan(past[step]) ? usual : past[step];
      else
        mean[step] += mean[step - lag_];
    }
    for (double& value : mean) value = transform_.Inverse(value);
  }

 private:
  /// The change that a value brings, NaN where either is not known; the value moves into `memory`.  (lag + 1)
  double TakeChange(double value, Eigen::Ref<Eigen::VectorXd> memory) const {
    double change = value;
    if (lag_ > 0) {
      const double before = memory[0];
      change = value - before;
      for (Eigen::Index i = 0; i + 1 < lag_; ++i) memory[i] = memory[i + 1];
      memory[lag_ - 1] = std::isnan(value) ? before : value;
    }
    if (!std::isnan(change)) memory[lag_] = 1;
    return change;
  }

  /// What the model sees of a series, from the first that it can see on; one zero where there is nothing.
  Eigen::VectorXd Seen(const Eigen::VectorXd& demand) const {
    Eigen::VectorXd memory = Eigen::VectorXd::Constant(lag_ + 1, NAN), seen(demand.size());
    memory[lag_] = 0;
    Eigen::Index count = 0;
    for (const double value : demand) {
      const double change = TakeChange(transform_.Forward(value), memory);
      if (memory[lag_] != 0) seen[count++] = change;
    }
    return count > 0 ? Eigen::VectorXd(seen.head(count)) : Eigen::VectorXd::Zero(1);
  }

  std::unique_ptr<SeriesModel> model_;
  TransformKind kind_;
  Transform transform_;
  Eigen::Index lag_ = 0;  // of differences, 0: none
};

}  // namespace

std::unique_ptr<SeriesModel> MakeTransformedModel(std::unique_ptr<SeriesModel> model, TransformKind kind) {
  if (kind == TransformKind::kNone) return model;
  return std::make_unique<TransformedModel>(std::move(model), kind);
}

}  // namespace restock
