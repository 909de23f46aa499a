#include "optimization/perishable_problem.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "common/check.h"
#include "common/error.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr double kMostStates = 1e7;

int Power(int base, int exponent) { return exponent == 0 ? 1 : base * Power(base, exponent - 1); }

}  // namespace

PerishableProblem::PerishableProblem(PerishableSettings settings) : settings_(std::move(settings)) {
  RESTOCK_CHECK(settings_.shelf_life >= 1 && settings_.lead_time >= 0 && settings_.max_order >= 0);
  RESTOCK_CHECK(!settings_.fifo_demand.empty() && !settings_.lifo_demand.empty());
  radix_ = settings_.max_order + 1;
  const int num_digits = settings_.shelf_life + settings_.lead_time - 1;
  if (std::pow(radix_, std::max(num_digits, settings_.shelf_life)) > kMostStates)
    throw ConfigError(
        fmt::format("shelf life {}, lead time {} and orders of up to {} units make too many states for an "
                    "exact solution.",
                    settings_.shelf_life, settings_.lead_time, settings_.max_order));
  num_states_ = Power(radix_, num_digits);
  stock_size_ = Power(radix_, settings_.shelf_life);
  std::vector<int> stock(Index(settings_.shelf_life));
  for (int code = 0; code < stock_size_; ++code) {
    for (int age = 0, rest = code; age < settings_.shelf_life; ++age, rest /= radix_) stock[Index(age)] = rest % radix_;
    chances_.push_back(AfterDemand(stock));
  }
}

// `stock`: units by the periods that they have left, the oldest first
SmallProblem::Chance PerishableProblem::AfterDemand(const std::vector<int>& stock) const {
  Chance chance;
  std::map<int, double> next;  // probability by what is left, a period older
  const auto& fifo = settings_.fifo_demand;
  const auto& lifo = settings_.lifo_demand;
  for (size_t both = 0; both < fifo.size() * lifo.size(); ++both) {
    // serve
    std::vector<int> left = stock;
    int unmet = static_cast<int>(both / lifo.size());
    const auto serve = [&](int& units) {
      const int served = std::min(units, unmet);
      units -= served;
      unmet -= served;
    };
    std::for_each(left.begin(), left.end(), serve);
    unmet += static_cast<int>(both % lifo.size());
    std::for_each(left.rbegin(), left.rend(), serve);

    // pay, and grow older
    const int wasted = left.front();
    const int held = std::accumulate(left.begin(), left.end(), 0) - wasted;
    const double probability = fifo[both / lifo.size()] * lifo[both % lifo.size()];
    chance.cost +=
        probability * (settings_.stockout_cost * unmet + settings_.waste_cost * wasted + settings_.holding_cost * held);
    int code = 0;
    for (int age = settings_.shelf_life - 1; age >= 1; --age) code = code * radix_ + left[Index(age)];
    next[code] += probability;
  }
  for (const auto& [code, probability] : next) {
    chance.offset.push_back(code);
    chance.probability.push_back(probability);
  }
  return chance;
}

void PerishableProblem::Choices(int state, std::vector<Choice>& choices) const {
  choices.clear();
  const int newest = stock_size_ / radix_;  // place of the digit of new units
  for (int order = 0; order < radix_; ++order) {
    const double cost = settings_.unit_cost * order;
    if (settings_.lead_time == 0) {
      choices.push_back({cost, state + order * newest, 0});
    } else {
      // what is on its way, with the order behind it: the first of it arrives
      const int on_its_way = state / stock_size_ + order * (num_states_ / stock_size_);
      choices.push_back({cost, state % stock_size_, on_its_way * newest});
    }
  }
}

int PerishableProblem::PositionOf(int state) const {
  int position = 0;
  for (; state > 0; state /= radix_) position += state % radix_;
  return position;
}

}  // namespace restock
