#pragma once

#include <Eigen/Core>

namespace restock {

/// Principal components (Pearson 1901; Jolliffe 2002, chapter 2) of standardised features: directions in which the rows
/// differ most, at right angles, the first explaining most.
///
///   const Pca pca(features, 0.9);             // as many components as explain 90 % of the variance
///   Eigen::MatrixXd scores = pca.Scores(features);
class Pca {
 public:
  /// `features`: all finite, at least one row  (num_rows, num_features). Features that do not vary count nothing.
  /// Throws DataError otherwise. The sign of a component is such that its largest loading is positive.
  Pca(const Eigen::MatrixXd& features, double explained_share);

  Eigen::Index num_components() const { return loadings_.cols(); }
  /// Share of the variance that each kept component explains.  (num_components)
  const Eigen::VectorXd& explained() const { return explained_; }
  /// Of features in their order, for each component.  (num_features, num_components)
  const Eigen::MatrixXd& loadings() const { return loadings_; }
  /// Rows in coordinates of the components.  (num_rows, num_components)
  Eigen::MatrixXd Scores(const Eigen::MatrixXd& features) const;

 private:
  Eigen::RowVectorXd mean_, scale_;
  Eigen::VectorXd explained_;
  Eigen::MatrixXd loadings_;
};

}  // namespace restock
