#pragma once

#include <functional>
#include <vector>

#include <Eigen/Core>

#include "common/random.h"

namespace restock {

/// By input: whether it is as it is (true) or as usual (false).
using Coalition = std::vector<bool>;

/// What comes out when only some inputs are as they are; several outputs at once, such as the forecasts of several
/// items.  (num_outputs)
using CoalitionGame = std::function<Eigen::VectorXd(const Coalition&)>;

/// What each input adds to each output, in the output's unit.
struct Attribution {
  Eigen::VectorXd baseline;        // all inputs as usual  (num_outputs)
  Eigen::VectorXd value;           // all as they are  (num_outputs)
  Eigen::MatrixXd contribution;    // (num_inputs, num_outputs)
  Eigen::MatrixXd standard_error;  // of the contributions, from sampling; zero where they are exact
  Eigen::VectorXd fidelity;        // R2 of an approximation, 1 where there is none  (num_outputs)
};

/// Shapley values: what an input adds on average over all orders in which inputs may be set from usual to what they are
/// (Shapley 1953; Lundberg & Lee 2017). Exact, by all coalitions, where they are at most `num_evaluations`; else from
/// random orders, each with its reverse (Strumbelj & Kononenko 2014; Mitchell et al. 2022, section 4), as many as the
/// evaluations suffice for, one pair at least. Either way contributions add up to value minus baseline.
Attribution ShapleyValues(const CoalitionGame& game, int num_inputs, int num_evaluations, RandomStream stream);

/// LIME (Ribeiro, Singh & Guestrin 2016): the weights of a linear model that approximates the game near the full
/// coalition, by a ridge weighted with exp(-(inputs absent) / (0.75^2 num_inputs)), from all coalitions where they are
/// at most `num_evaluations`, else from random ones. `baseline` is the linear model's, so contributions add up to its
/// value and only nearly to the game's; `fidelity` is the weighted R2.
Attribution LimeWeights(const CoalitionGame& game, int num_inputs, int num_evaluations, RandomStream stream);

}  // namespace restock
