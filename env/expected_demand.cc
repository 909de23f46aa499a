#include "env/expected_demand.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "env/network_state.h"

namespace restock {

Eigen::MatrixXd ExpectedAhead(const Network& network, const DemandSource& demand, int num_periods) {
  std::vector<int> scenarios(kBlockSize);
  std::iota(scenarios.begin(), scenarios.end(), 0);
  Eigen::MatrixXd expected = Eigen::MatrixXd::Zero(num_periods, network.num_sites());
  Eigen::ArrayXXf mean(kBlockSize, network.num_sites());
  for (int period = 0; period < num_periods; ++period) {
    demand.ExpectedDemand(0, period, scenarios, network, mean.data());
    for (int site = 0; site < network.num_sites(); ++site)
      if (network.site_series[static_cast<size_t>(site)] != kNoSeries)
        expected(period, site) = std::max(0.f, mean(0, site));
  }
  return expected;
}

}  // namespace restock
