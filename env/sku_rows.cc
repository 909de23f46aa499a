#include "env/sku_rows.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common/error.h"

namespace restock {

SkuRows::SkuRows(const std::string& name, std::span<const float> values, std::span<const float> of_template,
                 int num_skus) {
  const auto skus = static_cast<size_t>(num_skus);
  const size_t num_rows = of_template.size();
  if (values.empty()) {
    row_stride_ = kBlockSize;
    for (const float value : of_template) values_.insert(values_.end(), kBlockSize, value);
    return;
  }

  // what is given
  if (values.size() != skus && values.size() != num_rows * skus)
    throw ConfigError(fmt::format("assortment: {} numbers of {} for {} SKUs and {} rows: give {}, or one per SKU.",
                                  values.size(), name, num_skus, num_rows, num_rows * skus));
  const auto wrong =
      std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value) || value < 0; });
  if (wrong != values.end())
    throw ConfigError(fmt::format("assortment: {} of SKU {} is {}: it must be at least 0 and finite.", name,
                                  static_cast<size_t>(wrong - values.begin()) % skus, *wrong));

  // in blocks
  const bool is_same_at_rows = values.size() == skus;
  const size_t num_blocks = (skus + kBlockSize - 1) / kBlockSize;
  const size_t rows_of_block = is_same_at_rows ? 1 : num_rows;
  row_stride_ = is_same_at_rows ? 0 : kBlockSize;
  block_stride_ = static_cast<ptrdiff_t>(rows_of_block * kBlockSize);
  values_.resize(num_blocks * rows_of_block * kBlockSize);
  for (size_t block = 0; block < num_blocks; ++block) {
    const size_t first = block * kBlockSize;
    const size_t count = std::min<size_t>(kBlockSize, skus - first);
    for (size_t row = 0; row < rows_of_block; ++row)
      std::copy_n(values.data() + row * skus + first, count,
                  values_.data() + (block * rows_of_block + row) * kBlockSize);
  }
}

}  // namespace restock
