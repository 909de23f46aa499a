#include "forecasting/censoring.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace restock {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
constexpr float kNoStock = 1e-3f;  // a smaller share is none

bool IsWhole(float value) { return std::abs(value - std::round(value)) < 1e-3f * std::max(1.f, std::abs(value)); }

bool SalesAreWhole(const Eigen::MatrixXf& sales) {
  return std::all_of(sales.data(), sales.data() + sales.size(),
                     [](float sale) { return std::isnan(sale) || IsWhole(sale); });
}

/// The level of one series: sales over the shares of days with stock in which they were made, so that what stock-outs
/// hid does not lower it; the past is forgotten slowly.
class SalesRate {
 public:
  void Observe(float sale, float share) {
    sales_ = kMemory * sales_ + sale;
    shares_ = kMemory * shares_ + share;
  }
  /// The mean demand of the hidden rest of a day that sold `sale` in `share` of itself; the rate of a day varies around
  /// the level with shape kShape. Before anything is known the day speaks for itself, up to `cap` times its sale.
  float ExpectedRest(float sale, float share, float cap) const {
    const float hidden = 1 - share;
    if (shares_ < kFewestDays || sales_ <= 0) return sale * std::min(hidden / share, cap - 1);
    const float level = sales_ / shares_;
    return hidden * (kShape + sale) / (kShape / level + share);
  }

 private:
  static constexpr float kMemory = 0.95f;
  static constexpr float kShape = 4;
  static constexpr float kFewestDays = 3;
  float sales_ = 0, shares_ = 0;
};

}  // namespace

double InStockShare(double stockout_hours, double open_hours, const std::vector<double>& hourly_profile) {
  const double open = std::clamp(open_hours - stockout_hours, 0.0, open_hours);
  if (hourly_profile.empty()) return open / open_hours;

  // the first `open` hours of the day, the last of them in part
  double with_stock = 0;
  double all = 0;
  for (size_t hour = 0; hour < hourly_profile.size(); ++hour) {
    all += hourly_profile[hour];
    with_stock += hourly_profile[hour] * std::clamp(open - static_cast<double>(hour), 0.0, 1.0);
  }
  return with_stock / all;
}

void EstimateDemand(const CensoringConfig& config, DemandHistory& history) {
  const bool whole = SalesAreWhole(history.sales);
  history.demand.resize(history.sales.rows(), history.sales.cols());
  const bool expected = config.method == "expected";
  for (Eigen::Index series = 0; series < history.sales.cols(); ++series) {
    SalesRate rate;
    for (Eigen::Index period = 0; period < history.sales.rows(); ++period) {
      const float sale = history.sales(period, series);
      const float share = history.in_stock_share(period, series);
      float& demand = history.demand(period, series);
      if (std::isnan(sale) || share < kNoStock || history.calendar.IsClosed(static_cast<int>(period))) {
        demand = kUnknown;
        continue;
      }
      const auto cap = static_cast<float>(config.cap);
      demand = expected ? sale + rate.ExpectedRest(sale, share, cap) : sale * std::min(1 / share, cap);
      rate.Observe(sale, share);
      if (whole) demand = std::round(demand);
    }
  }
}

}  // namespace restock
