#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "common/error.h"

namespace restock {

/// Everything that a run leaves behind, one folder. Other programs read these files, so their meaning is kept:
///
///   config.yaml       the configuration, defaults included; `restock run` on it repeats the run
///   build.json        {"version", "commit", "compiler", "flags", "libraries": {name: version}, "device", "threads",
///                     "seed", "training_seeds", "sales": {"first_date", "last_date", "crc32c"}, "seconds": {stage:
///                     seconds}}; written when a run begins, times at its end, which stand here and nowhere else
///   forecast.csv      origin,date,warehouse,sku,mean,q0.025,...,q0.975 in the units of the data;
///                     origin is the last observed date
///   backtest.csv      the same for past origins, with the model before and the sales that came behind
///   data_changes.csv, assortment.csv  see data_findings.h
///   metrics.jsonl     {"agent", "seed", "update", "num_periods", name: value, ...}, a line per update by agent and
///                     seed
///   events.out.tfevents.*  the same for TensorBoard
///   checkpoints/      AGENT-SEED.bin of each learner while it trains: what --resume goes on from; empty afterwards
///   forecaster/       the fitted forecaster
///   policy/           policies.json and what it names, see saved_run.h
///   evaluation.csv    policy,seed,scenario_set,scenario,cost,holding,stockout,purchase,order,overflow,
///                     leftover_credit,fill_rate,stockout_share,turns: a row per policy, training seed (empty for
///                     classical rules), scenario set and scenario; costs are money per period of the whole network
///   summary.json      see summary.h; of a problem file, problem_files.h
///   traces.json       see traces.h
///   report.html       made from the files above, and again by `restock report`
class RunDirectory {
 public:
  /// Makes the folder. One that holds a run already (a config.yaml) is refused with a ConfigError unless `resume` is
  /// set. What a killed run left half written goes.
  static RunDirectory Create(const std::filesystem::path& path, bool resume);
  /// An existing run. Throws DataError where there is none.
  static RunDirectory Open(const std::filesystem::path& path);

  /// Whether all policies are trained and saved; whether everything is written.
  bool IsTrained() const;
  bool IsFinished() const;
  /// Checkpoints are large, and of no use once the policies are saved.
  void RemoveCheckpoints() const;
  /// Of those that Create() makes, the ones that nothing was written to.
  void RemoveEmptyFolders() const;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config() const { return path_ / "config.yaml"; }
  std::filesystem::path build() const { return path_ / "build.json"; }
  std::filesystem::path forecast() const { return path_ / "forecast.csv"; }
  std::filesystem::path backtest() const { return path_ / "backtest.csv"; }
  std::filesystem::path data_changes() const { return path_ / "data_changes.csv"; }
  std::filesystem::path assortment() const { return path_ / "assortment.csv"; }
  std::filesystem::path metrics() const { return path_ / "metrics.jsonl"; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
  std::filesystem::path forecaster() const { return path_ / "forecaster"; }
  std::filesystem::path policy() const { return path_ / "policy"; }
  std::filesystem::path network() const { return policy() / "network.json"; }
  std::filesystem::path policies() const { return policy() / "policies.json"; }
  std::filesystem::path evaluation() const { return path_ / "evaluation.csv"; }
  std::filesystem::path summary() const { return path_ / "summary.json"; }
  std::filesystem::path traces() const { return path_ / "traces.json"; }
  std::filesystem::path report() const { return path_ / "report.html"; }

 private:
  explicit RunDirectory(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

/// `runs/NAME-1`, `runs/NAME-2`, ...: the first that does not exist.
std::filesystem::path NextRunDirectory(std::string_view name);

}  // namespace restock
