#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "common/demand.h"
#include "experiments/run_directory.h"

namespace restock {

/// Tells whether two runs met the same sales; stands in build.json. A sales file grows every day under the same path.
struct SalesFingerprint {
  std::string first_date;
  std::string last_date;
  std::string crc32c;  // of all that was read: series, sales, shares in stock, covariates

  std::string ToString() const;  // 2024-03-28 to 2024-06-25, 1a2b3c4d
  friend bool operator==(const SalesFingerprint&, const SalesFingerprint&) = default;
};

SalesFingerprint FingerprintOf(const DemandHistory& history);
nlohmann::ordered_json ToJson(const SalesFingerprint& fingerprint);
/// That of a run; none where build.json is missing or has none.
std::optional<SalesFingerprint> SavedFingerprint(const RunDirectory& run);

/// Throws DataError when the run has met other sales. `name`: what the sales are called in the message.
void CheckSameSales(const DemandHistory& history, const RunDirectory& run, const std::string& name);

}  // namespace restock
