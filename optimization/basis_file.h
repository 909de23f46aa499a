#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "optimization/lp_model.h"
#include "optimization/lp_solution.h"

namespace restock {

/// Reads a basis in the MPS format for bases, which tells how it differs from the one in which all rows are basic and
/// all columns stand at their lower bounds:
///
///   XU column row     the column is basic, the row stands at its upper bound
///   XL column row     the column is basic, the row stands at its lower bound
///   UL column         the column stands at its upper bound
///   LL column         the column stands at its lower bound
///
/// Names with blanks stand with underscores. Throws DataError with file:line on anything else, and when a row or
/// column is named twice or is not of the model. Whether the basis is regular is found out by the simplex, which
/// repairs it.
LpBasis ReadBasis(const LpModel& model, const std::filesystem::path& file);
LpBasis ParseBasis(const LpModel& model, std::string_view text, const std::string& name);

/// Writes a basis that reads back to the same: as many columns must be basic as rows are not.
void WriteBasis(const LpModel& model, const LpBasis& basis, const std::filesystem::path& file);
std::string FormatBasis(const LpModel& model, const LpBasis& basis);

}  // namespace restock
