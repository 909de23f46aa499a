#include "forecasting/data_config.h"

#include <utility>

namespace restock {
namespace {

void ReadColumns(ConfigNode node, SalesColumns& columns) {
  const std::pair<const char*, std::optional<std::string>*> roles[] = {
      {"date", &columns.date},         {"sku", &columns.sku},
      {"demand", &columns.demand},     {"warehouse", &columns.warehouse},
      {"category", &columns.category}, {"stockout_hours", &columns.stockout_hours},
      {"stockout", &columns.stockout}, {"in_stock_share", &columns.in_stock_share},
      {"open", &columns.open},         {"holiday", &columns.holiday},
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
  data.Read("path", config.path);
  if (data.Has("path")) config.where = data.Child("path").Where();
  if (data.Has("generate")) config.generate = ReadGeneratorConfig(data.Child("generate"));
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
  ReadCensoring(data.Child("censoring"), config.censoring);
  if (data.Has("select")) {
    ConfigNode select = data.Child("select");
    select.Read("num_warehouses", config.num_warehouses, AtLeast(0));
    select.Read("num_skus", config.num_skus, AtLeast(0));
    select.ExpectNoMoreKeys();
  }
  data.ExpectNoMoreKeys();
  CheckSense(data, config);
  return config;
}

}  // namespace restock
