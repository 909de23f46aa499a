#include "forecasting/lstm_forecaster.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "forecasting/lstm_network.h"

namespace restock {
namespace {

constexpr int kFewestPeriods = 21;  // less leaves nothing to learn from beside the validation part
constexpr int kDependenceOrigins = 28;

}  // namespace

LstmForecaster::LstmForecaster(const LstmConfig& config, int horizon, const Random& random)
    : config_(config), horizon_(horizon), random_(random) {}

const std::string& LstmForecaster::name() const {
  static const std::string kName = "lstm";
  return kName;
}

void LstmForecaster::Fit(const DemandHistory& history) { FitResumable(history, {}); }

void LstmForecaster::FitResumable(const DemandHistory& history, const std::filesystem::path& checkpoint) {
  if (history.num_periods() < kFewestPeriods) {
    throw DataError(fmt::format(
        "lstm needs at least {} periods of demand, but there are {}; use forecaster.model: exponential_smoothing.",
        kFewestPeriods, history.num_periods()));
  }
  features_ = LstmFeatures(history);
  LstmTraining training = TrainLstm(config_, horizon_, features_, history, random_, checkpoint);
  weights_ = std::move(training.weights);
  metrics_ = std::move(training.metrics);
  FitDependence(history, std::min(kDependenceOrigins, history.num_periods() / 2), horizon_);
}

std::unique_ptr<PathModel> LstmForecaster::Start(const DemandHistory& history, int origin, int num_paths) const {
  return StartLstm(weights_, features_, history, origin, num_paths);
}

void LstmForecaster::Save(const std::filesystem::path& file) const {
  SectionFileWriter writer(name() + " forecaster");
  features_.Save(writer);
  weights_.Save(writer);
  AddDependence(writer);
  writer.Write(file);
}

void LstmForecaster::Load(const std::filesystem::path& file) {
  const SectionFileReader reader(file, name() + " forecaster");
  features_.Load(reader);
  weights_.Load(reader);
  LoadDependence(reader);
}

}  // namespace restock
