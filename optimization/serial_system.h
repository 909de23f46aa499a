#pragma once

#include <span>
#include <vector>

#include "env/network.h"

namespace restock {

/// A stage of a serial system; the first one serves the customer, each is supplied by the next.
struct SerialStage {
  double echelon_holding_cost = 0;  // h: what holding here costs more than at the next stage  [money/unit/period]
  int lead_time = 0;                // L: periods whose demand comes between shipping to here and having it  [period]
};

struct SerialSolution {
  double cost = 0;                    // average per period
  std::vector<int> base_stock_level;  // S*: echelon levels  [unit] (num_stages)
};

/// The optimum of a serial system with backorders at the customer (Clark & Scarf 1960; the recursion as in Snyder &
/// Shen, "Fundamentals of Supply Chain Theory", 2nd ed., chapter 6): stage by stage from the customer on, each with
/// the cost that its shortage induces below. `stockout_cost`: p, per unit that waits at period end; `demand[d]`:
/// probability of d units in a period. As in the book, the echelon holding cost counts all that is in the echelon: at
/// the stage, and on its way or held below it. Echelon levels are policy enough: each stage orders up to its own.
SerialSolution ClarkScarf(const std::vector<SerialStage>& stages, double stockout_cost, std::span<const double> demand);

/// The same for a network as env/period_step.h simulates it: a chain of sites, the last of which sells and keeps
/// backorders. Levels are by site. Its order of events differs from the book's in three ways, all of them made good
/// here: a stage orders before demand, so at the customer an order covers one period more; goods under way cost
/// nothing; goods that arrive upstream can be shipped in the same period, before holding costs are counted. Throws
/// ConfigError where the network is no such chain.
SerialSolution SolveSerial(const Network& network, std::span<const double> demand);

}  // namespace restock
