#include "experiments/metrics_log.h"

#include <sstream>

#include <nlohmann/json.hpp>

#include "common/file.h"

namespace restock {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> ReadLines(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  if (!std::filesystem::exists(file)) return lines;
  std::istringstream text(ReadFile(file));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

std::string ToLine(const TrainingJob& job, int update, const UpdateMetrics& metrics) {
  Json json = {{"agent", job.agent}, {"seed", job.seed}, {"update", update}, {"num_periods", metrics.num_periods}};
  for (const auto& [name, value] : metrics.values) json[name] = value;
  if (metrics.diverged) json["diverged"] = true;
  return json.dump();
}

}  // namespace

MetricsLog::MetricsLog(const RunDirectory& run, std::vector<TrainingJob> jobs)
    : file_(run.metrics()),
      jobs_(std::move(jobs)),
      earlier_(ReadLines(file_)),
      lines_(jobs_.size()),
      events_(run.path()) {}

void MetricsLog::Restore(size_t job, int num_updates) {
  const std::lock_guard lock(mutex_);
  for (const std::string& line : earlier_) {
    const Json json = Json::parse(line);
    if (json.at("agent") != jobs_[job].agent || json.at("seed") != jobs_[job].seed) continue;
    if (json.at("update") > num_updates) continue;
    lines_[job].push_back(line);
    AddEvents(jobs_[job], line);
  }
}

void MetricsLog::Add(size_t job, int update, const UpdateMetrics& metrics) {
  const std::lock_guard lock(mutex_);
  lines_[job].push_back(ToLine(jobs_[job], update, metrics));
  AddEvents(jobs_[job], lines_[job].back());
}

void MetricsLog::Write() {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& lines : lines_) {
    for (const std::string& line : lines) text += line + "\n";
  }
  WriteFileAtomically(file_, text);
  events_.Flush();
}

void MetricsLog::AddEvents(const TrainingJob& job, const std::string& line) {
  const Json json = Json::parse(line);
  const auto step = json.at("num_periods").get<int64_t>();
  for (const auto& [name, value] : json.items()) {
    if (name == "agent" || name == "seed" || name == "num_periods" || !value.is_number()) continue;
    events_.Scalar(job.name() + "/" + name, step, value.get<double>());
  }
}

nlohmann::ordered_json ReadDivergences(const RunDirectory& run) {
  Json diverged = Json::array();
  for (const std::string& line : ReadLines(run.metrics())) {
    const Json json = Json::parse(line);
    if (!json.contains("diverged")) continue;
    diverged.push_back({{"agent", json.at("agent")}, {"seed", json.at("seed")}, {"update", json.at("update")}});
  }
  return diverged;
}

}  // namespace restock
