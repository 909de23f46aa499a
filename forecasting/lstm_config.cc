#include "forecasting/lstm_config.h"

namespace restock {

LstmConfig ReadLstmConfig(ConfigNode lstm) {
  LstmConfig config;
  lstm.Read("hidden_size", config.hidden_size, Between(1, 1024));
  lstm.Read("head_size", config.head_size, Between(1, 1024));
  lstm.Read("embedding_size", config.embedding_size, Between(1, 64));
  lstm.Read("learning_rate", config.learning_rate, AboveAndUpTo(0, 1));
  lstm.Read("num_updates", config.num_updates, AtLeast(1));
  lstm.Read("batch_size", config.batch_size, AtLeast(1));
  lstm.Read("steps_per_origin", config.steps_per_origin, AtLeast(1));
  lstm.Read("patience", config.patience, AtLeast(1));
  lstm.Read("averaging", config.averaging, Between(0, 0.9999));
  lstm.Read("finish_share", config.finish_share, Between(0, 10));
  lstm.ReadChoice("zero_inflated", config.zero_inflated, {{"auto", "auto"}, {"always", "always"}, {"never", "never"}});
  lstm.ReadChoice("device", config.device, {{"auto", "auto"}, {"cpu", "cpu"}, {"cuda", "cuda"}});
  lstm.ExpectNoMoreKeys();
  return config;
}

}  // namespace restock
