#pragma once

#include "env/network.h"

namespace restock {

/// The checks of Network::Validate() on arrays and features, before anything is derived. Throw ConfigError that names
/// site, location or lane, value and range.
void CheckLocations(const Network& network);
void CheckSites(const Network& network);
void CheckLanes(const Network& network);
void CheckFeatures(const Network& network);
/// Needs lanes_into and sites_at.
void CheckSupply(const Network& network);
void CheckInitialStockFits(const Network& network);

}  // namespace restock
