#include "forecasting/neural/weights.h"

namespace restock {
namespace {

void SaveMatrices(const std::string& kind, const NamedMatrices& matrices, SectionFileWriter& file) {
  std::string names;
  for (const auto& [name, matrix] : matrices) {
    const int64_t rows = matrix.rows();
    names += name + '\n';
    file.AddValues(kind + "/" + name + " rows", &rows, 1);
    file.AddValues(kind + "/" + name, matrix.data(), static_cast<size_t>(matrix.size()));
  }
  file.Add(kind + "/names", names);
}

NamedMatrices LoadMatrices(const std::string& kind, const SectionFileReader& file) {
  NamedMatrices matrices;
  const std::string& names = file.Get(kind + "/names");
  for (size_t begin = 0; begin < names.size();) {
    const size_t end = names.find('\n', begin);
    const std::string name = names.substr(begin, end - begin);
    begin = end + 1;
    const auto rows = file.GetValues<int64_t>(kind + "/" + name + " rows").at(0);
    const auto values = file.GetValues<float>(kind + "/" + name);
    matrices[name] =
        Eigen::Map<const Eigen::MatrixXf>(values.data(), rows, static_cast<Eigen::Index>(values.size()) / rows);
  }
  return matrices;
}

}  // namespace

Eigen::VectorXf NeuralWeights::Embedding(const NeuralFeatures& features, int series) const {
  const Eigen::Index size = head.at("embedding_0").cols();
  Eigen::VectorXf all(NeuralFeatures::kNumGroups * size);
  for (int kind = 0; kind < NeuralFeatures::kNumGroups; ++kind) {
    const int row = features.group(kind)[static_cast<size_t>(series)];
    all.segment(kind * size, size) = head.at("embedding_" + std::to_string(kind)).row(row).transpose();
  }
  return all;
}

std::unique_ptr<NetworkBody> NeuralWeights::MakeBody() const {
  return MakeNetworkBody(network, body, {.num_inputs = 0, .hidden_size = hidden_size(), .num_layers = num_layers});
}

void NeuralWeights::Save(SectionFileWriter& file) const {
  file.Add("weights/network", network);
  file.Add("weights/likelihood", likelihood);
  file.AddValues("weights/num_layers", &num_layers, 1);
  file.AddValues("weights/horizon", &horizon, 1);
  file.AddValues("weights/season_weight", &season_weight, 1);
  SaveMatrices("body", body, file);
  SaveMatrices("head", head, file);
}

void NeuralWeights::Load(const SectionFileReader& file) {
  network = file.Get("weights/network");
  likelihood = file.Get("weights/likelihood");
  num_layers = file.GetValues<int>("weights/num_layers").at(0);
  horizon = file.GetValues<int>("weights/horizon").at(0);
  season_weight = file.GetValues<float>("weights/season_weight").at(0);
  body = LoadMatrices("body", file);
  head = LoadMatrices("head", file);
}

}  // namespace restock
