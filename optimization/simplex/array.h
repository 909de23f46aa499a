#pragma once

#include <cstddef>
#include <vector>

namespace restock::simplex {

/// A std::vector that is indexed by int: rows, columns and entries are counted so throughout the simplex.
template <class T>
class Array : public std::vector<T> {
 public:
  using std::vector<T>::vector;
  explicit Array(int size) : std::vector<T>(static_cast<std::size_t>(size)) {}
  Array(int size, const T& value) : std::vector<T>(static_cast<std::size_t>(size), value) {}

  T& operator[](int i) { return this->data()[i]; }
  const T& operator[](int i) const { return this->data()[i]; }
  int length() const { return static_cast<int>(this->size()); }
  void Resize(int size) { this->resize(static_cast<std::size_t>(size)); }
  void Assign(int size, const T& value) { this->assign(static_cast<std::size_t>(size), value); }
};

}  // namespace restock::simplex
