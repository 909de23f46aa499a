#include "forecasting/neural/network_body.h"

#include "common/check.h"
#include "common/registry.h"

namespace restock {
namespace {

using Maker = std::unique_ptr<NetworkBody> (*)(const NamedMatrices& weights, BodySize size);

#define RESTOCK_NETWORK_ENTRY(name, Name) {#name, Make##Name##Body},
constexpr NamedMaker<Maker> kNetworks[] = {RESTOCK_NETWORKS(RESTOCK_NETWORK_ENTRY)};
#undef RESTOCK_NETWORK_ENTRY

}  // namespace

std::vector<std::string> NetworkNames() { return NamesOf(kNetworks); }

std::unique_ptr<NetworkBody> MakeNetworkBody(const std::string& name, const NamedMatrices& weights, BodySize size) {
  const auto make = FindMaker(kNetworks, name);
  RESTOCK_CHECK(make != nullptr);
  return make(weights, size);
}

}  // namespace restock
