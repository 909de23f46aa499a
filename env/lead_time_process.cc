#include "env/lead_time_process.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "common/check.h"
#include "env/philox_rows.h"

namespace restock {
namespace {

constexpr int kLongestOfAll = 1000;
constexpr double kRareLeadTime = 1e-6;

// what is longer takes as long as `longest`; 0: where hardly any order is longer
CountProbabilities CutAt(int longest, CountProbabilities probabilities) {
  auto size = static_cast<size_t>(longest) + 1;
  if (longest == 0) {
    double beyond = 0;
    size = probabilities.size();
    while (size > 1 && beyond + probabilities[size - 1] < kRareLeadTime) beyond += probabilities[--size];
  }
  if (size >= probabilities.size()) return probabilities;
  const double beyond = std::accumulate(probabilities.begin() + static_cast<ptrdiff_t>(size), probabilities.end(), 0.0);
  probabilities.resize(size);
  probabilities.back() += beyond;
  return probabilities;
}

CountProbabilities ReadShifted(ConfigNode& node, double dispersion) {
  int at_least = 0, longest = 0;
  double mean = 1;
  if (!node.Has("mean")) node.Fail("needs mean for this kind of lead time");
  node.Read("at_least", at_least, Between(0, kLongestOfAll));
  node.Read("mean", mean, Between(at_least, kLongestOfAll));
  if (node.Has("longest")) node.Read("longest", longest, Between(std::max(1, at_least), kLongestOfAll));
  CountProbabilities shifted(static_cast<size_t>(at_least));
  const CountProbabilities beyond =
      mean > at_least ? ProbabilitiesOf({mean - at_least, dispersion}) : CountProbabilities{1};
  shifted.insert(shifted.end(), beyond.begin(), beyond.end());
  return CutAt(longest, std::move(shifted));
}

CountProbabilities ReadGiven(ConfigNode& node) {
  std::vector<double> probabilities;
  node.Read("probabilities", probabilities, Between(0, 1));
  const double total = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
  if (std::abs(total - 1) > 1e-6)
    node.Fail("probabilities",
              fmt::format("must sum to 1, one for each of 0, 1, 2, ... periods, but sum to {}", total));
  if (probabilities.size() > kLongestOfAll + 1)
    node.Fail("probabilities", fmt::format("must end at {} periods", kLongestOfAll));
  for (double& probability : probabilities) probability /= total;
  while (probabilities.back() == 0) probabilities.pop_back();
  return probabilities;
}

CountProbabilities ReadUniform(ConfigNode& node) {
  int low = 0, high = 0;
  if (!node.Has("high")) node.Fail("needs high for this kind of lead time");
  node.Read("low", low, Between(0, kLongestOfAll));
  node.Read("high", high, Between(low, kLongestOfAll));
  return UniformProbabilities(low, high);
}

std::shared_ptr<const PastOrders> ReadPastOrders(ConfigNode& node) {
  std::string file;
  if (!node.Has("file")) node.Fail("needs file, a CSV file of past orders");
  node.Read("file", file);
  return std::make_shared<PastOrders>(file);
}

std::vector<double> DistributionFunction(const CountProbabilities& probabilities) {
  std::vector<double> cumulative(probabilities.size());
  std::partial_sum(probabilities.begin(), probabilities.end(), cumulative.begin());
  cumulative.back() = 1;
  return cumulative;
}

CountProbabilities FromDistributionFunction(std::vector<double> cumulative) {
  for (size_t i = cumulative.size(); --i > 0;) cumulative[i] -= cumulative[i - 1];
  return cumulative;
}

}  // namespace

LeadTimeConfig ReadLeadTime(ConfigNode& lane) {
  LeadTimeConfig config;
  CountProbabilities& probability = config.distribution.probability;
  if (!lane.Has("lead_time") || lane.Child("lead_time").IsScalar()) {
    int periods = 0;
    lane.Read("lead_time", periods, Between(0, kLongestOfAll));
    probability.assign(static_cast<size_t>(periods) + 1, 0);
    probability.back() = 1;
    return config;
  }
  enum class Kind { kGiven, kUniform, kPoisson, kGeometric, kPastOrders } kind = Kind::kGiven;
  ConfigNode node = lane.Child("lead_time");
  node.ReadChoice("kind", kind,
                  {{"given", Kind::kGiven},
                   {"uniform", Kind::kUniform},
                   {"poisson", Kind::kPoisson},
                   {"geometric", Kind::kGeometric},
                   {"past_orders", Kind::kPastOrders}});
  if (kind == Kind::kGiven) probability = ReadGiven(node);
  if (kind == Kind::kUniform) probability = ReadUniform(node);
  if (kind == Kind::kPoisson) probability = ReadShifted(node, /*dispersion=*/0);
  if (kind == Kind::kGeometric) probability = ReadShifted(node, /*dispersion=*/1);
  if (kind == Kind::kPastOrders) config.past_orders = ReadPastOrders(node);
  node.Read("crossing", config.distribution.crossing);
  node.ExpectNoMoreKeys();
  return config;
}

LeadTimeDistribution LeadTimeConfig::Of(std::string_view source, std::string_view warehouse, std::string_view sku,
                                        PeriodLength period_length) const {
  if (!past_orders) return distribution;
  CountProbabilities seen = past_orders->LeadTimes(source, warehouse, sku, period_length);
  return {distribution.crossing ? seen : LeadTimesAlone(seen), distribution.crossing};
}

CountProbabilities LeadTimesWithoutCrossing(const CountProbabilities& alone) {
  std::vector<double> cumulative = DistributionFunction(alone);
  for (size_t i = cumulative.size() - 1; i-- > 0;) cumulative[i] *= cumulative[i + 1];
  return FromDistributionFunction(std::move(cumulative));
}

CountProbabilities LeadTimesAlone(const CountProbabilities& seen) {
  std::vector<double> cumulative = DistributionFunction(seen);
  for (size_t i = 0; i + 1 < cumulative.size(); ++i) cumulative[i] /= std::max(cumulative[i + 1], 1e-300);
  for (size_t i = cumulative.size() - 1; i-- > 0;) cumulative[i] = std::min(cumulative[i], cumulative[i + 1]);
  return FromDistributionFunction(std::move(cumulative));
}

LeadTimeProcess::LeadTimeProcess(const LeadTimeDistribution& distribution, const Random& random)
    : crossing_(distribution.crossing), key_(random.key()) {
  const CountProbabilities& alone = distribution.probability;
  RESTOCK_CHECK(!alone.empty() && alone.back() > 0);
  const std::vector<double> cumulative = DistributionFunction(alone);
  longest_ = static_cast<int>(cumulative.size()) - 1;
  shortest_ = static_cast<int>(
      std::find_if(alone.begin(), alone.end() - 1, [](double probability) { return probability > 0; }) - alone.begin());
  probabilities_ = crossing_ ? alone : LeadTimesWithoutCrossing(alone);
  for (int periods = shortest_; periods < longest_; ++periods)
    cut_.push_back(
        static_cast<uint32_t>(std::min(std::llround(cumulative[static_cast<size_t>(periods)] * 0x1p32), 0xffffffffll)));
}

void LeadTimeProcess::LeadTimes(int period, std::span<const int> scenarios, int lane, float* lead_time) const {
  std::array<uint64_t, kBlockSize> scenario;
  for (size_t env = 0; env < kBlockSize; ++env) scenario[env] = static_cast<uint32_t>(scenarios[env]);
  std::fill_n(lead_time, kBlockSize, static_cast<float>(shortest_));

  // an order k periods ago matters where it may take longer than the shortest and k more; one counter gives the words
  // of four periods
  const int window = crossing_ ? 1 : std::max(1, longest_ - shortest_);
  constexpr uint32_t kNone = 0xffffffff;
  PhiloxWords words;
  for (uint32_t k = 0, loaded = kNone; k < static_cast<uint32_t>(window); ++k) {
    const uint32_t placed = static_cast<uint32_t>(period) - k;  // periods before 0 count down from 2^32
    if (placed / 4 != loaded) PhiloxRows(scenario, loaded = placed / 4, static_cast<uint32_t>(lane), 0, key_, words);
    std::array<int, kBlockSize> alone = {};
    for (const uint32_t cut : cut_)
      for (size_t env = 0; env < kBlockSize; ++env) alone[env] += words[placed % 4][env] >= cut ? 1 : 0;
    const int base = shortest_ - static_cast<int>(k);
    for (size_t env = 0; env < kBlockSize; ++env)
      lead_time[env] = std::max(lead_time[env], static_cast<float>(base + alone[env]));
  }
}

}  // namespace restock
