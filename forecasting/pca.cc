#include "forecasting/pca.h"

#include <Eigen/Eigenvalues>

#include "common/error.h"

namespace restock {

Pca::Pca(const Eigen::MatrixXd& features, double explained_share) {
  if (features.rows() == 0 || features.cols() == 0 || !features.allFinite())
    throw DataError("Principal components need at least one row of known, finite features.");
  mean_ = features.colwise().mean();
  const Eigen::MatrixXd centred = features.rowwise() - mean_;
  const auto num_rows = static_cast<double>(features.rows());
  scale_ = (centred.array().square().colwise().sum() / num_rows).sqrt();
  // what does not vary but for rounding stays zero
  for (Eigen::Index i = 0; i < scale_.size(); ++i)
    if (!(scale_[i] > 1e-12 * (1 + std::abs(mean_[i])))) scale_[i] = 0;
  const Eigen::RowVectorXd inverse = (scale_.array() > 0).select(1 / scale_.array(), 0.0);
  const Eigen::MatrixXd standard = centred * inverse.asDiagonal();

  // eigenvectors come in ascending order of their eigenvalues
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(standard.transpose() * standard / num_rows);
  const Eigen::VectorXd values = solver.eigenvalues().reverse().cwiseMax(0);
  const double total = values.sum();
  Eigen::Index count = 0;
  for (double sum = 0; count < values.size() && (count == 0 || sum < explained_share * total * (1 - 1e-12)); ++count)
    sum += values[count];
  explained_ = total > 0 ? Eigen::VectorXd(values.head(count) / total) : Eigen::VectorXd::Zero(count);
  loadings_ = solver.eigenvectors().rowwise().reverse().leftCols(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    Eigen::Index largest = 0;
    loadings_.col(i).cwiseAbs().maxCoeff(&largest);
    if (loadings_(largest, i) < 0) loadings_.col(i) *= -1;
  }
}

Eigen::MatrixXd Pca::Scores(const Eigen::MatrixXd& features) const {
  const Eigen::RowVectorXd inverse = (scale_.array() > 0).select(1 / scale_.array(), 0.0);
  return (features.rowwise() - mean_) * inverse.asDiagonal() * loadings_;
}

}  // namespace restock
