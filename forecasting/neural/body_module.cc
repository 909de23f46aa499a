#include "forecasting/neural/body_module.h"

#include "common/check.h"

namespace restock {
namespace {

struct Entry {
  const char* name;
  std::shared_ptr<BodyModule> (*make)(BodySize size);
};

#define RESTOCK_NETWORK_ENTRY(name, Name) {#name, Make##Name##Module},
constexpr Entry kNetworks[] = {RESTOCK_NETWORKS(RESTOCK_NETWORK_ENTRY)};
#undef RESTOCK_NETWORK_ENTRY

}  // namespace

std::shared_ptr<BodyModule> MakeBodyModule(const std::string& name, BodySize size) {
  for (const Entry& entry : kNetworks) {
    if (name == entry.name) return entry.make(size);
  }
  RESTOCK_CHECK(false);
  return nullptr;
}

}  // namespace restock
