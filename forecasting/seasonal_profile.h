#pragma once

#include <Eigen/Core>

namespace restock {

enum class SeasonKind { kNone, kAdditive, kMultiplicative };

/// Seasonal indices by classical decomposition: demand less (or over) its centred moving average, averaged by period of
/// the season, with mean 0 (or 1). Hyndman & Athanasopoulos 2021, section 3.4. Nothing (0 or 1) where demand covers
/// less than two seasons. `demand`: NaN: not known; period 0 is phase 0.  Returns (season)
Eigen::VectorXd SeasonalProfile(const Eigen::VectorXd& demand, int season, SeasonKind kind);

/// Demand repeats: its autocorrelation at one season is larger than chance would have it in one of twenty series
/// (Assimakopoulos & Nikolopoulos 2000; as the M4 competition's benchmarks do). False below three seasons.
bool IsSeasonal(const Eigen::VectorXd& demand, int season);

/// All known demand is above zero.
bool IsPositive(const Eigen::VectorXd& demand);

}  // namespace restock
