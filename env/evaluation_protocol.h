#pragma once

#include "common/config_node.h"

namespace restock {

enum class ProtocolKind {
  kAverage,        // cost per period in the long run
  kDiscounted,     // sum over all time, a period later counting `discount` times as much
  kFiniteHorizon,  // sum over the periods of an episode
};

/// What a problem counts as the cost of a policy, and over how much demand it is measured. A run begins at the
/// network's initial stock; the periods of the warm-up cost nothing, and the first one after it counts in full.
struct EvaluationProtocol {
  ProtocolKind kind = ProtocolKind::kAverage;
  int num_periods = 5000;  // that count  [period]
  int warm_up = 100;       // before them  [period]
  double discount = 1;     // of what is paid a period later; 1 for the average
  int num_runs = 1024;     // independent paths of demand

  /// How much a cost counts in `period`, counted from the start of the run.
  double Weight(int period) const;
};

/// Reads `protocol: {kind: average|discounted|finite_horizon, periods, warm_up, discount, runs}`. Defaults are those
/// above for the average; the others have no warm-up, discounted costs count until a cost is worth less than a
/// millionth, and a finite horizon must say its periods. Throws ConfigError with file, line, value and cure.
EvaluationProtocol ReadProtocol(ConfigNode node);

}  // namespace restock
