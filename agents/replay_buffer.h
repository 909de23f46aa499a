#pragma once

#include <vector>

#include <Eigen/Core>

#include "common/file.h"
#include "common/random.h"

namespace restock {

/// Remembers decisions and what came of them over the next n periods; when it is full, a new one replaces the oldest.
class ReplayBuffer {
 public:
  using Inputs = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  ReplayBuffer(int capacity, int num_inputs);

  int size() const { return size_; }
  /// A decision has been made; the place by which what follows is told.
  int Start(const Eigen::Ref<const Eigen::RowVectorXf>& inputs, float action);
  /// One more period has passed; costs so far and what is to come count `discount` times as much less.
  void AddCost(int place, float cost, float discount);
  /// The n periods, or the episode, are over.
  void Finish(int place, const Eigen::Ref<const Eigen::RowVectorXf>& next_inputs) {
    next_inputs_.row(place) = next_inputs;
  }

  struct Sample {
    Inputs inputs;                // (n, num_inputs)
    Inputs next_inputs;           // of the state at the end of the return  (n, num_inputs)
    std::vector<float> action;    // (n)
    std::vector<float> cost;      // discounted, of the periods between  (n)
    std::vector<float> discount;  // of what follows  (n)
  };
  /// `count` decisions, uniformly from all that are remembered.
  Sample Draw(int count, RandomStream& stream) const;

  void Save(SectionFileWriter& file) const;
  void Load(const SectionFileReader& file);

 private:
  int capacity_;
  int size_ = 0;
  int next_ = 0;                                 // the place that is written next
  Inputs inputs_, next_inputs_;                  // (capacity, num_inputs)
  std::vector<float> action_, cost_, discount_;  // (capacity)
};

}  // namespace restock
