#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "optimization/lp_model.h"

namespace restock {

/// Reads a linear program in MPS format, fixed or free; which of the two is found out. Knows RANGES (also on E rows),
/// negative upper bounds, OBJSENSE, OBJSENSE MAX on the same line, an objective constant (minus the right-hand side of
/// the objective row), MI, PL, BV, FR, FX, and names with blanks in fixed format. The first N row is the objective,
/// others are left out; only the first set of right-hand sides, ranges and bounds counts. Numbers of 1e20 and more
/// mean: no bound. Columns that must be whole (INTORG markers; BV, UI and LI bounds) need not be here, and are counted
/// in num_relaxed_integers. Throws DataError with file:line on anything else.
LpModel ReadMps(const std::filesystem::path& file);
/// The same from text; `name` stands for the file in messages.
LpModel ParseMps(std::string_view text, const std::string& name);

/// Writes free MPS that reads back to the same model, bit by bit; blanks in names become underscores,
/// names that are equal after that get a number.
void WriteMps(const LpModel& model, const std::filesystem::path& file);
std::string FormatMps(const LpModel& model);

}  // namespace restock
