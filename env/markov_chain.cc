#include "env/markov_chain.h"

#include <algorithm>
#include <cmath>

#include "common/check.h"
#include "env/philox_rows.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

std::vector<double> Step(const std::vector<std::vector<double>>& transition, const std::vector<double>& probability) {
  std::vector<double> next(probability.size());
  for (size_t from = 0; from < probability.size(); ++from) {
    for (size_t to = 0; to < next.size(); ++to) next[to] += probability[from] * transition[from][to];
  }
  return next;
}

}  // namespace

std::vector<double> StationaryProbabilities(const std::vector<std::vector<double>>& transition) {
  const size_t size = transition.size();
  // a step taken only every second time on average has the same stationary probabilities, and no cycles
  std::vector<std::vector<double>> lazy = transition;
  for (size_t from = 0; from < size; ++from) {
    for (size_t to = 0; to < size; ++to) lazy[from][to] = 0.5 * (transition[from][to] + (from == to ? 1 : 0));
  }
  // 2^60 steps, by squaring
  for (int round = 0; round < 60; ++round) {
    std::vector<std::vector<double>> square;
    for (const std::vector<double>& row : lazy) {
      square.push_back(Step(lazy, row));
      double total = 0;
      for (const double one : square.back()) total += one;
      for (double& one : square.back()) one /= total;
    }
    lazy = std::move(square);
  }
  return Step(lazy, std::vector<double>(size, 1 / static_cast<double>(size)));
}

MarkovChain::MarkovChain(std::vector<std::vector<double>> transition, std::vector<double> first, const Random& random)
    : transition_(std::move(transition)), first_(std::move(first)), key_(random.key()) {
  RESTOCK_CHECK(num_states() >= 1 && num_states() <= kMaxStates);
  if (first_.empty()) first_ = StationaryProbabilities(transition_);
  for (const std::vector<double>& row : transition_) RESTOCK_CHECK_EQ(row.size(), transition_.size());
  RESTOCK_CHECK_EQ(first_.size(), transition_.size());
  pieces_ = CutIntoPieces(transition_);
  first_pieces_ = CutIntoPieces(std::vector<std::vector<double>>(transition_.size(), first_));
}

// What all rows have in common comes first, so that all states go to the same one as often as can be (Murdoch & Green
// 1998, the multigamma coupler); behind it each row has what is its own.
std::vector<MarkovChain::Piece> MarkovChain::CutIntoPieces(const std::vector<std::vector<double>>& rows) {
  const size_t size = rows.size();
  std::vector<std::vector<double>> ends(size);  // of each row: where its 2 x size parts end
  for (const bool in_common : {true, false}) {
    for (size_t to = 0; to < size; ++to) {
      double common = 1;
      for (const std::vector<double>& row : rows) common = std::min(common, row[to]);
      for (size_t from = 0; from < size; ++from)
        ends[from].push_back((ends[from].empty() ? 0 : ends[from].back()) +
                             (in_common ? common : rows[from][to] - common));
    }
  }

  // cut wherever a part of some row ends
  std::vector<uint64_t> cuts = {uint64_t{1} << 32};
  const auto to_words = [](double probability) {
    return static_cast<uint64_t>(std::llround(std::clamp(probability, 0.0, 1.0) * 0x1p32));
  };
  for (const std::vector<double>& row : ends)
    for (const double end : row) cuts.push_back(to_words(end));
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  std::erase(cuts, uint64_t{0});

  std::vector<Piece> pieces;
  uint64_t begin = 0;
  for (const uint64_t end : cuts) {
    Piece piece{end, {}, true};
    for (size_t from = 0; from < size; ++from) {
      size_t part = 0;
      while (part + 1 < 2 * size && to_words(ends[from][part]) <= begin) ++part;
      piece.map[from] = static_cast<uint8_t>(part % size);
      piece.is_constant &= piece.map[from] == piece.map[0];
    }
    pieces.push_back(piece);
    begin = end;
  }
  return pieces;
}

void MarkovChain::States(int period, std::span<const int> scenarios, int index, uint8_t* state) const {
  std::array<uint64_t, kBlockSize> scenario;
  for (size_t env = 0; env < kBlockSize; ++env) scenario[env] = static_cast<uint32_t>(scenarios[env]);
  std::array<Map, kBlockSize> map;  // from the state after period t to that of `period`
  for (Map& one : map)
    for (size_t from = 0; from < kMaxStates; ++from) one[from] = static_cast<uint8_t>(from);

  // environments whose state is not yet known
  std::array<size_t, kBlockSize> open;
  for (size_t env = 0; env < kBlockSize; ++env) open[env] = env;
  size_t num_open = kBlockSize;

  PhiloxWords words;  // one counter gives those of four periods
  for (int t = period; num_open > 0; --t) {
    if (t == period || t % 4 == 3)
      PhiloxRows(scenario, static_cast<uint32_t>(t / 4), static_cast<uint32_t>(index), 0, key_, words);
    const std::vector<Piece>& pieces = t == 0 ? first_pieces_ : pieces_;
    size_t still_open = 0;
    for (size_t i = 0; i < num_open; ++i) {
      const size_t env = open[i];
      size_t piece = 0;
      while (words[Index(t % 4)][env] >= pieces[piece].end) ++piece;
      const Map& step = pieces[piece].map;
      if (pieces[piece].is_constant) {
        state[env] = map[env][step[0]];
        continue;
      }
      Map composed;
      for (size_t from = 0; from < kMaxStates; ++from) composed[from] = map[env][step[from]];
      map[env] = composed;
      const auto end = composed.begin() + num_states();
      if (std::all_of(composed.begin(), end, [&](uint8_t to) { return to == composed[0]; })) {
        state[env] = composed[0];
      } else {
        open[still_open++] = env;
      }
    }
    num_open = still_open;
  }
}

std::vector<double> MarkovChain::After(int periods, std::vector<double> probability) const {
  for (int i = 0; i < periods; ++i) probability = Step(transition_, probability);
  return probability;
}

}  // namespace restock
