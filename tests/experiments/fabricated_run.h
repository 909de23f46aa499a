#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace restock {

/// What a made-up run directory holds: files in the shape of experiments/run_directory.h, with invented numbers.
struct FabricatedRun {
  std::vector<std::string> skus = {"milk", "bread", "figs"};
  std::string warehouse = "north";
  std::string unit = "kg";
  int num_days = 90;
  int num_seeds = 3;
  int num_updates = 60;
  double learned_cost = 1012;  // per day, of ppo; the best rule pays 1056
  double half_interval = 9;    // of the differences  [money/day]
  double confidence = 0.95;    // of the intervals
  double bound = 940;          // per day; below zero where costs are profits
  bool has_agents = true;
  bool has_backtest = true;
  bool has_evaluation = true;
  std::string sales = "1a2b3c4d";  // their checksum
  std::string config = "seed: 1\n";
};

/// Writes it, making the folder.
void Write(const FabricatedRun& run, const std::filesystem::path& folder);

}  // namespace restock
