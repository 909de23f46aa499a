#pragma once

#include <vector>

#include <Eigen/Core>

#include "common/file.h"
#include "common/random.h"
#include "forecasting/error_dependence.h"
#include "forecasting/factor_strength.h"
#include "forecasting/past_scores.h"

namespace restock {

/// How the normal scores of forecasts hang together, over the steps ahead and across series: a Gaussian copula. A score
/// is a few factors that all series share, parts of its warehouse and of its SKU, and a part of its own,
///
///   z_it = sum_k L_ik f_kt + sqrt(1 - |L_i|^2) (sqrt(w) g_(warehouse of i)t + sqrt(s) g_(sku of i)t + sqrt(1 - w - s)
///   e_it),
///
/// each correlated over the steps t. The first factor weighs all series alike: the correlation that two series have on
/// average, which many pairs tell (the target of Ledoit & Wolf 2004). The others are principal components of what it
/// leaves, their variance shrunk by that of noise (spiked covariance: Johnstone 2001) and then as far as later scores
/// bear them out (ChooseFactorStrength).
class ScoreCopula {
 public:
  ScoreCopula() = default;  // all is independent
  ScoreCopula(const PastScores& scores, const SeriesGroups& groups);
  /// With so much of the principal components' share, 0 to 1.
  ScoreCopula(const PastScores& scores, const SeriesGroups& groups, float factor_strength);

  int num_factors() const { return static_cast<int>(loadings_.cols()); }
  const Eigen::MatrixXf& loadings() const { return loadings_; }
  const CommonShares& shares() const { return shares_; }
  /// Of two steps ahead, for the factors and for all else.
  const Eigen::MatrixXf& factor_correlation() const { return factor_correlation_; }
  const Eigen::MatrixXf& own_correlation() const { return own_correlation_; }

  /// Of two series at one step.
  float Correlation(const SeriesGroups& groups, int series, int other) const;

  /// Roots of the correlation over so many steps, which all paths share. Steps beyond those that were learned from go
  /// on as the last.
  struct StepRoots {
    Eigen::MatrixXf factors, own;  // (num_steps, num_steps)
  };
  StepRoots RootsOf(int num_steps) const;
  /// Scores of one path.  (num_steps, num_series)
  Eigen::MatrixXf Draw(const SeriesGroups& groups, const StepRoots& roots, const Random& random) const;

  void Save(SectionFileWriter& file) const;
  void Load(const SectionFileReader& file);

 private:
  float Left(int series) const;  // share of the variance that factors leave

  Eigen::MatrixXf loadings_;                              // (num_series, num_factors)
  CommonShares shares_;                                   // of what the factors leave
  Eigen::MatrixXf factor_correlation_, own_correlation_;  // (num_steps, num_steps)
};

}  // namespace restock
