#pragma once

#include <Eigen/Core>

#include "env/demand_source.h"
#include "env/network.h"

namespace restock {

/// Mean demand of the coming periods as it is known at the start, zero where a site has none.
/// (num_periods, num_sites)
Eigen::MatrixXd ExpectedAhead(const Network& network, const DemandSource& demand, int num_periods);

}  // namespace restock
