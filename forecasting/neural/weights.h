#pragma once

#include <string>

#include <Eigen/Core>

#include "common/file.h"
#include "forecasting/neural/features.h"
#include "forecasting/neural/network_body.h"

namespace restock {

/// The weights of a neural forecaster, and how they make a forecast. With x the inputs of a period and e the embeddings
/// of the series,
///
///   h       = body(x, e; all periods before)                       once per observed period: lstm, gru, ...
///   a       = head_state [h, log level] + head_embedding e         once per observed period
///   u       = out relu(a + head_step [features of the target period, steps ahead, log factor])
///   base    = log(level * factor^season_weight)                    level and factor: seasonal_level.h
///   demand ~ likelihood(u, base)                                   likelihood.h
///
/// One head for all steps ahead (Wen et al. 2017, "A multi-horizon quantile recurrent forecaster", with the
/// distributions of Salinas et al. 2020, "DeepAR", instead of quantiles): what is known at a period takes one step of
/// the body, however far it looks ahead.
struct NeuralWeights {
  std::string network;     // one of NetworkNames()
  std::string likelihood;  // one of LikelihoodNames()
  int num_layers = 1;      // of the body
  int horizon = 0;         // steps ahead that were learnt; later ones count as the last
  NamedMatrices body;      // what MakeNetworkBody() reads
  NamedMatrices head;      // the names above with .weight and .bias, and embedding_0, 1, 2 (a row for each of a group)
  float season_weight = 0;

  int hidden_size() const { return static_cast<int>(head.at("head_state.weight").cols()) - 1; }
  /// e of one series: its embeddings one below the other.  (kNumGroups * embedding_size)
  Eigen::VectorXf Embedding(const NeuralFeatures& features, int series) const;
  std::unique_ptr<NetworkBody> MakeBody() const;

  void Save(SectionFileWriter& file) const;
  void Load(const SectionFileReader& file);
};

// Limits that training and inference share.
inline constexpr int kNumStateInputs =
    4;  // log ratio of demand to level, whether it is known, share out of stock, log level
inline constexpr int kLevelInput = 3;  // of these: the logarithm of the level, scaled by
inline constexpr float kLogLevelScale = 1.f / 3;
inline constexpr int kNeuralWindow = 112;  // periods that the body runs over before a forecast

/// log((demand + 1) / (level + 1)), the input that stands for demand.
inline Eigen::ArrayXf LogRatio(const Eigen::ArrayXf& demand, const Eigen::ArrayXf& level) {
  return ((demand + 1) / (level + 1)).log();
}

}  // namespace restock
