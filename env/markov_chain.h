#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "common/random.h"

namespace restock {

/// A Markov chain with few states whose state in any period follows from random numbers alone, without what came
/// before: (random, scenario, period, index) give the same state on any thread and in any order.
///
/// Each period has a random map from states to states, the same for all who meet its random number. The state of a
/// period is what the maps up to it make of the state in period 0; looking backwards, a few maps mostly suffice until
/// all states have become one (Propp & Wilson 1996, "Exact sampling with coupled Markov chains", whose past ends here
/// at period 0).
class MarkovChain {
 public:
  static constexpr int kMaxStates = 16;

  /// `transition[from][to]`: probabilities whose rows sum to 1. `first`: those of the states in period 0; empty: the
  /// stationary ones.
  MarkovChain(std::vector<std::vector<double>> transition, std::vector<double> first, const Random& random);

  int num_states() const { return static_cast<int>(transition_.size()); }
  /// `index`: which of several independent chains.  `state`: [env]
  void States(int period, std::span<const int> scenarios, int index, uint8_t* state) const;
  /// Of the states in period 0.
  const std::vector<double>& first() const { return first_; }
  /// Probabilities of the states `periods` after the given ones.
  std::vector<double> After(int periods, std::vector<double> probability) const;

 private:
  using Map = std::array<uint8_t, kMaxStates>;  // from a state to the next
  /// What random words below `end` do, from where the piece before ends.
  struct Piece {
    uint64_t end;
    Map map;
    bool is_constant;
  };
  static std::vector<Piece> CutIntoPieces(const std::vector<std::vector<double>>& rows);

  std::vector<std::vector<double>> transition_;
  std::vector<double> first_;
  std::vector<Piece> pieces_;        // of all periods but ...
  std::vector<Piece> first_pieces_;  // ... period 0
  uint64_t key_;
};

/// Probabilities that a step of the chain leaves as they are. Of several classes of states that never meet, each is as
/// likely as the states it has.
std::vector<double> StationaryProbabilities(const std::vector<std::vector<double>>& transition);

}  // namespace restock
