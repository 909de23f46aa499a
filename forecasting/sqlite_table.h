#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/table_reader.h"

namespace restock {

/// The rows of one table of an SQLite database, or of what a query makes of several. The file is opened for reading
/// only; numbers and text come as text, NULL as an empty cell.
///
///   SqliteTable sales("shop.sqlite", SqliteTable::AllOf("sales"));
class SqliteTable final : public TableReader {
 public:
  /// Throws DataError when the file is no database, and where `query` is wrong, is not one statement, or would write.
  SqliteTable(const std::filesystem::path& file, const std::string& query);
  ~SqliteTable() override;

  /// The query for a whole table.
  static std::string AllOf(const std::string& table);

  const std::vector<std::string>& header() const override { return header_; }
  bool NextRow() override;
  int line() const override { return row_; }
  std::string_view Text(int column) const override;
  std::string PlaceOf(int line) const override;
  std::string PlaceOfHeader() const override { return name_; }

 private:
  struct Database;
  [[noreturn]] void FailQuery(const std::string& query) const;

  std::string name_;
  std::unique_ptr<Database> database_;
  std::vector<std::string> header_, cells_;
  int row_ = 0;
};

/// Whether a file is taken for a database by its ending: .sqlite, .sqlite3 or .db.
bool IsSqliteFile(const std::filesystem::path& file);

}  // namespace restock
