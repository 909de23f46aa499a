#include "forecasting/neural/forecaster.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "forecasting/neural/paths.h"

namespace restock {
namespace {

constexpr int kFewestPeriods = 21;  // less leaves nothing to learn from beside the validation part
constexpr int kDependenceOrigins = 28;

}  // namespace

NeuralForecaster::NeuralForecaster(const NeuralConfig& config, int horizon, const Random& random)
    : config_(config), horizon_(horizon), random_(random) {}

const std::string& NeuralForecaster::name() const { return config_.network; }

void NeuralForecaster::Fit(const DemandHistory& history) { FitResumable(history, {}); }

void NeuralForecaster::FitResumable(const DemandHistory& history, const std::filesystem::path& checkpoint) {
  if (history.num_periods() < kFewestPeriods) {
    throw DataError(fmt::format(
        "{} needs at least {} periods of demand, but there are {}; use forecaster.model: exponential_smoothing.",
        name(), kFewestPeriods, history.num_periods()));
  }
  features_ = NeuralFeatures(history);
  NeuralTraining training = TrainNeural(config_, horizon_, features_, history, random_, checkpoint);
  weights_ = std::move(training.weights);
  metrics_ = std::move(training.metrics);
  FitDependence(history, std::min(kDependenceOrigins, history.num_periods() / 2), horizon_);
}

std::unique_ptr<PathModel> NeuralForecaster::Start(const DemandHistory& history, int origin, int num_paths) const {
  return StartNeural(weights_, features_, history, origin, num_paths);
}

void NeuralForecaster::Save(const std::filesystem::path& file) const {
  SectionFileWriter writer(name() + " forecaster");
  features_.Save(writer);
  weights_.Save(writer);
  AddDependence(writer);
  writer.Write(file);
}

void NeuralForecaster::Load(const std::filesystem::path& file) {
  const SectionFileReader reader(file, name() + " forecaster");
  features_.Load(reader);
  weights_.Load(reader);
  LoadDependence(reader);
}

}  // namespace restock
