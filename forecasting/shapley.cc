#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "common/check.h"
#include "forecasting/attribution.h"

namespace restock {
namespace {

constexpr int kMostExactInputs = 16;  // 65,536 coalitions

/// Plays each coalition once.
class RememberedGame {
 public:
  explicit RememberedGame(const CoalitionGame& game) : game_(game) {}
  const Eigen::VectorXd& operator()(const Coalition& coalition) {
    const auto found = values_.find(coalition);
    return found != values_.end() ? found->second : values_.emplace(coalition, game_(coalition)).first->second;
  }

 private:
  const CoalitionGame& game_;
  std::map<Coalition, Eigen::VectorXd> values_;
};

Coalition CoalitionOf(unsigned bits, int num_inputs) {
  Coalition coalition(static_cast<size_t>(num_inputs));
  for (int input = 0; input < num_inputs; ++input) coalition[static_cast<size_t>(input)] = (bits >> input & 1U) != 0;
  return coalition;
}

/// Every coalition without an input, times the share of orders in which just that coalition is set before the input.
void AddExactValues(RememberedGame& game, int num_inputs, Attribution& shapley) {
  std::vector<double> weight(static_cast<size_t>(num_inputs));  // by size: s! (n - s - 1)! / n!
  for (int size = 0; size < num_inputs; ++size)
    weight[static_cast<size_t>(size)] =
        std::exp(std::lgamma(size + 1) + std::lgamma(num_inputs - size) - std::lgamma(num_inputs + 1));
  for (unsigned bits = 0; bits < 1U << num_inputs; ++bits) {
    const Coalition without = CoalitionOf(bits, num_inputs);
    const auto size = static_cast<size_t>(std::count(without.begin(), without.end(), true));
    const Eigen::VectorXd value = game(without);
    for (int input = 0; input < num_inputs; ++input) {
      if (without[static_cast<size_t>(input)]) continue;
      shapley.contribution.row(input) += weight[size] * (game(CoalitionOf(bits | 1U << input, num_inputs)) - value);
    }
  }
}

/// What each input adds when they are set in `order`.  (num_inputs, num_outputs)
Eigen::MatrixXd StepsAlong(const std::vector<int>& order, RememberedGame& game, const Attribution& shapley) {
  Eigen::MatrixXd steps(shapley.contribution.rows(), shapley.contribution.cols());
  Coalition coalition(order.size());
  Eigen::VectorXd before = shapley.baseline;
  for (const int input : order) {
    coalition[static_cast<size_t>(input)] = true;
    const Eigen::VectorXd& value = game(coalition);
    steps.row(input) = value - before;
    before = value;
  }
  return steps;
}

/// Means over pairs of orders; an order and its reverse make up for each other's errors where inputs interact.
void AddSampledValues(RememberedGame& game, int num_inputs, int num_pairs, RandomStream& stream, Attribution& shapley) {
  std::vector<int> order(static_cast<size_t>(num_inputs));
  std::iota(order.begin(), order.end(), 0);
  Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(shapley.contribution.rows(), shapley.contribution.cols());
  for (int pair = 0; pair < num_pairs; ++pair) {
    for (int i = num_inputs; i > 1; --i)
      std::swap(order[static_cast<size_t>(i - 1)], order[static_cast<size_t>(stream.UniformInt(i))]);
    Eigen::MatrixXd steps = StepsAlong(order, game, shapley);
    std::reverse(order.begin(), order.end());
    steps = (steps + StepsAlong(order, game, shapley)) / 2;
    shapley.contribution += steps;
    squares += steps.cwiseAbs2();
  }
  shapley.contribution /= num_pairs;
  if (num_pairs < 2) return;
  const Eigen::MatrixXd variance = squares / num_pairs - shapley.contribution.cwiseAbs2();
  shapley.standard_error = (variance.cwiseMax(0) / (num_pairs - 1)).cwiseSqrt();
}

}  // namespace

Attribution ShapleyValues(const CoalitionGame& game, int num_inputs, int num_evaluations, RandomStream stream) {
  RESTOCK_CHECK_GE(num_inputs, 0);
  RememberedGame remembered(game);
  Attribution shapley;
  shapley.baseline = remembered(Coalition(static_cast<size_t>(num_inputs), false));
  shapley.value = remembered(Coalition(static_cast<size_t>(num_inputs), true));
  shapley.contribution = Eigen::MatrixXd::Zero(num_inputs, shapley.value.size());
  shapley.standard_error = shapley.contribution;
  shapley.fidelity = Eigen::VectorXd::Ones(shapley.value.size());
  if (num_inputs <= kMostExactInputs && 1 << num_inputs <= std::max(2, num_evaluations)) {
    AddExactValues(remembered, num_inputs, shapley);
  } else {
    // an order needs a coalition for all inputs but the last
    const int num_pairs = std::max(1, num_evaluations / (2 * (num_inputs - 1)));
    AddSampledValues(remembered, num_inputs, num_pairs, stream, shapley);
  }
  return shapley;
}

}  // namespace restock
