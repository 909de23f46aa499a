#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "agents/network_policy.h"
#include "common/file.h"

namespace restock {

/// Writes a learned policy as one checksummed file: weights, normalisation, feature names, action grid. Needs no
/// LibTorch to read.
void SavePolicy(const NetworkPolicy& policy, const std::filesystem::path& file);
/// Throws DataError when the file is damaged, of another kind, or its parts do not fit together.
std::shared_ptr<const NetworkPolicy> LoadPolicy(const std::filesystem::path& file);

/// The same as sections of a larger file, a learner's checkpoint say, under `prefix`.
void AddModel(const NetworkModel& model, const std::string& prefix, SectionFileWriter& file);
NetworkModel ReadModel(const std::string& prefix, const SectionFileReader& file);

}  // namespace restock
