#pragma once

#include <Eigen/Core>

namespace restock {

struct StlConfig {
  int seasonal_window = 7;  // of the loess over the same phase of neighbouring seasons, odd
  int trend_window = 0;     // odd; 0: the next odd number above 1.5 season / (1 - 1.5 / seasonal_window)
  bool robust = false;      // weigh outliers down
};

/// demand = trend + season + remainder.  (num_periods)
struct Decomposition {
  Eigen::VectorXd trend, season, remainder;
};

/// Seasonal-trend decomposition by loess (Cleveland, Cleveland, McRae & Terpenning 1990). `demand`: all known, at least
/// two seasons; season at least 2. Throws DataError otherwise.
Decomposition DecomposeStl(const Eigen::VectorXd& demand, int season, const StlConfig& config = {});

/// Locally linear regression with tricube weights over the nearest `window` points of y at 0, 1, 2, ..., at `at`, each
/// point weighing `weights` besides (Cleveland 1979). A window beyond the points grows the bandwidth.
double Loess(const Eigen::VectorXd& values, const Eigen::VectorXd& weights, int window, double at);

}  // namespace restock
