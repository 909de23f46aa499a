#include "env/evaluation_protocol.h"

#include <cmath>

namespace restock {
namespace {

constexpr double kNegligible = 1e-6;
constexpr double kMostPeriods = 1e6;

}  // namespace

double EvaluationProtocol::Weight(int period) const {
  if (period < warm_up) return 0;
  return kind == ProtocolKind::kAverage ? 1.0 / num_periods : std::pow(discount, period - warm_up);
}

EvaluationProtocol ReadProtocol(ConfigNode node) {
  EvaluationProtocol protocol;
  node.ReadChoice("kind", protocol.kind,
                  {{"average", ProtocolKind::kAverage},
                   {"discounted", ProtocolKind::kDiscounted},
                   {"finite_horizon", ProtocolKind::kFiniteHorizon}});
  if (protocol.kind != ProtocolKind::kAverage) protocol.warm_up = 0;
  if (protocol.kind == ProtocolKind::kDiscounted) {
    if (!node.Has("discount")) node.Fail("needs a discount for discounted costs, such as 0.99");
    node.Read("discount", protocol.discount, Inside(0, 0.9999));
    protocol.num_periods = static_cast<int>(std::ceil(std::log(kNegligible) / std::log(protocol.discount)));
  } else if (protocol.kind == ProtocolKind::kFiniteHorizon) {
    if (!node.Has("periods")) node.Fail("needs periods for a finite horizon: how many of them count");
    node.Read("discount", protocol.discount, AboveAndUpTo(0, 1));
  }
  node.Read("periods", protocol.num_periods, Between(1, kMostPeriods));
  node.Read("warm_up", protocol.warm_up, Between(0, kMostPeriods));
  node.Read("runs", protocol.num_runs, Between(2, kMostPeriods));
  node.ExpectNoMoreKeys();
  return protocol;
}

}  // namespace restock
