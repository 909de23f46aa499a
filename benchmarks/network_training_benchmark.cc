// How fast networks learn and draw paths, on one thread:
//   network_training_benchmark [network ...]      default: lstm
// Prints updates a second of CPU time, everything counted (cutting batches, gradients, Adam, the moving average, looks
// at the validation part), on generated demand; and the seconds that 100 paths of 28 days of 1,700 series take.
// peers/lstm_training.py does the same updates in PyTorch.

#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/cpu_time.h"
#include "common/progress.h"
#include "forecasting/censoring.h"
#include "forecasting/demand_generator.h"
#include "forecasting/neural/forecaster.h"

namespace restock {
namespace {

constexpr int kUpdates = 100;

DemandHistory Generated(int num_warehouses, int num_skus, int num_periods) {
  GeneratorConfig config;
  config.num_warehouses = num_warehouses;
  config.num_skus = num_skus;
  config.num_periods = num_periods;
  DemandHistory history = GenerateSales(config, Random(1)).history;
  EstimateDemand({}, history);
  return history;
}

void Run(const std::string& network) {
  NeuralConfig config = DefaultNeuralConfig(network);
  config.device = "cpu";
  config.num_updates = kUpdates;
  config.patience = kUpdates;
  config.finish_share = 0;
  config.likelihood = "negative_binomial";
  const DemandHistory history = Generated(4, 100, 346);
  const NeuralFeatures features(history);
  const double start = ProgramCpuSeconds();
  const NeuralTraining training = TrainNeural(config, 14, features, history, Random(1));
  const double seconds = ProgramCpuSeconds() - start;
  fmt::print("{:<22} {:6.1f} updates a CPU second ({} inputs, {} hidden, windows of 112 periods, batches of {})\n",
             network, kUpdates / seconds,
             kNumStateInputs + features.num_period_features() + features.num_past_features() +
                 NeuralFeatures::kNumGroups * config.embedding_size,
             config.hidden_size, config.batch_size);

  const DemandHistory panel = Generated(17, 100, 90);
  config.num_updates = 2;
  NeuralForecaster forecaster(config, 14, Random(1));
  forecaster.Fit(panel);
  ScenarioSet paths;
  paths.Resize(100, 28, panel.num_series(), {});
  paths.origin.assign(100, panel.num_periods());
  const double before = ProgramCpuSeconds();
  forecaster.Sample(panel, Random(1), paths);
  fmt::print("{:<22} {:6.1f} CPU seconds for 100 paths of 28 days of {} series\n", network,
             ProgramCpuSeconds() - before, panel.num_series());
}

}  // namespace
}  // namespace restock

int main(int argc, char** argv) {
  restock::Progress::SetQuiet(true);
  std::vector<std::string> networks(argv + 1, argv + argc);
  if (networks.empty()) networks = {"lstm"};
  for (const std::string& network : networks) restock::Run(network);
  return 0;
}
