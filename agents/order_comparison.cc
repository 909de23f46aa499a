#include "agents/order_comparison.h"

#include <algorithm>
#include <numeric>

namespace restock {
namespace {

size_t Index(Eigen::Index i) { return static_cast<size_t>(i); }

/// One order on one path. Those of a path stand next to each other, the smallest order first.
struct Runner {
  double cost = 0;  // so far; of one that was merged: beyond that of the other
  int merged = -1;  // into this runner, which stands before it
};

}  // namespace

int OrderComparison::BestOrder(std::span<const float> state, std::vector<int> orders, int num_paths,
                               const PathDemand& demand) const {
  std::vector<double> total(orders.size(), 0.0);
  for (int first_path = 0; orders.size() > 1; first_path += num_paths, num_paths *= 2) {
    const std::vector<double> costs = Costs(state, orders, first_path, num_paths, demand);
    for (size_t i = 0; i < orders.size(); ++i) total[i] += costs[i];

    // the better half, on all paths so far
    std::vector<size_t> rank(orders.size());
    std::iota(rank.begin(), rank.end(), size_t{0});
    std::ranges::stable_sort(rank, {}, [&](size_t i) { return total[i]; });
    rank.resize((rank.size() + 1) / 2);
    std::ranges::sort(rank);
    std::vector<int> better;
    std::vector<double> better_total;
    for (const size_t i : rank) {
      better.push_back(orders[i]);
      better_total.push_back(total[i]);
    }
    orders = better;
    total = better_total;
  }
  return orders.front();
}

std::vector<double> OrderComparison::Costs(std::span<const float> state, std::span<const int> orders, int first_path,
                                           int num_paths, const PathDemand& demand) const {
  const auto num_orders = std::ssize(orders);
  std::vector<Runner> runners(Index(num_orders * num_paths));
  std::vector<int> running(runners.size());
  std::iota(running.begin(), running.end(), 0);
  SingleSite::States states(std::ssize(runners), site_.num_columns());
  for (Eigen::Index column = 0; column < states.cols(); ++column) states.col(column) = state[Index(column)];
  Eigen::ArrayXf placed(states.rows());
  for (Eigen::Index i = 0; i < placed.size(); ++i) placed[i] = static_cast<float>(orders[Index(i % num_orders)]);

  std::vector<float> path_demand(Index(num_paths));
  Eigen::ArrayXf left;
  for (int period = 0; period < horizon_ && !running.empty(); ++period) {
    if (period > 0) placed = policy_(states);
    demand(period, first_path, path_demand);
    Eigen::ArrayXf asked(states.rows());
    for (Eigen::Index row = 0; row < asked.size(); ++row)
      asked[row] = path_demand[Index(running[Index(row)] / num_orders)];
    const Eigen::ArrayXf cost = site_.Step(placed, asked, states, left);
    for (size_t row = 0; row < running.size(); ++row)
      runners[Index(running[row])].cost += static_cast<double>(cost[static_cast<Eigen::Index>(row)]);

    // who comes to the state of the one before it, on the same path, goes with it
    const auto path_of = [&](size_t row) { return running[row] / num_orders; };
    std::vector<Eigen::Index> kept;
    for (size_t row = 0; row < running.size(); ++row) {
      const bool has_one_before = !kept.empty() && path_of(Index(kept.back())) == path_of(row);
      const auto here = static_cast<Eigen::Index>(row);
      if (has_one_before && (states.row(here) == states.row(kept.back())).all()) {
        const int before = running[Index(kept.back())];
        Runner& runner = runners[Index(running[row])];
        runner.merged = before;
        runner.cost -= runners[Index(before)].cost;
      } else {
        kept.push_back(here);
      }
    }
    // the last one of a path has nobody to be compared with any more
    std::vector<Eigen::Index> compared;
    std::vector<int> still_running;
    for (size_t i = 0; i < kept.size(); ++i) {
      const auto path = path_of(Index(kept[i]));
      const bool is_first = i == 0 || path_of(Index(kept[i - 1])) != path;
      const bool is_last = i + 1 == kept.size() || path_of(Index(kept[i + 1])) != path;
      if (is_first && is_last) continue;
      compared.push_back(kept[i]);
      still_running.push_back(running[Index(kept[i])]);
    }
    running = still_running;
    states = states(compared, Eigen::all).eval();
  }

  // runners stand behind those that they were merged into
  std::vector<double> costs(Index(num_orders), 0.0);
  for (size_t i = 0; i < runners.size(); ++i) {
    if (runners[i].merged >= 0) runners[i].cost += runners[Index(runners[i].merged)].cost;
    costs[i % Index(num_orders)] += runners[i].cost;
  }
  return costs;
}

}  // namespace restock
