#include "optimization/simplex/count_lists.h"

namespace restock::simplex {

void CountLists::Reset(int size) {
  first_.Assign(size + 1, -1);
  next_.Assign(size, -1);
  previous_.Assign(size, -1);
  count_.Assign(size, -1);
}

void CountLists::Insert(int item, int count) {
  next_[item] = first_[count];
  previous_[item] = -1;
  count_[item] = count;
  if (first_[count] >= 0) previous_[first_[count]] = item;
  first_[count] = item;
}

void CountLists::Remove(int item) {
  if (count_[item] < 0) return;
  if (previous_[item] >= 0) {
    next_[previous_[item]] = next_[item];
  } else {
    first_[count_[item]] = next_[item];
  }
  if (next_[item] >= 0) previous_[next_[item]] = previous_[item];
  count_[item] = -1;
}

}  // namespace restock::simplex
