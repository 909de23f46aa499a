#pragma once

#include <Eigen/Core>

#include "forecasting/data_report.h"

namespace restock {

/// Takes what came back off the sales of its series: off the period in which it came, then off those after it until it
/// is used up, since goods that are back in stock serve the next customers and need not be bought. So no return changes
/// what was known before it. What is left at the end is left out. Everything is reported.
/// `returned`: units that came back, 0 where none  (num_periods, num_series); `sales`: NaN: no record  (the same).
void NetReturns(const Eigen::MatrixXf& returned, Eigen::MatrixXf& sales, DataReport& report);

}  // namespace restock
