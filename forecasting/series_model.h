#pragma once

#include <memory>
#include <vector>

#include <Eigen/Core>

namespace restock {

/// One series as a model sees it: it begins with the first demand that is known.
struct SeriesData {
  Eigen::VectorXd demand;  // finite, or NaN: not known; at least one, and the first is known  (num_periods)
  int season = 1;          // periods after which demand may repeat; 1: none
};

/// A model of one series by itself. Fit() finds its parameters; after that it is const, and what it knows at one period
/// of one path is a short vector, its state. So thousands of paths and series share one small interface:
///
///   auto model = MakeSeriesModel("theta");
///   model->Fit(data);
///   Eigen::VectorXd next_quarter = ForecastAfter(*model, data.demand, 13);
class SeriesModel {
 public:
  using State = Eigen::Ref<Eigen::VectorXd>;
  using ConstState = Eigen::Ref<const Eigen::VectorXd>;
  using Mean = Eigen::Ref<Eigen::VectorXd>;

  virtual ~SeriesModel() = default;
  /// Finds the parameters. Any finite demand will do: a single period, zeros, a constant.
  virtual void Fit(const SeriesData& data) = 0;
  /// Numbers of which a state consists.
  virtual Eigen::Index state_size() const = 0;
  /// The state before the first period.
  virtual void Start(State state) const = 0;
  /// Moves on by one period, whose demand was `demand`; NaN: not known.
  virtual void Observe(double demand, State state) const = 0;
  /// Expected demand of the coming mean.size() periods.
  virtual void Predict(const ConstState& state, Mean mean) const = 0;

  /// All that Fit() found, as numbers, for saving; Restore() takes them back.
  const std::vector<double>& parameters() const { return parameters_; }
  virtual void Restore(std::vector<double> parameters) { parameters_ = std::move(parameters); }

 protected:
  std::vector<double> parameters_;
};

/// State after all of `demand`, from the start.
Eigen::VectorXd StateAfter(const SeriesModel& model, const Eigen::VectorXd& demand);
/// Expected demand of the `num_steps` periods after `demand`.
Eigen::VectorXd ForecastAfter(const SeriesModel& model, const Eigen::VectorXd& demand, int num_steps);
/// Mean squared error one period ahead, from period `first` on; infinite where nothing is known there.
double SquaredErrorOf(const SeriesModel& model, const Eigen::VectorXd& demand, Eigen::Index first);

}  // namespace restock
