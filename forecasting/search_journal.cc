#include <cmath>
#include <limits>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/file.h"
#include "common/text.h"
#include "forecasting/settings_search.h"

namespace restock {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

nlohmann::json ParseLine(const std::string& line, const std::string& place) {
  nlohmann::json entry = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!entry.is_object()) throw DataError(place + ": is damaged. Remove the file to search anew.");
  return entry;
}

}  // namespace

SearchJournal::SearchJournal(std::filesystem::path file, std::string search) : file_(std::move(file)) {
  text_ = nlohmann::json({{"search", std::move(search)}}).dump() + "\n";
  if (!std::filesystem::exists(file_)) return;
  std::istringstream lines(ReadFile(file_));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::string place = fmt::format("{}:{}", file_.string(), number);
    const nlohmann::json entry = ParseLine(line, place);
    if (number == 1) {
      if (line + "\n" != text_)
        throw DataError(place + ": is of a search with other settings or sales. Name another folder by --out.");
      continue;
    }
    if (!entry.contains("trial") || !entry["trial"].is_number_integer() || !entry.contains("origin") ||
        !entry["origin"].is_number_integer() || !entry.contains("loss"))
      throw DataError(place + ": is damaged. Remove the file to search anew.");
    const nlohmann::json& loss = entry["loss"];
    losses_[{entry["trial"].get<int>(), entry["origin"].get<int>()}] =
        loss.is_number() ? loss.get<double>() : kInfinity;
    text_ += line + "\n";
  }
}

const double* SearchJournal::Find(int trial, int origin) const {
  const auto found = losses_.find({trial, origin});
  return found == losses_.end() ? nullptr : &found->second;
}

void SearchJournal::Add(int trial, int origin, double loss, const Settings& settings) {
  nlohmann::ordered_json entry = {
      {"trial", trial}, {"origin", origin}, {"loss", nullptr}, {"settings", nlohmann::json::object()}};
  if (std::isfinite(loss)) entry["loss"] = loss;
  for (const auto& [key, value] : settings) entry["settings"][key] = value;
  text_ += entry.dump() + "\n";
  losses_[{trial, origin}] = loss;
  WriteFileAtomically(file_, text_);
}

}  // namespace restock
