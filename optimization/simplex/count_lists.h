#pragma once

#include "optimization/simplex/array.h"

namespace restock::simplex {

/// Items by a small count, in one doubly linked list for each count: rows or columns by their number of entries, so
/// that those with the fewest are found, and moved, at once (Duff, Erisman & Reid 1986).
class CountLists {
 public:
  /// Empty lists for items, and counts, of up to `size`.
  void Reset(int size);
  void Insert(int item, int count);
  /// Does nothing for an item that is in no list.
  void Remove(int item);
  int first(int count) const { return first_[count]; }  // -1: none
  int next(int item) const { return next_[item]; }      // -1: the last

 private:
  Array<int> first_, next_, previous_, count_;
};

}  // namespace restock::simplex
