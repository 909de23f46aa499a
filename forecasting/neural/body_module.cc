#include "forecasting/neural/body_module.h"

#include "common/check.h"
#include "common/registry.h"

namespace restock {
namespace {

#define RESTOCK_NETWORK_ENTRY(name, Name) {#name, Make##Name##Module},
constexpr NamedMaker<std::shared_ptr<BodyModule> (*)(BodySize size)> kNetworks[] = {
    RESTOCK_NETWORKS(RESTOCK_NETWORK_ENTRY)};
#undef RESTOCK_NETWORK_ENTRY

}  // namespace

std::shared_ptr<BodyModule> MakeBodyModule(const std::string& name, BodySize size) {
  const auto make = FindMaker(kNetworks, name);
  RESTOCK_CHECK(make != nullptr);
  return make(size);
}

}  // namespace restock
