#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/file.h"
#include "forecasting/analogues.h"
#include "forecasting/box_cox.h"
#include "forecasting/clusters.h"
#include "forecasting/demand_class.h"
#include "forecasting/demand_structure.h"
#include "forecasting/demand_table.h"
#include "forecasting/forecaster_config.h"
#include "forecasting/impute_neighbours.h"
#include "forecasting/lagged_covariates.h"
#include "forecasting/pca.h"
#include "forecasting/plan_features.h"
#include "forecasting/returns.h"
#include "forecasting/sales_file.h"
#include "forecasting/series_forecaster.h"
#include "forecasting/series_models.h"
#include "forecasting/shape_features.h"
#include "forecasting/stl.h"
#include "forecasting/transform.h"
#include "forecasting/transformed_model.h"
#include "tests/forecasting/test_histories.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

// Every public function of data preparation on every kind of demand that files may hold: it gives finite numbers, or
// says what is wrong with the input (InputError). Unknown values may stay unknown.

/// Two series of each kind beside an ordinary one, so that functions that compare series have something to compare.
DemandHistory WithNeighbour(const Eigen::VectorXf& demand) {
  Eigen::MatrixXf all(demand.size(), 3);
  all.col(0) = all.col(1) = demand;
  for (Eigen::Index i = 0; i < demand.size(); ++i) all(i, 2) = static_cast<float>(3 + i % 7);
  DemandHistory history = HistoryOf(all);
  history.covariates = {{"price", true, all.cwiseAbs()}, {"views", false, all}};
  return history;
}

struct HardDemand {
  std::string name;
  DemandHistory history;
};

std::vector<HardDemand> HardDemands() {
  const auto with = [](int size, const std::function<float(int)>& value) {
    Eigen::VectorXf demand(size);
    for (int i = 0; i < size; ++i) demand[i] = value(i);
    return WithNeighbour(demand);
  };
  std::vector<HardDemand> demands = {
      {"constant", with(60, [](int) { return 5.f; })},
      {"all zeros", with(60, [](int) { return 0.f; })},
      {"one sale", with(60, [](int i) { return i == 31 ? 7.f : 0.f; })},
      {"length 1", with(1, [](int) { return 3.f; })},
      {"length 2", with(2, [](int i) { return static_cast<float>(i); })},
      {"gaps", with(60, [](int i) { return i % 10 < 4 ? kUnknown : static_cast<float>(i % 3); })},
      {"only the ends known", with(60, [](int i) { return i == 0 || i == 59 ? 2.f : kUnknown; })},
      {"nothing known", with(60, [](int) { return kUnknown; })},
      {"a billion", with(60, [](int i) { return i % 2 == 0 ? 1e9f : 0.f; })},
      {"a billion, constant", with(60, [](int) { return 1e9f; })},
  };
  DemandHistory closed = with(60, [](int i) { return i % 7 == 6 ? kUnknown : 4.f; });
  for (size_t i = 6; i < 60; i += 7) closed.calendar.closed[i] = closed.calendar.holiday[i - 1] = true;
  demands.push_back({"closed days", closed});
  return demands;
}

using Numbers = std::vector<double>;

Numbers ToNumbers(const Eigen::MatrixXd& values) { return {values.data(), values.data() + values.size()}; }

/// Known values alone: unknown ones may stay.
Numbers KnownOf(const Eigen::MatrixXf& values) {
  Numbers known;
  for (const float value : values.reshaped())
    if (!std::isnan(value)) known.push_back(value);
  return known;
}

Eigen::VectorXd FirstSeries(const DemandHistory& history) { return history.demand.col(0).cast<double>(); }

Numbers Clean(DemandHistory history, const CleaningConfig& config) {
  const auto num_known = KnownOf(history.demand).size();
  CleanDemand(config, history);
  const Numbers known = KnownOf(history.demand);
  EXPECT_GE(known.size(), num_known);  // cleaning forgets nothing
  return known;
}

Numbers StructureNumbers(const DemandHistory& history, ClusterMethod method) {
  StructureConfig config;
  config.value = "price";
  config.clusters.method = method;
  const DemandStructure structure = StructureOf(config, history, Random(1));
  Numbers numbers = structure.share;
  numbers.push_back(structure.clusters.silhouette);
  for (const double mean : structure.clusters.mean_features.reshaped()) numbers.push_back(mean);
  for (const AssociationRule& rule : structure.sold_together) numbers.push_back(rule.lift);
  return numbers;
}

