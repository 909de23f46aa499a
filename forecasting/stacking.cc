#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "forecasting/series_combination.h"
#include "forecasting/series_models.h"

namespace restock {
namespace {

constexpr Eigen::Index kFewestHeldBack = 8;  // known periods; with fewer all members weigh the same
constexpr int kMostSteps = 7;                // ahead that the held-back forecasts look
constexpr double kTowardsEqual = 0.1;        // strength of equal weights, relative to what the forecasts tell
constexpr int kNumIterations = 500;

/// The nearest weights that are not negative and add up to 1 (Held, Wolfe & Crowder 1974).
Eigen::VectorXd OntoSimplex(const Eigen::VectorXd& weights) {
  Eigen::VectorXd sorted = weights;
  std::sort(sorted.begin(), sorted.end(), [](double a, double b) { return a > b; });
  double sum = 0, shift = 0;
  for (Eigen::Index i = 0; i < sorted.size(); ++i) {
    sum += sorted[i];
    const double candidate = (sum - 1) / static_cast<double>(i + 1);
    if (sorted[i] > candidate) shift = candidate;
  }
  return (weights.array() - shift).cwiseMax(0);
}

/// Stacked regression (Wolpert 1992; Breiman 1996): a weighted mean of several models, whose weights are not negative,
/// add up to 1 and are best for forecasts of the last third by models that have seen the first two, drawn towards equal
/// ones.
class Stacking final : public SeriesCombination {
 public:
  Stacking() : SeriesCombination(kMembers) {}

  void Fit(const SeriesData& data) override {
    const Eigen::VectorXd weights = WeightsFor(data);
    SeriesCombination::Fit(data);
    SetOwn({weights.begin(), weights.end()});
  }

 protected:
  void Combine(const Eigen::MatrixXd& means, Mean mean) const override {
    mean = means * Eigen::Map<const Eigen::VectorXd>(own().data(), static_cast<Eigen::Index>(own().size()));
  }

 private:
  static inline const std::vector<std::string> kMembers = {"simple_smoothing", "holt_winters", "theta",
                                                           "moving_average",   "tsb",          "naive"};

  static Eigen::VectorXd WeightsFor(const SeriesData& data) {
    const auto num_members = static_cast<Eigen::Index>(kMembers.size());
    Eigen::VectorXd weights = Eigen::VectorXd::Constant(num_members, 1.0 / static_cast<double>(num_members));
    const Eigen::Index first = data.demand.size() - data.demand.size() / 3;
    Eigen::Index num_known = 0;
    for (const double demand : data.demand.tail(data.demand.size() - first)) num_known += std::isnan(demand) ? 0 : 1;
    if (num_known < kFewestHeldBack) return weights;

    // what each member would have forecast
    const int num_steps = std::clamp(data.season, 1, kMostSteps);
    std::vector<Eigen::VectorXd> forecasts;
    std::vector<double> actual;
    for (const std::string& name : kMembers) {
      const auto model = MakeSeriesModel(name);
      model->Fit({data.demand.head(first), data.season});
      forecasts.push_back(HeldBack(*model, data.demand, first, num_steps, actual));
    }
    Eigen::MatrixXd table(forecasts.front().size(), num_members);
    for (Eigen::Index member = 0; member < num_members; ++member)
      table.col(member) = forecasts[static_cast<size_t>(member)];
    const Eigen::VectorXd target = Eigen::Map<const Eigen::VectorXd>(actual.data(), table.rows());

    // least squares by projected gradients; its steps are as long as the largest curvature allows
    Eigen::MatrixXd normal = table.transpose() * table;
    const Eigen::VectorXd with_target = table.transpose() * target;
    const double ridge =
        kTowardsEqual * (table.colwise() - table.rowwise().mean()).squaredNorm() / static_cast<double>(num_members);
    normal.diagonal().array() += ridge;
    const double curvature = normal.trace();
    if (!(curvature > 0) || !std::isfinite(curvature)) return weights;
    const Eigen::VectorXd linear = with_target + ridge * weights;
    for (int i = 0; i < kNumIterations; ++i) weights = OntoSimplex(weights - (normal * weights - linear) / curvature);
    return weights;
  }

  /// Forecasts up to `num_steps` ahead from each period from `first` on, and what came.
  static Eigen::VectorXd HeldBack(const SeriesModel& model, const Eigen::VectorXd& demand, Eigen::Index first,
                                  int num_steps, std::vector<double>& actual) {
    std::vector<double> forecasts;
    actual.clear();
    Eigen::VectorXd state = StateAfter(model, demand.head(first)), ahead(num_steps);
    for (Eigen::Index origin = first; origin < demand.size(); ++origin) {
      model.Predict(state, ahead);
      for (Eigen::Index step = 0; step < std::min<Eigen::Index>(num_steps, demand.size() - origin); ++step) {
        if (std::isnan(demand[origin + step])) continue;
        forecasts.push_back(ahead[step]);
        actual.push_back(demand[origin + step]);
      }
      model.Observe(demand[origin], state);
    }
    return Eigen::Map<const Eigen::VectorXd>(forecasts.data(), static_cast<Eigen::Index>(forecasts.size()));
  }
};

}  // namespace

std::unique_ptr<SeriesModel> MakeStacking() { return std::make_unique<Stacking>(); }

}  // namespace restock
