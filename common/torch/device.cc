#include "common/torch/device.h"

#include <string>

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/cuda.h>

#include "common/error.h"

namespace restock {

torch::Device ChooseDevice(std::string_view wanted) {
  if (wanted == "cpu") return torch::kCPU;
  if (wanted == "auto") return torch::cuda::is_available() ? torch::Device(torch::kCUDA) : torch::Device(torch::kCPU);
  if (wanted != "cuda") {
    throw ConfigError("device must be one of auto, cpu, cuda, but is " + std::string(wanted) + ".");
  }
  if (!torch::cuda::is_available()) {
    throw ConfigError("device is cuda, but LibTorch finds no CUDA device here. Use auto or cpu.");
  }
  return torch::kCUDA;
}

void UseOneThread() {
  at::set_num_threads(1);
  // OpenBLAS has threads of its own; another BLAS does not know this name
  using SetNumThreads = void (*)(int);
  static const auto set_num_threads = reinterpret_cast<SetNumThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set_num_threads != nullptr) set_num_threads(1);
}

}  // namespace restock
