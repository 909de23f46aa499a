#include "common/torch/mixed_precision.h"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

namespace restock {
namespace {

// Autocast knows kinds of devices by name since LibTorch 2.4.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
bool IsEnabled() { return at::autocast::is_autocast_enabled(at::kCUDA); }
void SetEnabled(bool enabled) { at::autocast::set_autocast_enabled(at::kCUDA, enabled); }
void UseBrainFloat() { at::autocast::set_autocast_dtype(at::kCUDA, at::kBFloat16); }
#else
bool IsEnabled() { return at::autocast::is_enabled(); }
void SetEnabled(bool enabled) { at::autocast::set_enabled(enabled); }
void UseBrainFloat() { at::autocast::set_autocast_gpu_dtype(at::kBFloat16); }
#endif

}  // namespace

MixedPrecision::MixedPrecision(torch::Device device, bool wanted) : is_on_(wanted && device.is_cuda() && !IsEnabled()) {
  if (!is_on_) return;
  UseBrainFloat();
  SetEnabled(true);
}

MixedPrecision::~MixedPrecision() {
  if (!is_on_) return;
  SetEnabled(false);
  at::autocast::clear_cache();  // of converted weights, which the next step changes
}

}  // namespace restock
