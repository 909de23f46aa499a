#pragma once

#include <Eigen/Core>

namespace restock {

/// How often a series is differenced before it is modelled: (1 - B)^ordinary (1 - B^season)^seasonal.
struct Differences {
  int ordinary = 0;  // d
  int seasonal = 0;  // D

  Eigen::VectorXd Apply(const Eigen::VectorXd& demand, int season) const;
};

/// A seasonal difference where the season explains most of what is left of the trend (strength above 0.64: Wang, Smith
/// & Hyndman 2006), then ordinary ones until a KPSS test of 5 % finds no unit root, at most two (Hyndman & Khandakar
/// 2008, section 3.1). `demand`: all known.
Differences ChooseDifferences(const Eigen::VectorXd& demand, int season);

/// The statistic of Kwiatkowski, Phillips, Schmidt & Shin (1992) for a level: above 0.463 a series is not stationary.
double KpssStatistic(const Eigen::VectorXd& values);

}  // namespace restock
