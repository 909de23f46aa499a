#include "forecasting/series_models.h"

namespace restock {
namespace {

struct Entry {
  const char* name;
  std::unique_ptr<SeriesModel> (*make)();
};

#define RESTOCK_SERIES_MODEL_ENTRY(name, make) {#name, make},
constexpr Entry kModels[] = {RESTOCK_SERIES_MODELS(RESTOCK_SERIES_MODEL_ENTRY)};
#undef RESTOCK_SERIES_MODEL_ENTRY

}  // namespace

std::vector<std::string> SeriesModelNames() {
  std::vector<std::string> names;
  for (const Entry& entry : kModels) names.emplace_back(entry.name);
  return names;
}

std::unique_ptr<SeriesModel> MakeSeriesModel(const std::string& name) {
  for (const Entry& entry : kModels) {
    if (name == entry.name) return entry.make();
  }
  return nullptr;
}

}  // namespace restock
