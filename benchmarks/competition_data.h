#pragma once

#include <filesystem>
#include <vector>

#include "common/demand.h"

namespace restock {

/// One series of the M4 competition: what was given, and what came.
struct CompetitionSeries {
  Eigen::VectorXd past;
  Eigen::VectorXd actual;
};
/// From `Weekly-train.csv` and `Weekly-test.csv` of `folder`. `num_held_back` horizons back within the training part
/// (0: the test part), for choosing settings.
std::vector<CompetitionSeries> ReadM4Weekly(const std::filesystem::path& folder, int num_held_back);

/// Monthly demand of car parts. Months stand in a calendar of weeks: nothing here asks for dates.
DemandHistory ReadCarparts(const std::filesystem::path& file);

/// Weekly sales of eleven brands of orange juice in 83 stores, with the covariates log_price, deal and feature, all
/// known ahead. Period 0 is week kFirstJuiceWeek; weeks without a row are not known.
inline constexpr int kFirstJuiceWeek = 40;
DemandHistory ReadOrangeJuice(const std::filesystem::path& file);

}  // namespace restock
