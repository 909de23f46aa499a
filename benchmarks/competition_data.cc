#include "benchmarks/competition_data.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "common/csv.h"
#include "forecasting/wide_table.h"

namespace restock {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
constexpr Eigen::Index kM4Horizon = 13;
constexpr Eigen::Index kShortestPast = 20;

/// A history of weeks whose demand was seen in full.
DemandHistory WeeklyHistory(Eigen::MatrixXf demand) {
  DemandHistory history;
  history.calendar.first_date = *Date::Parse("1990-01-01");
  history.calendar.period_length = PeriodLength::kWeek;
  history.calendar.closed.assign(static_cast<size_t>(demand.rows()), false);
  history.calendar.holiday = history.calendar.closed;
  history.in_stock_share = Eigen::MatrixXf::Ones(demand.rows(), demand.cols());
  history.sales = demand;
  history.demand = std::move(demand);
  return history;
}

}  // namespace

std::vector<CompetitionSeries> ReadM4Weekly(const std::filesystem::path& folder, int num_held_back) {
  const WideTable train = ReadWideTable(folder / "Weekly-train.csv");
  const WideTable test = ReadWideTable(folder / "Weekly-test.csv");
  std::vector<CompetitionSeries> all;
  for (Eigen::Index series = 0; series < train.values.cols(); ++series) {
    const Eigen::VectorXd past = UpToLastKnown(train.values.col(series));
    if (num_held_back == 0) {
      all.push_back({past, test.values.col(series)});
      continue;
    }
    const Eigen::Index size = std::max(kShortestPast, past.size() - num_held_back * kM4Horizon);
    all.push_back({past.head(size), past.segment(size, kM4Horizon)});
  }
  return all;
}

DemandHistory ReadCarparts(const std::filesystem::path& file) {
  const WideTable table = ReadWideTable(file);
  DemandHistory history = WeeklyHistory(table.values.cast<float>());
  for (const std::string& name : table.names) history.series.push_back({"all", name, ""});
  return history;
}

DemandHistory ReadOrangeJuice(const std::filesystem::path& file) {
  struct Row {
    int period;
    std::pair<std::string, std::string> series;  // store, brand
    float units, price, deal, feature;
  };
  CsvReader csv(file);
  const int week = csv.RequireColumn("week"), store = csv.RequireColumn("store"), brand = csv.RequireColumn("brand");
  const int units = csv.RequireColumn("units"), price = csv.RequireColumn("price_per_oz");
  const int deal = csv.RequireColumn("deal"), feature = csv.RequireColumn("feature");
  std::vector<Row> rows;
  std::map<std::pair<std::string, std::string>, int> columns;
  int num_periods = 0;
  while (csv.NextRow()) {
    const auto number = [&](int column) { return static_cast<float>(csv.Number(column)); };
    rows.push_back({static_cast<int>(csv.Number(week)) - kFirstJuiceWeek,
                    {std::string(csv.Text(store)), std::string(csv.Text(brand))},
                    number(units),
                    number(price),
                    number(deal),
                    number(feature)});
    if (rows.back().period < 0) csv.Fail(week, "comes before the first week.");
    num_periods = std::max(num_periods, rows.back().period + 1);
    columns[rows.back().series] = 0;
  }

  const auto empty = Eigen::MatrixXf::Constant(num_periods, static_cast<Eigen::Index>(columns.size()), kUnknown);
  DemandHistory history = WeeklyHistory(empty);
  history.covariates = {{"log_price", true, empty}, {"deal", true, empty}, {"feature", true, empty}};
  for (auto& [name, column] : columns) {
    column = history.num_series();
    history.series.push_back({name.first, name.second, ""});
  }
  for (const Row& row : rows) {
    const int column = columns.at(row.series);
    history.demand(row.period, column) = row.units;
    history.covariates[0].values(row.period, column) = std::log(row.price);
    history.covariates[1].values(row.period, column) = row.deal;
    history.covariates[2].values(row.period, column) = row.feature;
  }
  history.sales = history.demand;
  return history;
}

}  // namespace restock
