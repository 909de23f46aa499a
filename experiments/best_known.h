#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/config_node.h"

namespace restock {

/// The lowest cost that anybody has published for a problem that nobody has solved exactly.
struct BestKnown {
  double cost = 0;  // by the problem's own protocol
  std::string source;
};

/// The entry of a problem file's `best_known:` that belongs to `problem`, which was read from the same file with
/// overrides:
///
///   best_known:
///     - {when: {lead_time: 6, shortage_cost: 9}, cost: 7.2289, source: "Temizoz et al. (2025)"}
///
/// `when` holds the overrides that the cost is of, none stand for the file as it is. An entry belongs to the problem
/// only where network, demand and protocol are altogether the same. Throws ConfigError for an entry that is no problem.
std::optional<BestKnown> FindBestKnown(const std::filesystem::path& file, const ConfigNode& problem);

}  // namespace restock
