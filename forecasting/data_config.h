#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/calendar.h"
#include "common/config_node.h"
#include "forecasting/cleaning.h"
#include "forecasting/demand_generator.h"
#include "forecasting/demand_structure.h"

namespace restock {

/// Which column of the sales file plays which role. A role without a name takes the column that is called like the
/// role, if there is one.
struct SalesColumns {
  std::optional<std::string> date;            // YYYY-MM-DD; needed
  std::optional<std::string> sku;             // needed
  std::optional<std::string> demand;          // quantity sold; empty: not known; needed
  std::optional<std::string> warehouse;       // without it all is one warehouse
  std::optional<std::string> category;        // group of products
  std::optional<std::string> stockout_hours;  // hours of the day without stock, of `open_hours`
  std::optional<std::string> stockout;        // 1 where the product ran out that day, else 0
  std::optional<std::string> in_stock_share;  // share of the day's usual sales that falls into hours with stock, 0 to 1
  std::optional<std::string> open;            // 0 where nothing can be sold, else 1
  std::optional<std::string> holiday;         // 1 on holidays, else 0
  std::optional<std::string> returned;        // quantity that came back that day; only where it is named here
};

struct CovariateColumn {
  std::string column;
  bool known_ahead = false;     // planned, such as a promotion; weather is not
  std::vector<int> lags = {0};  // periods before of which the values count, see lagged_covariates.h
};

/// What a sales file may be, and how its rows are understood.
enum class SalesLayout { kTidy, kWide };  // a row per period and series; or a row per series, a column per period
enum class ReturnRule { kRefuse, kNet, kDrop };     // of negative quantities: an error; off earlier sales; left out
enum class DuplicateRule { kRefuse, kSum, kLast };  // of rows of one period and series: an error; added up; the last

/// How demand is estimated where stock ran out, see censoring.h.
struct CensoringConfig {
  std::string method = "share";  // share: the sale over the share of the day with stock; expected: the sale and what
                                 // is expected of the rest of the day
  double cap = 1.6;              // demand is at most so many times the sale; of method expected, on the first days
  double stockout_share = 0.7;   // in-stock share of a day that is only flagged as one with a stock-out
  std::vector<double>
      hourly_profile;  // sales by open hour, any scale; empty: even. Stock-out hours are the last of the day
};

/// The `data:` block of a configuration.
struct DataConfig {
  std::string path;                         // sales file: CSV, or SQLite by its ending; empty: demand is generated
  std::string table;                        // of an SQLite file; empty: its one table `sales`
  std::string query;                        // instead of a table: one SELECT statement
  SalesLayout layout = SalesLayout::kTidy;  // of a CSV file
  std::optional<Date> first_date;           // of the column d_1 of a wide file
  std::optional<GeneratorConfig> generate;  // instead of a path
  PeriodLength period = PeriodLength::kDay;
  std::string unit = "piece";
  double unit_size = 1;  // one inside is so many of the file's units
  std::string currency = "money";
  SalesColumns columns;
  double open_hours = 24;  // of a day, what `stockout_hours` counts
  ReturnRule returns = ReturnRule::kRefuse;
  DuplicateRule duplicates = DuplicateRule::kRefuse;
  bool missing_rows_are_zero = false;  // from a series' first row on; otherwise they are not known
  CleaningConfig cleaning;             // of demand before models see it
  StructureConfig structure;           // what is told of the assortment
  std::vector<CovariateColumn> covariates;
  std::vector<int> holiday_lags;  // days around holidays that models tell apart: [-1, 1], the day before and after
  CensoringConfig censoring;
  int num_warehouses = 0;  // those with the largest sales; 0: all
  int num_skus = 0;
  int holdout_periods = 0;  // last observed periods that no fitting may see
  std::string where;        // file:line:column of `path`, for messages
};

DataConfig ReadDataConfig(ConfigNode data);

}  // namespace restock
