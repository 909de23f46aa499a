#include "forecasting/residual_table.h"

#include <algorithm>
#include <cmath>

#include "common/check.h"

namespace restock {

ResidualTable::ResidualTable(int num_series, int season, int num_blocks)
    : season_(season),
      num_blocks_(num_blocks),
      cells_(static_cast<size_t>(num_series) * static_cast<size_t>(num_blocks)) {}

size_t ResidualTable::Cell(int series, int step) const {
  const int block = std::min(step / season_, num_blocks_ - 1);
  return static_cast<size_t>(series) * static_cast<size_t>(num_blocks_) + static_cast<size_t>(block);
}

void ResidualTable::Add(int series, int step, float error) { cells_[Cell(series, step)].errors.push_back(error); }

void ResidualTable::Finish() {
  for (size_t cell = 0; cell < cells_.size(); ++cell) {
    auto& [errors, sum, squares] = cells_[cell];
    const bool first_block = cell % static_cast<size_t>(num_blocks_) == 0;
    if (errors.empty()) errors = first_block ? std::vector<float>{0.f} : cells_[cell - 1].errors;
    std::sort(errors.begin(), errors.end());
    sum.assign(errors.size() + 1, 0);
    squares.assign(errors.size() + 1, 0);
    for (size_t i = errors.size(); i-- > 0;) {
      sum[i] = sum[i + 1] + errors[i];
      squares[i] = squares[i + 1] + static_cast<double>(errors[i]) * errors[i];
    }
  }
}

ResidualTable::Moments ResidualTable::MomentsAround(int series, int step, float point) const {
  // errors below -point give no demand, the others point + error
  const Ordered& ordered = At(series, step);
  const auto first = static_cast<size_t>(std::upper_bound(ordered.errors.begin(), ordered.errors.end(), -point) -
                                         ordered.errors.begin());
  const auto all = static_cast<double>(ordered.errors.size());
  const double above = all - static_cast<double>(first);
  const double sum = ordered.sum[first];
  const double mean = (above * point + sum) / all;
  const double square = (above * point * point + 2 * point * sum + ordered.squares[first]) / all;
  return {static_cast<float>(mean), static_cast<float>(std::max(0.0, square - mean * mean))};
}

float ResidualTable::Quantile(int series, int step, float probability) const {
  // the i-th of n errors stands for the probability i / (n + 1)
  const std::vector<float>& errors = At(series, step).errors;
  const auto last = static_cast<float>(errors.size() - 1);
  const float place = std::clamp(probability * static_cast<float>(errors.size() + 1) - 1, 0.f, last);
  const float below = std::floor(place);
  const float low = errors[static_cast<size_t>(below)];
  const float high = errors[static_cast<size_t>(std::min(below + 1, last))];
  return low + (place - below) * (high - low);
}

float ResidualTable::Probability(int series, int step, float error) const {
  const std::vector<float>& errors = At(series, step).errors;
  const auto up_to = std::upper_bound(errors.begin(), errors.end(), error) - errors.begin();
  return static_cast<float>(up_to) / static_cast<float>(errors.size());
}

void ResidualTable::Save(SectionFileWriter& file) const {
  const int sizes[] = {static_cast<int>(cells_.size()) / num_blocks_, season_, num_blocks_};
  file.AddValues("residuals/sizes", sizes, 3);
  std::vector<int> counts;
  std::vector<float> all;
  for (const Ordered& cell : cells_) {
    counts.push_back(static_cast<int>(cell.errors.size()));
    all.insert(all.end(), cell.errors.begin(), cell.errors.end());
  }
  file.AddValues("residuals/counts", counts.data(), counts.size());
  file.AddValues("residuals/errors", all.data(), all.size());
}

void ResidualTable::Load(const SectionFileReader& file) {
  const auto sizes = file.GetValues<int>("residuals/sizes");
  *this = ResidualTable(sizes.at(0), sizes.at(1), sizes.at(2));
  const auto counts = file.GetValues<int>("residuals/counts");
  const auto all = file.GetValues<float>("residuals/errors");
  RESTOCK_CHECK_EQ(counts.size(), cells_.size());
  auto next = all.begin();
  for (size_t cell = 0; cell < cells_.size(); ++cell) {
    cells_[cell].errors.assign(next, next + counts[cell]);
    next += counts[cell];
  }
  Finish();
}

}  // namespace restock
