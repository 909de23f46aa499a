#include "common/csv.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/check.h"
#include "common/file.h"
#include "common/text.h"

namespace restock {

/// The whole file in memory. Fields are views into it; a quoted field is freed of its quotes in place.
struct CsvReader::Impl {
  std::string name;
  std::string content;
  size_t position = 0;
  int line = 1;       // of the current row
  int next_line = 1;  // of the text at `position`
  std::vector<std::string> header;
  std::vector<std::string_view> fields;
  std::string row_word;
  std::vector<int> row_columns;

  [[noreturn]] void Fail(const std::string& what) const { throw DataError(fmt::format("{}:{}: {}", name, line, what)); }

  bool AtEnd() const { return position == content.size(); }
  bool OnlyEmptyLinesAreLeft() const { return content.find_first_not_of("\r\n", position) == std::string::npos; }

  void ReadRow() {
    line = next_line;
    fields.clear();
    do fields.push_back(content[position] == '"' ? TakeQuotedField() : TakePlainField());
    while (TakeSeparator());
  }

  std::string_view TakePlainField() {
    const size_t begin = position;
    for (; position < content.size(); ++position) {
      const char c = content[position];
      if (c == ',' || c == '\n' || c == '\r') break;
      if (c == '"')
        Fail("a quote stands inside a field; put the whole field in quotes and write the inner quote twice.");
    }
    return {content.data() + begin, position - begin};
  }

  std::string_view TakeQuotedField() {
    const size_t begin = ++position;
    size_t end = begin;
    while (true) {
      if (AtEnd()) Fail("a quoted field never ends; a closing quote is missing, or the file was cut short.");
      const char c = content[position++];
      const bool is_quote = c == '"';
      if (is_quote && (AtEnd() || content[position] != '"')) break;
      if (is_quote) ++position;  // written twice
      if (c == '\n') ++next_line;
      content[end++] = c;
    }
    return {content.data() + begin, end - begin};
  }

  /// True when another field of the same row follows.
  bool TakeSeparator() {
    if (AtEnd()) return false;
    if (content[position] == ',') return ++position, FieldFollows();
    if (content.compare(position, 2, "\r\n") == 0) ++position;
    if (content[position] == '\r') Fail("a carriage return stands inside the row; lines end with LF or CRLF.");
    if (content[position] != '\n') Fail("text follows a closing quote; a quote inside a field is written twice.");
    ++position;
    ++next_line;
    return false;
  }

  // a comma at the very end of the file is followed by an empty field
  bool FieldFollows() {
    if (AtEnd()) fields.emplace_back();
    return !AtEnd();
  }
};

CsvReader::CsvReader(const std::filesystem::path& file) : impl_(std::make_unique<Impl>()) {
  Impl& csv = *impl_;
  csv.name = file.string();
  csv.content = ReadFile(file);
  if (csv.content.starts_with("\xEF\xBB\xBF")) csv.position = 3;
  if (csv.OnlyEmptyLinesAreLeft()) csv.Fail("the file is empty; the first row names the columns.");
  if (const auto bad = FindInvalidUtf8(csv.content)) {
    csv.line += static_cast<int>(
        std::count(csv.content.begin(), csv.content.begin() + static_cast<std::ptrdiff_t>(*bad), '\n'));
    csv.Fail("is not UTF-8 text; save the file as CSV in UTF-8.");
  }

  csv.ReadRow();
  std::unordered_set<std::string_view> seen;
  for (const std::string_view column : csv.fields) {
    if (!seen.insert(column).second) csv.Fail(fmt::format("column {} stands twice.", Quote(column)));
    csv.header.emplace_back(column);
  }
}

CsvReader::~CsvReader() = default;

const std::vector<std::string>& CsvReader::header() const { return impl_->header; }
int CsvReader::line() const { return impl_->line; }

bool CsvReader::NextRow() {
  Impl& csv = *impl_;
  if (csv.AtEnd() ||
      ((csv.content[csv.position] == '\n' || csv.content[csv.position] == '\r') && csv.OnlyEmptyLinesAreLeft()))
    return false;
  csv.ReadRow();
  if (csv.fields.size() != csv.header.size())
    csv.Fail(fmt::format("the row has {} field{}, but there are {} columns.", csv.fields.size(),
                         csv.fields.size() == 1 ? "" : "s", csv.header.size()));
  return true;
}

void CsvReader::NameRowsBy(std::string word, std::vector<int> columns) {
  impl_->row_word = std::move(word);
  impl_->row_columns = std::move(columns);
}

std::string_view CsvReader::Text(int column) const {
  RESTOCK_CHECK_LT(static_cast<size_t>(column), impl_->fields.size());
  return impl_->fields[static_cast<size_t>(column)];
}

std::string CsvReader::PlaceOf(int line) const { return fmt::format("{}:{}", impl_->name, line); }

std::string CsvReader::RowName() const {
  std::vector<std::string> names;
  for (const int part : impl_->row_columns) names.push_back(Printable(Text(part)));
  return names.empty() ? "" : fmt::format(", {} {}", impl_->row_word, fmt::join(names, "/"));
}

CsvWriter::CsvWriter(std::filesystem::path file) : file_(std::move(file)) {}

CsvWriter& CsvWriter::Text(std::string_view value) {
  std::string cell;
  if (!value.empty() && std::string_view("=+-@\t\r").find(value[0]) != std::string_view::npos) cell += '\'';
  cell += value;

  // quotes around what would be read otherwise, inner quotes twice
  const bool is_blank_at_end = !cell.empty() && (cell.front() == ' ' || cell.back() == ' ');
  if (is_blank_at_end || cell.find_first_of(",\"\r\n") != std::string::npos) {
    for (size_t i = cell.find('"'); i != std::string::npos; i = cell.find('"', i + 2)) cell.insert(i, 1, '"');
    cell = '"' + cell + '"';
  }
  return Cell(cell);
}

CsvWriter& CsvWriter::Number(float value) { return Cell(std::isnan(value) ? "" : fmt::format("{}", value)); }

CsvWriter& CsvWriter::Number(double value) { return Cell(std::isnan(value) ? "" : fmt::format("{}", value)); }

CsvWriter& CsvWriter::Integer(int64_t value) { return Cell(fmt::format("{}", value)); }

void CsvWriter::EndRow() {
  text_ += '\n';
  row_is_empty_ = true;
}

void CsvWriter::Commit() { WriteFileAtomically(file_, text_); }

CsvWriter& CsvWriter::Cell(std::string_view cell) {
  if (!row_is_empty_) text_ += ',';
  text_ += cell;
  row_is_empty_ = false;
  return *this;
}

}  // namespace restock
