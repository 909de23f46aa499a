#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

namespace restock {

/// How demand comes, by the mean interval between periods with demand (ADI, limit 1.32) and the squared coefficient of
/// variation of their sizes (CV2, limit 0.49): Syntetos, Boylan & Croston (2005).
enum class DemandClass { kSmooth, kErratic, kIntermittent, kLumpy };
inline constexpr DemandClass kDemandClasses[] = {DemandClass::kSmooth, DemandClass::kErratic,
                                                 DemandClass::kIntermittent, DemandClass::kLumpy};

struct DemandPattern {
  double mean_interval = 0;      // ADI, in periods; infinite without any demand
  double squared_variation = 0;  // CV2 of the sizes above zero
  DemandClass demand_class() const;
};

/// `demand`: NaN: not known.
DemandPattern PatternOf(const Eigen::VectorXd& demand);
std::string NameOf(DemandClass demand_class);

}  // namespace restock
