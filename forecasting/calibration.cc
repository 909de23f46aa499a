#include "forecasting/calibration.h"

#include <algorithm>
#include <cmath>

#include "common/distributions.h"

namespace restock {
namespace {

constexpr int kGrid = 200;             // own levels are kept at i / kGrid
constexpr size_t kFewestScores = 400;  // with fewer nothing is corrected
constexpr float kLeastTail = 1e-6f;

}  // namespace

Calibration::Calibration(const PastScores& scores, int steps_together) : steps_together_(steps_together) {
  const Eigen::Index num_steps = scores.empty() ? 0 : scores.front().rows();
  for (Eigen::Index first = 0; first < num_steps; first += steps_together) {
    std::vector<float> levels;
    for (const Eigen::MatrixXf& at : scores) {
      for (const float score :
           at.middleRows(first, std::min<Eigen::Index>(steps_together, num_steps - first)).reshaped()) {
        if (!std::isnan(score)) levels.push_back(static_cast<float>(NormalProbability(score)));
      }
    }
    std::vector<float>& own = own_.emplace_back();
    if (levels.size() < kFewestScores) {
      if (own_.size() > 1) own = own_[own_.size() - 2];  // as the steps before
      continue;
    }
    std::sort(levels.begin(), levels.end());
    for (int i = 0; i <= kGrid; ++i) {
      const double place = static_cast<double>(i) / kGrid * static_cast<double>(levels.size() - 1);
      const auto below = static_cast<size_t>(place);
      const size_t above = std::min(below + 1, levels.size() - 1);
      const auto share = static_cast<float>(place - static_cast<double>(below));
      own.push_back(levels[below] + share * (levels[above] - levels[below]));
    }
    own.front() = 0;
    own.back() = 1;
  }
}

const std::vector<float>* Calibration::Grid(int step) const {
  if (own_.empty()) return nullptr;
  const std::vector<float>& own = own_[std::min(static_cast<size_t>(step / steps_together_), own_.size() - 1)];
  return own.empty() ? nullptr : &own;
}

float Calibration::OwnLevel(int step, float level) const {
  const std::vector<float>* own = Grid(step);
  if (own == nullptr) return level;
  const float place = level * kGrid;
  const int below = std::clamp(static_cast<int>(place), 0, kGrid - 1);
  const auto at = [&](int i) { return (*own)[static_cast<size_t>(i)]; };
  const float value = at(below) + (place - static_cast<float>(below)) * (at(below + 1) - at(below));
  return std::clamp(value, kLeastTail, 1 - kLeastTail);
}

float Calibration::CorrectedLevel(int step, float own_level) const {
  const std::vector<float>* own = Grid(step);
  if (own == nullptr) return own_level;
  const auto above = std::upper_bound(own->begin() + 1, own->end() - 1, own_level);
  const float low = *(above - 1), width = *above - low;
  const auto below = static_cast<float>(above - own->begin() - 1);
  const float share = width > 0 ? (own_level - low) / width : 0.5f;
  return std::clamp((below + share) / kGrid, kLeastTail, 1 - kLeastTail);
}

void Calibration::Save(SectionFileWriter& file) const {
  const auto count = static_cast<int>(own_.size());
  file.AddValues("calibration/steps_together", &steps_together_, 1);
  file.AddValues("calibration/count", &count, 1);
  for (size_t i = 0; i < own_.size(); ++i)
    file.AddValues("calibration/" + std::to_string(i), own_[i].data(), own_[i].size());
}

void Calibration::Load(const SectionFileReader& file) {
  steps_together_ = file.GetValues<int>("calibration/steps_together").at(0);
  own_.resize(static_cast<size_t>(file.GetValues<int>("calibration/count").at(0)));
  for (size_t i = 0; i < own_.size(); ++i) own_[i] = file.GetValues<float>("calibration/" + std::to_string(i));
}

}  // namespace restock
