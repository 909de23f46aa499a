#include "forecasting/neural/config.h"

#include <utility>
#include <vector>

#include "forecasting/neural/likelihood.h"

namespace restock {

NeuralConfig DefaultNeuralConfig(const std::string& network) {
  NeuralConfig config;
  config.network = network;
  if (network == "mlp") config.num_layers = 2;
  if (network == "temporal_convolution") config.num_layers = 5;
  return config;
}

NeuralConfig ReadNeuralConfig(const std::string& network, ConfigNode node) {
  NeuralConfig config = DefaultNeuralConfig(network);
  node.Read("num_layers", config.num_layers, Between(1, network == "temporal_convolution" ? 7 : 8));
  node.Read("hidden_size", config.hidden_size, Between(1, 1024));
  node.Read("head_size", config.head_size, Between(1, 1024));
  node.Read("embedding_size", config.embedding_size, Between(1, 64));
  std::vector<std::pair<std::string, std::string>> likelihoods = {{"auto", "auto"}};
  for (const std::string& likelihood : LikelihoodNames()) likelihoods.emplace_back(likelihood, likelihood);
  node.ReadChoice("likelihood", config.likelihood, likelihoods);
  node.Read("augmentation", config.augmentation, Between(0, 9));
  node.Read("dropout", config.dropout, Between(0, 0.9));
  node.Read("learning_rate", config.learning_rate, AboveAndUpTo(0, 1));
  node.Read("num_updates", config.num_updates, AtLeast(1));
  node.Read("batch_size", config.batch_size, AtLeast(1));
  node.Read("steps_per_origin", config.steps_per_origin, AtLeast(1));
  node.Read("patience", config.patience, AtLeast(1));
  node.Read("averaging", config.averaging, Between(0, 0.9999));
  node.Read("finish_share", config.finish_share, Between(0, 10));
  node.Read("start_from", config.start_from);
  node.Read("mixed_precision", config.mixed_precision);
  node.ReadChoice("device", config.device, {{"auto", "auto"}, {"cpu", "cpu"}, {"cuda", "cuda"}});
  node.ExpectNoMoreKeys();
  return config;
}

}  // namespace restock
