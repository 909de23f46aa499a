#include "env/site_demand.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <boost/math/special_functions/erf.hpp>
#include <fmt/format.h>

#include "common/distributions.h"
#include "common/error.h"
#include "env/network_state.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr double kLargestMean = 1 << 14;  // of demand in a period

double UniformOf(double score) {
  return std::min(0.5 * boost::math::erfc(-score * 0.70710678118654752440), 1 - 0x1p-53);
}

}  // namespace

SiteDemand::SiteDemand(const Network& network, int site, const DemandProcess& process, int num_periods,
                       const Random& random)
    : site_(site), process_(process), uniforms_(random.Stream("demand")) {
  if (!process_.transition.empty()) chain_.emplace(process_.transition, process_.first, random.Stream("state"));
  if (process_.states.empty()) return;
  for (int period = 0; period < num_periods; ++period) CheckSize(network, period);

  // periods of the same factor share their tables
  std::map<int64_t, int> known;
  for (int period = 0; period < num_periods; ++period) {
    const int64_t factor = std::llround(process_.Factor(period) * 1e9);
    const auto [level, is_new] = known.try_emplace(factor, static_cast<int>(known.size()));
    level_.push_back(level->second);
    if (!is_new) continue;
    for (int state = 0; state < process_.num_states(); ++state) quantiles_.emplace_back(process_.At(period, state));
  }
}

void SiteDemand::CheckSize(const Network& network, int period) const {
  for (const DemandDistribution& state : process_.states) {
    const double mean = state.mean * process_.Factor(period);
    if (mean > kLargestMean)
      throw ConfigError(
          fmt::format("{}: mean demand grows to {:.6g} in period {}, and {} is the most: count in larger "
                      "units, or let it grow less.",
                      network.SiteName(site_), mean, period, kLargestMean));
  }
}

void SiteDemand::States(int period, std::span<const int> scenarios, uint8_t* state) const {
  std::fill_n(state, kBlockSize, uint8_t{0});
  if (chain_) chain_->States(period, scenarios, site_, state);
}

void SiteDemand::Draw(int period, std::span<const int> scenarios, const double* scores, float* demand) const {
  if (process_.states.empty()) {
    std::fill_n(demand, kBlockSize, static_cast<float>(process_.Value(period)));
    return;
  }
  std::array<uint8_t, kBlockSize> state;
  States(period, scenarios, state.data());
  std::array<double, kBlockSize> uniform;
  if (!scores) uniforms_.Draw(period, scenarios, site_, uniform.data());
  const DemandQuantiles* of_state = &quantiles_[Index(level_[Index(period)] * process_.num_states())];
  for (size_t env = 0; env < kBlockSize; ++env) {
    const DemandQuantiles& quantiles = of_state[state[env]];
    if (quantiles.needs_normal()) {
      demand[env] = quantiles.OfNormal(scores ? scores[env] : NormalQuantile(uniform[env]));
    } else {
      demand[env] = quantiles.OfUniform(scores ? UniformOf(scores[env]) : uniform[env]);
    }
  }
}

double SiteDemand::Deviation(int period) const {
  double deviation = 0;
  for (int state = 0; state < process_.num_states(); ++state)
    deviation +=
        (chain_ ? chain_->first()[Index(state)] : 1) * std::sqrt(process_.At(period, state).moments().variance);
  return deviation;
}

}  // namespace restock
