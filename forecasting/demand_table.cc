#include "forecasting/demand_table.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "forecasting/censoring.h"
#include "forecasting/demand_generator.h"
#include "forecasting/lagged_covariates.h"
#include "forecasting/sales_file.h"

namespace restock {
namespace {

/// Keeps the given columns, in the given order.
void KeepSeries(const std::vector<int>& columns, DemandHistory& history) {
  std::vector<Series> series;
  for (const int column : columns) series.push_back(history.series[static_cast<size_t>(column)]);
  history.series = std::move(series);
  for (Eigen::MatrixXf* matrix : {&history.sales, &history.in_stock_share})
    *matrix = (*matrix)(Eigen::all, columns).eval();
  for (Covariate& covariate : history.covariates) covariate.values = covariate.values(Eigen::all, columns).eval();
}

double TotalSales(const DemandHistory& history, int column) {
  const auto sales = history.sales.col(column).array();
  return sales.isNaN().select(0.f, sales).cast<double>().sum();
}

/// The `count` names with the largest sales among the given columns; 0: all. Equal sales: the name that sorts first.
std::set<std::string> Largest(const DemandHistory& history, const std::vector<int>& columns, std::string Series::*name,
                              int count) {
  std::map<std::string, double> sales;
  for (const int column : columns)
    sales[history.series[static_cast<size_t>(column)].*name] += TotalSales(history, column);
  std::vector<std::pair<double, std::string>> ranking;
  for (const auto& [key, total] : sales) ranking.emplace_back(-total, key);
  std::sort(ranking.begin(), ranking.end());
  if (count > 0 && count < static_cast<int>(ranking.size())) ranking.resize(static_cast<size_t>(count));
  std::set<std::string> names;
  for (const auto& entry : ranking) names.insert(entry.second);
  return names;
}

/// The largest warehouses, and then the largest products there.
std::vector<int> SelectSeries(const DataConfig& config, const DemandHistory& history) {
  std::vector<int> columns(static_cast<size_t>(history.num_series()));
  for (size_t i = 0; i < columns.size(); ++i) columns[i] = static_cast<int>(i);
  const std::pair<std::string Series::*, int> criteria[] = {{&Series::warehouse, config.num_warehouses},
                                                            {&Series::sku, config.num_skus}};
  for (const auto& [name, count] : criteria) {
    const std::set<std::string> keep = Largest(history, columns, name, count);
    std::erase_if(columns, [&, name = name](int column) {
      return !keep.contains(history.series[static_cast<size_t>(column)].*name);
    });
  }
  return columns;
}

void AddLags(const DataConfig& config, DemandHistory& history) {
  std::vector<CovariateLags> lags;
  for (const CovariateColumn& covariate : config.covariates) lags.push_back({covariate.column, covariate.lags});
  AddLaggedCovariates(lags, config.holiday_lags, history);
}

/// What estimating demand behind stock-outs has changed.
void ReportStockouts(const DemandHistory& history, DataReport& report) {
  for (int series = 0; series < history.num_series(); ++series) {
    for (int period = 0; period < history.num_periods(); ++period) {
      const float sale = history.sales(period, series), demand = history.demand(period, series);
      if (std::isnan(sale) || sale == demand || history.calendar.IsClosed(period)) continue;
      report.Add({series, period, sale, demand, std::isnan(demand) ? DataStep::kSoldOut : DataStep::kStockout});
    }
  }
}

/// Demand counts in whole units and begins with the first sale; without that every policy would cost nothing.
void ExpectDemand(const DemandHistory& history) {
  const auto sales = history.sales.array();
  const auto num_sales = (sales > 0).count();
  const double mean_sale =
      (sales > 0).select(sales, 0.f).cast<double>().sum() / static_cast<double>(std::max<Eigen::Index>(1, num_sales));
  if (num_sales > 0 && mean_sale < 0.5) {
    throw DataError(fmt::format(
        "data.unit_size is {}, but the mean sale is only {:.3g} {}, less than half of it, and demand counts in whole "
        "unit sizes. Set data.unit_size to the least quantity that is sold.",
        history.unit_size, mean_sale * history.unit_size, history.unit));
  }
  if ((history.demand.array() > 0).count() == 0) {
    throw DataError(
        "The sales have no demand to learn from: no product has a sale above zero in a period that is not a stock-out "
        "throughout. Check data.columns, and data.holdout_periods, which are kept from fitting.");
  }
}

}  // namespace

DemandHistory ReadDemand(const DataConfig& config, const Random& random, DataReport* report) {
  DataReport changes;
  DemandHistory history = config.generate ? GenerateSales(*config.generate, random).history
                                          : ReadSalesFile(config, FindDataFile(config.path, config.where), &changes);
  const std::vector<int> columns = SelectSeries(config, history);
  KeepSeries(columns, history);
  changes.KeepSeries(columns);
  AddLags(config, history);
  EstimateDemand(config.censoring, history);
  ReportStockouts(history, changes);
  if (report != nullptr) *report = std::move(changes);
  return history;
}

DemandHistory ReadSales(const DataConfig& config, const std::filesystem::path& file, const std::vector<Series>& series,
                        std::vector<Series>* left_out) {
  // after generated demand comes a file as WriteSalesFile writes it, with the generator's covariates
  DataConfig of_file = config;
  if (config.generate) of_file.covariates = {{"price", true}, {"promotion", true}, {"temperature"}, {"rain"}};
  DemandHistory history = ReadSalesFile(of_file, file);
  std::map<std::pair<std::string, std::string>, int> column_of;
  for (int column = 0; column < history.num_series(); ++column) {
    const Series& one = history.series[static_cast<size_t>(column)];
    column_of[{one.warehouse, one.sku}] = column;
  }
  std::vector<int> columns;
  for (const Series& wanted : series) {
    const auto found = column_of.find({wanted.warehouse, wanted.sku});
    if (found == column_of.end()) {
      throw DataError(fmt::format(
          "{}: there is no row for product {} at warehouse {}, which the model was fitted on. Add a row with a "
          "demand of 0 where it is no longer sold, or run again with these sales.",
          file.string(), wanted.sku, wanted.warehouse));
    }
    columns.push_back(found->second);
    column_of.erase(found);
  }
  if (left_out != nullptr) {
    for (const auto& [name, column] : column_of) left_out->push_back(history.series[static_cast<size_t>(column)]);
  }
  KeepSeries(columns, history);
  history.series = series;
  AddLags(config, history);
  EstimateDemand(config.censoring, history);
  return history;
}

DemandSplit SplitHoldout(DemandHistory history, int holdout_periods) {
  const int least = history.calendar.period_length == PeriodLength::kDay ? 14 : 8;
  const int left = history.num_periods() - holdout_periods;
  if (left < least) {
    throw DataError(fmt::format(
        "The sales cover {} periods, and data.holdout_periods keeps {} of them from fitting; at least {} must "
        "be left.",
        history.num_periods(), holdout_periods, least));
  }
  DemandSplit split;
  split.past = history.Until(left);
  ExpectDemand(split.past);
  split.full = std::move(history);
  return split;
}

std::filesystem::path FindDataFile(const std::string& path, const std::string& where) {
  if (std::filesystem::exists(path)) return path;
  const char* folder = std::getenv("RESTOCK_DATA");
  const bool has_folder = folder != nullptr && *folder != '\0';
  if (has_folder && std::filesystem::exists(std::filesystem::path(folder) / path)) {
    return std::filesystem::path(folder) / path;
  }
  throw ConfigError(fmt::format(
      "{}: data.path: there is no file {}{}. Name it from the folder you are in, or set the environment variable "
      "RESTOCK_DATA to the folder that holds it; data/README.md tells where the data of shipped configurations come "
      "from.",
      where, path, has_folder ? fmt::format(", neither here nor in {} (RESTOCK_DATA)", folder) : " here"));
}

}  // namespace restock
