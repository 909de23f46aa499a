#include "agents/policy_file.h"

#include <cmath>
#include <vector>

#include <fmt/format.h>

namespace restock {
namespace {

constexpr const char* kKind = "restock policy";
constexpr int32_t kMaxLayerSize = 1 << 16;
constexpr int32_t kMaxReach = 1 << 15;

// Numbers of the model that are not arrays, laid out without padding.
struct Numbers {
  int32_t head;
  int32_t activation;
  int32_t reach;
  float step;
  float store_score;
  float central_score;
  float curvature;
  float rounding;
};

template <class T>
void Add(SectionFileWriter& file, const std::string& name, const T& values) {
  file.AddValues(name, values.data(), static_cast<size_t>(values.size()));
}

std::string Join(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

std::vector<std::string> SplitLines(const std::string& text) {
  std::vector<std::string> lines;
  size_t first = 0;
  for (size_t end = text.find('\n'); end != std::string::npos; first = end + 1, end = text.find('\n', first)) {
    lines.push_back(text.substr(first, end - first));
  }
  return lines;
}

std::vector<float> ReadFloats(const SectionFileReader& file, const std::string& name) {
  std::vector<float> values = file.GetValues<float>(name);
  for (const float value : values) {
    if (!std::isfinite(value)) throw DataError(fmt::format("section {} holds a value that is not finite.", name));
  }
  return values;
}

Eigen::RowVectorXf ReadRow(const SectionFileReader& file, const std::string& name) {
  const std::vector<float> values = ReadFloats(file, name);
  return Eigen::Map<const Eigen::RowVectorXf>(values.data(), static_cast<Eigen::Index>(values.size()));
}

Numbers ReadNumbers(const SectionFileReader& file, const std::string& name) {
  const std::vector<Numbers> all = file.GetValues<Numbers>(name);
  if (all.size() != 1) throw DataError(fmt::format("section {} has a wrong size.", name));
  const Numbers numbers = all.front();
  const bool is_sane =
      numbers.head >= 0 && numbers.head <= static_cast<int32_t>(Head::kOrder) && numbers.activation >= 0 &&
      numbers.activation <= static_cast<int32_t>(Activation::kRelu) && numbers.reach > 0 && numbers.reach < kMaxReach &&
      numbers.step > 0 && std::isfinite(numbers.step) && std::isfinite(numbers.store_score) &&
      std::isfinite(numbers.central_score) && std::isfinite(numbers.curvature) && std::isfinite(numbers.rounding);
  if (!is_sane) throw DataError(fmt::format("section {} holds a value out of range.", name));
  return numbers;
}

FastNetwork ReadNetwork(const SectionFileReader& file, const std::string& prefix, Activation activation) {
  const std::vector<int32_t> sizes = file.GetValues<int32_t>(prefix + "layer sizes");
  bool is_sane = sizes.size() >= 2;
  for (const int32_t size : sizes) is_sane = is_sane && size > 0 && size <= kMaxLayerSize;
  if (!is_sane) throw DataError("the policy's layer sizes are out of range.");

  FastNetwork network({sizes.begin(), sizes.end()}, activation);
  const std::vector<float> weights = ReadFloats(file, prefix + "weights");
  if (weights.size() != network.parameters().size()) {
    throw DataError(fmt::format("the policy has {} weights where its layers need {}.", weights.size(),
                                network.parameters().size()));
  }
  network.SetParameters(weights);
  return network;
}

}  // namespace

void AddModel(const NetworkModel& model, const std::string& prefix, SectionFileWriter& file) {
  const Numbers numbers{.head = static_cast<int32_t>(model.head),
                        .activation = static_cast<int32_t>(model.network.activation()),
                        .reach = model.grid.reach,
                        .step = model.grid.step,
                        .store_score = model.store_score,
                        .central_score = model.central_score,
                        .curvature = model.curvature,
                        .rounding = model.rounding};
  file.Add(prefix + "name", model.name);
  file.Add(prefix + "features", Join(model.features));
  file.AddValues(prefix + "numbers", &numbers, 1);
  const std::vector<int32_t> inputs(model.inputs.begin(), model.inputs.end());
  Add(file, prefix + "inputs", inputs);
  Add(file, prefix + "input mean", model.input_mean);
  Add(file, prefix + "input scale", model.input_scale);
  const std::vector<int32_t> sizes(model.network.sizes().begin(), model.network.sizes().end());
  Add(file, prefix + "layer sizes", sizes);
  Add(file, prefix + "weights", model.network.parameters());
}

NetworkModel ReadModel(const std::string& prefix, const SectionFileReader& file) {
  const Numbers numbers = ReadNumbers(file, prefix + "numbers");
  const std::vector<int32_t> inputs = file.GetValues<int32_t>(prefix + "inputs");
  return {.name = file.Get(prefix + "name"),
          .features = SplitLines(file.Get(prefix + "features")),
          .inputs = {inputs.begin(), inputs.end()},
          .input_mean = ReadRow(file, prefix + "input mean"),
          .input_scale = ReadRow(file, prefix + "input scale"),
          .network = ReadNetwork(file, prefix, static_cast<Activation>(numbers.activation)),
          .head = static_cast<Head>(numbers.head),
          .grid = {numbers.step, numbers.reach},
          .store_score = numbers.store_score,
          .central_score = numbers.central_score,
          .curvature = numbers.curvature,
          .rounding = numbers.rounding};
}

void SavePolicy(const NetworkPolicy& policy, const std::filesystem::path& file) {
  SectionFileWriter writer(kKind);
  AddModel(policy.model(), "", writer);
  writer.Write(file);
}

std::shared_ptr<const NetworkPolicy> LoadPolicy(const std::filesystem::path& file) {
  const SectionFileReader reader(file, kKind);
  try {
    return std::make_shared<const NetworkPolicy>(ReadModel("", reader));
  } catch (const DataError& error) {
    throw DataError(file.string() + ": " + error.what());
  }
}

}  // namespace restock
