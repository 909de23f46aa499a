#include "agents/policy_file.h"

#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "common/check.h"

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

struct JointNumbers {
  int32_t activation;
  int32_t horizon;
};

bool IsActivation(int32_t number) { return number >= 0 && number <= static_cast<int32_t>(Activation::kRelu); }

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
  const bool is_sane = numbers.head >= 0 && numbers.head <= static_cast<int32_t>(Head::kOrder) &&
                       IsActivation(numbers.activation) && numbers.reach > 0 && numbers.reach < kMaxReach &&
                       numbers.step > 0 && std::isfinite(numbers.step) && std::isfinite(numbers.store_score) &&
                       std::isfinite(numbers.central_score) && std::isfinite(numbers.curvature) &&
                       std::isfinite(numbers.rounding);
  if (!is_sane) throw DataError(fmt::format("section {} holds a value out of range.", name));
  return numbers;
}

void AddNetwork(const FastNetwork& network, const std::string& prefix, SectionFileWriter& file) {
  const std::vector<int32_t> sizes(network.sizes().begin(), network.sizes().end());
  Add(file, prefix + "layer sizes", sizes);
  Add(file, prefix + "weights", network.parameters());
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
  AddNetwork(model.network, prefix, file);
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

void AddModel(const JointModel& model, const std::string& prefix, SectionFileWriter& file) {
  const JointNumbers numbers{.activation = static_cast<int32_t>(model.network.activation()), .horizon = model.horizon};
  file.Add(prefix + "name", model.name);
  file.AddValues(prefix + "joint numbers", &numbers, 1);
  Add(file, prefix + "joint inputs", model.inputs);
  const std::vector<int32_t> lanes(model.lanes.begin(), model.lanes.end());
  Add(file, prefix + "lanes", lanes);
  Add(file, prefix + "order scale", model.order_scale);
  Add(file, prefix + "rounding", model.rounding);
  AddNetwork(model.network, prefix, file);
}

JointModel ReadJointModel(const std::string& prefix, const SectionFileReader& file) {
  const std::vector<JointNumbers> all = file.GetValues<JointNumbers>(prefix + "joint numbers");
  if (all.size() != 1) throw DataError(fmt::format("section {} has a wrong size.", prefix + "joint numbers"));
  const JointNumbers& numbers = all.front();
  if (!IsActivation(numbers.activation) || numbers.horizon < 0)
    throw DataError(fmt::format("section {} holds a value out of range.", prefix + "joint numbers"));
  const std::vector<JointInput> inputs = file.GetValues<JointInput>(prefix + "joint inputs");
  for (const JointInput& input : inputs)
    if (!std::isfinite(input.mean) || !std::isfinite(input.scale) || input.place < 0 || input.ahead < 0)
      throw DataError(fmt::format("section {} holds a value out of range.", prefix + "joint inputs"));
  const std::vector<int32_t> lanes = file.GetValues<int32_t>(prefix + "lanes");
  return {.name = file.Get(prefix + "name"),
          .inputs = inputs,
          .network = ReadNetwork(file, prefix, static_cast<Activation>(numbers.activation)),
          .lanes = {lanes.begin(), lanes.end()},
          .order_scale = ReadFloats(file, prefix + "order scale"),
          .rounding = ReadFloats(file, prefix + "rounding"),
          .horizon = numbers.horizon};
}

bool IsLearned(const Policy& policy) {
  return dynamic_cast<const NetworkPolicy*>(&policy) || dynamic_cast<const JointPolicy*>(&policy);
}

void AddPolicy(const Policy& policy, const std::string& prefix, SectionFileWriter& file) {
  RESTOCK_CHECK(IsLearned(policy));
  const auto* joint = dynamic_cast<const JointPolicy*>(&policy);
  file.Add(prefix + "decides", joint ? "for all sites at once" : "site by site");
  if (joint) return AddModel(joint->model(), prefix, file);
  AddModel(dynamic_cast<const NetworkPolicy&>(policy).model(), prefix, file);
}

std::shared_ptr<const Policy> ReadPolicy(const std::string& prefix, const SectionFileReader& file) {
  if (file.Get(prefix + "decides") == "for all sites at once")
    return std::make_shared<const JointPolicy>(ReadJointModel(prefix, file));
  return std::make_shared<const NetworkPolicy>(ReadModel(prefix, file));
}

void SavePolicy(const Policy& policy, const std::filesystem::path& file) {
  SectionFileWriter writer(kKind);
  AddPolicy(policy, "", writer);
  writer.Write(file);
}

std::shared_ptr<const Policy> LoadPolicy(const std::filesystem::path& file) {
  const SectionFileReader reader(file, kKind);
  try {
    return ReadPolicy("", reader);
  } catch (const DataError& error) {
    throw DataError(file.string() + ": " + error.what());
  }
}

}  // namespace restock
