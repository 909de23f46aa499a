#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <Eigen/Core>

namespace restock {

struct NelderMeadLimits {
  int num_evaluations = 400;
  double tolerance = 1e-7;  // stop when the best and the worst value differ by less, relative to the best
};

/// Minimises a function of a few variables without derivatives (Nelder & Mead 1965): a simplex of points moves and
/// shrinks. The first simplex is `start` and a step of `step[i]` along each variable. `function`: VectorXd -> double,
/// NaN counts as infinite.
template <class Function>
Eigen::VectorXd NelderMead(const Function& function, const Eigen::VectorXd& start, const Eigen::VectorXd& step,
                           const NelderMeadLimits& limits = {}) {
  using Vertex = std::pair<double, Eigen::VectorXd>;  // value, point
  int num_left = limits.num_evaluations;
  const auto at = [&](Eigen::VectorXd point) {
    --num_left;
    const double value = function(point);
    return Vertex(std::isnan(value) ? std::numeric_limits<double>::infinity() : value, std::move(point));
  };
  const auto better = [](const Vertex& a, const Vertex& b) { return a.first < b.first; };

  // a corner at the start, and one along each variable
  std::vector<Vertex> simplex = {at(start)};
  for (Eigen::Index i = 0; i < start.size(); ++i) {
    simplex.push_back(at(start + step[i] * Eigen::VectorXd::Unit(start.size(), i)));
  }

  const auto dimension = static_cast<double>(start.size());
  while (true) {
    std::sort(simplex.begin(), simplex.end(), better);
    Vertex& worst = simplex.back();
    const double spread = std::abs(worst.first - simplex.front().first);
    if (num_left <= 0 || spread <= limits.tolerance * (std::abs(simplex.front().first) + limits.tolerance)) break;

    Eigen::VectorXd centre = -worst.second;
    for (const Vertex& vertex : simplex) centre += vertex.second;
    centre /= dimension;
    const Vertex reflected = at(2 * centre - worst.second);
    if (reflected.first < simplex.front().first) {
      worst = std::min(reflected, at(3 * centre - 2 * worst.second), better);  // expand
    } else if (reflected.first < simplex[simplex.size() - 2].first) {
      worst = reflected;
    } else {
      const Vertex& outer = std::min(reflected, worst, better);
      const Vertex contracted = at((centre + outer.second) / 2);
      if (contracted.first < outer.first) {
        worst = contracted;
        continue;
      }
      for (size_t i = 1; i < simplex.size(); ++i) simplex[i] = at((simplex[i].second + simplex[0].second) / 2);
    }
  }
  return simplex.front().second;
}

}  // namespace restock
