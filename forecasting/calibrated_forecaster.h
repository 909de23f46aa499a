#pragma once

#include <memory>
#include <string>
#include <utility>

#include "forecasting/calibration.h"
#include "forecasting/path_forecaster.h"
#include "forecasting/score_copula.h"

namespace restock {

/// How the paths of a scenario set are drawn.
enum class PathMethod {
  kAncestral,    // period by period, each drawn demand seen by the model before the next
  kIndependent,  // every step and series by itself: the baseline that knows no dependence
  kCopula,       // from the forecasts of all steps, whose scores a Gaussian copula joins
  kDayBlocks,    // from the same forecasts, with the scores of whole past stretches of days (a block bootstrap)
};

/// Beside the model itself, in the `forecaster:` block.
struct CalibrationConfig {
  int periods = 0;  // the last so many periods, which the model is first fitted without, correct its quantiles; 0: none
  int fits = 1;     // of the model, evenly over these periods, each on all before: the more, the more like its use
  PathMethod paths = PathMethod::kAncestral;
  int fewest_scores = 28;  // with fewer held back, dependence is learned from demand that the model has seen
};

/// A forecaster whose quantiles are corrected by how past demand lay in its forecasts, and whose paths are drawn from
/// these. The model is fitted without the last periods, which it then forecasts, and again with them. What is known
/// along paths (Follow) and the mean stay the model's own. Without such periods quantiles stay as they are; with fewer
/// than four weeks of them dependence is learned from forecasts of demand that the model has seen. Paths by the copula,
/// and independent ones, are spread evenly over the distribution of each step (Latin hypercube sampling).
class CalibratedForecaster final : public Forecaster {
 public:
  CalibratedForecaster(std::unique_ptr<PathForecaster> model, const CalibrationConfig& config, int horizon);

  const std::string& name() const override { return model_->name(); }
  const Forecaster& inner() const override { return model_->inner(); }
  DemandHistory AsSeen(const DemandHistory& history) const override { return model_->AsSeen(history); }
  void Fit(const DemandHistory& history) override { FitResumable(history, {}); }
  void FitResumable(const DemandHistory& history, const std::filesystem::path& checkpoint) override;
  Forecast Predict(const DemandHistory& history, int num_periods) const override;
  void Sample(const DemandHistory& history, const Random& random, ScenarioSet& paths) const override;
  void Follow(const DemandHistory& history, ScenarioSet& paths) const override { model_->Follow(history, paths); }
  /// The model's own file lies beside `file`, as file.model.
  void Save(const std::filesystem::path& file) const override;
  void Load(const std::filesystem::path& file) override;

  const PathForecaster& model() const { return *model_; }
  const Calibration& calibration() const { return calibration_; }
  const ScoreCopula& copula() const { return copula_; }
  void set_copula(ScoreCopula copula) { copula_ = std::move(copula); }
  /// What the copula is learned from.
  const PastScores& scores() const { return scores_; }
  /// The same forecaster's paths by another method.
  void set_path_method(PathMethod method) { config_.paths = method; }

 private:
  void CollectHeldBack(const DemandHistory& history, const std::filesystem::path& checkpoint);
  Eigen::MatrixXf DrawScores(const SeriesGroups& groups, const ScoreCopula& copula, const ScoreCopula::StepRoots& roots,
                             const Random& random) const;

  std::unique_ptr<PathForecaster> model_;
  CalibrationConfig config_;
  int horizon_;
  Calibration calibration_;
  ScoreCopula copula_;
  PastScores scores_;  // what blocks of days are drawn from
};

}  // namespace restock
