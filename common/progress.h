#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace restock {

/// One line on a terminal that shows how far a long piece of work is: `training ppo  ####....  42 %  eta 0:31  cost 12.3`.
/// Where standard error is no terminal it prints only the stage's name and time when it is done.
class Progress {
 public:
  Progress(std::string stage, int64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Advance(int64_t done, const std::string& note = "");

  /// Nothing is printed while this is set: tests, and `--quiet`.
  static void SetQuiet(bool quiet);

 private:
  void Draw(bool last);

  std::string stage_;
  std::string note_;
  int64_t total_;
  int64_t done_ = 0;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point drawn_;
};

}  // namespace restock
