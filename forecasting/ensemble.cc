#include <algorithm>
#include <utility>
#include <vector>

#include "forecasting/series_models.h"

namespace restock {
namespace {

constexpr const char* kMembers[] = {"ets", "arima", "dynamic_theta", "damped_holt"};

/// The median of what several models expect, step by step: better than nearly every one of them (Petropoulos &
/// Svetunkov 2020, sixth in the M4 competition with a median of four).
class Ensemble final : public SeriesModel {
 public:
  Ensemble() {
    for (const char* name : kMembers) members_.push_back(MakeSeriesModel(name));
  }

  void Fit(const SeriesData& data) override {
    for (const auto& member : members_) member->Fit(data);
    Collect();
  }

  // state: those of the members, one behind the other
  Eigen::Index state_size() const override { return state_size_; }
  void Start(State state) const override {
    ForEach(
        [&](const SeriesModel& member, Eigen::Index from) { member.Start(state.segment(from, member.state_size())); });
  }
  void Observe(double demand, State state) const override {
    ForEach([&](const SeriesModel& member, Eigen::Index from) {
      member.Observe(demand, state.segment(from, member.state_size()));
    });
  }
  void Predict(const ConstState& state, Mean mean) const override {
    Eigen::MatrixXd means(mean.size(), static_cast<Eigen::Index>(members_.size()));
    Eigen::Index column = 0;
    ForEach([&](const SeriesModel& member, Eigen::Index from) {
      member.Predict(state.segment(from, member.state_size()), means.col(column++));
    });
    for (Eigen::Index step = 0; step < mean.size(); ++step) {
      Eigen::VectorXd sorted = means.row(step);
      std::sort(sorted.begin(), sorted.end());
      mean[step] = (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
    }
  }

  void Restore(std::vector<double> parameters) override {
    auto next = parameters.begin();
    for (const auto& member : members_) {
      const auto count = static_cast<std::ptrdiff_t>(*next++);
      member->Restore({next, next + count});
      next += count;
    }
    Collect();
  }

 private:
  // parameters: of each member their number, then they
  void Collect() {
    parameters_.clear();
    state_size_ = 0;
    for (const auto& member : members_) {
      parameters_.push_back(static_cast<double>(member->parameters().size()));
      parameters_.insert(parameters_.end(), member->parameters().begin(), member->parameters().end());
      state_size_ += member->state_size();
    }
  }

  template <class Function>
  void ForEach(const Function& function) const {
    Eigen::Index from = 0;
    for (const auto& member : members_) {
      function(*member, from);
      from += member->state_size();
    }
  }

  std::vector<std::unique_ptr<SeriesModel>> members_;
  Eigen::Index state_size_ = 0;
};

}  // namespace

std::unique_ptr<SeriesModel> MakeEnsemble() { return std::make_unique<Ensemble>(); }

}  // namespace restock
