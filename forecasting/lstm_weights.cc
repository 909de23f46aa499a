#include "forecasting/lstm_weights.h"

#include <string>

namespace restock {
namespace {

/// Calls `visit(name, matrix)` for every matrix, in a fixed order.
template <class Weights, class Visit>
void ForEachMatrix(Weights& weights, const Visit& visit) {
  for (int kind = 0; kind < LstmFeatures::kNumGroups; ++kind) {
    visit("embedding " + std::to_string(kind), weights.embedding[kind]);
  }
  visit("input", weights.input);
  visit("recurrent", weights.recurrent);
  visit("bias", weights.bias);
  visit("head_state", weights.head_state);
  visit("head_embedding", weights.head_embedding);
  visit("head_step", weights.head_step);
  visit("head_bias", weights.head_bias);
  visit("out", weights.out);
  visit("out_bias", weights.out_bias);
}

}  // namespace

Eigen::VectorXf LstmWeights::Embedding(const LstmFeatures& features, int series) const {
  const Eigen::Index size = embedding[0].rows();
  Eigen::VectorXf all(LstmFeatures::kNumGroups * size);
  for (int kind = 0; kind < LstmFeatures::kNumGroups; ++kind) {
    all.segment(kind * size, size) = embedding[kind].col(features.group(kind)[static_cast<size_t>(series)]);
  }
  return all;
}

void LstmWeights::Save(SectionFileWriter& file) const {
  ForEachMatrix(*this, [&](const std::string& name, const Eigen::MatrixXf& matrix) {
    const int64_t rows = matrix.rows();
    file.AddValues("weights/" + name + " rows", &rows, 1);
    file.AddValues("weights/" + name, matrix.data(), static_cast<size_t>(matrix.size()));
  });
  file.AddValues("weights/season_weight", &season_weight, 1);
  file.AddValues("weights/horizon", &horizon, 1);
  const auto inflated = static_cast<uint8_t>(zero_inflated);
  file.AddValues("weights/zero_inflated", &inflated, 1);
}

void LstmWeights::Load(const SectionFileReader& file) {
  ForEachMatrix(*this, [&](const std::string& name, Eigen::MatrixXf& matrix) {
    const auto rows = file.GetValues<int64_t>("weights/" + name + " rows").at(0);
    const auto values = file.GetValues<float>("weights/" + name);
    matrix = Eigen::Map<const Eigen::MatrixXf>(values.data(), rows, static_cast<Eigen::Index>(values.size()) / rows);
  });
  season_weight = file.GetValues<float>("weights/season_weight").at(0);
  horizon = file.GetValues<int>("weights/horizon").at(0);
  zero_inflated = file.GetValues<uint8_t>("weights/zero_inflated").at(0) != 0;
}

}  // namespace restock
