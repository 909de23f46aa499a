#include "agents/level_grid.h"

#include <algorithm>
#include <vector>

#include "common/check.h"
#include "common/error.h"

namespace restock {
namespace {

int ColumnOf(const std::string& name, const std::vector<std::string>& features) {
  const auto found = std::ranges::find(features, name);
  if (found == features.end()) throw DataError("the observation has no feature " + name + ", which the policy needs.");
  return static_cast<int>(found - features.begin());
}

}  // namespace

LevelDecoder::LevelDecoder(LevelGrid grid, const std::vector<std::string>& features) : grid_(grid) {
  const char* const names[] = {"forecast_q0.5", "forecast_q0.7",  "forecast_q0.8",
                               "forecast_q0.9", "forecast_q0.95", "forecast_q0.975"};
  for (size_t i = 0; i < quantile_.size(); ++i) quantile_[i] = ColumnOf(names[i], features);
  position_ = ColumnOf("echelon_position", features);
  periods_to_next_order_ = ColumnOf("periods_to_next_order", features);
}

Eigen::ArrayXf LevelDecoder::Levels(const Eigen::Ref<const Eigen::MatrixXf>& observation,
                                    const Eigen::Ref<const Eigen::ArrayXf>& rule_scores,
                                    const Eigen::Ref<const Eigen::ArrayXf>& actions) const {
  const auto middle = static_cast<float>(grid_.middle());
  const auto highest_action = static_cast<float>(grid_.num_actions() - 1);
  const Eigen::ArrayXf score = rule_scores + grid_.step * (actions.max(1.f).min(highest_action) - middle);
  const auto forecast = [&](int index) { return observation.col(quantile(index)).array(); };

  // linear in the score between two quantiles, and beyond the outer ones by the spread on that side
  Eigen::ArrayXf level = forecast(0) + score.min(0.f) * ((forecast(1) - forecast(0)) / kScores[1]);
  for (int i = 0; i + 1 < kNumQuantiles; ++i) {
    const float from = kScores[static_cast<size_t>(i)];
    const float width = kScores[static_cast<size_t>(i + 1)] - from;
    level += (score - from).max(0.f).min(width) * ((forecast(i + 1) - forecast(i)) / width);
  }
  const float highest = kScores.back();
  level += (score - highest).max(0.f) * ((forecast(kNumQuantiles - 1) - forecast(0)) / highest);
  return level.max(0.f);
}

void LevelDecoder::Orders(const Eigen::Ref<const Eigen::MatrixXf>& observation,
                          const Eigen::Ref<const Eigen::ArrayXf>& rule_scores,
                          const Eigen::Ref<const Eigen::ArrayXf>& actions, Eigen::Ref<Eigen::ArrayXf> orders) const {
  const Eigen::ArrayXf wanted =
      (Levels(observation, rule_scores, actions) - observation.col(position_).array()).rint().max(0.f);
  orders = (actions >= 0.5f && observation.col(periods_to_next_order_).array() < 0.5f).select(wanted, 0.f);
}

}  // namespace restock
