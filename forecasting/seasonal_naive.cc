#include "forecasting/seasonal_naive.h"

#include <cmath>

namespace restock {
namespace {

class SeasonalNaiveModel final : public PointModel {
 public:
  SeasonalNaiveModel(int season, int num_paths, const std::vector<float>& mean) {
    const Eigen::Map<const Eigen::RowVectorXf> start(mean.data(), static_cast<Eigen::Index>(mean.size()));
    last_.assign(static_cast<size_t>(season), start.replicate(num_paths, 1));
  }

  void Observe(const Eigen::MatrixXf& demand) override {
    Eigen::MatrixXf& last = last_[Phase(0)];
    last = (demand.array() == demand.array()).select(demand, last);  // what is not known leaves what was
    ++period_;
  }

  void Predict(int series, int num_steps, Eigen::MatrixXf& mean) const override {
    mean.resize(last_.front().rows(), num_steps);
    for (int step = 0; step < num_steps; ++step) mean.col(step) = last_[Phase(step)].col(series);
  }

 private:
  size_t Phase(int step) const { return static_cast<size_t>(period_ + step) % last_.size(); }

  int period_ = 0;
  std::vector<Eigen::MatrixXf> last_;  // by period of the season: (num_paths, num_series)
};

}  // namespace

const std::string& SeasonalNaive::name() const {
  static const std::string kName = "seasonal_naive";
  return kName;
}

void SeasonalNaive::FitPoints(const DemandHistory& history) {
  mean_.clear();
  for (const auto& column : history.demand.colwise()) {
    const auto known = (column.array() == column.array());
    const auto count = known.count();
    mean_.push_back(count == 0 ? 0 : known.select(column.array(), 0.f).sum() / static_cast<float>(count));
  }
}

std::unique_ptr<PointModel> SeasonalNaive::StartPoints(const DemandHistory& history, int num_paths) const {
  return std::make_unique<SeasonalNaiveModel>(history.calendar.season(), num_paths, mean_);
}

void SeasonalNaive::SavePoints(SectionFileWriter& file) const { file.AddValues("mean", mean_.data(), mean_.size()); }

void SeasonalNaive::LoadPoints(const SectionFileReader& file) { mean_ = file.GetValues<float>("mean"); }

}  // namespace restock
