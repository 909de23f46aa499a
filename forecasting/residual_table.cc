#include "forecasting/residual_table.h"

#include <algorithm>
#include <cmath>

#include "common/check.h"

namespace restock {

ResidualTable::ResidualTable(int num_series, int season, int num_blocks)
    : season_(season),
      num_blocks_(num_blocks),
      errors_(static_cast<size_t>(num_series) * static_cast<size_t>(num_blocks)),
      variance_(errors_.size()) {}

size_t ResidualTable::Cell(int series, int step) const {
  const int block = std::min(step / season_, num_blocks_ - 1);
  return static_cast<size_t>(series) * static_cast<size_t>(num_blocks_) + static_cast<size_t>(block);
}

const std::vector<float>& ResidualTable::Errors(int series, int step) const { return errors_[Cell(series, step)]; }

void ResidualTable::Add(int series, int step, float error) { errors_[Cell(series, step)].push_back(error); }

void ResidualTable::Finish() {
  for (size_t cell = 0; cell < errors_.size(); ++cell) {
    const bool first_block = cell % static_cast<size_t>(num_blocks_) == 0;
    if (errors_[cell].empty() && first_block) errors_[cell] = {0.f};
    if (errors_[cell].empty()) errors_[cell] = errors_[cell - 1];
    std::sort(errors_[cell].begin(), errors_[cell].end());
    double squares = 0;
    for (const float error : errors_[cell]) squares += error * error;
    variance_[cell] = static_cast<float>(squares / static_cast<double>(errors_[cell].size()));
  }
}

float ResidualTable::Variance(int series, int step) const { return variance_[Cell(series, step)]; }

float ResidualTable::Quantile(int series, int step, float probability) const {
  // the i-th of n errors stands for the probability i / (n + 1)
  const std::vector<float>& errors = Errors(series, step);
  const auto last = static_cast<float>(errors.size() - 1);
  const float place = std::clamp(probability * static_cast<float>(errors.size() + 1) - 1, 0.f, last);
  const float below = std::floor(place);
  const float low = errors[static_cast<size_t>(below)];
  const float high = errors[static_cast<size_t>(std::min(below + 1, last))];
  return low + (place - below) * (high - low);
}

float ResidualTable::Probability(int series, int step, float error) const {
  const std::vector<float>& errors = Errors(series, step);
  const auto up_to = std::upper_bound(errors.begin(), errors.end(), error) - errors.begin();
  return static_cast<float>(up_to) / static_cast<float>(errors.size());
}

void ResidualTable::Save(SectionFileWriter& file) const {
  const int sizes[] = {static_cast<int>(errors_.size()) / num_blocks_, season_, num_blocks_};
  file.AddValues("residuals/sizes", sizes, 3);
  file.AddValues("residuals/variance", variance_.data(), variance_.size());
  std::vector<int> counts;
  std::vector<float> all;
  for (const std::vector<float>& errors : errors_) {
    counts.push_back(static_cast<int>(errors.size()));
    all.insert(all.end(), errors.begin(), errors.end());
  }
  file.AddValues("residuals/counts", counts.data(), counts.size());
  file.AddValues("residuals/errors", all.data(), all.size());
}

void ResidualTable::Load(const SectionFileReader& file) {
  const auto sizes = file.GetValues<int>("residuals/sizes");
  *this = ResidualTable(sizes.at(0), sizes.at(1), sizes.at(2));
  variance_ = file.GetValues<float>("residuals/variance");
  const auto counts = file.GetValues<int>("residuals/counts");
  const auto all = file.GetValues<float>("residuals/errors");
  RESTOCK_CHECK_EQ(counts.size(), errors_.size());
  auto next = all.begin();
  for (size_t cell = 0; cell < errors_.size(); ++cell) {
    errors_[cell].assign(next, next + counts[cell]);
    next += counts[cell];
  }
}

}  // namespace restock
