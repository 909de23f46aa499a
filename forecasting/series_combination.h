#pragma once

#include <memory>
#include <string>
#include <vector>

#include "forecasting/series_model.h"

namespace restock {

/// Several models of one series, each fitted by itself, whose forecasts a derived class combines.
class SeriesCombination : public SeriesModel {
 public:
  explicit SeriesCombination(const std::vector<std::string>& names);

  void Fit(const SeriesData& data) override;
  // state: those of the members, one behind the other
  Eigen::Index state_size() const override { return state_size_; }
  void Start(State state) const override;
  void Observe(double demand, State state) const override;
  void Predict(const ConstState& state, Mean mean) const override;
  void Restore(std::vector<double> parameters) override;

 protected:
  /// `means`: by member (num_steps, num_members)
  virtual void Combine(const Eigen::MatrixXd& means, Mean mean) const = 0;
  /// What a combination has learned itself stands behind the members' parameters.
  void SetOwn(const std::vector<double>& own);
  const std::vector<double>& own() const { return own_; }
  size_t num_members() const { return members_.size(); }

 private:
  void Collect();
  template <class Function>
  void ForEach(const Function& function) const;

  std::vector<std::unique_ptr<SeriesModel>> members_;
  std::vector<double> own_;
  Eigen::Index state_size_ = 0;
};

}  // namespace restock