Numbers TransformThereAndBack(const DemandHistory& history) {
  Numbers numbers;
  const Eigen::VectorXd demand = FirstSeries(history);
  for (const auto& [name, kind] : TransformNames()) {
    const Transform transform(kind, demand, 7);
    for (const double value : demand) {
      if (std::isnan(value)) continue;
      const double back = transform.Inverse(transform.Forward(value));
      EXPECT_NEAR(back, value, 1e-6 * (1 + value)) << name;
      numbers.push_back(transform.Forward(value));
    }
    for (const double any : {-1e9, -1.0, 0.0, 1.0, 1e9}) numbers.push_back(transform.Inverse(any));
  }
  return numbers;
}

Numbers TransformedForecasts(const DemandHistory& history) {
  Numbers numbers;
  int first = 0;
  const SeriesData data = SeriesOf(history, 0, first);
  for (const auto& [name, kind] : TransformNames()) {
    const auto model = MakeTransformedModel(MakeSeriesModel("simple_smoothing"), kind);
    model->Fit(data);
    for (const double value : ForecastAfter(*model, data.demand, 9)) numbers.push_back(value);
  }
  return numbers;
}

Numbers ForecastOfConfig(const DemandHistory& history, ForecasterConfig config) {
  const auto forecaster = MakeForecaster(config, Random(1));
  forecaster->Fit(history);
  const Forecast forecast = forecaster->Predict(history, 5);
  Numbers numbers = ToNumbers(forecast.mean.cast<double>());
  for (const Eigen::MatrixXf& quantile : forecast.quantiles)
    for (const float value : quantile.reshaped()) numbers.push_back(value);
  for (const double value : numbers) EXPECT_GE(value, 0);
  return numbers;
}

struct Function {
  std::string name;
  std::function<Numbers(const DemandHistory&)> call;
};

std::vector<Function> Functions() {
  ForecasterConfig all_of_it;
  all_of_it.model = "ets";
  all_of_it.horizon = 5;
  all_of_it.transform = TransformKind::kBoxCox;
  all_of_it.cleaning = {.imputation = Imputation::kNeighbours, .replace_outliers = true};
  all_of_it.cold_start.periods = 5;
  return {
      {"CleanDemand, line", [](const auto& h) { return Clean(h, {.imputation = Imputation::kLine}); }},
      {"CleanDemand, season", [](const auto& h) { return Clean(h, {.imputation = Imputation::kSeason}); }},
      {"CleanDemand, neighbours", [](const auto& h) { return Clean(h, {.imputation = Imputation::kNeighbours}); }},
      {"CleanDemand, log", [](const auto& h) { return Clean(h, {.replace_outliers = true}); }},
      {"CleanDemand, sqrt",
       [](const auto& h) { return Clean(h, {.replace_outliers = true, .scale = OutlierScale::kSquareRoot}); }},
      {"CleanDemand, linear",
       [](const auto& h) { return Clean(h, {.replace_outliers = true, .scale = OutlierScale::kLinear}); }},
      {"NeighbourImputation", [](const auto& h) { return KnownOf(NeighbourImputation(h.demand).Estimate(0, 10)); }},
      {"NetReturns",
       [](const auto& h) {
         Eigen::MatrixXf sales = h.sales;
         DataReport report;
         NetReturns(Eigen::MatrixXf::Constant(sales.rows(), sales.cols(), 1), sales, report);
         EXPECT_FALSE((sales.array() < 0).any());
         return KnownOf(sales);
       }},
      {"EstimateDemand",
       [](DemandHistory h) {
         h.in_stock_share.setConstant(0.5f);
         Numbers numbers;
         for (const char* method : {"share", "expected"}) {
           CensoringConfig config;
           config.method = method;
           EstimateDemand(config, h);
           for (const double value : KnownOf(h.demand)) numbers.push_back(value);
         }
         return numbers;
       }},
      {"PatternOf", [](const auto& h) { return Numbers{PatternOf(FirstSeries(h)).squared_variation}; }},
      {"ChooseLambda",
       [](const auto& h) {
         const double lambda = ChooseLambda(FirstSeries(h), 7);
         return Numbers{lambda, InverseBoxCox(BoxCox(1e9, lambda), lambda), BoxCox(1e-9, lambda)};
       }},
      {"DecomposeStl", [](const auto& h) { return ToNumbers(DecomposeStl(FirstSeries(h), 7).trend); }},
      {"ShapeOf", [](const auto& h) { return ToNumbers(ShapeOf(h).values); }},
      {"Pca", [](const auto& h) { return ToNumbers(Pca(h.demand.template cast<double>(), 0.9).explained()); }},
      {"StructureOf, k-means", [](const auto& h) { return StructureNumbers(h, ClusterMethod::kKMeans); }},
      {"StructureOf, Ward", [](const auto& h) { return StructureNumbers(h, ClusterMethod::kWard); }},
      {"AbcXyzClasses",
       [](const auto& h) {
         const std::vector<std::string> classes = AbcXyzClasses(h.demand, {}, {});
         EXPECT_EQ(classes.size(), h.series.size());
         for (size_t i = 0; i < classes.size(); ++i) {
           const bool is_known = !KnownOf(h.demand.col(static_cast<Eigen::Index>(i))).empty();
           EXPECT_EQ(classes[i].size(), is_known ? 2u : 0u) << classes[i];
         }
         return Numbers{};
       }},
      {"AnalogueFinder",
       [](const auto& h) {
         Numbers numbers;
         for (const Analogue& analogue : AnalogueFinder(h, {true, false, false}, {-1, 0, 0}).Find(0, 5))
           numbers.push_back(analogue.scale);
         return numbers;
       }},
      {"AddLaggedCovariates",
       [](DemandHistory h) {
         AddLaggedCovariates({{"price", {-1, 0, 1}}, {"views", {7}}}, {-1, 1}, h);
         Numbers numbers;
         for (const Covariate& covariate : h.covariates)
           for (const double value : KnownOf(covariate.values)) numbers.push_back(value);
         return numbers;
       }},
      {"PlanFeatures",
       [](const auto& h) {
         return ToNumbers(PlanFeatures(h, 0, h.num_periods()).Regressors(h.calendar, h.num_periods() + 3));
       }},
      {"Transform", TransformThereAndBack},
      {"TransformedModel", TransformedForecasts},
      {"MakeForecaster", [all_of_it](const auto& h) { return ForecastOfConfig(h, all_of_it); }},
      {"SplitHoldout", [](const auto& h) { return KnownOf(SplitHoldout(h, 7).past.demand); }},
  };
}

