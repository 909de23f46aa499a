#include "forecasting/impute_neighbours.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace restock {
namespace {

constexpr double kFewestInCommon = 7;

struct Neighbour {
  double correlation = 0;
  double scale = 1;  // level of the series over that of the neighbour, where both are known
  Eigen::Index series = 0;
};

}  // namespace

NeighbourImputation::NeighbourImputation(const Eigen::MatrixXf& demand) {
  const auto is_known = demand.array() == demand.array();
  known_ = is_known.cast<double>();
  value_ = is_known.select(demand.array(), 0.f).cast<double>().max(0.0);
  log_ = value_.array().log1p();
  square_ = log_.array().square();
}

Eigen::VectorXf NeighbourImputation::Estimate(int series, int num_neighbours) const {
  // sums over the periods that both know, of all other series at once
  const Eigen::VectorXd n = known_.transpose() * known_.col(series);
  const Eigen::VectorXd x = known_.transpose() * log_.col(series), y = log_.transpose() * known_.col(series);
  const Eigen::VectorXd xx = known_.transpose() * square_.col(series), yy = square_.transpose() * known_.col(series);
  const Eigen::VectorXd xy = log_.transpose() * log_.col(series);
  const Eigen::VectorXd sum = known_.transpose() * value_.col(series);
  const Eigen::VectorXd sum_of_other = value_.transpose() * known_.col(series);
  std::vector<Neighbour> neighbours;
  for (Eigen::Index other = 0; other < n.size(); ++other) {
    const double own = n[other] * xx[other] - x[other] * x[other], theirs = n[other] * yy[other] - y[other] * y[other];
    const double rounding = 1e-9 * n[other] * (1 + std::max(xx[other], yy[other]));
    if (other == series || n[other] < kFewestInCommon || std::min(own, theirs) <= rounding || sum_of_other[other] <= 0)
      continue;
    const double correlation = (n[other] * xy[other] - x[other] * y[other]) / std::sqrt(own * theirs);
    if (correlation > 0) neighbours.push_back({correlation, sum[other] / sum_of_other[other], other});
  }
  std::sort(neighbours.begin(), neighbours.end(),
            [](const Neighbour& a, const Neighbour& b) { return a.correlation > b.correlation; });

  // at each period the most alike that know it
  Eigen::VectorXf estimates = Eigen::VectorXf::Constant(known_.rows(), std::numeric_limits<float>::quiet_NaN());
  for (Eigen::Index period = 0; period < known_.rows(); ++period) {
    double estimate = 0, weights = 0;
    int count = 0;
    for (const Neighbour& neighbour : neighbours) {
      if (count == num_neighbours) break;
      if (known_(period, neighbour.series) == 0) continue;
      estimate += neighbour.correlation * neighbour.scale * value_(period, neighbour.series);
      weights += neighbour.correlation;
      ++count;
    }
    if (count > 0) estimates[period] = static_cast<float>(estimate / weights);
  }
  return estimates;
}

}  // namespace restock
