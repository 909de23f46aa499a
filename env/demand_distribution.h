#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/config_node.h"
#include "common/count_probabilities.h"

namespace restock {

enum class DemandKind {
  kPoisson,
  kGeometric,
  kNegativeBinomial,
  kUniform,
  kRoundedGamma,
  kRoundedNormal,
  kTwoMoments,
  kNormal,
  kClippedNormal,
};

/// First two moments of a quantity.
struct Moments {
  double mean = 0;
  double variance = 0;
  friend Moments operator+(const Moments& a, const Moments& b) { return {a.mean + b.mean, a.variance + b.variance}; }
};

/// The distribution of a period's demand by its name and parameters. Each kind uses those that it needs.
struct DemandDistribution {
  DemandKind kind = DemandKind::kPoisson;
  double mean = 0;                // before rounding and clipping
  double dispersion = 1;          // of a negative binomial: variance mean + mean^2 / dispersion
  double standard_deviation = 1;  // of rounded gamma and of normals before rounding and clipping, of two moments
  int low = 0, high = 0;          // of a uniform, both ends belong to it

  /// Any real number instead of whole units.
  bool is_normal() const { return kind == DemandKind::kNormal || kind == DemandKind::kClippedNormal; }
  /// Demand that is `factor` times as large on average, with the same coefficient of variation or dispersion. Not for
  /// a uniform.
  DemandDistribution Times(double factor) const;
  /// Of whole units.
  CountProbabilities Counts() const;
  /// Of the demand as it comes, rounded and clipped.
  Moments moments() const;
};

/// The words for the kinds, in the order of DemandKind.
const std::vector<std::string>& DemandKindNames();
/// Reads `kind` and what this kind needs:
///
///   {kind: poisson, mean: 5}
///   {kind: geometric, mean: 5}                                     P(d) = (1 - q) q^d
///   {kind: negative_binomial, mean: 5, dispersion: 2}              variance mean + mean^2 / dispersion
///   {kind: uniform, low: 0, high: 4}
///   {kind: rounded_gamma, mean: 4, coefficient_of_variation: 0.5}
///   {kind: rounded_normal, mean: 50, standard_deviation: 8}        below zero: zero
///   {kind: two_moments, mean: 4, standard_deviation: 3}            see TwoMomentProbabilities
///   {kind: normal, mean: 50, standard_deviation: 8}                of goods that can be divided; below zero: returned
///   {kind: clipped_normal, mean: 50, standard_deviation: 8}        the same; below zero: zero
///
/// Gamma and normals take standard_deviation or coefficient_of_variation. Throws ConfigError with file, line, value and
/// cure.
DemandDistribution ReadDemandDistribution(ConfigNode& node);

Moments MomentsOf(std::span<const double> probabilities);
/// Of max(0, X), X normal.
Moments MomentsOfClippedNormal(double mean, double standard_deviation);
/// Mean and standard deviation of the normal that has these moments after it was clipped at zero; mean > 0.
std::pair<double, double> NormalBeforeClipping(const Moments& clipped);

/// Draws from a distribution by inversion: a larger uniform number gives larger demand.
class DemandQuantiles {
 public:
  explicit DemandQuantiles(const DemandDistribution& distribution);

  bool needs_normal() const { return is_normal_; }
  /// Of a standard normal number, where the distribution is one of normals.
  float OfNormal(double normal) const {
    const double demand = mean_ + standard_deviation_ * normal;
    return static_cast<float>(is_clipped_ && demand < 0 ? 0 : demand);
  }
  /// Of a uniform number, 0 <= uniform < 1, where it is not.
  float OfUniform(double uniform) const {
    auto count = static_cast<size_t>(first_[static_cast<size_t>(uniform * static_cast<double>(first_.size()))]);
    while (cumulative_[count] <= uniform) ++count;
    return static_cast<float>(count);
  }

 private:
  bool is_normal_;
  bool is_clipped_;
  double mean_;
  double standard_deviation_;
  std::vector<double> cumulative_;  // P(X <= count); the last is 1
  std::vector<int> first_;          // by pieces of the unit interval of equal length: smallest count of each
};

}  // namespace restock
