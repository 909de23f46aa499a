#include "forecasting/score_copula.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

namespace restock {
namespace {

using Eigen::MatrixXd;
using Eigen::MatrixXf;
using Eigen::VectorXd;

constexpr int kMostFactors = 5;
constexpr double kMostCommunality = 0.8;  // of a score's variance that factors may explain
constexpr double kShrinkage = 0.1;        // of the correlation over steps towards none

/// All scores one below the other.  (num_origins * num_steps, num_series)
MatrixXf Stacked(const PastScores& scores) {
  const Eigen::Index num_steps = scores.front().rows();
  MatrixXf all(num_steps * static_cast<Eigen::Index>(scores.size()), scores.front().cols());
  for (size_t i = 0; i < scores.size(); ++i)
    all.middleRows(static_cast<Eigen::Index>(i) * num_steps, num_steps) = scores[i];
  return all;
}

/// The rows of which something is known: from the last origins no demand is known many steps ahead.
MatrixXf KnownRows(const MatrixXf& all) {
  MatrixXf known(all.rows(), all.cols());
  Eigen::Index count = 0;
  for (Eigen::Index row = 0; row < all.rows(); ++row) {
    if (!all.row(row).array().isNaN().all()) known.row(count++) = all.row(row);
  }
  return known.topRows(count);
}

/// Principal components over series, their variance shrunk.  (num_series, num_factors)
MatrixXf Loadings(MatrixXf all, Eigen::Index num_origins) {
  // what is not known counts as zero, and what is known for it, so that products of two series are right on average
  for (auto column : all.colwise()) {
    const auto num_known = static_cast<float>((column.array() == column.array()).count());
    column =
        column.array().isNaN().select(0.f, column) * (static_cast<float>(column.size()) / std::max(num_known, 1.f));
  }

  // the smaller of the two cross products: both have the same eigenvalues above zero
  const bool few_rows = all.rows() <= all.cols();
  const MatrixXf cross = few_rows ? MatrixXf(all * all.transpose()) : MatrixXf(all.transpose() * all);
  const MatrixXd gram = cross.cast<double>() / static_cast<double>(all.rows());
  const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(gram);
  const VectorXd& values = eigen.eigenvalues();  // ascending

  // what noise alone would give: the mean of the components left, of which there are as many as independent origins
  const Eigen::Index num_left = std::max<Eigen::Index>(1, std::min(num_origins, all.rows()) - kMostFactors);
  const double noise =
      values.head(std::max<Eigen::Index>(0, values.size() - kMostFactors)).sum() / static_cast<double>(num_left);
  MatrixXf loadings(all.cols(), kMostFactors);
  Eigen::Index num_factors = 0;
  for (Eigen::Index k = values.size() - 1; k >= std::max<Eigen::Index>(0, values.size() - kMostFactors); --k) {
    const double signal = values[k] - noise;
    if (signal <= 0) break;
    const Eigen::VectorXf vector = eigen.eigenvectors().col(k).cast<float>();
    const Eigen::VectorXf direction = few_rows ? (all.transpose() * vector).normalized() : vector;
    loadings.col(num_factors++) = direction * static_cast<float>(std::sqrt(signal));
  }
  loadings.conservativeResize(Eigen::NoChange, num_factors);
  return loadings;
}

void LimitCommunality(MatrixXf& loadings) {
  for (Eigen::Index series = 0; series < loadings.rows(); ++series) {
    const double communality = loadings.row(series).squaredNorm();
    if (communality > kMostCommunality)
      loadings.row(series) *= static_cast<float>(std::sqrt(kMostCommunality / communality));
  }
}

/// The factors behind scores, by ridge regression on those that are known.  (num_steps, num_factors)
MatrixXf Factors(const MatrixXf& scores, const MatrixXf& loadings) {
  MatrixXf factors(scores.rows(), loadings.cols());
  for (Eigen::Index step = 0; step < scores.rows(); ++step) {
    MatrixXf normal = MatrixXf::Identity(loadings.cols(), loadings.cols());
    Eigen::VectorXf right = Eigen::VectorXf::Zero(loadings.cols());
    for (Eigen::Index series = 0; series < scores.cols(); ++series) {
      const float score = scores(step, series);
      if (std::isnan(score)) continue;
      normal.noalias() += loadings.row(series).transpose() * loadings.row(series);
      right += score * loadings.row(series).transpose();
    }
    factors.row(step) = normal.ldlt().solve(right).transpose();
  }
  return factors;
}

/// Correlation of two steps ahead, over all origins and columns, shrunk.  `values`: by origin (num_steps, num_columns)
MatrixXf StepCorrelation(const std::vector<MatrixXf>& values) {
  MatrixXf correlation = EstimateStepCorrelation(values) * static_cast<float>(1 - kShrinkage);
  correlation.diagonal().setOnes();
  return correlation;
}

/// A root of the correlation over `num_steps` steps; further ones are as far apart as the last ones are.
MatrixXf RootOf(const MatrixXf& correlation, int num_steps) {
  MatrixXf wanted = MatrixXf::Identity(num_steps, num_steps);
  const auto last = static_cast<int>(correlation.rows()) - 1;
  for (int a = 0; a < num_steps && last > 0; ++a) {
    for (int b = 0; b < a; ++b) {
      const int distance = std::min(a - b, last);
      const bool known = a <= last;
      wanted(a, b) = wanted(b, a) = known ? correlation(a, b) : correlation(last, last - distance);
    }
  }
  // estimates of pairs need not fit together: negative variances are cut off
  const Eigen::SelfAdjointEigenSolver<MatrixXf> eigen(wanted);
  MatrixXf root = eigen.eigenvectors() * eigen.eigenvalues().cwiseMax(1e-4f).cwiseSqrt().asDiagonal();
  return root.array().colwise() / root.rowwise().norm().array();
}

MatrixXf NormalMatrix(Eigen::Index rows, Eigen::Index cols, RandomStream stream) {
  MatrixXf normals(rows, cols);
  for (float& value : normals.reshaped()) value = static_cast<float>(stream.Normal());
  return normals;
}

}  // namespace

ScoreCopula::ScoreCopula(const PastScores& scores, const SeriesGroups& groups)
    : ScoreCopula(scores, groups, ChooseFactorStrength(scores, groups)) {}

ScoreCopula::ScoreCopula(const PastScores& scores, const SeriesGroups& groups, float factor_strength) {
  if (scores.empty()) return;
  const MatrixXf all = Stacked(scores);
  const float in_common = EstimateCommonShares(all, groups).all;
  loadings_ = MatrixXf::Constant(all.cols(), 1, std::sqrt(in_common));
  if (factor_strength > 0) {
    const MatrixXf left = KnownRows(all - Factors(all, loadings_) * loadings_.transpose());
    const MatrixXf more = std::sqrt(factor_strength) * Loadings(left, static_cast<Eigen::Index>(scores.size()));
    loadings_.conservativeResize(Eigen::NoChange, 1 + more.cols());
    loadings_.rightCols(more.cols()) = more;
  }
  LimitCommunality(loadings_);

  // factors of each origin, and what they leave
  std::vector<MatrixXf> factors, left;
  const Eigen::Index num_steps = scores.front().rows();
  MatrixXf left_of_all(all.rows(), all.cols());
  for (size_t i = 0; i < scores.size(); ++i) {
    factors.push_back(Factors(scores[i], loadings_));
    left.push_back(scores[i] - factors.back() * loadings_.transpose());  // NaN stays
    left_of_all.middleRows(static_cast<Eigen::Index>(i) * num_steps, num_steps) = left.back();
  }
  factor_correlation_ = StepCorrelation(factors);
  own_correlation_ = StepCorrelation(left);
  shares_ = EstimateCommonShares(left_of_all, groups);
  shares_.all = 0;  // the first factor has it
}

float ScoreCopula::Correlation(const SeriesGroups& groups, int series, int other) const {
  const auto one = static_cast<size_t>(series), two = static_cast<size_t>(other);
  const float in_common = (groups.warehouse[one] == groups.warehouse[two] ? shares_.warehouse : 0.f) +
                          (groups.sku[one] == groups.sku[two] ? shares_.sku : 0.f);
  return loadings_.row(series).dot(loadings_.row(other)) + in_common * std::sqrt(Left(series) * Left(other));
}

float ScoreCopula::Left(int series) const { return std::max(0.f, 1 - loadings_.row(series).squaredNorm()); }

ScoreCopula::StepRoots ScoreCopula::RootsOf(int num_steps) const {
  return {RootOf(factor_correlation_, num_steps), RootOf(own_correlation_, num_steps)};
}

MatrixXf ScoreCopula::Draw(const SeriesGroups& groups, const StepRoots& roots, const Random& random) const {
  const auto num_series = static_cast<Eigen::Index>(groups.sku.size());
  const Eigen::Index num_steps = roots.own.rows();
  const auto draw = [&](const char* name, Eigen::Index count) -> MatrixXf {
    return roots.own * NormalMatrix(num_steps, count, random.Stream(name).At(0));
  };
  const float own_share = 1 - shares_.warehouse - shares_.sku;
  MatrixXf scores = std::sqrt(own_share) * draw("own", num_series);
  if (shares_.warehouse > 0 || shares_.sku > 0) {
    const MatrixXf warehouse = draw("warehouse", groups.num_warehouses), sku = draw("sku", groups.num_skus);
    for (Eigen::Index series = 0; series < num_series; ++series) {
      const auto s = static_cast<size_t>(series);
      scores.col(series) += std::sqrt(shares_.warehouse) * warehouse.col(groups.warehouse[s]) +
                            std::sqrt(shares_.sku) * sku.col(groups.sku[s]);
    }
  }
  if (num_factors() == 0) return scores;
  const MatrixXf factors = roots.factors * NormalMatrix(num_steps, num_factors(), random.Stream("factors").At(0));
  const Eigen::ArrayXf kept = (1 - loadings_.rowwise().squaredNorm().array()).max(0.f).sqrt();
  scores.array().rowwise() *= kept.transpose();
  scores.noalias() += factors * loadings_.transpose();
  return scores;
}

void ScoreCopula::Save(SectionFileWriter& file) const {
  const int64_t sizes[] = {loadings_.rows(), loadings_.cols(), own_correlation_.rows()};
  file.AddValues("copula/sizes", sizes, 3);
  file.AddValues("copula/loadings", loadings_.data(), static_cast<size_t>(loadings_.size()));
  file.AddValues("copula/factors", factor_correlation_.data(), static_cast<size_t>(factor_correlation_.size()));
  file.AddValues("copula/own", own_correlation_.data(), static_cast<size_t>(own_correlation_.size()));
  file.AddValues("copula/shares", &shares_, 1);
}

void ScoreCopula::Load(const SectionFileReader& file) {
  const auto sizes = file.GetValues<int64_t>("copula/sizes");
  const auto load = [&](const char* name, int64_t rows, int64_t cols) -> MatrixXf {
    const auto values = file.GetValues<float>(name);
    return Eigen::Map<const MatrixXf>(values.data(), rows, cols);
  };
  loadings_ = load("copula/loadings", sizes.at(0), sizes.at(1));
  factor_correlation_ = load("copula/factors", sizes.at(2), sizes.at(2));
  own_correlation_ = load("copula/own", sizes.at(2), sizes.at(2));
  shares_ = file.GetValues<CommonShares>("copula/shares").at(0);
}

}  // namespace restock
