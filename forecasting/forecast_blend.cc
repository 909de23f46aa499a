#include "forecasting/forecast_blend.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace restock {
namespace {

class BlendPathModel final : public PathModel {
 public:
  BlendPathModel(std::vector<std::unique_ptr<PathModel>> members, int num_series)
      : members_(std::move(members)), ahead_(static_cast<size_t>(num_series)) {
    for (auto& steps : ahead_) steps.resize(members_.size());
  }

  void Observe(const Eigen::MatrixXf& demand) override {
    for (const auto& member : members_) member->Observe(demand);
  }

  void Predict(int series, int num_steps, StepDistributions& steps) const override {
    const auto count = static_cast<float>(members_.size());
    for (size_t i = 0; i < members_.size(); ++i) {
      StepDistributions& own = ahead_[static_cast<size_t>(series)][i];
      members_[i]->Predict(series, num_steps, own);
      if (i == 0) {
        steps.mean.setZero(own.mean.rows(), own.mean.cols());
        steps.variance.setZero(own.mean.rows(), own.mean.cols());
      }
      steps.mean += own.mean / count;
      steps.variance += own.variance / count;
    }
  }

  float Quantile(const StepDistributions&, int series, int path, int step, float probability) const override {
    double log = 0;
    for (size_t i = 0; i < members_.size(); ++i) {
      const StepDistributions& own = ahead_[static_cast<size_t>(series)][i];
      log += std::log1p(members_[i]->Quantile(own, series, path, step, probability));
    }
    return static_cast<float>(std::max(0.0, std::expm1(log / static_cast<double>(members_.size()))));
  }
  float Probability(const StepDistributions&, int series, int path, int step, float demand) const override {
    float sum = 0;
    for (size_t i = 0; i < members_.size(); ++i) {
      sum += members_[i]->Probability(ahead_[static_cast<size_t>(series)][i], series, path, step, demand);
    }
    return sum / static_cast<float>(members_.size());
  }

 private:
  std::vector<std::unique_ptr<PathModel>> members_;
  mutable std::vector<std::vector<StepDistributions>> ahead_;  // by series and member, of the last Predict()
};

std::filesystem::path FileOf(const std::filesystem::path& file, size_t member) {
  return file.empty() ? file : std::filesystem::path(fmt::format("{}.{}", file.string(), member));
}

}  // namespace

void ForecastBlend::FitResumable(const DemandHistory& history, const std::filesystem::path& checkpoint) {
  for (size_t i = 0; i < members_.size(); ++i) members_[i]->FitResumable(history, FileOf(checkpoint, i));
  for (size_t i = 0; i < members_.size(); ++i) std::filesystem::remove(FileOf(checkpoint, i));
  FitDependence(history, std::min(30, history.num_periods() / 2), horizon_);
}

std::unique_ptr<PathModel> ForecastBlend::Start(const DemandHistory& history, int origin, int num_paths) const {
  std::vector<std::unique_ptr<PathModel>> models;
  for (const auto& member : members_) models.push_back(member->Start(history, origin, num_paths));
  return std::make_unique<BlendPathModel>(std::move(models), history.num_series());
}

void ForecastBlend::Save(const std::filesystem::path& file) const {
  for (size_t i = 0; i < members_.size(); ++i) members_[i]->Save(FileOf(file, i));
  SectionFileWriter writer(name_ + " forecaster");
  AddDependence(writer);
  writer.Write(file);
}

void ForecastBlend::Load(const std::filesystem::path& file) {
  for (size_t i = 0; i < members_.size(); ++i) members_[i]->Load(FileOf(file, i));
  LoadDependence(SectionFileReader(file, name_ + " forecaster"));
}

}  // namespace restock
