#pragma once

#include <vector>

namespace restock {

/// The levels whose quantiles a network with the quantile loss learns.
inline constexpr float kGridLevels[] = {0.025f, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f, 0.95f, 0.975f};
inline constexpr int kNumGridLevels = 12;

}  // namespace restock
