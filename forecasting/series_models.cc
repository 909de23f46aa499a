#include "forecasting/series_models.h"

#include "common/registry.h"

namespace restock {
namespace {

#define RESTOCK_SERIES_MODEL_ENTRY(name, make) {#name, make},
constexpr NamedMaker<std::unique_ptr<SeriesModel> (*)()> kModels[] = {
    RESTOCK_SERIES_MODELS(RESTOCK_SERIES_MODEL_ENTRY)};
#undef RESTOCK_SERIES_MODEL_ENTRY

}  // namespace

std::vector<std::string> SeriesModelNames() { return NamesOf(kModels); }

std::unique_ptr<SeriesModel> MakeSeriesModel(const std::string& name) {
  const auto make = FindMaker(kModels, name);
  return make == nullptr ? nullptr : make();
}

}  // namespace restock
