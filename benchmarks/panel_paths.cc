#include "benchmarks/panel_paths.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "forecasting/score_functions.h"

namespace restock {
namespace {

constexpr int kPathPeriods = 14;
const std::pair<const char*, PathMethod> kMethods[] = {{"independent", PathMethod::kIndependent},
                                                       {"day blocks", PathMethod::kDayBlocks},
                                                       {"copula", PathMethod::kCopula},
                                                       {"ancestral", PathMethod::kAncestral}};

void AddSumCrps(const ScenarioSet& paths, const Eigen::MatrixXf& actual, const std::vector<int>& columns, int periods,
                double scale, double& score, double& count) {
  Eigen::VectorXd sums = Eigen::VectorXd::Zero(paths.num_scenarios);
  double truth = 0;
  for (int period = 0; period < periods; ++period) {
    for (const int series : columns) {
      if (std::isnan(actual(period, series))) continue;
      truth += actual(period, series);
      sums += paths.Demand(period, series).matrix().cast<double>();
    }
  }
  score += FairCrps(sums, truth) / scale;
  count += 1;
}

/// The mean demand of each series, at least a fifth of the median series': new products have none to speak of.
Eigen::VectorXd Scales(const Eigen::MatrixXf& demand) {
  Eigen::VectorXd scale(demand.cols());
  for (Eigen::Index series = 0; series < demand.cols(); ++series) {
    const auto column = demand.col(series).array();
    const auto known = static_cast<double>((column == column).count());
    scale[series] = static_cast<double>((column == column).select(column, 0.f).sum()) / std::max(known, 1.0);
  }
  std::vector<double> sorted(scale.begin(), scale.end());
  std::nth_element(sorted.begin(), sorted.begin() + scale.size() / 2, sorted.end());
  return scale.cwiseMax(0.2 * sorted[sorted.size() / 2]);
}

void JudgePaths(const ScenarioSet& paths, const Eigen::MatrixXf& actual, const Eigen::VectorXd& scale,
                const SeriesGroups& groups, PathScores& scores) {
  const int num_periods = static_cast<int>(actual.rows());
  const auto value = [&](int period, int series) {
    return Eigen::VectorXd(paths.Demand(period, series).matrix().cast<double>() / scale[series]);
  };
  // each series over the days
  for (int series = 0; series < paths.num_series; ++series) {
    std::vector<int> known;
    for (int period = 0; period < num_periods; ++period) {
      if (!std::isnan(actual(period, series))) known.push_back(period);
    }
    if (known.size() < 7) continue;
    Eigen::MatrixXd sample(paths.num_scenarios, static_cast<Eigen::Index>(known.size()));
    Eigen::VectorXd truth(static_cast<Eigen::Index>(known.size()));
    for (size_t i = 0; i < known.size(); ++i) {
      sample.col(static_cast<Eigen::Index>(i)) = value(known[i], series);
      truth[static_cast<Eigen::Index>(i)] = actual(known[i], series) / scale[series];
    }
    scores.energy_days += EnergyScore(sample, truth);
    scores.variogram_days += VariogramScore(sample, truth);
    scores.days += 1;
    AddSumCrps(paths, actual, {series}, 7, scale[series], scores.crps_7, scores.sums_7);
    AddSumCrps(paths, actual, {series}, 14, scale[series], scores.crps_14, scores.sums_14);
  }
  // each warehouse over its series, day by day
  for (int warehouse = 0; warehouse < groups.num_warehouses; ++warehouse) {
    std::vector<int> members;
    double total = 0;
    for (int series = 0; series < paths.num_series; ++series) {
      if (groups.warehouse[static_cast<size_t>(series)] == warehouse) {
        members.push_back(series);
        total += scale[series];
      }
    }
    AddSumCrps(paths, actual, members, 14, total, scores.crps_warehouse, scores.warehouses);
    for (int period = 0; period < num_periods; ++period) {
      std::vector<int> known;
      for (const int series : members) {
        if (!std::isnan(actual(period, series)) && known.size() < 80) known.push_back(series);
      }
      if (known.size() < 10) continue;
      Eigen::MatrixXd sample(paths.num_scenarios, static_cast<Eigen::Index>(known.size()));
      Eigen::VectorXd truth(static_cast<Eigen::Index>(known.size()));
      for (size_t i = 0; i < known.size(); ++i) {
        sample.col(static_cast<Eigen::Index>(i)) = value(period, known[i]);
        truth[static_cast<Eigen::Index>(i)] = actual(period, known[i]) / scale[known[i]];
      }
      scores.energy_skus += EnergyScore(sample, truth);
      scores.variogram_skus += VariogramScore(sample, truth) / static_cast<double>(known.size());
      scores.skus += 1;
    }
  }
}

}  // namespace

void AddPaths(const PanelOptions& options, const DemandHistory& history, int origin, CalibratedForecaster& forecaster,
              std::map<std::string, PathScores>& scores) {
  if (origin + kPathPeriods > history.num_periods()) return;
  const DemandHistory past = history.Until(origin);
  const Eigen::VectorXd scale = Scales(past.demand);
  const SeriesGroups groups(history.series);
  const auto judge = [&](const std::string& name, PathMethod method) {
    forecaster.set_path_method(method);
    ScenarioSet paths;
    paths.Resize(options.scenarios, kPathPeriods, history.num_series(), {});
    paths.origin.assign(static_cast<size_t>(options.scenarios), origin);
    forecaster.Sample(past, Random(7), paths);
    JudgePaths(paths, history.demand.middleRows(origin, kPathPeriods), scale, groups, scores[name]);
  };
  for (const auto& [name, method] : kMethods) judge(name, method);
  for (const float strength : {0.f, 0.5f, 1.f}) {
    if (!options.forms) break;
    forecaster.set_copula(ScoreCopula(forecaster.scores(), groups, strength));
    judge(fmt::format("factors {:.1f}", strength), PathMethod::kCopula);
  }
}

void PrintPaths(const PanelOptions& options, const std::map<std::string, PathScores>& scores) {
  fmt::print("{} paths of {}, means, smaller is better\n", options.scenarios, options.models.front());
  fmt::print("{:<14}{:>12}{:>12}{:>12}{:>12}{:>12}{:>12}{:>12}\n", "paths", "ES days", "VS days", "ES SKUs", "VS SKUs",
             "CRPS 7", "CRPS 14", "CRPS wh.");
  for (const auto& [name, all] : scores) {
    fmt::print("{:<14}{:>12.4f}{:>12.4f}{:>12.4f}{:>12.4f}{:>12.4f}{:>12.4f}{:>12.4f}\n", name,
               all.energy_days / all.days, all.variogram_days / all.days, all.energy_skus / all.skus,
               all.variogram_skus / all.skus, all.crps_7 / all.sums_7, all.crps_14 / all.sums_14,
               all.crps_warehouse / all.warehouses);
  }
}

}  // namespace restock
