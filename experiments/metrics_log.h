#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "agents/learner.h"
#include "experiments/event_file.h"
#include "experiments/run_directory.h"

namespace restock {

/// One agent with one training seed.
struct TrainingJob {
  std::string agent;
  int seed = 0;

  std::string name() const { return agent + "-" + std::to_string(seed); }
};

/// metrics.jsonl and the TensorBoard file of a run, a line per update of each job. Jobs run at the same time; the lines
/// are ordered by job all the same, so that the file does not depend on who was faster.
class MetricsLog {
 public:
  MetricsLog(const RunDirectory& run, std::vector<TrainingJob> jobs);

  /// Takes over what an interrupted run logged of a job, up to the update that its checkpoint holds.
  void Restore(size_t job, int num_updates);
  void Add(size_t job, int update, const UpdateMetrics& metrics);
  /// Writes all lines so far. Called before a checkpoint, so that a checkpoint is never ahead of its lines.
  void Write();

 private:
  void AddEvents(const TrainingJob& job, const std::string& line);

  std::mutex mutex_;
  std::filesystem::path file_;
  std::vector<TrainingJob> jobs_;
  std::vector<std::string> earlier_;             // lines of the interrupted run
  std::vector<std::vector<std::string>> lines_;  // by job
  EventFile events_;
};

/// The updates in which a learner went back to its last good weights: [{"agent", "seed", "update"}].
nlohmann::ordered_json ReadDivergences(const RunDirectory& run);

}  // namespace restock
