#include "common/torch/checkpoint.h"

#include <memory>
#include <sstream>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/check.h"
#include "common/torch/bridge.h"

namespace restock {
namespace {

/// What Adam keeps its moments under: the address of the parameter, as text in LibTorch 1, as a pointer in LibTorch 2.
template <class States>
auto FindState(States& states, const torch::Tensor& parameter) {
  using Key = typename std::remove_const_t<States>::key_type;
  auto* address = parameter.unsafeGetTensorImpl();
  if constexpr (std::is_same_v<Key, std::string>) {
    std::ostringstream text;
    text << address;
    return std::pair(Key(text.str()), states.find(text.str()));
  } else {
    return std::pair(static_cast<Key>(address), states.find(static_cast<Key>(address)));
  }
}

std::vector<torch::Tensor> AllTensors(const torch::nn::Module& module) {
  std::vector<torch::Tensor> tensors = module.parameters();
  for (const torch::Tensor& buffer : module.buffers()) tensors.push_back(buffer);
  return tensors;
}

}  // namespace

void AddTensor(SectionFileWriter& file, const std::string& name, const torch::Tensor& tensor) {
  const std::vector<float> values = ToFloats(tensor);
  file.AddValues(name, values.data(), values.size());
}

void LoadTensor(const SectionFileReader& file, const std::string& name, const torch::Tensor& tensor) {
  const std::vector<float> values = file.GetValues<float>(name);
  if (static_cast<int64_t>(values.size()) != tensor.numel()) {
    throw DataError(name + " has " + std::to_string(values.size()) + " values where the network has " +
                    std::to_string(tensor.numel()) + ": the file was saved by a network of another shape.");
  }
  const torch::NoGradGuard no_grad;
  tensor.detach().copy_(ToTensor(values, tensor.sizes()));
}

void AddModule(SectionFileWriter& file, const std::string& prefix, const torch::nn::Module& module) {
  for (const auto& entry : module.named_parameters()) AddTensor(file, prefix + "/" + entry.key(), entry.value());
  for (const auto& entry : module.named_buffers()) AddTensor(file, prefix + "/" + entry.key(), entry.value());
}

void LoadModule(const SectionFileReader& file, const std::string& prefix, torch::nn::Module& module) {
  for (const auto& entry : module.named_parameters()) LoadTensor(file, prefix + "/" + entry.key(), entry.value());
  for (const auto& entry : module.named_buffers()) LoadTensor(file, prefix + "/" + entry.key(), entry.value());
}

void AddAdam(SectionFileWriter& file, const std::string& prefix, const torch::optim::Adam& adam) {
  int index = 0;
  for (const auto& group : adam.param_groups()) {
    const double learning_rate = group.options().get_lr();
    file.AddValues(prefix + "/learning_rate " + std::to_string(index), &learning_rate, 1);
    for (const torch::Tensor& parameter : group.params()) {
      const std::string name = prefix + "/" + std::to_string(index++);
      // a parameter that was never stepped has no state yet
      const auto found = FindState(adam.state(), parameter).second;
      const bool stepped = found != adam.state().end();
      const auto* state = stepped ? static_cast<const torch::optim::AdamParamState*>(found->second.get()) : nullptr;
      const int64_t step = stepped ? state->step() : 0;
      file.AddValues(name + " step", &step, 1);
      if (stepped) AddTensor(file, name + " mean", state->exp_avg());
      if (stepped) AddTensor(file, name + " square", state->exp_avg_sq());
    }
  }
}

void LoadAdam(const SectionFileReader& file, const std::string& prefix, torch::optim::Adam& adam) {
  int index = 0;
  for (auto& group : adam.param_groups()) {
    group.options().set_lr(file.GetValues<double>(prefix + "/learning_rate " + std::to_string(index)).at(0));
    for (const torch::Tensor& parameter : group.params()) {
      const std::string name = prefix + "/" + std::to_string(index++);
      const auto [key, found] = FindState(adam.state(), parameter);
      const int64_t step = file.GetValues<int64_t>(name + " step").at(0);
      if (step == 0) {
        if (found != adam.state().end()) adam.state().erase(found);
        continue;
      }
      auto state = std::make_unique<torch::optim::AdamParamState>();
      state->step(step);
      state->exp_avg(torch::zeros_like(parameter));
      state->exp_avg_sq(torch::zeros_like(parameter));
      LoadTensor(file, name + " mean", state->exp_avg());
      LoadTensor(file, name + " square", state->exp_avg_sq());
      adam.state()[key] = std::move(state);
    }
  }
}

void CopyModule(const torch::nn::Module& from, torch::nn::Module& to) {
  const torch::NoGradGuard no_grad;
  const std::vector<torch::Tensor> source = AllTensors(from);
  const std::vector<torch::Tensor> target = AllTensors(to);
  RESTOCK_CHECK_EQ(source.size(), target.size());
  for (size_t i = 0; i < source.size(); ++i) target[i].detach().copy_(source[i]);
}

}  // namespace restock
