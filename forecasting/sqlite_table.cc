#include "forecasting/sqlite_table.h"

#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include "common/check.h"
#include "common/text.h"

namespace restock {

/// The library's handles, closed in the order that it asks for.
struct SqliteTable::Database {
  sqlite3* connection = nullptr;
  sqlite3_stmt* statement = nullptr;

  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() {
    sqlite3_finalize(statement);
    sqlite3_close(connection);
  }
};

namespace {

/// Names of the tables and views of a database.
std::vector<std::string> TablesOf(sqlite3* connection) {
  std::vector<std::string> tables;
  sqlite3_stmt* statement = nullptr;
  const char* query = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name";
  if (sqlite3_prepare_v2(connection, query, -1, &statement, nullptr) == SQLITE_OK) {
    while (sqlite3_step(statement) == SQLITE_ROW)
      tables.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
  }
  sqlite3_finalize(statement);
  return tables;
}

}  // namespace

SqliteTable::SqliteTable(const std::filesystem::path& file, const std::string& query)
    : name_(file.string()), database_(std::make_unique<Database>()) {
  if (sqlite3_open_v2(name_.c_str(), &database_->connection, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK)
    throw DataError(fmt::format("{}: cannot be opened: {}.", name_, sqlite3_errmsg(database_->connection)));

  const char* rest = nullptr;
  if (sqlite3_prepare_v2(database_->connection, query.c_str(), -1, &database_->statement, &rest) != SQLITE_OK)
    FailQuery(query);
  if (database_->statement == nullptr || !Trim(rest).empty() || sqlite3_stmt_readonly(database_->statement) == 0)
    throw DataError(fmt::format("{}: data.query must be one SELECT statement, but is {}.", name_, Quote(query)));

  std::set<std::string> seen;
  for (int column = 0; column < sqlite3_column_count(database_->statement); ++column) {
    header_.emplace_back(sqlite3_column_name(database_->statement, column));
    if (!seen.insert(header_.back()).second) {
      throw DataError(fmt::format("{}: column {} stands twice in {}; rename one with AS.", name_, Quote(header_.back()),
                                  Quote(query)));
    }
  }
  cells_.resize(header_.size());
}

SqliteTable::~SqliteTable() = default;

std::string SqliteTable::AllOf(const std::string& table) {
  std::string quoted;
  for (const char c : table) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return "SELECT * FROM \"" + quoted + "\"";
}

void SqliteTable::FailQuery(const std::string& query) const {
  const std::string reason = sqlite3_errmsg(database_->connection);
  if (sqlite3_errcode(database_->connection) == SQLITE_NOTADB)
    throw DataError(name_ + ": is not an SQLite database. Name a CSV file with the ending .csv.");
  const std::vector<std::string> tables = TablesOf(database_->connection);
  throw DataError(fmt::format("{}: {} in {}. The database has {}.", name_, reason, Quote(query),
                              tables.empty() ? "no tables" : fmt::format("the tables {}", fmt::join(tables, ", "))));
}

bool SqliteTable::NextRow() {
  const int outcome = sqlite3_step(database_->statement);
  if (outcome == SQLITE_DONE) return false;
  ++row_;
  if (outcome != SQLITE_ROW) Fail(fmt::format("cannot be read: {}.", sqlite3_errmsg(database_->connection)));
  for (int column = 0; column < static_cast<int>(cells_.size()); ++column) {
    std::string& cell = cells_[static_cast<size_t>(column)];
    cell.clear();
    if (sqlite3_column_type(database_->statement, column) == SQLITE_BLOB)
      Fail(column, "is a BLOB; store text or a number.");
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(database_->statement, column));
    if (text != nullptr) cell.assign(text, static_cast<size_t>(sqlite3_column_bytes(database_->statement, column)));
    if (FindInvalidUtf8(cell)) Fail(column, "is not UTF-8 text.");
  }
  return true;
}

std::string_view SqliteTable::Text(int column) const {
  RESTOCK_CHECK_LT(static_cast<size_t>(column), cells_.size());
  return cells_[static_cast<size_t>(column)];
}

std::string SqliteTable::PlaceOf(int line) const { return fmt::format("{}: row {}", name_, line); }

bool IsSqliteFile(const std::filesystem::path& file) {
  const std::string ending = file.extension().string();
  return ending == ".sqlite" || ending == ".sqlite3" || ending == ".db";
}

}  // namespace restock
