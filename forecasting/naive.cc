#include <cmath>

#include "forecasting/series_models.h"

namespace restock {
namespace {

/// Expects what was seen last: what every scaled error compares with.
class Naive final : public SeriesModel {
 public:
  void Fit(const SeriesData& data) override { parameters_ = {data.demand[0]}; }
  Eigen::Index state_size() const override { return 1; }
  void Start(State state) const override { state[0] = parameters_[0]; }
  void Observe(double demand, State state) const override {
    if (!std::isnan(demand)) state[0] = demand;
  }
  void Predict(const ConstState& state, Mean mean) const override { mean.setConstant(state[0]); }
};

}  // namespace

std::unique_ptr<SeriesModel> MakeNaive() { return std::make_unique<Naive>(); }

}  // namespace restock
