#pragma once

#include <array>
#include <string>
#include <vector>

#include <Eigen/Core>

namespace restock {

/// The order-up-to levels that a learned agent chooses among, in steps around those of a classical rule: quantiles of
/// the forecast of demand over the protection periods, given by their normal score z (the quantile's probability is
/// Phi(z)). Action 0 orders nothing, action k orders up to the quantile at z = the rule's score + (k - 1 - reach) step,
/// k = 1 ... 2 reach + 1. So the rule, one service level for all, is one constant action, and learning is about when to
/// depart from it.
struct LevelGrid {
  float step = 0.25f;
  int reach = 8;

  int num_actions() const { return 2 * reach + 2; }
  /// The rule's own.
  int middle() const { return reach + 1; }
};

/// Turns actions into orders with the columns of the observation that this takes. Every step exists as an ONNX operator
/// as well.
class LevelDecoder {
 public:
  /// Throws DataError when the observation lacks a feature.
  LevelDecoder(LevelGrid grid, const std::vector<std::string>& features);

  /// The order-up-to levels of actions, which may lie between whole ones.  [unit]  `observation`: (rows, num_features),
  /// `rule_scores`, `actions`: (rows)
  Eigen::ArrayXf Levels(const Eigen::Ref<const Eigen::MatrixXf>& observation,
                        const Eigen::Ref<const Eigen::ArrayXf>& rule_scores,
                        const Eigen::Ref<const Eigen::ArrayXf>& actions) const;

  /// Whole units wanted, before network feasibility: round(level - echelon_position) where that is positive; nothing
  /// where the action is below 1/2 or the lane takes no orders now.  `rule_scores`, `actions`, `orders`: (rows)
  void Orders(const Eigen::Ref<const Eigen::MatrixXf>& observation, const Eigen::Ref<const Eigen::ArrayXf>& rule_scores,
              const Eigen::Ref<const Eigen::ArrayXf>& actions, Eigen::Ref<Eigen::ArrayXf> orders) const;

  const LevelGrid& grid() const { return grid_; }
  int quantile(int index) const {
    return quantile_[static_cast<size_t>(index)];
  }  // column of the index-th forecast quantile
  int position() const { return position_; }
  int periods_to_next_order() const { return periods_to_next_order_; }

  /// Normal scores of the observation's forecast quantiles 0.5, 0.7, 0.8, 0.9, 0.95, 0.975.
  static constexpr int kNumQuantiles = 6;
  static constexpr std::array<float, kNumQuantiles> kScores = {0.f,       0.524401f, 0.841621f,
                                                               1.281552f, 1.644854f, 1.959964f};

 private:
  LevelGrid grid_;
  std::array<int, kNumQuantiles> quantile_;
  int position_;
  int periods_to_next_order_;
};

}  // namespace restock
