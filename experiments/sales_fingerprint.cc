#include "experiments/sales_fingerprint.h"

#include <fmt/format.h>

#include "common/file.h"

namespace restock {
namespace {

void Add(const std::string& text, std::string& checksums) { checksums += fmt::format("{:08x}", Crc32c(text)); }

void Add(const Eigen::MatrixXf& values, std::string& checksums) {
  const auto num_bytes = static_cast<size_t>(values.size()) * sizeof(float);
  checksums += fmt::format("{}x{}:{:08x}", values.rows(), values.cols(),
                           Crc32c({reinterpret_cast<const char*>(values.data()), num_bytes}));
}

}  // namespace

std::string SalesFingerprint::ToString() const { return fmt::format("{} to {}, {}", first_date, last_date, crc32c); }

SalesFingerprint FingerprintOf(const DemandHistory& history) {
  std::string checksums;
  for (const Series& series : history.series) {
    for (const std::string& text : {series.warehouse, series.sku, series.category}) Add(text, checksums);
  }
  Add(history.sales, checksums);
  Add(history.in_stock_share, checksums);
  for (const Covariate& covariate : history.covariates) {
    Add(covariate.name, checksums);
    Add(covariate.values, checksums);
  }
  const Calendar& calendar = history.calendar;
  return {.first_date = calendar.DateOf(0).ToString(),
          .last_date = Date{calendar.DateOf(history.num_periods()).days_since_epoch - 1}.ToString(),
          .crc32c = fmt::format("{:08x}", Crc32c(checksums))};
}

nlohmann::ordered_json ToJson(const SalesFingerprint& fingerprint) {
  return {{"first_date", fingerprint.first_date}, {"last_date", fingerprint.last_date}, {"crc32c", fingerprint.crc32c}};
}

std::optional<SalesFingerprint> SavedFingerprint(const RunDirectory& run) {
  if (!std::filesystem::exists(run.build())) return std::nullopt;
  try {
    const auto build = nlohmann::json::parse(ReadFile(run.build()));
    if (!build.contains("sales")) return std::nullopt;
    const auto& sales = build.at("sales");
    return SalesFingerprint{sales.at("first_date"), sales.at("last_date"), sales.at("crc32c")};
  } catch (const nlohmann::json::exception& error) {
    throw DataError(run.build().string() + ": is damaged (" + error.what() + "). Remove it to go on without it.");
  }
}

void CheckSameSales(const DemandHistory& history, const RunDirectory& run, const std::string& name) {
  const auto saved = SavedFingerprint(run);
  const SalesFingerprint now = FingerprintOf(history);
  if (!saved || *saved == now) return;
  throw DataError(fmt::format(
      "{}: are not the sales any more that {} learned from ({}; now {}). Put the old ones back, or learn anew: restock "
      "run {}",
      name, run.path().string(), saved->ToString(), now.ToString(), run.config().string()));
}

}  // namespace restock