TEST(DataContractTest, EveryFunctionSurvivesHardDemand) {
  for (const HardDemand& hard : HardDemands()) {
    for (const Function& function : Functions()) {
      SCOPED_TRACE(function.name + " of demand that is: " + hard.name);
      try {
        for (const double number : function.call(hard.history)) EXPECT_TRUE(std::isfinite(number)) << number;
      } catch (const InputError& error) {
        EXPECT_GT(std::string(error.what()).size(), 20u);  // says what is wrong
      }
    }
  }
}

// The same for what only files can hold: the reader refuses it with the line, or reads it as it is told to.
TEST(DataContractTest, FilesOfEveryKindAreReadOrRefused) {
  struct HardFile {
    const char* name;
    const char* rows;
    const char* settings;
    float first_day;  // of tea; NaN: refused
  };
  const HardFile files[] = {
      {"unsorted", "2024-01-03,tea,1\n2024-01-01,tea,2\n2024-01-02,tea,3\n", "", 2},
      {"duplicate dates", "2024-01-01,tea,1\n2024-01-01,tea,2\n", "", kUnknown},
      {"duplicate dates, summed", "2024-01-02,tea,4\n2024-01-01,tea,1\n2024-01-01,tea,2\n", "duplicates: sum\n", 3},
      {"duplicate dates, last", "2024-01-01,tea,1\n2024-01-01,tea,2\n", "duplicates: last\n", 2},
      {"length 1", "2024-01-01,tea,3\n", "", 3},
      {"all zeros", "2024-01-01,tea,0\n2024-01-02,tea,0\n", "", 0},
      {"a negative", "2024-01-01,tea,-3\n", "", kUnknown},
      {"a negative, netted", "2024-01-01,tea,-3\n", "returns: net\n", 0},
      {"nan", "2024-01-01,tea,nan\n", "", kUnknown},
      {"a billion", "2024-01-01,tea,1000000000\n", "", kUnknown},
      {"a billion of small units", "2024-01-01,tea,1000000000\n", "unit_size: 1000\n", 1e6f},
      {"a gap", "2024-01-01,tea,1\n2024-01-09,tea,2\n", "missing: {rows: zero}\n", 1},
      {"no rows", "", "", kUnknown},
  };
  const TemporaryFolder folder;
  const auto path = folder.path() / "sales.csv";
  for (const HardFile& file : files) {
    SCOPED_TRACE(file.name);
    WriteFileAtomically(path, std::string("date,sku,demand\n") + file.rows);
    const DataConfig config =
        ReadDataConfig(ParseConfig(std::string("path: sales.csv\n") + file.settings, "test.yaml"));
    if (std::isnan(file.first_day)) {
      EXPECT_THROW(ReadSalesFile(config, path), DataError);
    } else {
      EXPECT_EQ(ReadSalesFile(config, path).sales(0, 0), file.first_day);
    }
  }
}

}  // namespace
}  // namespace restock
