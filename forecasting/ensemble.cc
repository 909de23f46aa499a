#include <algorithm>

#include "forecasting/series_combination.h"
#include "forecasting/series_models.h"

namespace restock {
namespace {

/// The median of what several models expect, step by step: better than nearly every one of them (Petropoulos &
/// Svetunkov 2020, sixth in the M4 competition with a median of four).
class Ensemble final : public SeriesCombination {
 public:
  Ensemble() : SeriesCombination({"ets", "arima", "dynamic_theta", "damped_holt"}) {}

 protected:
  void Combine(const Eigen::MatrixXd& means, Mean mean) const override {
    for (Eigen::Index step = 0; step < mean.size(); ++step) {
      Eigen::VectorXd sorted = means.row(step);
      std::sort(sorted.begin(), sorted.end());
      mean[step] = (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
    }
  }
};

}  // namespace

std::unique_ptr<SeriesModel> MakeEnsemble() { return std::make_unique<Ensemble>(); }

}  // namespace restock
