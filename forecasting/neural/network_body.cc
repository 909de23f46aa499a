#include "forecasting/neural/network_body.h"

#include "common/check.h"

namespace restock {
namespace {

struct Entry {
  const char* name;
  std::unique_ptr<NetworkBody> (*make)(const NamedMatrices& weights, BodySize size);
};

#define RESTOCK_NETWORK_ENTRY(name, Name) {#name, Make##Name##Body},
constexpr Entry kNetworks[] = {RESTOCK_NETWORKS(RESTOCK_NETWORK_ENTRY)};
#undef RESTOCK_NETWORK_ENTRY

}  // namespace

std::vector<std::string> NetworkNames() {
  std::vector<std::string> names;
  for (const Entry& entry : kNetworks) names.emplace_back(entry.name);
  return names;
}

std::unique_ptr<NetworkBody> MakeNetworkBody(const std::string& name, const NamedMatrices& weights, BodySize size) {
  for (const Entry& entry : kNetworks) {
    if (name == entry.name) return entry.make(weights, size);
  }
  RESTOCK_CHECK(false);
  return nullptr;
}

}  // namespace restock
