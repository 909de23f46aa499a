#pragma once

#include <vector>

#include <Eigen/Core>

#include "common/file.h"
#include "common/random.h"

namespace restock {

/// Remembers the last rounds of a sample of trajectories. A round is an episode: `num_periods` decisions and the state
/// after the last, so that every n-step return finds the state it ends in. A new round replaces the oldest.
class ReplayBuffer {
 public:
  using Inputs = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  ReplayBuffer(int num_rounds, int num_periods, int rows_per_round, int num_inputs);

  int rows_per_round() const { return rows_per_round_; }
  bool is_empty() const { return num_rounds_filled_ == 0; }
  void StartRound();
  /// The present round: inputs of its `row`-th trajectory before the decision of `period`; period num_periods is the
  /// state at the end.
  auto inputs(int period, int row) { return inputs_.row(Place(present_, period, row)); }
  /// The action taken, what the period cost, and whether an order was possible.
  void Record(int period, int row, float action, float cost, bool decides);

  struct Sample {
    Inputs inputs;       // (n, num_inputs)
    Inputs next_inputs;  // num_steps periods later, or at the end of the episode  (n, num_inputs)
    std::vector<float> action;
    std::vector<float> cost;      // discounted, of the periods between
    std::vector<float> discount;  // of what follows
  };
  /// `size` decisions, uniformly from all that are remembered.
  Sample Draw(int size, int num_steps, float discount, RandomStream& stream) const;

  void Save(SectionFileWriter& file) const;
  void Load(const SectionFileReader& file);

 private:
  int Place(int round, int period, int row) const {
    return (round * (num_periods_ + 1) + period) * rows_per_round_ + row;
  }

  int num_rounds_, num_periods_, rows_per_round_;
  int num_rounds_filled_ = 0;
  int present_ = -1;  // the round being filled
  Inputs
      inputs_;  // [round][period, end of episode][row]  (num_rounds * (num_periods + 1) * rows_per_round, num_inputs)
  std::vector<float> action_, cost_, decides_;  // in the same places
};

}  // namespace restock
