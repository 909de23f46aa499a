#include "common/table_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/text.h"

namespace restock {

std::optional<int> TableReader::FindColumn(std::string_view name) const {
  const auto found = std::find(header().begin(), header().end(), name);
  if (found == header().end()) return std::nullopt;
  return static_cast<int>(found - header().begin());
}

int TableReader::RequireColumn(std::string_view name) const {
  if (const auto column = FindColumn(name)) return *column;
  std::string cure = Suggestion(name, header());
  if (header().size() == 1 && header()[0].find_first_of(";\t|") != std::string::npos)
    cure = " Columns are separated by commas.";
  throw DataError(fmt::format("{}: there is no column {}.{}", PlaceOfHeader(), name, cure));
}

double TableReader::Number(int column, std::string_view what) const {
  if (const auto value = ParseNumber(Text(column))) return *value;
  const std::string wanted = what.empty() ? "a number" : fmt::format("a number of {}", what);
  if (IsEmpty(column)) Fail(column, fmt::format("the cell is empty; {} is needed.", wanted));
  Fail(column, fmt::format("{} is not {}.", Quote(Text(column)), wanted));
}

void TableReader::Fail(int column, const std::string& what) const {
  Fail(fmt::format("column {}{}: {}", ColumnName(column), RowName(), what));
}

void TableReader::Fail(const std::string& what) const { throw DataError(fmt::format("{}: {}", PlaceOf(line()), what)); }

}  // namespace restock
