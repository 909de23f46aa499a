#pragma once

#include <vector>

#include "common/file.h"
#include "forecasting/past_scores.h"

namespace restock {

/// Corrects the levels of forecast quantiles by where past demand lay: the corrected quantile at a level is the model's
/// own at the level below which so large a share of past demand was (distributional conformal prediction: Chernozhukov,
/// Wuethrich & Zhu 2021, pooled over series). The steps ahead of one season are pooled, too.
class Calibration {
 public:
  Calibration() = default;  // corrects nothing
  /// `steps_together`: how many steps share a correction.
  Calibration(const PastScores& scores, int steps_together);

  /// The model's own level for a wanted one, both in (0, 1); steps beyond those of the scores count as the last.
  float OwnLevel(int step, float level) const;
  /// The other way: what the model's own level is when corrected.
  float CorrectedLevel(int step, float own_level) const;

  void Save(SectionFileWriter& file) const;
  void Load(const SectionFileReader& file);

 private:
  const std::vector<float>* Grid(int step) const;  // null: as wanted

  int steps_together_ = 1;
  std::vector<std::vector<float>> own_;  // by group of steps: own levels at even wanted levels, empty: as wanted
};

}  // namespace restock
