#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "env/aligned_vector.h"
#include "env/row_value.h"

namespace restock {

/// A number for each row of a network template (a site, a lane) and each SKU of an assortment, over blocks of SKUs.
/// What is the same at all rows, or for all SKUs, is kept once.
class SkuRows {
 public:
  SkuRows() = default;
  /// `values`: [row][sku]; or [sku], the same at all rows; or empty: those of the template, `of_template` [row]. Throws
  /// ConfigError, which says `name`, where there is another number of them, or one is below zero or not finite.
  SkuRows(const std::string& name, std::span<const float> values, std::span<const float> of_template, int num_skus);

  /// Over the SKUs of a block. Behind the last SKU: 0, or the template's.
  [[gnu::always_inline]] RowValue operator()(int block, int row) const {
    return RowValue::Load(values_.data() + PlaceOf(block, row));
  }
  /// All that is kept, and where the numbers of a block and row begin in it.
  const AlignedVector& values() const { return values_; }
  ptrdiff_t PlaceOf(int block, int row) const { return block * block_stride_ + row * row_stride_; }

 private:
  ptrdiff_t block_stride_ = 0;
  ptrdiff_t row_stride_ = 0;
  AlignedVector values_;
};

}  // namespace restock
