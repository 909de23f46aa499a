#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/run_directory.h"
#include "experiments/statistics.h"
#include "experiments/table_file.h"

namespace restock {

/// A policy on one instance of a table: a rule with its best parameters, or what an agent learned with one seed.
struct TableRow {
  size_t block = 0;
  std::string instance;
  std::string policy;
  std::optional<int> seed;
  double cost = 0;
  std::optional<double> gap;          // above the least known cost or the bound, where there is one  [share]
  std::optional<double> beside_rule;  // above the best classical rule, negative where cheaper  [share]
  double seconds = 0;                 // CPU time of training
};

/// The rows of a finished run. Costs are exact where they are known, otherwise those of the common demand.
std::vector<TableRow> RowsOfRun(const TableInstance& instance, const RunDirectory& run);

/// instance,policy,seed,cost,gap,beside_rule,seconds; shares in per cent.
std::string TableCsv(const std::vector<TableRow>& rows);

/// One policy on all instances of a block, its seeds together.
struct PolicySummary {
  std::string policy;
  std::vector<std::vector<double>> gaps;  // what it is judged by  [instance](seeds)
  bool is_beside_rule = false;            // gaps are to the best rule, for no bound is known for all
  bool is_learned = false;
  double mean = 0;
  double worst = 0;
  std::string worst_instance = {};
  double interquartile_mean = 0;
  std::optional<Interval> interval = {};              // of the interquartile mean, none where there is one seed
  std::optional<double> beside_rule = {};             // mean difference to the best rule, instances count alike
  std::optional<Interval> beside_rule_interval = {};  // over instances
  double seconds = 0;                                 // CPU time of training, mean

  size_t num_runs() const {
    size_t count = 0;
    for (const std::vector<double>& seeds : gaps) count += seeds.size();
    return count;
  }
};

/// Each policy of a block that has been on all of its instances, the best first, by its gaps where all instances have
/// one, by the difference to the best rule otherwise, or `beside_rule`. The interval of the interquartile mean
/// is a stratified bootstrap: seeds are drawn anew within each instance (Agarwal et al. 2021, section 4.2).
std::vector<PolicySummary> SummarizeBlock(const std::vector<TableRow>& rows, size_t block, bool beside_rule);

/// The share of runs whose gap is at most `gap` (Dolan & More 2002).
double PerformanceProfile(const PolicySummary& policy, double gap);

}  // namespace restock
