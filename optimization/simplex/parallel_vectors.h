#pragma once

#include <span>
#include <vector>

namespace restock::simplex {

/// Sparse vectors, one after the other: the rows or the columns of a matrix, of which presolve has taken out some.
struct VectorList {
  std::span<const int> start;            // (num_vectors + 1)
  std::span<const int> index;            // (num_entries)
  std::span<const double> value;         // (num_entries)
  const std::vector<bool>& lives;        // (num_vectors)
  const std::vector<bool>& entry_lives;  // by index
};

struct ParallelPair {
  int first;
  int second;
  double multiple;  // second = multiple * first, exactly
};

/// Vectors that are multiples of another one that comes before them: sorted by a hash of where their entries stand,
/// neighbours are compared (Tomlin & Welch 1986; Andersen & Andersen 1995, section 3.5). A vector that is the second of
/// a pair is the first of none. Empty ones are not looked at.
std::vector<ParallelPair> FindParallel(const VectorList& vectors);

}  // namespace restock::simplex
