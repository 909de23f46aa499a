#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "optimization/lp_model.h"

namespace restock {

/// Reads a linear program in the LP format of CPLEX, which is written as on paper:
///
///   Maximize  profit: 3 doors + 5 windows
///   Subject To
///     plant_3: 3 doors + 2 windows <= 18
///     4 <= doors + windows <= 20
///   Bounds
///     doors <= 4
///     windows free
///   End
///
/// Columns stand in the order in which they are first named and lie between 0 and infinity unless Bounds says
/// otherwise; `x = 3` fixes, an upper bound below zero alone leaves the lower bound at zero. Right-hand sides are
/// numbers, ranges have one on each side; 1e20 and more mean: no bound. Constants are allowed in the objective and on
/// the left of a constraint. Names of General and Binary need not be whole here, and are counted in
/// num_relaxed_integers. Throws DataError with file:line on anything else, such as quadratic terms.
LpModel ReadLp(const std::filesystem::path& file);
/// The same from the content of a file; `name` stands in error messages.
LpModel ParseLp(std::string_view text, const std::string& name);

/// Writes LP format that reads back to the same model, bit by bit. Characters that the format does not allow in names
/// become underscores; names that are equal after that get a number.
void WriteLp(const LpModel& model, const std::filesystem::path& file);
std::string FormatLp(const LpModel& model);

/// By the ending of the name: .lp is LP format, all others are MPS.
LpModel ReadLinearProgram(const std::filesystem::path& file);
void WriteLinearProgram(const LpModel& model, const std::filesystem::path& file);

}  // namespace restock
