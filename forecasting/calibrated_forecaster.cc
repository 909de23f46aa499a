#include "forecasting/calibrated_forecaster.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/check.h"
#include "common/distributions.h"
#include "common/parallel.h"

namespace restock {
namespace {

constexpr int kShortestBlock = 7;   // days that are drawn together
constexpr int kMostScores = 42;     // origins that dependence is learned from, where few periods are held back
constexpr int kFewestPeriods = 21;  // that a model is fitted on without the periods held back

std::filesystem::path Beside(const std::filesystem::path& file, const char* end) {
  return file.empty() ? file : std::filesystem::path(file.string() + end);
}

/// Where the fit without the last periods can go on from.
std::filesystem::path HeldBackFile(const std::filesystem::path& checkpoint, int fit) {
  return Beside(checkpoint, fmt::format(".held_back_{}", fit).c_str());
}

float Level(float score) { return static_cast<float>(NormalProbability(score)); }

/// Spreads the scores of each step and series evenly over the normal distribution, one in each of as many parts of
/// equal probability as there are paths, their ranks as drawn: Latin hypercube sampling that keeps dependence (Stein
/// 1987; Packham & Schmidt 2010). The few paths of a scenario set so have the distributions that were forecast.
/// `scores`: by path (num_steps, num_series)
void Stratify(const Random& random, std::vector<Eigen::MatrixXf>& scores) {
  const auto num_paths = scores.size();
  ParallelFor(static_cast<int>(scores.front().cols()), 0, [&](int series) {
    RandomStream stream = random.At(static_cast<uint64_t>(series));
    std::vector<size_t> order(num_paths);
    for (Eigen::Index step = 0; step < scores.front().rows(); ++step) {
      std::iota(order.begin(), order.end(), size_t{0});
      const auto below = [&](size_t a, size_t b) { return scores[a](step, series) < scores[b](step, series); };
      std::sort(order.begin(), order.end(), below);
      for (size_t rank = 0; rank < num_paths; ++rank) {
        const double level = (static_cast<double>(rank) + stream.Uniform()) / static_cast<double>(num_paths);
        scores[order[rank]](step, series) = static_cast<float>(NormalQuantile(std::clamp(level, 1e-6, 1 - 1e-6)));
      }
    }
  });
}

/// The scores that the corrected forecasts would have had.
void Correct(const Calibration& calibration, PastScores& scores) {
  for (Eigen::MatrixXf& at : scores) {
    for (int step = 0; step < at.rows(); ++step) {
      for (float& score : at.row(step)) {
        if (std::isnan(score)) continue;
        const double level = static_cast<double>(calibration.CorrectedLevel(step, Level(score)));
        score = static_cast<float>(NormalQuantile(std::clamp(level, 1e-5, 1 - 1e-5)));
      }
    }
  }
}

}  // namespace

CalibratedForecaster::CalibratedForecaster(std::unique_ptr<PathForecaster> model, const CalibrationConfig& config,
                                           int horizon)
    : model_(std::move(model)), config_(config), horizon_(horizon) {}

void CalibratedForecaster::FitResumable(const DemandHistory& history, const std::filesystem::path& checkpoint) {
  const int num_periods = history.num_periods();
  const int season = history.calendar.season();
  if (config_.periods > 0 && num_periods - config_.periods < kFewestPeriods) {
    throw DataError(
        fmt::format("forecaster.calibration_periods: {} of {} periods leave fewer than {} to fit on; hold fewer back.",
                    config_.periods, num_periods, kFewestPeriods));
  }
  scores_.clear();
  if (config_.periods > 0) {
    CollectHeldBack(history, checkpoint);
    calibration_ = Calibration(scores_, std::min(season, 7));
    Correct(calibration_, scores_);
  }
  model_->FitResumable(history, checkpoint);
  for (int fit = 0; fit < config_.fits; ++fit) std::filesystem::remove(HeldBackFile(checkpoint, fit));
  if (config_.periods < config_.fewest_scores) {
    const int count = std::min(kMostScores, num_periods / 2);
    scores_ = CollectScores(*model_, history, num_periods - count, num_periods, std::min(horizon_, count));
  }
  copula_ = ScoreCopula(scores_, SeriesGroups(history.series));
}

void CalibratedForecaster::CollectHeldBack(const DemandHistory& history, const std::filesystem::path& checkpoint) {
  const int begin = history.num_periods() - config_.periods;
  const auto first_of = [&](int fit) { return begin + fit * config_.periods / config_.fits; };
  for (int fit = 0; fit < config_.fits; ++fit) {
    model_->FitResumable(history.Until(first_of(fit)), HeldBackFile(checkpoint, fit));
    const PastScores scores =
        CollectScores(*model_, history, first_of(fit), first_of(fit + 1), std::min(horizon_, config_.periods));
    scores_.insert(scores_.end(), scores.begin(), scores.end());
  }
}

Forecast CalibratedForecaster::Predict(const DemandHistory& history, int num_periods) const {
  if (config_.periods == 0) return model_->Predict(history, num_periods);
  return model_->PredictWith(history, num_periods,
                             [&](int step, float level) { return calibration_.OwnLevel(step, level); });
}

Eigen::MatrixXf CalibratedForecaster::DrawScores(const SeriesGroups& groups, const ScoreCopula& copula,
                                                 const ScoreCopula::StepRoots& roots, const Random& random) const {
  Eigen::MatrixXf scores = copula.Draw(groups, roots, random);
  if (config_.paths != PathMethod::kDayBlocks) return scores;
  const auto num_steps = static_cast<int>(scores.rows());

  // stretches of past days over what was drawn, which stays where past demand is not known
  RandomStream stream = random.Stream("blocks").At(0);
  const auto num_origins = static_cast<int>(scores_.size());
  const int block = std::min(static_cast<int>(scores_.front().rows()), std::max(kShortestBlock, num_origins / 2));
  const int num_complete = std::max(1, num_origins - block + 1);  // the last origins do not know so many days
  for (int first = 0; first < num_steps; first += block) {
    const Eigen::MatrixXf& past = scores_[static_cast<size_t>(stream.UniformInt(num_complete))];
    const auto rows = past.topRows(std::min(block, num_steps - first));
    auto drawn = scores.middleRows(first, rows.rows());
    drawn = rows.array().isNaN().select(drawn, rows).eval();
  }
  return scores;
}

void CalibratedForecaster::Sample(const DemandHistory& history, const Random& random, ScenarioSet& paths) const {
  if (config_.paths == PathMethod::kAncestral) return model_->Sample(history, random, paths);
  RESTOCK_CHECK_EQ(paths.num_series, history.num_series());
  const SeriesGroups groups(history.series);
  std::map<int, std::vector<int>> by_origin;
  for (int scenario = 0; scenario < paths.num_scenarios; ++scenario) {
    by_origin[paths.origin[static_cast<size_t>(scenario)]].push_back(scenario);
  }
  const ScoreCopula copula = config_.paths == PathMethod::kCopula ? copula_ : ScoreCopula();
  const ScoreCopula::StepRoots roots = copula.RootsOf(paths.num_periods);
  for (const auto& [origin, scenarios] : by_origin) {
    const auto model = model_->Start(history, origin, 1);
    std::vector<Eigen::MatrixXf> scores(scenarios.size());
    const Random family = random.Child(static_cast<uint64_t>(origin));
    ParallelFor(static_cast<int>(scenarios.size()), 0, [&](int path) {
      scores[static_cast<size_t>(path)] = DrawScores(groups, copula, roots, family.Child(static_cast<uint64_t>(path)));
    });
    if (config_.paths != PathMethod::kDayBlocks) Stratify(family.Stream("strata"), scores);
    ParallelFor(paths.num_series, 0, [&, &origin = origin, &scenarios = scenarios](int series) {
      StepDistributions steps;
      model->Predict(series, paths.num_periods, steps);
      for (int period = 0; period < paths.num_periods; ++period) {
        auto demand = paths.Demand(period, series);
        const bool closed = history.calendar.IsClosed(origin + period);
        for (size_t path = 0; path < scenarios.size(); ++path) {
          const float level = calibration_.OwnLevel(period, Level(scores[path](period, series)));
          demand[scenarios[path]] =
              closed ? 0 : std::max(0.f, std::round(model->Quantile(steps, series, 0, period, level)));
        }
      }
    });
  }
}

void CalibratedForecaster::Save(const std::filesystem::path& file) const {
  model_->Save(Beside(file, ".model"));
  SectionFileWriter writer("calibrated forecaster");
  calibration_.Save(writer);
  copula_.Save(writer);
  const int64_t sizes[] = {static_cast<int64_t>(scores_.size()), scores_.empty() ? 0 : scores_.front().rows()};
  writer.AddValues("scores/sizes", sizes, 2);
  for (size_t i = 0; i < scores_.size(); ++i)
    writer.AddValues("scores/" + std::to_string(i), scores_[i].data(), static_cast<size_t>(scores_[i].size()));
  writer.Write(file);
}

void CalibratedForecaster::Load(const std::filesystem::path& file) {
  model_->Load(Beside(file, ".model"));
  const SectionFileReader reader(file, "calibrated forecaster");
  calibration_.Load(reader);
  copula_.Load(reader);
  const auto sizes = reader.GetValues<int64_t>("scores/sizes");
  scores_.clear();
  for (int64_t i = 0; i < sizes.at(0); ++i) {
    const auto values = reader.GetValues<float>("scores/" + std::to_string(i));
    scores_.push_back(Eigen::Map<const Eigen::MatrixXf>(values.data(), sizes.at(1),
                                                        static_cast<Eigen::Index>(values.size()) / sizes.at(1)));
  }
}

}  // namespace restock
