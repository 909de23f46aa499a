#include "forecasting/box_cox.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <boost/math/tools/minima.hpp>

#include "forecasting/seasonal_profile.h"

namespace restock {
namespace {

constexpr double kNoPower = 1e-6;  // a smaller lambda is the logarithm
constexpr double kLeastLambda = -1, kMostLambda = 2;

struct Block {
  double mean, deviation;
};

std::vector<Block> BlocksOf(const Eigen::VectorXd& demand, Eigen::Index length) {
  std::vector<Block> blocks;
  for (Eigen::Index end = demand.size(); end >= length; end -= length) {
    const Eigen::VectorXd block = demand.segment(end - length, length);
    const double mean = block.mean();  // NaN where one is not known
    if (!std::isnan(mean)) {
      const double square = (block.array() - mean).square().sum() / static_cast<double>(length - 1);
      blocks.push_back({mean, std::sqrt(square)});
    }
  }
  return blocks;
}

double Variation(const std::vector<Block>& blocks, double lambda) {
  double sum = 0, squares = 0;
  for (const auto& [mean, deviation] : blocks) {
    const double ratio = deviation / std::pow(mean, 1 - lambda);
    sum += ratio;
    squares += ratio * ratio;
  }
  const auto count = static_cast<double>(blocks.size());
  return sum > 0 ? squares * count / (sum * sum) : 0;
}

}  // namespace

double BoxCox(double value, double lambda) {
  return std::abs(lambda) < kNoPower ? std::log(value) : std::expm1(lambda * std::log(value)) / lambda;
}

double InverseBoxCox(double transformed, double lambda) {
  if (std::abs(lambda) < kNoPower) return std::exp(transformed);
  return std::pow(std::max(0.0, lambda * transformed + 1), 1 / lambda);
}

double ChooseLambda(const Eigen::VectorXd& demand, int season) {
  const std::vector<Block> blocks = BlocksOf(demand, std::max(2, season));
  if (!IsPositive(demand) || blocks.size() < 2) return 1;
  if (std::all_of(blocks.begin(), blocks.end(), [](const Block& block) { return block.deviation == 0; })) return 1;
  return boost::math::tools::brent_find_minima([&](double lambda) { return Variation(blocks, lambda); }, kLeastLambda,
                                               kMostLambda, 20)
      .first;
}

}  // namespace restock
