#include "forecasting/forecaster_config.h"

#include "forecasting/exponential_smoothing.h"
#include "forecasting/lstm_forecaster.h"
#include "forecasting/seasonal_naive.h"

namespace restock {
namespace {

std::unique_ptr<Forecaster> MakeLstm([[maybe_unused]] const ForecasterConfig& config,
                                     [[maybe_unused]] const Random& random) {
#ifdef RESTOCK_WITH_TORCH
  return std::make_unique<LstmForecaster>(config.lstm, config.horizon, random);
#else
  throw ConfigError(
      "forecaster.model: lstm needs LibTorch, and this program was built without it. Use exponential_smoothing, or "
      "build with "
      "-DRESTOCK_WITH_TORCH=ON.");
#endif
}

}  // namespace

std::vector<std::string> ForecasterModels() { return {"lstm", "exponential_smoothing", "seasonal_naive"}; }

ForecasterConfig ReadForecasterConfig(ConfigNode forecaster) {
  ForecasterConfig config;
  std::vector<std::pair<std::string, std::string>> models;
  for (const std::string& model : ForecasterModels()) models.emplace_back(model, model);
  forecaster.ReadChoice("model", config.model, models);
  forecaster.Read("horizon", config.horizon, Between(1, 365));
  config.lstm = ReadLstmConfig(forecaster.Child("lstm"));
  forecaster.ExpectNoMoreKeys();
  return config;
}

std::unique_ptr<Forecaster> MakeForecaster(const ForecasterConfig& config, const Random& random) {
  if (config.model == "seasonal_naive") return std::make_unique<SeasonalNaive>(config.horizon);
  if (config.model == "exponential_smoothing") return std::make_unique<ExponentialSmoothing>(config.horizon);
  if (config.model == "lstm") return MakeLstm(config, random);
  throw ConfigError("forecaster.model: there is no model " + config.model + ".");
}

}  // namespace restock
