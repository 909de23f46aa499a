// Our forecasts beside published ones, on data that others published:
//   RESTOCK_DATA=FOLDER forecast_benchmark [m4] [carparts] [orange_juice] [speed] [--training]
// With --training the settings are judged within the training part, as they were chosen; the test part is not read.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "benchmarks/competition_data.h"
#include "common/cpu_time.h"
#include "common/parallel.h"
#include "forecasting/forecast_metrics.h"
#include "forecasting/forecaster_config.h"
#include "forecasting/score_functions.h"
#include "forecasting/series_models.h"

namespace restock {
namespace {

/// One line of a table: who, the score, and where it is from.
void Print(const std::string& model, const std::string& scores, const std::string& source) {
  fmt::print("  {:<26}{:<34}{}\n", model, scores, source);
}

std::string Ours(double start) { return fmt::format("ours, {:.1f} CPU s", ProgramCpuSeconds() - start); }

std::unique_ptr<Forecaster> Make(const std::string& model, int horizon) {
  ForecasterConfig config;
  config.model = model;
  config.horizon = horizon;
  return MakeForecaster(config, Random(1));
}

/// Mean MASE and sMAPE over the 359 weekly series, horizon 13, scale of MASE without season.
void RunM4(const std::filesystem::path& data, bool training) {
  fmt::print("M4 weekly, MASE and sMAPE (359 series, 13 weeks){}\n",
             training ? ", means of the four horizons before the end of the training part" : "");
  struct Entry {
    const char* model;
    int season;
  };
  for (const auto& [model, season] : {Entry{"naive", 1},
                                      {"simple_smoothing", 1},
                                      {"damped_holt", 1},
                                      {"theta", 1},
                                      {"dynamic_theta", 52},
                                      {"ets", 1},
                                      {"ensemble", 1},
                                      {"arima", 1},
                                      {"arima", 52}}) {
    const double start = ProgramCpuSeconds();
    double mase = 0, smape = 0, count = 0;
    for (int back = training ? 1 : 0; back <= (training ? 4 : 0); ++back) {
      const std::vector<CompetitionSeries> all = ReadM4Weekly(data / "m4", back);
      std::vector<std::pair<double, double>> scores(all.size());
      ParallelFor(static_cast<int>(all.size()), 0, [&, name = model, period = season](int i) {
        const auto& [past, actual] = all[static_cast<size_t>(i)];
        const auto fitted = MakeSeriesModel(name);
        fitted->Fit({past, period});
        const Eigen::VectorXd forecast = ForecastAfter(*fitted, past, static_cast<int>(actual.size()));
        scores[static_cast<size_t>(i)] = {AbsoluteScaledError(actual, forecast, past, 1),
                                          SymmetricPercentageError(actual, forecast)};
      });
      for (const auto& [of_mase, of_smape] : scores) {
        mase += of_mase;
        smape += of_smape;
        ++count;
      }
    }
    Print(season == 1 ? model : fmt::format("{}, season {}", model, season),
          fmt::format("{:.4f}   {:.3f}", mase / count, smape / count), Ours(start));
  }
  if (training) return;
  Print("Naive 2", "2.777    9.161", "competition");
  Print("Theta", "2.637", "competition");
  Print("AutoETS", "2.55", "statsforecast");
  Print("Damped", "2.404", "competition");
  Print("Smyl, the winner", "2.356", "competition");
  Print("AutoARIMA", "2.34", "statsforecast");
  Print("Doornik", "2.302", "competition");
  Print("Montero-Manso, second", "2.108", "competition");
}

/// Weighted quantile loss of the last twelve months, and MASE and WAPE of the median.
void RunCarparts(const std::filesystem::path& data, bool training) {
  constexpr int kHorizon = 12;
  fmt::print("carparts, weighted quantile loss, MASE, WAPE (2,674 series, 12 months){}\n",
             training ? ", from months 21, 24 and 27" : "");
  const DemandHistory all = ReadCarparts(data / "carparts/carparts_monthly_wide.csv");
  const std::vector<int> origins = training ? std::vector<int>{21, 24, 27} : std::vector<int>{39};
  const auto print = [](const std::string& model, const ForecastScorer& scorer, const std::string& source) {
    const ForecastScores scores = scorer.Scores();
    Print(model, fmt::format("{:.4f}   {:.4f}   {:.4f}", scores.weighted_quantile_loss, scores.mase, scores.wape),
          source);
  };
  for (const char* model : {"count_regression", "simple_smoothing", "tsb", "sba", "adida"}) {
    const double start = ProgramCpuSeconds();
    ForecastScorer scorer;
    for (const int origin : origins) {
      const DemandHistory past = all.Until(origin);
      const auto forecaster = Make(model, kHorizon);
      forecaster->Fit(past);
      scorer.Add(forecaster->Predict(past, kHorizon), all.demand.middleRows(origin, kHorizon), past.demand, 12);
    }
    print(model, scorer, Ours(start));
  }
  ForecastScorer zeros;
  for (const int origin : origins) {
    Forecast none = {kHorizon, kForecastLevels, Eigen::MatrixXf::Zero(kHorizon, all.num_series()), {}};
    none.quantiles.assign(none.levels.size(), none.mean);
    zeros.Add(none, all.demand.middleRows(origin, kHorizon), all.demand.topRows(origin), 12);
  }
  print("zeros", zeros, "ours");
  if (training) return;
  Print("TFT, best of 120", "0.890    0.807    1.01", "GIFT-Eval");
  Print("Moirai-2", "0.936    0.827    1.08", "GIFT-Eval");
  Print("DeepAR", "0.953    0.835    1.09", "GIFT-Eval");
  Print("AutoARIMA", "1.290    0.958    1.27", "GIFT-Eval");
  Print("AutoETS", "1.340    1.220    1.60", "GIFT-Eval");
}

/// MAPE over all rows of ten rounds of two weeks, each fitted on what lies two weeks before its first week, prices and
/// promotions known. Training rounds end 20 weeks earlier, so that no week is in both.
void RunOrangeJuice(const std::filesystem::path& data, bool training) {
  constexpr int kRounds = 10, kHorizon = 3;
  const int last_week = training ? 136 : 156;
  fmt::print("Orange juice, MAPE (83 stores x 11 brands, 10 rounds of 2 weeks to week {})\n", last_week);
  const DemandHistory all = ReadOrangeJuice(data / "orange_juice/oj_weekly_panel.csv");
  for (const char* model : {"linear_regression", "similar_periods", "response_blend"}) {
    const double start = ProgramCpuSeconds();
    double sum = 0, count = 0;
    for (int round = 1; round <= kRounds; ++round) {
      const int first_test = last_week - 2 * (kRounds - round) - 1 - kFirstJuiceWeek;  // as a period
      const int num_past = first_test - 1;                                             // up to two weeks before it
      const DemandHistory past = all.Until(num_past);
      const auto forecaster = Make(model, kHorizon);
      forecaster->Fit(past);
      const Forecast forecast = forecaster->Predict(past, kHorizon);
      const Eigen::VectorXd levels =
          Eigen::Map<const Eigen::VectorXf>(forecast.levels.data(), static_cast<Eigen::Index>(forecast.levels.size()))
              .cast<double>();
      for (int series = 0; series < all.num_series(); ++series) {
        for (int step = 1; step < kHorizon; ++step) {
          const double actual = all.demand(num_past + step, series);
          if (!(actual > 0)) continue;
          Eigen::VectorXd quantiles(levels.size());
          for (Eigen::Index i = 0; i < levels.size(); ++i) {
            quantiles[i] = forecast.quantiles[static_cast<size_t>(i)](step, series);
          }
          sum += std::abs(BestForPercentageError(levels, quantiles) / actual - 1);
          ++count;
        }
      }
    }
    Print(model, fmt::format("{:.2f} %   {} rows", 100 * sum / count, count), Ours(start));
  }
  if (training) return;
  Print("LightGBM", "35.97 %", "microsoft/forecasting");
  Print("Dilated CNN", "37.66 %", "microsoft/forecasting");
  Print("AutoARIMA", "68.30 %", "microsoft/forecasting");
}

/// Series fitted and forecast in a processor second: 400 periods of demand with a weekly season.
void RunSpeed() {
  fmt::print("Speed, series of 400 periods and season 7: fits with forecasts of 14 periods in a CPU second\n");
  constexpr int kSeries = 64, kPeriods = 400;
  std::vector<Eigen::VectorXd> demands;
  for (int series = 0; series < kSeries; ++series) {
    RandomStream stream = Random(1).Stream("speed").At(static_cast<uint64_t>(series));
    Eigen::VectorXd demand(kPeriods);
    const bool is_intermittent = series % 2 == 1;
    for (int i = 0; i < kPeriods; ++i) {
      demand[i] = static_cast<double>(stream.NegativeBinomial((is_intermittent ? 0.4 : 40) * (i % 7 == 5 ? 2 : 1), 5));
    }
    demands.push_back(demand);
  }
  for (const std::string& name : SeriesModelNames()) {
    const double start = ProgramCpuSeconds();
    int count = 0;
    double checksum = 0;
    while (ProgramCpuSeconds() - start < 0.5) {
      for (int i = 0; i < 4; ++i) {
        const Eigen::VectorXd& demand = demands[static_cast<size_t>(count++ % kSeries)];
        const auto model = MakeSeriesModel(name);
        model->Fit({demand, 7});
        checksum += ForecastAfter(*model, demand, 14).sum();
      }
    }
    Print(name, fmt::format("{:.0f}", count / (ProgramCpuSeconds() - start)),
          std::isfinite(checksum) ? "" : "not finite");
  }
}

int Run(int argc, char** argv) {
  std::set<std::string> wanted(argv + 1, argv + argc);
  const bool training = wanted.erase("--training") > 0;
  if (wanted.empty()) wanted = {"m4", "carparts", "orange_juice", "speed"};
  const char* folder = std::getenv("RESTOCK_DATA");
  const std::filesystem::path data = std::filesystem::path(folder != nullptr ? folder : "../shared") / "data";
  if (!std::filesystem::exists(data)) {
    fmt::print(stderr,
               "no data: set RESTOCK_DATA to the folder that holds data/; data/README.md tells where it comes from.\n");
    return 2;
  }
  if (wanted.count("m4") > 0) RunM4(data, training);
  if (wanted.count("carparts") > 0) RunCarparts(data, training);
  if (wanted.count("orange_juice") > 0) RunOrangeJuice(data, training);
  if (wanted.count("speed") > 0) RunSpeed();
  return 0;
}

}  // namespace
}  // namespace restock

int main(int argc, char** argv) { return restock::Run(argc, argv); }
