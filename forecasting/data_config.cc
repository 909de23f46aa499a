#include "forecasting/data_config.h"

#include <utility>

#include "forecasting/sqlite_table.h"

namespace restock {
namespace {

void ReadColumns(ConfigNode node, SalesColumns& columns) {
  const std::pair<const char*, std::optional<std::string>*> roles[] = {
      {"date", &columns.date},         {"sku", &columns.sku},
      {"demand", &columns.demand},     {"warehouse", &columns.warehouse},
      {"category", &columns.category}, {"stockout_hours", &columns.stockout_hours},
      {"stockout", &columns.stockout}, {"in_stock_share", &columns.in_stock_share},
      {"open", &columns.open},         {"holiday", &columns.holiday},
      {"returned", &columns.returned},
  };
  for (const auto& [role, column] : roles) {
    if (!node.Has(role)) continue;
    std::string name;
    node.Read(role, name);
    if (name.empty()) node.Fail(role, "must be the name of a column of the sales file.");
    *column = name;
  }
  node.ExpectNoMoreKeys();
}

CovariateColumn ReadCovariate(ConfigNode node) {
  CovariateColumn covariate;
  if (node.IsScalar()) {
    covariate.column = node.AsString();
    return covariate;
  }
  node.Read("column", covariate.column);
  node.Read("known_ahead", covariate.known_ahead);
  node.Read("lags", covariate.lags, Between(-365, 365));
  if (covariate.lags.empty()) node.Fail("lags", "is empty; 0 is the value itself.");
  for (const int lag : covariate.lags) {
    if (lag >= 0 || covariate.known_ahead) continue;
    node.Fail("lags", "names a later period, which only what is known_ahead has.");
  }
  node.ExpectNoMoreKeys();
  if (covariate.column.empty()) node.Fail("needs the name of a column, as in {column: price, known_ahead: true}.");
  return covariate;
}

void ReadCensoring(ConfigNode node, CensoringConfig& censoring) {
  node.ReadChoice<std::string>("method", censoring.method, {{"share", "share"}, {"expected", "expected"}});
  node.Read("cap", censoring.cap, AtLeast(1));
  node.Read("stockout_share", censoring.stockout_share, AboveAndUpTo(0, 1));
  node.Read("hourly_profile", censoring.hourly_profile, AtLeast(0));
  node.ExpectNoMoreKeys();
}

/// Where the sales are, and in which form.
void ReadSource(ConfigNode& data, DataConfig& config) {
  data.Read("path", config.path);
  if (data.Has("path")) config.where = data.Child("path").Where();
  if (data.Has("generate")) config.generate = ReadGeneratorConfig(data.Child("generate"));
  data.ReadChoice("layout", config.layout, {{"tidy", SalesLayout::kTidy}, {"wide", SalesLayout::kWide}});
  data.Read("table", config.table);
  data.Read("query", config.query);
  if (data.Has("first_date")) {
    std::string text;
    data.Read("first_date", text);
    config.first_date = Date::Parse(text);
    if (!config.first_date) data.Fail("first_date", "must be a date such as 2011-01-29, but is " + text + ".");
  }
  const bool is_database = IsSqliteFile(config.path);
  for (const char* key : {"table", "query"}) {
    if (is_database || !(std::string(key) == "table" ? config.table : config.query).size()) continue;
    data.Fail(key, "belongs to a database, a path that ends in .sqlite, .sqlite3 or .db.");
  }
  if (!config.table.empty() && !config.query.empty()) data.Fail("query", "and data.table exclude each other.");
  if (is_database && config.layout == SalesLayout::kWide) data.Fail("layout", "of a database is tidy.");
}

/// How rows are understood.
void ReadRowRules(ConfigNode& data, DataConfig& config) {
  data.ReadChoice<ReturnRule>(
      "returns", config.returns,
      {{"refuse", ReturnRule::kRefuse}, {"net", ReturnRule::kNet}, {"drop", ReturnRule::kDrop}});
  data.ReadChoice<DuplicateRule>(
      "duplicates", config.duplicates,
      {{"refuse", DuplicateRule::kRefuse}, {"sum", DuplicateRule::kSum}, {"last", DuplicateRule::kLast}});
  ConfigNode missing = data.Child("missing");
  missing.ReadChoice("rows", config.missing_rows_are_zero, {{"unknown", false}, {"zero", true}});
}

/// Keys that would have no effect are refused.
void CheckEffect(ConfigNode& data, const DataConfig& config) {
  if (config.columns.returned && config.returns == ReturnRule::kRefuse) {
    data.Fail("columns",
              "names a column `returned`, which data.returns: refuse does not read; set data.returns to net or drop.");
  }
  if (config.first_date && config.layout != SalesLayout::kWide) {
    data.Fail("first_date", "is the date of the column d_1 of a wide file; set data.layout to wide, or remove it.");
  }
}

void CheckSense(const ConfigNode& data, const DataConfig& config) {
  if (config.path.empty() && !config.generate) data.Fail("needs `path:` (a sales file) or `generate:` (demo data).");
  if (!config.path.empty() && config.generate) data.Fail("has both `path:` and `generate:`; keep one.");
  const std::vector<double>& profile = config.censoring.hourly_profile;
  if (profile.empty()) return;
  if (static_cast<double>(profile.size()) != config.open_hours) {
    data.Fail("censoring.hourly_profile has " + std::to_string(profile.size()) + " hours; it needs one per open hour.");
  }
  double sum = 0;
  for (const double share : profile) sum += share;
  if (sum <= 0) data.Fail("censoring.hourly_profile is zero in every hour.");
}

}  // namespace

DataConfig ReadDataConfig(ConfigNode data) {
  DataConfig config;
  ReadSource(data, config);
  data.ReadChoice("period", config.period, {{"day", PeriodLength::kDay}, {"week", PeriodLength::kWeek}});
  data.Read("unit", config.unit);
  data.Read("unit_size", config.unit_size, Above(0));
  data.Read("currency", config.currency);
  data.Read("open_hours", config.open_hours, AboveAndUpTo(0, 24));
  data.Read("holdout_periods", config.holdout_periods, AtLeast(0));
  ReadColumns(data.Child("columns"), config.columns);
  if (data.Has("covariates")) {
    for (ConfigNode& item : data.Child("covariates").Items()) config.covariates.push_back(ReadCovariate(item));
  }
  data.Read("holiday_lags", config.holiday_lags, Between(-60, 60));
  ReadCensoring(data.Child("censoring"), config.censoring);
  ReadRowRules(data, config);
  ReadCleaning(data, config.cleaning);
  data.Child("missing").ExpectNoMoreKeys();
  config.structure = ReadStructureConfig(data.Child("structure"));
  if (data.Has("select")) {
    ConfigNode select = data.Child("select");
    select.Read("num_warehouses", config.num_warehouses, AtLeast(0));
    select.Read("num_skus", config.num_skus, AtLeast(0));
    select.ExpectNoMoreKeys();
  }
  data.ExpectNoMoreKeys();
  CheckEffect(data, config);
  CheckSense(data, config);
  return config;
}

}  // namespace restock
