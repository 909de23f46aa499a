#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "agents/joint_policy.h"
#include "agents/network_policy.h"
#include "common/file.h"

namespace restock {

/// Writes a learned policy as one checksummed file: weights, normalisation, what it reads. Needs no LibTorch to read.
void SavePolicy(const Policy& policy, const std::filesystem::path& file);
/// A NetworkPolicy or a JointPolicy. Throws DataError when the file is damaged, of another kind, or its parts do not
/// fit together.
std::shared_ptr<const Policy> LoadPolicy(const std::filesystem::path& file);
/// Whether a policy is of a kind that can be saved.
bool IsLearned(const Policy& policy);

/// The same as sections of a larger file, a learner's checkpoint say, under `prefix`.
void AddPolicy(const Policy& policy, const std::string& prefix, SectionFileWriter& file);
std::shared_ptr<const Policy> ReadPolicy(const std::string& prefix, const SectionFileReader& file);
void AddModel(const NetworkModel& model, const std::string& prefix, SectionFileWriter& file);
NetworkModel ReadModel(const std::string& prefix, const SectionFileReader& file);
void AddModel(const JointModel& model, const std::string& prefix, SectionFileWriter& file);
JointModel ReadJointModel(const std::string& prefix, const SectionFileReader& file);

}  // namespace restock
