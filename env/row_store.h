#pragma once

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include "env/row_value.h"

namespace restock {

// how rows are written that are not read again soon

struct StoreInCache {
  [[gnu::always_inline]] static void Store(const RowValue& value, float* to) { value.Store(to); }
  static void Finish() {}
};

/// Past the caches, where a step writes more than they hold.
struct StorePastCaches {
#if defined(__AVX512F__)
  [[gnu::always_inline]] static void Store(const RowValue& value, float* to) {
    value.ForEachQuarter(to, [](RowValue::Quarter quarter, float* at) { _mm512_stream_ps(at, quarter); });
  }
  static void Finish() { _mm_sfence(); }  // such stores wait for no one, unless told to
#else
  [[gnu::always_inline]] static void Store(const RowValue& value, float* to) { value.Store(to); }
  static void Finish() {}
#endif
};

}  // namespace restock
