#include "forecasting/returns.h"

#include <algorithm>
#include <cmath>

#include "common/check.h"

namespace restock {

void NetReturns(const Eigen::MatrixXf& returned, Eigen::MatrixXf& sales, DataReport& report) {
  RESTOCK_CHECK_EQ(returned.rows(), sales.rows());
  RESTOCK_CHECK_EQ(returned.cols(), sales.cols());
  for (int series = 0; series < sales.cols(); ++series) {
    for (int period = 0; period < sales.rows(); ++period) {
      float left = returned(period, series);
      for (int sold = period; sold >= 0 && left > 0; --sold) {
        const float before = sales(sold, series);
        if (std::isnan(before) || before <= 0) continue;
        const float taken = std::min(before, left);
        sales(sold, series) = before - taken;
        left -= taken;
        report.Add({series, sold, before, before - taken, DataStep::kReturnNetted});
      }
      if (left > 0) report.Add({series, period, -left, 0, DataStep::kReturnUnmatched});
    }
  }
}

}  // namespace restock
