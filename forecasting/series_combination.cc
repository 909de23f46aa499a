#include "forecasting/series_combination.h"

#include <utility>

#include "common/check.h"
#include "forecasting/series_models.h"

namespace restock {

SeriesCombination::SeriesCombination(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    members_.push_back(MakeSeriesModel(name));
    RESTOCK_CHECK(members_.back() != nullptr);
  }
}

void SeriesCombination::Fit(const SeriesData& data) {
  for (const auto& member : members_) member->Fit(data);
  Collect();
}

void SeriesCombination::Start(State state) const {
  ForEach(
      [&](const SeriesModel& member, Eigen::Index from) { member.Start(state.segment(from, member.state_size())); });
}

void SeriesCombination::Observe(double demand, State state) const {
  ForEach([&](const SeriesModel& member, Eigen::Index from) {
    member.Observe(demand, state.segment(from, member.state_size()));
  });
}

void SeriesCombination::Predict(const ConstState& state, Mean mean) const {
  Eigen::MatrixXd means(mean.size(), static_cast<Eigen::Index>(members_.size()));
  Eigen::Index column = 0;
  ForEach([&](const SeriesModel& member, Eigen::Index from) {
    member.Predict(state.segment(from, member.state_size()), means.col(column++));
  });
  Combine(means, mean);
}

// parameters: of each member their number, then they; what is left is the combination's own
void SeriesCombination::Restore(std::vector<double> parameters) {
  auto next = parameters.begin();
  for (const auto& member : members_) {
    const auto count = static_cast<std::ptrdiff_t>(*next++);
    member->Restore({next, next + count});
    next += count;
  }
  own_.assign(next, parameters.end());
  Collect();
}

void SeriesCombination::SetOwn(const std::vector<double>& own) {
  own_ = own;
  Collect();
}

void SeriesCombination::Collect() {
  parameters_.clear();
  state_size_ = 0;
  for (const auto& member : members_) {
    parameters_.push_back(static_cast<double>(member->parameters().size()));
    parameters_.insert(parameters_.end(), member->parameters().begin(), member->parameters().end());
    state_size_ += member->state_size();
  }
  parameters_.insert(parameters_.end(), own_.begin(), own_.end());
}

template <class Function>
void SeriesCombination::ForEach(const Function& function) const {
  Eigen::Index from = 0;
  for (const auto& member : members_) {
    function(*member, from);
    from += member->state_size();
  }
}

}  // namespace restock
