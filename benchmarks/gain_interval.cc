#include "benchmarks/gain_interval.h"

#include <algorithm>
#include <vector>

#include "common/random.h"

namespace restock {

std::pair<double, double> GainInterval(const Eigen::ArrayXd& own, const Eigen::ArrayXd& rival) {
  constexpr int kNumDraws = 2000;
  RandomStream stream = Random(1).Stream("interval").At(0);
  std::vector<double> gains;
  for (int draw = 0; draw < kNumDraws; ++draw) {
    double of_own = 0, of_rival = 0;
    for (Eigen::Index i = 0; i < own.size(); ++i) {
      const int drawn = stream.UniformInt(static_cast<int>(own.size()));
      of_own += own[drawn];
      of_rival += rival[drawn];
    }
    gains.push_back(1 - of_own / of_rival);
  }
  std::sort(gains.begin(), gains.end());
  return {gains[gains.size() / 40], gains[gains.size() - 1 - gains.size() / 40]};
}

}  // namespace restock
