#pragma once

#include <Eigen/Core>

#include "forecasting/data_report.h"

namespace restock {

/// Takes what came back off the sales of its series: off the latest period up to the return that still has any, then
/// off the one before, since most goods come back soon. What finds no sale is left out. Everything is reported.
/// `returned`: units that came back, 0 where none  (num_periods, num_series); `sales`: NaN: no record  (the same).
void NetReturns(const Eigen::MatrixXf& returned, Eigen::MatrixXf& sales, DataReport& report);

}  // namespace restock
