#include "forecasting/demand_generator.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "common/csv.h"

namespace restock {
namespace {

constexpr int kNumCategories = 4;
constexpr double kHoursPerDay = 24;

/// What makes one product differ from the next.
struct Product {
  int category = 0;
  double level = 0;  // units per day in a warehouse of usual size
  bool intermittent = false;
  double price = 0;
  double elasticity = 0;          // demand grows by (list price / price)^elasticity
  double year_amplitude = 0;      // of the logarithm of demand
  double year_phase = 0;          // [rad]
  double growth = 0;              // of the logarithm of demand per year
  double temperature_effect = 0;  // on the logarithm of demand, per 10 degrees above the year's mean
  double dispersion = 0;          // r: variance = mean + mean^2 / r
};

Product DrawProduct(const GeneratorConfig& config, int sku, RandomStream stream) {
  Product product;
  product.category = sku % kNumCategories;
  product.intermittent = stream.Uniform() < config.intermittent;
  product.level = config.median_demand * std::exp(0.7 * stream.Normal());
  if (product.intermittent) product.level = 0.2 + 0.5 * stream.Uniform();
  product.price = std::round(100 * (2 + 18 * stream.Uniform())) / 100;
  product.elasticity = 1.5 + 2 * stream.Uniform();
  product.year_amplitude = 0.05 + 0.2 * stream.Uniform();
  product.year_phase = 2 * std::numbers::pi * stream.Uniform();
  product.growth = 0.1 * stream.Normal();
  product.temperature_effect = 0.12 * stream.Normal();
  product.dispersion = product.intermittent ? 0.7 : 8 + 12 * stream.Uniform();
  return product;
}

/// Demand by week day relative to the mean, one profile per category: office days or weekends.
double WeekdayEffect(int category, int weekday) {
  static constexpr double kProfiles[kNumCategories][7] = {{0.85, 0.85, 0.90, 0.95, 1.15, 1.35, 0.95},
                                                          {1.10, 1.05, 1.05, 1.05, 1.10, 0.90, 0.75},
                                                          {0.90, 0.90, 0.95, 0.95, 1.05, 1.15, 1.10},
                                                          {1.00, 0.95, 0.95, 1.00, 1.20, 1.10, 0.80}};
  return kProfiles[category][weekday];
}

/// Days of the year, the same in every year.
bool IsHoliday(Date date) {
  static constexpr int kDays[] = {0, 90, 120, 165, 226, 275, 304, 358, 359};
  return std::find(std::begin(kDays), std::end(kDays), date.day_of_year()) != std::end(kDays);
}

/// A first-order autoregression with standard deviation 1.
Eigen::VectorXd Autoregression(int length, double persistence, RandomStream stream) {
  Eigen::VectorXd path(length);
  double value = stream.Normal();
  for (double& entry : path) {
    entry = value;
    value = persistence * value + std::sqrt(1 - persistence * persistence) * stream.Normal();
  }
  return path;
}

/// 1 or a price cut, in runs of three to seven days; the same in all warehouses.
Eigen::VectorXd DrawDiscounts(const GeneratorConfig& config, int length, RandomStream stream) {
  Eigen::VectorXd discount = Eigen::VectorXd::Ones(length);
  for (int day = 0; day < length; ++day) {
    if (stream.Uniform() >= config.promotion / 5) continue;
    const double cut = 0.7 + 0.05 * stream.UniformInt(5);
    const int end = std::min(length, day + 3 + stream.UniformInt(5));
    discount.segment(day, end - day).setConstant(cut);
    day = end;
  }
  return discount;
}

/// What all series of a warehouse, of a product, or of all share.
struct World {
  std::vector<Product> products;
  std::vector<double> size;                  // of a warehouse, 1: usual
  std::vector<Eigen::VectorXd> discount;     // by product
  std::vector<Eigen::VectorXd> temperature;  // by warehouse [degrees]
  std::vector<Eigen::VectorXd> rain;         // by warehouse [mm]
  Eigen::VectorXd shock;                     // everywhere, logarithm
  std::vector<Eigen::VectorXd> warehouse_shock;
  std::vector<Eigen::VectorXd> product_shock;
};

World DrawWorld(const GeneratorConfig& config, const Calendar& calendar, int length, const Random& random) {
  World world;
  world.shock = 0.08 * Autoregression(length, 0.6, random.Stream("shock").At(0));
  for (int sku = 0; sku < config.num_skus; ++sku) {
    const auto address = static_cast<uint64_t>(sku);
    world.products.push_back(DrawProduct(config, sku, random.Stream("product").At(address)));
    world.discount.push_back(DrawDiscounts(config, length, random.Stream("discount").At(address)));
    world.product_shock.push_back(0.10 * Autoregression(length, 0.8, random.Stream("product shock").At(address)));
  }
  for (int warehouse = 0; warehouse < config.num_warehouses; ++warehouse) {
    const auto address = static_cast<uint64_t>(warehouse);
    world.size.push_back(std::exp(0.35 * random.Stream("size").At(address).Normal()));
    world.warehouse_shock.push_back(0.06 * Autoregression(length, 0.5, random.Stream("warehouse shock").At(address)));

    // warm summers, rain on every third day
    Eigen::VectorXd temperature = 4 * Autoregression(length, 0.8, random.Stream("temperature").At(address));
    Eigen::VectorXd rain = Autoregression(length, 0.5, random.Stream("rain").At(address));
    for (int day = 0; day < length; ++day) {
      const double season = std::sin(2 * std::numbers::pi * (calendar.DateOf(day).day_of_year() - 110) / 365.0);
      temperature[day] = std::round(10 * (13 + 9 * season + temperature[day])) / 10;
      rain[day] = std::round(10 * std::max(0.0, 6 * (rain[day] - 0.4))) / 10;
    }
    world.temperature.push_back(std::move(temperature));
    world.rain.push_back(std::move(rain));
  }
  return world;
}

double ExpectedDemand(const World& world, const Calendar& calendar, int warehouse, int sku, int day) {
  const Product& product = world.products[static_cast<size_t>(sku)];
  const auto w = static_cast<size_t>(warehouse);
  const auto s = static_cast<size_t>(sku);
  const double year = calendar.DateOf(day).day_of_year() / 365.0;
  double logarithm = world.shock[day] + world.warehouse_shock[w][day] + world.product_shock[s][day];
  logarithm += product.year_amplitude * std::sin(2 * std::numbers::pi * year + product.year_phase);
  logarithm += product.growth * day / 365.0;
  logarithm += product.temperature_effect * (world.temperature[w][day] - 13) / 10;
  logarithm -= 0.01 * world.rain[w][day];
  logarithm -= product.elasticity * std::log(world.discount[s][day]);
  if (calendar.IsHoliday(day)) logarithm += product.category == 1 ? -0.3 : 0.35;
  if (calendar.IsHoliday(day + 1)) logarithm += 0.2;
  return product.level * world.size[w] * WeekdayEffect(product.category, calendar.DateOf(day).weekday()) *
         std::exp(logarithm);
}

/// Stock that is ordered up to a level once a week and arrives two days later; the order is now and then forgotten.
/// What customers ask for beyond it is not sold, and the hours after the last unit are out of stock.
void SellFromStock(const GeneratorConfig& config, double mean_demand, RandomStream stream, int series,
                   const Eigen::MatrixXf& demand, DemandHistory& history) {
  const double cover = 11;  // days of mean demand
  const double up_to = std::ceil(cover * mean_demand + 2.5 * std::sqrt(cover * mean_demand));
  const int order_day = stream.UniformInt(7);
  double stock = up_to;
  double on_order = 0;
  int days_to_receipt = -1;
  for (Eigen::Index day = 0; day < demand.rows(); ++day) {
    if (days_to_receipt-- == 0) stock += std::exchange(on_order, 0.0);
    const double wanted = demand(day, series);
    const double sold = std::min(wanted, stock);
    stock -= sold;
    history.sales(day, series) = static_cast<float>(sold);
    const double hours = wanted > sold ? std::round(kHoursPerDay * (1 - sold / wanted)) : 0;
    history.in_stock_share(day, series) = static_cast<float>(1 - std::clamp(hours, 1.0, kHoursPerDay) / kHoursPerDay);
    if (wanted <= sold) history.in_stock_share(day, series) = 1;
    if (day % 7 == order_day && stream.Uniform() >= 4 * config.stockout) {
      on_order = std::max(0.0, up_to - stock);
      days_to_receipt = 2;
    }
  }
}

Covariate MakeCovariate(const std::string& name, bool known_ahead, int num_periods, int num_series) {
  return {name, known_ahead,
          Eigen::MatrixXf::Constant(num_periods, num_series, std::numeric_limits<float>::quiet_NaN())};
}

/// Series by warehouse, then product.
std::vector<Series> MakeSeries(const GeneratorConfig& config, const World& world) {
  std::vector<Series> series;
  for (int warehouse = 0; warehouse < config.num_warehouses; ++warehouse) {
    for (int sku = 0; sku < config.num_skus; ++sku) {
      const int category = world.products[static_cast<size_t>(sku)].category;
      series.push_back({fmt::format("store_{:02}", warehouse + 1), fmt::format("item_{:03}", sku + 1),
                        fmt::format("group_{}", category + 1)});
    }
  }
  return series;
}

}  // namespace

GeneratorConfig ReadGeneratorConfig(ConfigNode generate) {
  GeneratorConfig config;
  generate.Read("num_warehouses", config.num_warehouses, Between(1, 1000));
  generate.Read("num_skus", config.num_skus, Between(1, 100'000));
  generate.Read("num_periods", config.num_periods, Between(28, 3650));
  generate.Read("num_future_periods", config.num_future_periods, Between(0, 365));
  generate.Read("median_demand", config.median_demand, AboveAndUpTo(0, 10'000));
  generate.Read("intermittent", config.intermittent, Between(0, 1));
  generate.Read("stockout", config.stockout, Between(0, 0.2));
  generate.Read("promotion", config.promotion, Between(0, 0.5));
  generate.ExpectNoMoreKeys();
  return config;
}

GeneratedSales GenerateSales(const GeneratorConfig& config, const Random& random) {
  const Random family = random.Stream("generate");
  const int length = config.num_periods + config.num_future_periods;
  GeneratedSales result;
  DemandHistory& history = result.history;
  history.calendar.first_date = *Date::Parse("2024-01-01");
  for (int day = 0; day < length; ++day) {
    history.calendar.closed.push_back(false);
    history.calendar.holiday.push_back(IsHoliday(history.calendar.DateOf(day)));
  }
  const World world = DrawWorld(config, history.calendar, length, family);
  history.series = MakeSeries(config, world);
  const int num_series = history.num_series();
  history.sales.resize(config.num_periods, num_series);
  history.in_stock_share.resize(config.num_periods, num_series);
  result.true_demand.resize(config.num_periods, num_series);
  Covariate price = MakeCovariate("price", true, length, num_series);
  Covariate promotion = MakeCovariate("promotion", true, length, num_series);
  Covariate temperature = MakeCovariate("temperature", false, length, num_series);
  Covariate rain = MakeCovariate("rain", false, length, num_series);

  for (int series = 0; series < num_series; ++series) {
    const int warehouse = series / config.num_skus;
    const int sku = series % config.num_skus;
    const Product& product = world.products[static_cast<size_t>(sku)];

    // prices are planned, the weather is measured
    const Eigen::VectorXd& discount = world.discount[static_cast<size_t>(sku)];
    price.values.col(series) = (100 * product.price * discount).array().round().cast<float>() / 100;
    promotion.values.col(series) = (discount.array() < 1).cast<float>();
    temperature.values.col(series).head(config.num_periods) =
        world.temperature[static_cast<size_t>(warehouse)].head(config.num_periods).cast<float>();
    rain.values.col(series).head(config.num_periods) =
        world.rain[static_cast<size_t>(warehouse)].head(config.num_periods).cast<float>();

    // what customers ask for, and what of it the stock allows
    RandomStream stream = family.Stream("demand").At(static_cast<uint64_t>(series));
    for (int day = 0; day < config.num_periods; ++day) {
      const double expected = ExpectedDemand(world, history.calendar, warehouse, sku, day);
      result.true_demand(day, series) = static_cast<float>(stream.NegativeBinomial(expected, product.dispersion));
    }
    SellFromStock(config, product.level * world.size[static_cast<size_t>(warehouse)],
                  family.Stream("stock").At(static_cast<uint64_t>(series)), series, result.true_demand, history);
  }
  history.covariates = {price, promotion, temperature, rain};
  return result;
}

void WriteSalesFile(const GeneratedSales& sales, const std::filesystem::path& file) {
  const DemandHistory& history = sales.history;
  CsvWriter csv(file);
  for (const char* name : {"date", "warehouse", "sku", "category", "demand", "stockout_hours", "holiday"})
    csv.Text(name);
  for (const Covariate& covariate : history.covariates) csv.Text(covariate.name);
  csv.Text("true_demand").EndRow();

  const auto num_periods = static_cast<int>(history.sales.rows());
  const auto length = static_cast<int>(history.calendar.holiday.size());
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  for (int series = 0; series < history.num_series(); ++series) {
    const Series& name = history.series[static_cast<size_t>(series)];
    for (int period = 0; period < length; ++period) {
      const bool observed = period < num_periods;
      csv.Text(history.calendar.DateOf(period).ToString()).Text(name.warehouse).Text(name.sku).Text(name.category);
      csv.Number(observed ? history.sales(period, series) : unknown);
      csv.Number(observed ? std::round(kHoursPerDay * (1 - history.in_stock_share(period, series))) : unknown);
      csv.Integer(history.calendar.IsHoliday(period) ? 1 : 0);
      for (const Covariate& covariate : history.covariates) csv.Number(covariate.values(period, series));
      csv.Number(observed ? sales.true_demand(period, series) : unknown);
      csv.EndRow();
    }
  }
  csv.Commit();
}

}  // namespace restock
