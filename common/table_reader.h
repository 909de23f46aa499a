#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"

namespace restock {

/// A table that is read one row at a time, whatever it is stored in. Cells are text, an empty one has no value. Errors
/// are DataErrors that name the place, the column and the value:
///
///   const int date = table.RequireColumn("date");
///   while (table.NextRow()) use(table.Text(date), table.Number(sale));
class TableReader {
 public:
  virtual ~TableReader() = default;
  virtual const std::vector<std::string>& header() const = 0;
  /// False at the end. Throws when the row cannot be read.
  virtual bool NextRow() = 0;
  /// Of the current row, from 1.
  virtual int line() const = 0;
  /// Valid until the next row at least.
  virtual std::string_view Text(int column) const = 0;
  /// The place of line 12 in messages: `sales.csv:12`, `shop.sqlite: row 12`.
  virtual std::string PlaceOf(int line) const = 0;
  /// The place of the names of the columns.
  virtual std::string PlaceOfHeader() const { return PlaceOf(1); }

  std::optional<int> FindColumn(std::string_view name) const;
  /// Throws naming the nearest column there is.
  int RequireColumn(std::string_view name) const;
  bool IsEmpty(int column) const { return Text(column).empty(); }
  /// A finite decimal number; throws on anything else, with `what` ("units") naming what is wanted.
  double Number(int column, std::string_view what = "") const;
  /// Throws `file:line: column NAME: what`, or `file:line: what`.
  [[noreturn]] void Fail(int column, const std::string& what) const;
  [[noreturn]] void Fail(const std::string& what) const;

 protected:
  /// What stands between the column and the fault in messages: which row it is by its names.
  virtual std::string RowName() const { return ""; }
  /// How the column is called in messages.
  virtual std::string ColumnName(int column) const { return header()[static_cast<size_t>(column)]; }
};

}  // namespace restock
