#include <algorithm>
#include <cmath>
#include <utility>

#include <Eigen/Cholesky>

#include "common/check.h"
#include "forecasting/attribution.h"

namespace restock {
namespace {

constexpr double kKernelWidth = 0.75;  // times the root of the number of inputs, as in the authors' program
constexpr double kRidge = 1e-6;        // of the weights, relative to the sum of the kernel
constexpr int kMostInputs = 16;        // of which all coalitions may be listed

/// The coalitions to learn from, one in a row: 1 where an input is as it is. The first is the full one, the second the
/// empty one.
Eigen::MatrixXd Coalitions(int num_inputs, int num_evaluations, RandomStream& stream) {
  const bool all = num_inputs <= kMostInputs && 1 << num_inputs <= std::max(2, num_evaluations);
  const int count = all ? 1 << num_inputs : std::max(num_evaluations, num_inputs + 2);
  Eigen::MatrixXd rows = Eigen::MatrixXd::Ones(count, num_inputs);
  if (count > 1) rows.row(1).setZero();
  std::vector<int> inputs(static_cast<size_t>(num_inputs));
  for (int i = 0; i < num_inputs; ++i) inputs[static_cast<size_t>(i)] = i;
  for (int row = 2; row < count; ++row) {
    if (all) {
      // the numbers 1 ... count - 2 in binary
      for (int input = 0; input < num_inputs; ++input) rows(row, input) = (row - 1) >> input & 1;
      continue;
    }
    // some of the inputs, any number of them
    const int num_absent = 1 + stream.UniformInt(num_inputs);
    for (int i = 0; i < num_absent; ++i) {
      std::swap(inputs[static_cast<size_t>(i)], inputs[static_cast<size_t>(i + stream.UniformInt(num_inputs - i))]);
      rows(row, inputs[static_cast<size_t>(i)]) = 0;
    }
  }
  return rows;
}

Eigen::MatrixXd Play(const CoalitionGame& game, const Eigen::MatrixXd& rows) {
  Eigen::MatrixXd values;
  for (Eigen::Index row = 0; row < rows.rows(); ++row) {
    Coalition coalition(static_cast<size_t>(rows.cols()));
    for (Eigen::Index input = 0; input < rows.cols(); ++input)
      coalition[static_cast<size_t>(input)] = rows(row, input) > 0.5;
    const Eigen::VectorXd value = game(coalition);
    if (row == 0) values.resize(rows.rows(), value.size());
    values.row(row) = value;
  }
  return values;
}

}  // namespace

Attribution LimeWeights(const CoalitionGame& game, int num_inputs, int num_evaluations, RandomStream stream) {
  RESTOCK_CHECK_GE(num_inputs, 0);
  const Eigen::MatrixXd rows = Coalitions(num_inputs, num_evaluations, stream);
  const Eigen::MatrixXd values = Play(game, rows);

  // the nearer a coalition is to the full one, the more it counts
  const Eigen::ArrayXd absent = static_cast<double>(num_inputs) - rows.rowwise().sum().array();
  const Eigen::VectorXd kernel = (-absent / (kKernelWidth * kKernelWidth * std::max(1, num_inputs))).exp();
  const Eigen::VectorXd weight = kernel / kernel.sum();

  // weighted ridge around the weighted means
  const Eigen::RowVectorXd mean_row = weight.transpose() * rows, mean_value = weight.transpose() * values;
  const Eigen::MatrixXd centred = rows.rowwise() - mean_row, around = values.rowwise() - mean_value;
  Eigen::MatrixXd normal = centred.transpose() * weight.asDiagonal() * centred;
  normal.diagonal().array() += kRidge;
  Attribution lime;
  lime.contribution = normal.ldlt().solve(centred.transpose() * weight.asDiagonal() * around);
  lime.standard_error = Eigen::MatrixXd::Zero(num_inputs, values.cols());
  lime.value = values.row(0);
  lime.baseline = mean_value - mean_row * lime.contribution;

  // how much of the game the line tells
  const Eigen::MatrixXd rest = around - centred * lime.contribution;
  const Eigen::VectorXd unexplained = (weight.transpose() * rest.cwiseAbs2()).transpose();
  const Eigen::VectorXd total = (weight.transpose() * around.cwiseAbs2()).transpose();
  lime.fidelity = (total.array() > 1e-12 * (1 + values.cwiseAbs2().colwise().maxCoeff().transpose().array()))
                      .select(1 - unexplained.array() / total.array().max(1e-300), 1.0);
  return lime;
}

}  // namespace restock
