#pragma once

#include <torch/types.h>

namespace restock {

/// While it lives, what LibTorch computes on `device` runs in bfloat16 where that is safe, by autocast: on CUDA, and
/// where it is wanted; nothing changes elsewhere. bfloat16 has float's range, so losses need no scaling. Put it around
/// the forward pass alone.
class MixedPrecision {
 public:
  MixedPrecision(torch::Device device, bool wanted);
  ~MixedPrecision();
  MixedPrecision(const MixedPrecision&) = delete;
  MixedPrecision& operator=(const MixedPrecision&) = delete;

 private:
  bool is_on_;
};

}  // namespace restock
