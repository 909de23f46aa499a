#include "agents/demand_paths.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include <boost/math/distributions/gamma.hpp>

#include "common/demand.h"
#include "common/distributions.h"

namespace restock {
namespace {

constexpr double kLeastDispersion = 1e-4;
constexpr double kLeastMean = 1e-3;    // [unit]; what is less never sells
constexpr int kFirstHighQuantile = 2;  // of kForecastQuantiles: 0.8 and above tell of the spread

size_t Index(int i) { return static_cast<size_t>(i); }

/// One number from each of `count` equal parts of (0, 1), in random order.
void DrawStratified(RandomStream random, std::vector<double>& uniforms) {
  const auto count = static_cast<int>(uniforms.size());
  for (int i = 0; i < count; ++i) {
    const auto other = Index(random.UniformInt(i + 1));
    uniforms[Index(i)] = uniforms[other];
    uniforms[other] = (i + random.Uniform()) / count;
  }
}

}  // namespace

Eigen::ArrayXXd ForecastDispersion(const DecisionContext& context) {
  const int num_sites = context.network.num_sites();
  const auto read = [&](int feature) {
    Eigen::ArrayXXf values(kBlockSize, num_sites);
    context.demand.Forecast(context.period, context.scenarios, context.network, feature, values.data());
    return Eigen::ArrayXXd(values.cast<double>());
  };
  const Eigen::ArrayXXd mean = read(kForecastMean);
  Eigen::ArrayXXd deviation = Eigen::ArrayXXd::Zero(kBlockSize, num_sites);
  for (int i = kFirstHighQuantile; i < kNumForecastQuantiles; ++i) {
    const double score = NormalQuantile(static_cast<double>(kForecastQuantiles[i]));
    deviation += (read(kForecastFirstQuantile + i) - mean) / score / (kNumForecastQuantiles - kFirstHighQuantile);
  }
  return (deviation.square() / mean.max(kLeastMean)).max(kLeastDispersion);
}

void DrawPaths(const Eigen::MatrixXd& mean, const Eigen::ArrayXd& dispersion, int num_paths,
               std::span<const int> num_different, int first_index, const Random& random, Eigen::MatrixXd& paths) {
  const auto num_sites = static_cast<int>(mean.cols());
  paths.setZero(mean.rows(), num_paths * num_sites);
  for (int period = 0; period < mean.rows(); ++period) {
    const int num_groups = num_different[Index(period)];
    std::vector<double> uniforms(Index(num_groups));
    for (int site = 0; site < num_sites; ++site) {
      const double expected = mean(period, site);
      if (expected < kLeastMean) continue;
      DrawStratified(random.Child(static_cast<uint64_t>(site)).At(static_cast<uint64_t>(first_index + period)),
                     uniforms);
      const boost::math::gamma_distribution<> gamma(expected / dispersion[site], dispersion[site]);
      for (int path = 0; path < num_paths; ++path)
        paths(period, path * num_sites + site) =
            boost::math::quantile(gamma, uniforms[Index(path * num_groups / num_paths)]);
    }
  }
}

}  // namespace restock
