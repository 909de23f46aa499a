#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/random.h"
#include "env/demand_process.h"
#include "env/markov_chain.h"
#include "env/network.h"
#include "env/uniform_rows.h"

namespace restock {

/// Demand of one site, ready to be drawn for a block of environments: quantiles of every level and state in tables.
class SiteDemand {
 public:
  /// Throws ConfigError where demand grows beyond what is counted.
  SiteDemand(const Network& network, int site, const DemandProcess& process, int num_periods, const Random& random);

  int site() const { return site_; }
  const DemandProcess& process() const { return process_; }
  bool has_chain() const { return chain_.has_value(); }

  /// `state`: 0 where there is one only.  [env]
  void States(int period, std::span<const int> scenarios, uint8_t* state) const;
  /// `scores`: standard normal numbers for the block, null: draws its own.  `demand`: [env]
  void Draw(int period, std::span<const int> scenarios, const double* scores, float* demand) const;
  /// Mean standard deviation of the demand of `period`, over the states of the first one.
  double Deviation(int period) const;

 private:
  void CheckSize(const Network& network, int period) const;

  int site_;
  DemandProcess process_;
  UniformRows uniforms_;
  std::optional<MarkovChain> chain_;
  std::vector<int> level_;                  // by period: which factor
  std::vector<DemandQuantiles> quantiles_;  // (level, state)
};

}  // namespace restock
