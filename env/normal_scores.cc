#include "env/normal_scores.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Eigenvalues>

#include "common/check.h"
#include "common/distributions.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr double kRounding = 1e-9;

// Cholesky's factor, also of matrices of less than full rank: a place that follows from others has no number of its own
CorrelationMatrix Factorize(const CorrelationMatrix& correlation) {
  CorrelationMatrix factor(correlation.size(), std::vector<double>(correlation.size()));
  for (size_t row = 0; row < factor.size(); ++row) {
    for (size_t column = 0; column <= row; ++column) {
      double rest = correlation[row][column];
      for (size_t i = 0; i < column; ++i) rest -= factor[row][i] * factor[column][i];
      if (column == row) {
        factor[row][row] = rest > kRounding ? std::sqrt(rest) : 0;
      } else if (factor[column][column] > 0) {
        factor[row][column] = rest / factor[column][column];
      }
    }
  }
  return factor;
}

}  // namespace

CorrelationMatrix NormalScores::Equal(int num_places, double correlation) {
  CorrelationMatrix matrix(Index(num_places), std::vector<double>(Index(num_places), correlation));
  for (size_t place = 0; place < matrix.size(); ++place) matrix[place][place] = 1;
  return matrix;
}

bool NormalScores::IsPossible(const CorrelationMatrix& correlation) {
  const auto size = static_cast<Eigen::Index>(correlation.size());
  Eigen::MatrixXd matrix(size, size);
  for (size_t row = 0; row < correlation.size(); ++row) {
    if (correlation[row].size() != correlation.size() || correlation[row][row] != 1) return false;
    for (size_t column = 0; column < correlation.size(); ++column) {
      if (correlation[column].size() != correlation.size()) return false;
      if (correlation[row][column] != correlation[column][row]) return false;
      matrix(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column)) = correlation[row][column];
    }
  }
  return size > 0 &&
         Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(matrix, Eigen::EigenvaluesOnly).eigenvalues()(0) >= -kRounding;
}

NormalScores::NormalScores(const CorrelationMatrix& correlation, const Random& random)
    : factor_(Factorize(correlation)), uniforms_(random) {
  RESTOCK_CHECK(IsPossible(correlation));
}

// From the last place to the first, so that each number can be replaced by the sum that needs those before it.
void NormalScores::Draw(int period, std::span<const int> scenarios, double* scores) const {
  for (int place = 0; place < num_places(); ++place) {
    double* row = scores + place * kBlockSize;
    uniforms_.Draw(period, scenarios, place, row);
    for (int env = 0; env < kBlockSize; ++env) row[env] = NormalQuantile(row[env]);
  }
  for (int place = num_places(); place-- > 0;) {
    double* sum = scores + place * kBlockSize;
    for (int env = 0; env < kBlockSize; ++env) sum[env] *= factor_[Index(place)][Index(place)];
    for (int other = 0; other < place; ++other) {
      const double weight = factor_[Index(place)][Index(other)];
      const double* row = scores + other * kBlockSize;
      for (int env = 0; env < kBlockSize; ++env) sum[env] += weight * row[env];
    }
  }
}

}  // namespace restock
