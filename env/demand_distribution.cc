#include "env/demand_distribution.h"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/normal.hpp>
#include <fmt/format.h>

#include "common/check.h"

namespace restock {
namespace {

constexpr double kLargestDeviation = 1e4;            // beyond it probabilities are too many to write out
constexpr double kLargestMeanOverDispersion = 1000;  // beyond it counts are too many to write out

// the spread of a normal or gamma, as it is or in relation to the mean
double ReadSpread(ConfigNode& node, double mean) {
  double standard_deviation = 1, coefficient_of_variation = 1;
  if (node.Has("standard_deviation") == node.Has("coefficient_of_variation"))
    node.Fail("needs either standard_deviation or coefficient_of_variation for this kind of demand");
  if (node.Has("standard_deviation")) {
    node.Read("standard_deviation", standard_deviation, AboveAndUpTo(0, kLargestDeviation));
    return standard_deviation;
  }
  node.Read("coefficient_of_variation", coefficient_of_variation, Above(0));
  if (mean == 0) node.Fail("coefficient_of_variation", "needs a mean above 0: give standard_deviation");
  return coefficient_of_variation * mean;
}

// a count lies beside its mean at least as far as the two whole numbers around it
double SmallestVariance(double mean) {
  const double fraction = mean - std::floor(mean);
  return fraction * (1 - fraction);
}

}  // namespace

const std::vector<std::string>& DemandKindNames() {
  static const std::vector<std::string> names = {"poisson",     "geometric",     "negative_binomial",
                                                 "uniform",     "rounded_gamma", "rounded_normal",
                                                 "two_moments", "normal",        "clipped_normal"};
  return names;
}

DemandDistribution ReadDemandDistribution(ConfigNode& node) {
  DemandDistribution demand;
  std::vector<std::pair<std::string, DemandKind>> kinds;
  for (const std::string& name : DemandKindNames()) kinds.emplace_back(name, static_cast<DemandKind>(kinds.size()));
  node.ReadChoice("kind", demand.kind, kinds);
  const auto require = [&](const char* key) {
    if (!node.Has(key)) node.Fail(fmt::format("needs {} for this kind of demand", key));
  };
  if (demand.kind == DemandKind::kUniform) {
    require("high");
    node.Read("low", demand.low, Between(0, 1000));
    node.Read("high", demand.high, Between(demand.low, 1000));
    return demand;
  }
  require("mean");
  const bool may_be_zero =
      demand.is_normal() || demand.kind == DemandKind::kRoundedNormal || demand.kind == DemandKind::kTwoMoments;
  node.Read("mean", demand.mean, may_be_zero ? Between(0, 1000) : AboveAndUpTo(0, 1000));
  switch (demand.kind) {
    case DemandKind::kNegativeBinomial:
      require("dispersion");
      node.Read("dispersion", demand.dispersion, AtLeast(demand.mean / kLargestMeanOverDispersion));
      break;
    case DemandKind::kTwoMoments:
      require("standard_deviation");
      node.Read("standard_deviation", demand.standard_deviation,
                Between(std::sqrt(SmallestVariance(demand.mean)), kLargestDeviation));
      break;
    case DemandKind::kRoundedGamma:
    case DemandKind::kRoundedNormal:
    case DemandKind::kNormal:
    case DemandKind::kClippedNormal:
      demand.standard_deviation = ReadSpread(node, demand.mean);
      break;
    default:
      break;
  }
  return demand;
}

DemandDistribution DemandDistribution::Times(double factor) const {
  RESTOCK_CHECK(factor >= 0 && kind != DemandKind::kUniform);
  DemandDistribution scaled = *this;
  scaled.mean *= factor;
  scaled.standard_deviation *= factor;
  return scaled;
}

CountProbabilities DemandDistribution::Counts() const {
  RESTOCK_CHECK(!is_normal());
  const bool is_nothing = kind == DemandKind::kRoundedNormal ? standard_deviation == 0 : mean == 0;
  if (kind == DemandKind::kUniform) return UniformProbabilities(low, high);
  if (is_nothing) return {1};
  switch (kind) {
    case DemandKind::kGeometric:
      return ProbabilitiesOf({mean, /*dispersion=*/1});
    case DemandKind::kNegativeBinomial:
      return ProbabilitiesOf({mean, dispersion});
    case DemandKind::kRoundedGamma:
      return RoundedGammaProbabilities(mean, standard_deviation / mean);
    case DemandKind::kRoundedNormal:
      return RoundedNormalProbabilities(mean, standard_deviation);
    case DemandKind::kTwoMoments:
      return TwoMomentProbabilities(mean, std::max(standard_deviation * standard_deviation, SmallestVariance(mean)));
    default:
      return ProbabilitiesOf({mean});
  }
}

Moments DemandDistribution::moments() const {
  const double variance = standard_deviation * standard_deviation;
  switch (kind) {
    case DemandKind::kPoisson:
      return {mean, mean};
    case DemandKind::kGeometric:
      return {mean, mean + mean * mean};
    case DemandKind::kNegativeBinomial:
      return {mean, mean + mean * mean / dispersion};
    case DemandKind::kTwoMoments:
      return {mean, std::max(variance, SmallestVariance(mean))};
    case DemandKind::kNormal:
      return {mean, variance};
    case DemandKind::kClippedNormal:
      return MomentsOfClippedNormal(mean, standard_deviation);
    default:
      return MomentsOf(Counts());
  }
}

Moments MomentsOf(std::span<const double> probabilities) {
  const double mean = MeanOf(probabilities);
  double variance = 0;
  for (size_t count = 0; count < probabilities.size(); ++count)
    variance += probabilities[count] * std::pow(static_cast<double>(count) - mean, 2);
  return {mean, variance};
}

Moments MomentsOfClippedNormal(double mean, double standard_deviation) {
  if (standard_deviation == 0) return {std::max(mean, 0.0), 0};
  const boost::math::normal_distribution<> normal;
  const double ratio = mean / standard_deviation;
  const double positive = boost::math::cdf(normal, ratio);
  const double density = boost::math::pdf(normal, ratio);
  const double first = mean * positive + standard_deviation * density;
  const double second =
      (mean * mean + standard_deviation * standard_deviation) * positive + mean * standard_deviation * density;
  return {first, std::max(second - first * first, 0.0)};
}

// The coefficient of variation falls as the ratio of mean to standard deviation grows.
std::pair<double, double> NormalBeforeClipping(const Moments& clipped) {
  RESTOCK_CHECK_GT(clipped.mean, 0);
  if (clipped.variance <= 0) return {clipped.mean, 0};
  const double wanted = clipped.variance / (clipped.mean * clipped.mean);
  double low = -8, high = 40;
  if (wanted < 1 / (high * high)) return {clipped.mean, std::sqrt(clipped.variance)};
  for (int round = 0; round < 60; ++round) {
    const double middle = 0.5 * (low + high);
    const Moments moments = MomentsOfClippedNormal(middle, 1);
    (moments.variance > wanted * moments.mean * moments.mean ? low : high) = middle;
  }
  const double ratio = 0.5 * (low + high);
  const double standard_deviation = clipped.mean / MomentsOfClippedNormal(ratio, 1).mean;
  return {ratio * standard_deviation, standard_deviation};
}

DemandQuantiles::DemandQuantiles(const DemandDistribution& distribution)
    : is_normal_(distribution.is_normal()),
      is_clipped_(distribution.kind == DemandKind::kClippedNormal),
      mean_(distribution.mean),
      standard_deviation_(distribution.standard_deviation) {
  if (is_normal_) return;
  double sum = 0;
  for (const double probability : distribution.Counts()) cumulative_.push_back(sum += probability);
  cumulative_.back() = 1;
  int count = 0;
  for (size_t piece = 0; piece < cumulative_.size(); ++piece) {
    const double begin = static_cast<double>(piece) / static_cast<double>(cumulative_.size());
    while (cumulative_[static_cast<size_t>(count)] <= begin) ++count;
    first_.push_back(count);
  }
}

}  // namespace restock
