#include "forecasting/neural/likelihood.h"

#include "common/check.h"
#include "common/registry.h"

namespace restock {
namespace {

#define RESTOCK_LIKELIHOOD_ENTRY(name, Name) {#name, Make##Name##Likelihood},
constexpr NamedMaker<std::unique_ptr<Likelihood> (*)()> kLikelihoods[] = {
    RESTOCK_LIKELIHOODS(RESTOCK_LIKELIHOOD_ENTRY)};
#undef RESTOCK_LIKELIHOOD_ENTRY

}  // namespace

std::vector<std::string> LikelihoodNames() { return NamesOf(kLikelihoods); }

std::unique_ptr<Likelihood> MakeLikelihood(const std::string& name) {
  const auto make = FindMaker(kLikelihoods, name);
  RESTOCK_CHECK(make != nullptr);
  return make();
}

}  // namespace restock
