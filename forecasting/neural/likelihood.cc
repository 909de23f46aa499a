#include "forecasting/neural/likelihood.h"

#include "common/check.h"

namespace restock {
namespace {

struct Entry {
  const char* name;
  std::unique_ptr<Likelihood> (*make)();
};

#define RESTOCK_LIKELIHOOD_ENTRY(name, Name) {#name, Make##Name##Likelihood},
constexpr Entry kLikelihoods[] = {RESTOCK_LIKELIHOODS(RESTOCK_LIKELIHOOD_ENTRY)};
#undef RESTOCK_LIKELIHOOD_ENTRY

}  // namespace

std::vector<std::string> LikelihoodNames() {
  std::vector<std::string> names;
  for (const Entry& entry : kLikelihoods) names.emplace_back(entry.name);
  return names;
}

std::unique_ptr<Likelihood> MakeLikelihood(const std::string& name) {
  for (const Entry& entry : kLikelihoods) {
    if (name == entry.name) return entry.make();
  }
  RESTOCK_CHECK(false);
  return nullptr;
}

}  // namespace restock
