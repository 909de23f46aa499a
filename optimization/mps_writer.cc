#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "common/file.h"
#include "optimization/mps_file.h"

namespace restock {
namespace {

std::string FreeName(std::string text) {
  for (char& letter : text) {
    if (letter == ' ' || letter == '\t' || letter == '\r') letter = '_';
  }
  return text.empty() ? "_" : text;
}

/// The name without blanks, unlike all before it.
std::string UniqueName(const std::string& name, std::unordered_set<std::string>& taken) {
  const std::string wanted = FreeName(name);
  std::string unique = wanted;
  for (int number = 2; !taken.insert(unique).second; ++number) unique = fmt::format("{}_{}", wanted, number);
  return unique;
}

char RowType(double lower, double upper) {
  if (lower == upper) return 'E';
  if (upper < kInfinity) return 'L';
  return lower > -kInfinity ? 'G' : 'N';
}

void AppendBounds(const LpModel& model, const std::vector<std::string>& column_name, std::string& text) {
  text += "BOUNDS\n";
  const auto add = [&](std::string_view code, int column, double value) {
    text += fmt::format(" {} BND {} {}\n", code, column_name[static_cast<size_t>(column)], value);
  };
  const auto add_infinite = [&](std::string_view code, int column) {
    text += fmt::format(" {} BND {}\n", code, column_name[static_cast<size_t>(column)]);
  };
  for (int column = 0; column < model.num_columns(); ++column) {
    const double lower = model.lower[static_cast<size_t>(column)];
    const double upper = model.upper[static_cast<size_t>(column)];
    if (lower == -kInfinity && upper == kInfinity) {
      add_infinite("FR", column);
    } else if (lower == upper) {
      add("FX", column, lower);
    } else {
      if (lower == -kInfinity) add_infinite("MI", column);
      if (lower > -kInfinity && (lower != 0 || upper < 0)) add("LO", column, lower);
      if (upper < kInfinity) add("UP", column, upper);
    }
  }
}

}  // namespace

std::string FormatMps(const LpModel& model) {
  std::string text = model.name.empty() ? "NAME\n" : fmt::format("NAME {}\n", FreeName(model.name));
  if (model.sense == LpSense::kMaximize) text += "OBJSENSE\n MAX\n";

  // names without blanks, all different; for the objective one that no row has
  std::vector<std::string> row_name, column_name;
  std::unordered_set<std::string> taken;
  for (int column = 0; column < model.num_columns(); ++column) {
    column_name.push_back(UniqueName(model.ColumnName(column), taken));
  }
  taken.clear();
  for (int row = 0; row < model.num_rows(); ++row) row_name.push_back(UniqueName(model.RowName(row), taken));
  const std::string objective = UniqueName("OBJECTIVE", taken);

  text += fmt::format("ROWS\n N {}\n", objective);
  for (int row = 0; row < model.num_rows(); ++row) {
    const auto i = static_cast<size_t>(row);
    // a row without bounds is written as L with an infinite right-hand side, so that it is kept
    const char type = RowType(model.row_lower[i], model.row_upper[i]);
    text += fmt::format(" {} {}\n", type == 'N' ? 'L' : type, row_name[i]);
  }

  text += "COLUMNS\n";
  for (int column = 0; column < model.num_columns(); ++column) {
    const auto j = static_cast<size_t>(column);
    const std::string& name = column_name[j];
    text += fmt::format(" {} {} {}\n", name, objective, model.cost[j]);
    for (auto k = static_cast<size_t>(model.start[j]); k < static_cast<size_t>(model.start[j + 1]); ++k) {
      text += fmt::format(" {} {} {}\n", name, row_name[static_cast<size_t>(model.index[k])], model.value[k]);
    }
  }

  std::string ranges;
  text += "RHS\n";
  if (model.objective_offset != 0) text += fmt::format(" RHS {} {}\n", objective, -model.objective_offset);
  for (int row = 0; row < model.num_rows(); ++row) {
    const auto i = static_cast<size_t>(row);
    const double lower = model.row_lower[i], upper = model.row_upper[i];
    const std::string& name = row_name[i];
    const double side = RowType(lower, upper) == 'G' ? lower : upper;
    if (side == kInfinity) {
      text += fmt::format(" RHS {} 1e30\n", name);
    } else if (side != 0) {
      text += fmt::format(" RHS {} {}\n", name, side);
    }
    if (lower > -kInfinity && upper < kInfinity && lower != upper)
      ranges += fmt::format(" RNG {} {}\n", name, upper - lower);
  }
  if (!ranges.empty()) text += "RANGES\n" + ranges;
  AppendBounds(model, column_name, text);
  return text + "ENDATA\n";
}

void WriteMps(const LpModel& model, const std::filesystem::path& file) { WriteFileAtomically(file, FormatMps(model)); }

}  // namespace restock
