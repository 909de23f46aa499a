#include "forecasting/count_features.h"

#include <algorithm>
#include <cmath>

namespace restock {
namespace {

// of demand and of periods with demand: how much each memory forgets a period
constexpr double kForgetting[] = {0, 0.06, 0.15, 0.4};
constexpr double kForgettingOfShare[] = {0, 0.1};
constexpr int kNumLevels = 4, kNumShares = 2;
constexpr double kPrior = 2;        // what is usual counts like so many periods
constexpr int kLongestSeason = 24;  // a longer one has too few periods of each phase
constexpr double kPhasePrior = 3;

/// Columns of the sums.
enum Column : Eigen::Index {
  kLevel = 0,                         // of demand, by memory
  kLevelCount = kLevel + kNumLevels,  // of known periods
  kShare = kLevelCount + kNumLevels,  // of periods with demand
  kShareCount = kShare + kNumShares,  // of known periods
  kSince = kShareCount + kNumShares,  // known periods since the last demand
  kLargest,                           // demand
  kSquares,                           // of demand
  kPhase,                             // of demand by phase of the season, then of known periods by phase
};

int PhasesOf(int season) { return season > kLongestSeason ? 1 : season; }

}  // namespace

CountMemory::CountMemory(int season, int num_paths)
    : season_(PhasesOf(season)), sums_(Eigen::ArrayXXd::Zero(num_paths, kPhase + 2 * season_)) {}

void CountMemory::Observe(const Eigen::Ref<const Eigen::ArrayXf>& demand, int phase) {
  for (Eigen::Index path = 0; path < sums_.rows(); ++path) {
    const double value = demand[path];
    if (std::isnan(value)) continue;
    auto sums = sums_.row(path);
    for (int i = 0; i < kNumLevels; ++i) {
      sums[kLevel + i] = (1 - kForgetting[i]) * sums[kLevel + i] + value;
      sums[kLevelCount + i] = (1 - kForgetting[i]) * sums[kLevelCount + i] + 1;
    }
    for (int i = 0; i < kNumShares; ++i) {
      sums[kShare + i] = (1 - kForgettingOfShare[i]) * sums[kShare + i] + (value > 0 ? 1 : 0);
      sums[kShareCount + i] = (1 - kForgettingOfShare[i]) * sums[kShareCount + i] + 1;
    }
    sums[kSince] = value > 0 ? 0 : sums[kSince] + 1;
    sums[kLargest] = std::max(sums[kLargest], value);
    sums[kSquares] += value * value;
    sums[kPhase + phase % season_] += value;
    sums[kPhase + season_ + phase % season_] += 1;
  }
}

int CountMemory::NumFeatures(int season) { return kNumLevels + kNumShares + 5 + (PhasesOf(season) > 1 ? 1 : 0); }

void CountMemory::Features(const Usual& usual, int phase, double ahead, Eigen::Ref<Eigen::MatrixXd> features) const {
  for (Eigen::Index path = 0; path < sums_.rows(); ++path) {
    const auto sums = sums_.row(path);
    auto row = features.row(path);
    Eigen::Index next = 0;
    const auto put = [&](double feature) { row[next++] = feature; };

    // level and share of periods with demand, recent and long
    for (int i = 0; i < kNumLevels; ++i)
      put(std::log((sums[kLevel + i] + kPrior * usual.mean) / (sums[kLevelCount + i] + kPrior)));
    for (int i = 0; i < kNumShares; ++i) {
      const double share = (sums[kShare + i] + kPrior * usual.share) / (sums[kShareCount + i] + kPrior);
      put(std::log(share / (1 - share)));
    }

    // how long ago, how much at a time, how uneven
    put(std::log1p(sums[kSince]));
    put(std::log((sums[kLevel] + usual.size) / (sums[kShare] + 1)));
    put(std::log1p(sums[kLargest]));
    put(std::log((sums[kSquares] + 1) / (sums[kLevel] + 1)));
    put(ahead);
    if (season_ == 1) continue;

    // this phase of the season over the mean of all
    const double level = (sums[kLevel] + kPrior * usual.mean) / (sums[kLevelCount] + kPrior);
    const double of_phase = sums[kPhase + phase % season_] + kPhasePrior * level;
    put(std::log(of_phase / ((sums[kPhase + season_ + phase % season_] + kPhasePrior) * level) + 0.02));
  }
}

}  // namespace restock
