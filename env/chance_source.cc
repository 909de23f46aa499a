#include "env/chance_source.h"

#include <algorithm>

namespace restock {

ChanceSource::ChanceSource(const Network& network, const Random& random)
    : network_(network), uses_(network), uniforms_(random.Stream("thinning")) {
  for (const VariableLeadTime& entry : network.variable_lead_times) {
    const LeadTimeDistribution distribution{entry.probability, entry.may_cross};
    lead_times_.push_back(entry.probability.empty()
                              ? nullptr
                              : std::make_unique<LeadTimeProcess>(distribution, random.Stream("lead times")));
  }
  for (const Disruption& entry : network.disruptions)
    supplies_.emplace_back(DisruptionConfig{entry.failure, entry.recovery}, random.Stream("disruptions"));
}

ChanceSource::Scratch ChanceSource::MakeScratch() const {
  const auto rows = [](size_t count) { return AlignedVector(count * kBlockSize); };
  return {rows(lead_times_.size()), rows(supplies_.size()), rows(static_cast<size_t>(uses_.num_uses))};
}

void ChanceSource::Draw(int period, int phase, std::span<const int> scenarios, Scratch& scratch,
                        Exogenous<Rows>& chance) const {
  for (size_t entry = 0; entry < lead_times_.size(); ++entry)
    DrawLeadTime(entry, period, phase, scenarios, scratch.lead_time.data() + entry * kBlockSize);
  for (size_t entry = 0; entry < supplies_.size(); ++entry)
    supplies_[entry].Supply(period, scenarios, static_cast<int>(entry), scratch.supply.data() + entry * kBlockSize);
  for (int use = 0; use < uses_.num_uses && !network_.is_divisible; ++use)
    uniforms_.Draw(period, scenarios, use, scratch.uniform.data() + static_cast<ptrdiff_t>(use) * kBlockSize);
  chance.lead_time = {scratch.lead_time.data()};
  chance.supply = {scratch.supply.data()};
  chance.uniform = {scratch.uniform.data()};
}

// what arrives on a closed day waits for the next that is open
void ChanceSource::DrawLeadTime(size_t entry, int period, int phase, std::span<const int> scenarios,
                                float* lead_time) const {
  const VariableLeadTime& rule = network_.variable_lead_times[entry];
  if (lead_times_[entry]) {
    lead_times_[entry]->LeadTimes(period, scenarios, rule.lane, lead_time);
  } else {
    std::fill_n(lead_time, kBlockSize, static_cast<float>(rule.shortest));
  }
  if (rule.receives.empty()) return;
  const size_t cycle = rule.receives.size();
  for (int env = 0; env < kBlockSize; ++env) {
    auto arrival = static_cast<size_t>(phase) + static_cast<size_t>(lead_time[env]);
    while (!rule.receives[arrival % cycle]) {
      ++arrival;
      ++lead_time[env];
    }
  }
}

}  // namespace restock
