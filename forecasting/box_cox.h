#pragma once

#include <Eigen/Core>

namespace restock {

/// (y^lambda - 1) / lambda, or log y where lambda is 0, of y above zero (Box & Cox 1964). NaN stays NaN.
double BoxCox(double value, double lambda);
/// The way back, the limit where there is none.
double InverseBoxCox(double transformed, double lambda);

/// The lambda between -1 and 2 under which the spread within seasons depends least on their level: least coefficient of
/// variation of s / m^(1 - lambda) over blocks (Guerrero 1993). 1, which changes nothing, where demand is not positive
/// or covers fewer than two blocks. `season`: length of a block, at least 2 is taken.
double ChooseLambda(const Eigen::VectorXd& demand, int season);

}  // namespace restock
