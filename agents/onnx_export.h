#pragma once

#include <filesystem>

#include "agents/network_policy.h"

namespace restock {

/// Writes a learned policy as one ONNX graph (opset 17, IR 8), from raw features to orders: input "observation" (N,
/// num_features), floats in units, periods and money, columns as in env/observation.h and named in the metadata entry
/// `features`; output "order" (N), whole units wanted, before network feasibility (stock at the origin, lane capacity);
/// output "level" (N), the order-up-to level it aims at, in units. Scaling, normalisation, network, action grid, mask
/// and rounding are all inside.
void ExportOnnx(const NetworkPolicy& policy, const std::filesystem::path& file);

}  // namespace restock
