#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace restock {

/// One line on a terminal that shows how far a long piece of work is: `training ppo  ####....  42 %  eta 0:31
/// cost 12.3`. When the work is done the line says how long it took; where standard error is no terminal it prints that
/// only. Work that ends by an exception leaves no line. Threads may share one.
///
///   Progress progress("training ppo", num_updates);
///   for (int update = 1; update <= num_updates; ++update) progress.Advance(update, "cost 12.3");
class Progress {
 public:
  /// `total`: units of work, 0 where nobody knows.
  Progress(std::string stage, int64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `done` of the total are done so far. `note`: what is worth watching.
  void Advance(int64_t done, const std::string& note = "");

  /// Nothing is printed while this is set: tests, and `--quiet`.
  static void SetQuiet(bool quiet);

 private:
  std::mutex mutex_;
  std::string stage_;
  std::string note_;
  int64_t total_;
  int64_t done_ = 0;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point drawn_;
  bool is_terminal_;
  int num_exceptions_;  // under way when it began
};

/// The line while the work goes on.
std::string ProgressLine(std::string_view stage, int64_t done, int64_t total, double seconds, std::string_view note);

}  // namespace restock
