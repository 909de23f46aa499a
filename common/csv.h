#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/table_reader.h"

namespace restock {

/// Reads a CSV file (RFC 4180: quoted fields, embedded commas, quotes and line breaks; LF or CRLF; a byte-order mark is
/// skipped) one row at a time; empty lines at the end are nothing. Errors are DataErrors with `file:line: column NAME,
/// ...`.
///
///   CsvReader csv("sales.csv");
///   const int date = csv.RequireColumn("date");
///   while (csv.NextRow()) use(csv.Text(date), csv.Number(sale));
class CsvReader final : public TableReader {
 public:
  /// Throws when the file is missing, empty, not UTF-8, has no header or a duplicate column.
  explicit CsvReader(const std::filesystem::path& file);
  ~CsvReader() override;

  const std::vector<std::string>& header() const override;
  /// False at the end. Throws when a row has too few or too many fields, or a quoted field never ends.
  bool NextRow() override;
  /// From now on errors tell which row it is by these columns: `series north/milk`.
  void NameRowsBy(std::string word, std::vector<int> columns);
  int line() const override;
  /// Without its quotes; valid until the reader goes.
  std::string_view Text(int column) const override;
  std::string PlaceOf(int line) const override;

 protected:
  std::string RowName() const override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Writes a CSV file through a temporary name (see WriteFileAtomically). Text cells that a spreadsheet would run as a
/// formula (starting with = + - @, tab or carriage return) get a leading apostrophe.
class CsvWriter {
 public:
  explicit CsvWriter(std::filesystem::path file);
  CsvWriter& Text(std::string_view value);
  /// The shortest text that reads back to the same value; NaN is an empty cell.
  CsvWriter& Number(double value);
  CsvWriter& Number(float value);
  CsvWriter& Integer(int64_t value);
  void EndRow();
  /// Makes the file appear under its name. Without it nothing is written.
  void Commit();

 private:
  CsvWriter& Cell(std::string_view cell);

  std::filesystem::path file_;
  std::string text_;
  bool row_is_empty_ = true;
};

}  // namespace restock
