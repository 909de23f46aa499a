#pragma once

#include <string>

#include "common/error.h"
#include "env/network.h"

namespace restock {

/// What is wrong with a network, and with what in it, so that those who read it from a file can tell the line.
struct NetworkError : ConfigError {
  NetworkError(const std::string& what_is_wrong, int of_location, int of_lane)
      : ConfigError("network: " + what_is_wrong), message(what_is_wrong), location(of_location), lane(of_lane) {}
  std::string message;
  int location;  // -1: none
  int lane;      // -1: none
};

/// The checks of Network::Validate() on arrays and features, before anything is derived. Throw ConfigError that names
/// site, location or lane, value and range.
void CheckLocations(const Network& network);
void CheckSites(const Network& network);
void CheckLanes(const Network& network);
void CheckFeatures(const Network& network);
/// Needs lanes_into and sites_at.
void CheckSupply(const Network& network);
void CheckInitialStockFits(const Network& network);

/// Throws NetworkError where a lead time is no shorter than an episode, so that nothing would ever arrive.
void CheckHorizon(const Network& network, int num_periods);

}  // namespace restock
