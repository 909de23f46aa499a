#include "experiments/planner_day.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "env/network_config.h"
#include "env/order_decoder.h"
#include "env/period_step.h"
#include "env/row_network.h"

namespace restock {

namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

/// The future as one path on which no demand is known: the forecasts are those of the history's end.
std::shared_ptr<const ScenarioSet> UnknownPath(const PlanModel& model, const DemandHistory& history, int num_periods) {
  auto paths = std::make_shared<ScenarioSet>();
  const int phase = PhaseOf(history.calendar, history.num_periods());
  paths->Resize(1, num_periods, history.num_series(), ForecastTargets(*model.network, phase, num_periods));
  if (model.path_horizon > 0) paths->ResizePathMean(1, model.path_horizon);
  paths->calendar = history.calendar.From(history.num_periods(), num_periods);
  paths->origin = {history.num_periods()};
  std::fill(paths->demand.begin(), paths->demand.end(), std::numeric_limits<float>::quiet_NaN());
  model.forecaster->Follow(history, *paths);
  return paths;
}

EnvSpec SpecOf(const Network& network, int num_periods) {
  EnvSpec spec;
  spec.num_envs = 1;
  spec.num_blocks = 1;
  spec.num_sites = network.num_sites();
  spec.num_lanes = network.num_lanes();
  spec.num_periods = num_periods;
  spec.features = FeatureNames(network);
  spec.max_order = kMostUnitsPerOrder;
  return spec;
}

}  // namespace

PlanningDay::PlanningDay(const PlanModel& model, const DemandHistory& history, int num_gap_periods, int num_periods)
    : network_(model.network),
      policy_(model.policy),
      paths_(UnknownPath(model, history, num_gap_periods + num_periods)),
      num_gap_periods_(num_gap_periods) {
  demand_ = MakeScenarioSource(paths_);
  mean_ = model.forecaster->Predict(history, num_gap_periods + model.network->max_lead_time() * 2 + 1).mean;
}

PlanningDay::Answer PlanningDay::Ask(const NetworkState& state, int period) const {
  // what the policy sees; of the block only the first environment counts
  const EnvSpec spec = SpecOf(*network_, paths_->num_periods);
  const int path_period = num_gap_periods_ + period, at_phase = demand_->first_phase() + path_period;
  const std::vector<int> scenarios(kBlockSize, 0);
  std::vector<int> features(Index(spec.num_features()));
  std::iota(features.begin(), features.end(), 0);
  AlignedVector observation(Index(spec.block_rows() * spec.num_features()));
  Observer::Scratch scratch(*network_);
  const Observer observer(*network_, *demand_, features);
  observer.WriteConstants(observation.data());
  observer.Observe(state, {path_period, at_phase, scenarios}, scratch, observation.data(), /*goes_to_memory=*/false);
  const Eigen::Map<const Eigen::MatrixXf> seen(observation.data(), spec.block_rows(), spec.num_features());

  // what it wants, made feasible
  AlignedVector wanted(Index(spec.num_lanes * kBlockSize)), orders(wanted.size());
  const auto memory = policy_->MakeMemory(*network_);
  policy_->Act({*network_, spec, path_period, at_phase, seen, state, *demand_, scenarios, /*num_active=*/1},
               memory.get(), wanted);
  OrderDecoder(*network_).Decode(at_phase, wanted, Rows{orders.data()});

  Answer answer;
  answer.features.resize(spec.num_sites, spec.num_features());
  for (int site = 0; site < spec.num_sites; ++site) answer.features.row(site) = seen.row(site * kBlockSize);
  for (int lane = 0; lane < spec.num_lanes; ++lane) answer.wanted.push_back(orders[Index(lane * kBlockSize)]);
  answer.shipped = Ration(*network_, state, answer.wanted);
  return answer;
}

double PlanningDay::MeanDemand(int site, int step) const {
  const auto row = std::min<Eigen::Index>(num_gap_periods_ + step, mean_.rows() - 1);
  double demand = 0;
  for (const int below : network_->echelon[Index(site)]) {
    const int series = network_->site_series[Index(below)];
    if (series != kNoSeries) demand += mean_(row, series);
  }
  return demand;
}

std::vector<float> Ration(const Network& network, const NetworkState& state, const std::vector<float>& wanted) {
  std::vector<float> shipped = wanted;
  for (int site = 0; site < network.num_sites(); ++site) {
    float asked = 0;
    for (const int lane : network.lanes_out_of[Index(site)]) asked += wanted[Index(lane)];
    const float share = std::min(state.on_hand(site)[0] / std::max(asked, 1.f), 1.f);
    for (const int lane : network.lanes_out_of[Index(site)])
      shipped[Index(lane)] = std::floor(wanted[Index(lane)] * share * kJustAboveOne);
  }
  return shipped;
}

}  // namespace restock
