#include "forecasting/retraining.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "common/progress.h"
#include "forecasting/backtest.h"
#include "forecasting/drift.h"

namespace restock {
namespace {

constexpr int kFewestPeriods = 28;  // that the first model is fitted on

double DemandOf(const Eigen::MatrixXf& actual) {
  return (actual.array() == actual.array()).select(actual.array(), 0.f).cast<double>().sum();
}

/// A fitted model and what it has forecast since.
struct Contender {
  std::shared_ptr<const Forecaster> forecaster;
  int fitted_on = 0;
  BacktestResult forecasts;
};

class Walk {
 public:
  Walk(const RetrainConfig& config, const ForecasterConfig& forecaster, int horizon, const DemandHistory& history,
       const Random& random)
      : config_(config), model_(forecaster), horizon_(horizon), history_(history), random_(random) {
    model_.horizon = std::max(model_.horizon, horizon);
  }

  WalkForwardResult Run() {
    const int first = FirstOriginOfWalk(config_, history_.num_periods());
    // as old as those that take over later
    Contender champion = Fit(first - config_.judged_periods);
    const std::shared_ptr<const Forecaster> initial = champion.forecaster;
    int last_try = first;
    WalkForwardResult result;
    std::vector<Eigen::VectorXd> losses, losses_of_first;
    Progress progress("walking forward", config_.walk_periods);
    for (int origin = first; origin + horizon_ <= history_.num_periods(); origin += horizon_) {
      // is it time to train?
      if (const std::string reason = ReasonAt(origin, last_try, champion); !reason.empty()) {
        result.tries.push_back(Try(origin, reason, champion));
        last_try = origin;
      }

      // forecast, and see what came
      const Eigen::MatrixXf actual = UncensoredSales(history_, origin, horizon_);
      losses.push_back(ForecastAt(origin, actual, champion));
      losses_of_first.push_back(champion.forecaster == initial
                                    ? losses.back()
                                    : LossByPeriod(initial->Predict(history_.Until(origin), horizon_), actual));
      const double demand = DemandOf(actual), scale = demand > 0 ? demand : 1;
      result.steps.push_back({.origin = origin,
                              .fitted_on = champion.fitted_on,
                              .demand = demand,
                              .loss = losses.back().sum() / scale,
                              .loss_of_first = losses_of_first.back().sum() / scale});
      progress.Advance(origin + horizon_ - first, fmt::format("{} trained", result.tries.size()));
    }
    result.gain = CompareLosses(Joined(losses_of_first), Joined(losses), horizon_, config_.confidence);
    return result;
  }

 private:
  Contender Fit(int num_periods) const {
    Contender contender;
    contender.fitted_on = num_periods;
    auto forecaster = MakeForecaster(model_, random_.Child(static_cast<uint64_t>(num_periods)));
    forecaster->Fit(history_.Until(num_periods));
    contender.forecaster = std::move(forecaster);
    return contender;
  }

  /// Losses by period of a forecast that is kept for the alarms.
  Eigen::VectorXd ForecastAt(int origin, const Eigen::MatrixXf& actual, Contender& contender) const {
    Forecast forecast = contender.forecaster->Predict(history_.Until(origin), horizon_);
    Eigen::VectorXd loss = LossByPeriod(forecast, actual);
    contender.forecasts.origins.push_back(origin);
    contender.forecasts.forecasts.push_back(std::move(forecast));
    return loss;
  }

  /// Why a challenger should be trained now; empty: no reason.
  std::string ReasonAt(int origin, int last_try, const Contender& champion) const {
    const bool by_schedule = config_.on == RetrainOn::kSchedule || config_.on == RetrainOn::kBoth;
    const bool by_alarm = config_.on == RetrainOn::kAlarm || config_.on == RetrainOn::kBoth;
    if (by_schedule && origin - last_try >= config_.schedule) return "schedule";
    if (!by_alarm || origin - last_try < config_.judged_periods) return "";
    std::string reason;
    for (const DriftCheck& check : FindDrift(history_.Until(origin), champion.forecasts, config_.judged_periods)) {
      if (check.alarm) reason += (reason.empty() ? "" : "; ") + check.kind + ": " + check.name;
    }
    return reason;
  }

  RetrainTry Try(int now, const std::string& reason, Contender& champion) const {
    const int seen = now - config_.judged_periods;
    Contender challenger = Fit(seen);
    std::vector<Eigen::VectorXd> of_champion, of_challenger;
    for (int origin = seen; origin < now; origin += horizon_) {
      const int num_periods = std::min(horizon_, now - origin);
      const Eigen::MatrixXf actual = UncensoredSales(history_, origin, num_periods);
      const DemandHistory past = history_.Until(origin);
      of_champion.push_back(LossByPeriod(champion.forecaster->Predict(past, num_periods), actual));
      of_challenger.push_back(LossByPeriod(challenger.forecaster->Predict(past, num_periods), actual));
    }
    RetrainTry tried{.period = now, .reason = reason, .replaced = false, .comparison = {}};
    tried.comparison = CompareLosses(Joined(of_champion), Joined(of_challenger), horizon_, config_.confidence);
    tried.replaced = tried.comparison.mean < 0 && tried.comparison.chance < 1 - config_.confidence;
    if (tried.replaced) champion = std::move(challenger);
    return tried;
  }

  static Eigen::VectorXd Joined(const std::vector<Eigen::VectorXd>& parts) {
    Eigen::Index size = 0;
    for (const Eigen::VectorXd& part : parts) size += part.size();
    Eigen::VectorXd all(size);
    Eigen::Index from = 0;
    for (const Eigen::VectorXd& part : parts) {
      all.segment(from, part.size()) = part;
      from += part.size();
    }
    return all;
  }

  const RetrainConfig& config_;
  ForecasterConfig model_;
  int horizon_;
  const DemandHistory& history_;
  Random random_;
};

}  // namespace

RetrainConfig ReadRetrainConfig(ConfigNode retrain) {
  RetrainConfig config;
  retrain.ReadChoice("on", config.on,
                     {{"never", RetrainOn::kNever},
                      {"schedule", RetrainOn::kSchedule},
                      {"alarm", RetrainOn::kAlarm},
                      {"both", RetrainOn::kBoth}});
  retrain.Read("schedule", config.schedule, Between(1, 10'000));
  retrain.Read("walk_periods", config.walk_periods, Between(1, 10'000));
  retrain.Read("judged_periods", config.judged_periods, Between(2, 10'000));
  retrain.Read("confidence", config.confidence, Inside(0, 1));
  retrain.ExpectNoMoreKeys();
  return config;
}

int FirstOriginOfWalk(const RetrainConfig& config, int num_periods) {
  const int needed = config.walk_periods + config.judged_periods + kFewestPeriods;
  if (num_periods < needed)
    throw DataError(fmt::format(
        "to walk over {} periods by models that leave {} to judge them by takes {} periods of sales, but there "
        "are {}; set retrain.walk_periods lower, or judged_periods.",
        config.walk_periods, config.judged_periods, needed, num_periods));
  return num_periods - config.walk_periods;
}

WalkForwardResult WalkForward(const RetrainConfig& config, const ForecasterConfig& forecaster, int horizon,
                              const DemandHistory& history, const Random& random) {
  return Walk(config, forecaster, horizon, history, random).Run();
}

}  // namespace restock
