#pragma once

#include <algorithm>

#include <Eigen/Core>

namespace restock {

// What the bodies do on all paths at once; a column is a path.

inline void ApplySigmoid(Eigen::Ref<Eigen::MatrixXf> x) { x = (1 + (-x.array()).exp()).inverse(); }
inline void ApplyTanh(Eigen::Ref<Eigen::MatrixXf> x) { x = x.array().tanh(); }

/// weights * x + bias.  `bias`: a column
inline Eigen::MatrixXf Linear(const Eigen::MatrixXf& weights, const Eigen::MatrixXf& bias,
                              const Eigen::Ref<const Eigen::MatrixXf>& x) {
  Eigen::MatrixXf y = weights * x;
  y.colwise() += bias.col(0);
  return y;
}

/// A queue of `length` values in the rows from `first` on: drops the oldest, which stands first, and takes `values` in
/// at the end.  `values`: (values.rows(), num_paths), length a multiple of its rows
inline void PushIntoQueue(const Eigen::MatrixXf& values, Eigen::Index first, Eigen::Index length,
                          Eigen::MatrixXf& state) {
  const Eigen::Index size = values.rows();
  for (Eigen::Index path = 0; path < state.cols(); ++path) {
    float* queue = state.col(path).data() + first;
    std::copy(queue + size, queue + length, queue);
    std::copy_n(values.col(path).data(), size, queue + length - size);
  }
}

}  // namespace restock
