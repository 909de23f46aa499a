#pragma once

#include <Eigen/Core>

#include "common/file.h"
#include "forecasting/lstm_features.h"

namespace restock {

/// The weights of the LSTM forecaster, and how they make a forecast. With x the inputs of a period and e the embeddings
/// of the series,
///
///   h, c    = LSTM(x, e; h, c)                                     once per observed period
///   a       = state [h, log level] + embedding e + bias            once per observed period
///   u       = out relu(a + step [features of the target period, steps ahead, log factor]) + out_bias
///   mean    = level * factor^season_weight * exp(u_0)              level and factor: seasonal_level.h
///   variance = mean + dispersion * mean^2, dispersion = exp(u_1);  extra zeros with probability sigmoid(u_2), if any
///
/// One head for all steps ahead (Wen et al. 2017, "A multi-horizon quantile recurrent forecaster", with the negative
/// binomial of Salinas et al. 2020, "DeepAR", instead of quantiles): what is known at a period takes one step of the
/// LSTM, however far it looks ahead.
struct LstmWeights {
  Eigen::MatrixXf embedding[LstmFeatures::kNumGroups];  // (embedding_size, group_size)
  Eigen::MatrixXf input;  // of x and e; gates in the order input, forget, cell, output  (4 * hidden_size, num_inputs)
  Eigen::MatrixXf recurrent;       // (4 * hidden_size, hidden_size)
  Eigen::MatrixXf bias;            // (4 * hidden_size, 1)
  Eigen::MatrixXf head_state;      // (head_size, hidden_size + 1)
  Eigen::MatrixXf head_embedding;  // (head_size, kNumGroups * embedding_size)
  Eigen::MatrixXf head_step;       // (head_size, num_period_features + 2)
  Eigen::MatrixXf head_bias;       // (head_size, 1)
  Eigen::MatrixXf out;             // (3, head_size)
  Eigen::MatrixXf out_bias;        // (3, 1)
  float season_weight = 0;
  int horizon = 0;  // steps ahead that were learnt; later ones count as the last
  bool zero_inflated = false;

  int hidden_size() const { return static_cast<int>(recurrent.cols()); }
  /// e of one series: its three embeddings.  (kNumGroups * embedding_size)
  Eigen::VectorXf Embedding(const LstmFeatures& features, int series) const;

  void Save(SectionFileWriter& file) const;
  void Load(const SectionFileReader& file);
};

// Limits that training and inference share.
inline constexpr int kNumStateInputs =
    4;  // log ratio of demand to level, whether it is known, share out of stock, log level
inline constexpr float kLogLevelScale = 1.f / 3;
inline constexpr float kLargestLogRatio = 3;  // of u_0
inline constexpr float kLeastLogDispersion = -6, kLargestLogDispersion = 3;
inline constexpr float kLargestZeroShare = 0.99f;
inline constexpr int kLstmWindow = 112;  // periods that the LSTM runs over before a forecast

/// log((demand + 1) / (level + 1)), the input that stands for demand.
inline Eigen::ArrayXf LogRatio(const Eigen::ArrayXf& demand, const Eigen::ArrayXf& level) {
  return ((demand + 1) / (level + 1)).log();
}

}  // namespace restock
