#pragma once

#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/config_node.h"
#include "env/problem_file.h"

namespace restock {

inline constexpr const char* kPoisson = "poisson";
inline constexpr const char* kGeometric = "geometric";

/// Lost sales with lead time, demand of mean 5, h = 1 (Zipkin 2008): the best base-stock and capped base-stock
/// policies.
///
/// Costs of base-stock are those of Temizoz et al. (2025), "Deep controlled learning for inventory control": for lead
/// times of 2 to 4 exact, their gap times the optimum; from 6 on simulated, 1000 paths of 5000 periods. Those of a lead
/// time of 1 and of capped base-stock were simulated over 4 million periods.
struct LostSalesRules {
  const char* demand;
  int shortage_cost;
  int lead_time;
  int level;           // S of base-stock
  double cost;         // of it
  int capped_level;    // S of capped base-stock
  int cap;             // of it
  double capped_cost;  // of it

  bool IsPoisson() const { return demand == std::string(kPoisson); }
  std::string Name() const {
    return fmt::format("{}ShortageCost{}LeadTime{}", IsPoisson() ? "Poisson" : "Geometric", shortage_cost, lead_time);
  }
  Problem Read() const {
    return ReadProblem(LoadConfig("configs/problems/lost_sales.yaml", {fmt::format("lead_time={}", lead_time),
                                                                       fmt::format("shortage_cost={}", shortage_cost),
                                                                       fmt::format("demand.kind={}", demand)}));
  }
};

// clang-format off
inline const std::vector<LostSalesRules> kLostSalesRules = {
    {kPoisson, 4, 1, 12, 4.1632, 12, 6, 4.0653},
    {kPoisson, 4, 2, 16, 4.6387, 17, 5, 4.4063},
    {kPoisson, 4, 3, 20, 4.9750, 21, 5, 4.6306},
    {kPoisson, 4, 4, 25, 5.1977, 26, 5, 4.7953},
    {kPoisson, 4, 6, 33, 5.5079, 34, 5, 5.0329},
    {kPoisson, 4, 8, 41, 5.7197, 43, 5, 5.1931},
    {kPoisson, 4, 10, 49, 5.8709, 55, 4, 5.2758},
    {kPoisson, 9, 1, 13, 5.5490, 14, 6, 5.4804},
    {kPoisson, 9, 2, 19, 6.3163, 19, 6, 6.1183},
    {kPoisson, 9, 3, 23, 6.8640, 24, 6, 6.6161},
    {kPoisson, 9, 4, 28, 7.2710, 29, 5, 6.9109},
    {kPoisson, 9, 6, 37, 7.8864, 39, 5, 7.2605},
    {kPoisson, 9, 8, 46, 8.3180, 48, 5, 7.5476},
    {kPoisson, 9, 10, 55, 8.6414, 57, 5, 7.7763},
    {kPoisson, 19, 1, 15, 6.7292, 15, 8, 6.6889},
    {kPoisson, 19, 2, 21, 7.8421, 21, 7, 7.7170},
    {kPoisson, 19, 3, 26, 8.6045, 26, 6, 8.4004},
    {kPoisson, 19, 4, 31, 9.2319, 31, 6, 8.9530},
    {kPoisson, 19, 6, 41, 10.1843, 41, 6, 9.8103},
    {kPoisson, 19, 8, 51, 10.9050, 53, 5, 10.3727},
    {kPoisson, 19, 10, 60, 11.4746, 62, 5, 10.6590},
    {kPoisson, 39, 1, 16, 7.8668, 16, 8, 7.8488},
    {kPoisson, 39, 2, 22, 9.1903, 22, 8, 9.1295},
    {kPoisson, 39, 3, 28, 10.2177, 28, 7, 10.0817},
    {kPoisson, 39, 4, 33, 11.0623, 34, 6, 10.8947},
    {kPoisson, 39, 6, 44, 12.3587, 44, 6, 12.0432},
    {kPoisson, 39, 8, 54, 13.3863, 55, 6, 12.9599},
    {kPoisson, 39, 10, 64, 14.2357, 65, 6, 13.7046},
    {kGeometric, 4, 1, 12, 10.0501, 13, 5, 9.8785},
    {kGeometric, 4, 2, 15, 10.7050, 17, 4, 10.3293},
    {kGeometric, 4, 3, 18, 11.1337, 21, 4, 10.5297},
    {kGeometric, 4, 4, 21, 11.4383, 25, 4, 10.6920},
    {kGeometric, 4, 6, 27, 11.8402, 31, 4, 10.9284},
    {kGeometric, 4, 8, 32, 12.1096, 38, 4, 11.0930},
    {kGeometric, 4, 10, 38, 12.2996, 43, 4, 11.2088},
    {kGeometric, 9, 1, 17, 14.7387, 18, 8, 14.5926},
    {kGeometric, 9, 2, 22, 15.9881, 23, 6, 15.6507},
    {kGeometric, 9, 3, 26, 16.8718, 27, 6, 16.3035},
    {kGeometric, 9, 4, 30, 17.5429, 32, 5, 16.7333},
    {kGeometric, 9, 6, 37, 18.4922, 41, 5, 17.3543},
    {kGeometric, 9, 8, 45, 19.1661, 52, 4, 17.7196},
    {kGeometric, 9, 10, 52, 19.6789, 60, 4, 17.8580},
    {kGeometric, 19, 1, 22, 19.4209, 23, 11, 19.3326},
    {kGeometric, 19, 2, 28, 21.3082, 28, 9, 21.0824},
    {kGeometric, 19, 3, 33, 22.7258, 34, 8, 22.3056},
    {kGeometric, 19, 4, 38, 23.8495, 39, 7, 23.2228},
    {kGeometric, 19, 6, 47, 25.5221, 49, 6, 24.5255},
    {kGeometric, 19, 8, 56, 26.7931, 61, 5, 25.4480},
    {kGeometric, 19, 10, 65, 27.7977, 70, 5, 26.0060},
    {kGeometric, 39, 1, 27, 24.0271, 27, 16, 23.9663},
    {kGeometric, 39, 2, 34, 26.5535, 34, 12, 26.3977},
    {kGeometric, 39, 3, 40, 28.5107, 40, 10, 28.2323},
    {kGeometric, 39, 4, 45, 30.1077, 46, 9, 29.6813},
    {kGeometric, 39, 6, 56, 32.5771, 58, 7, 31.8848},
    {kGeometric, 39, 8, 66, 34.5528, 69, 6, 33.5742},
    {kGeometric, 39, 10, 76, 36.1613, 79, 6, 34.7564},
};
// clang-format on

}  // namespace restock
