#include "forecasting/returns.h"

#include <algorithm>
#include <cmath>

#include "common/check.h"

namespace restock {

void NetReturns(const Eigen::MatrixXf& returned, Eigen::MatrixXf& sales, DataReport& report) {
  RESTOCK_CHECK_EQ(returned.rows(), sales.rows());
  RESTOCK_CHECK_EQ(returned.cols(), sales.cols());
  for (int series = 0; series < sales.cols(); ++series) {
    float left = 0;
    for (int period = 0; period < sales.rows(); ++period) {
      left += returned(period, series);
      const float before = sales(period, series);
      if (left <= 0 || std::isnan(before) || before <= 0) continue;
      const float taken = std::min(before, left);
      sales(period, series) = before - taken;
      left -= taken;
      report.Add({series, period, before, before - taken, DataStep::kReturnNetted});
    }
    if (left > 0) report.Add({series, static_cast<int>(sales.rows()) - 1, -left, 0, DataStep::kReturnUnmatched});
  }
}

}  // namespace restock
