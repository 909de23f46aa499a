#include "optimization/mps_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "common/error.h"
#include "common/file.h"

namespace restock {
namespace {

constexpr double kInfiniteInFile = 1e20;  // bounds of this size and more mean: none
constexpr int kObjectiveRow = -1;
constexpr int kIgnoredRow = -2;  // N rows after the first

struct NameHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
using NameIndex = std::unordered_map<std::string, int, NameHash, std::equal_to<>>;

std::string_view Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string_view> SplitAtBlanks(std::string_view line) {
  std::vector<std::string_view> fields;
  size_t position = 0;
  while ((position = line.find_first_not_of(" \t\r", position)) != std::string_view::npos) {
    const size_t end = std::min(line.find_first_of(" \t\r", position), line.size());
    fields.push_back(line.substr(position, end - position));
    position = end;
  }
  return fields;
}

enum class MpsFormat { kFree, kFixed };

/// Reads one file, line by line, in one of the two formats.
class MpsParser {
 public:
  MpsParser(std::string_view text, const std::string& name, MpsFormat format)
      : text_(text), name_(name), format_(format) {}

  LpModel Parse() {
    while (!ended_ && NextLine()) {
      if (line_.empty() || line_[0] == '*' || Trim(line_).empty()) continue;
      if (line_[0] != ' ' && line_[0] != '\t') {
        ReadSection();
      } else {
        ReadData();
      }
    }
    if (line_number_ == 0) throw DataError(name_ + ": the file is empty.");
    if (!ended_) Fail("the file ends without ENDATA; it seems to be cut off");
    FinishBounds();
    model_.num_relaxed_integers = static_cast<int>(std::count(is_integer_.begin(), is_integer_.end(), true));
    return std::move(model_);
  }

 private:
  enum class Section { kNone, kRows, kColumns, kRhs, kRanges, kBounds, kSense };

  // ---- lines and fields

  bool NextLine() {
    if (position_ >= text_.size()) return false;
    const size_t end = std::min(text_.find('\n', position_), text_.size());
    line_ = text_.substr(position_, end - position_);
    position_ = end + 1;
    ++line_number_;
    return true;
  }

  [[noreturn]] void Fail(const std::string& what) const {
    throw DataError(fmt::format("{}:{}: {}.", name_, line_number_, what));
  }

  /// A data line without its leading code (RHS, RANGES and COLUMNS have none): names and numbers in turn.
  std::vector<std::string_view> Fields() const {
    if (format_ == MpsFormat::kFree) return SplitAtBlanks(line_);
    // fixed format: names of eight characters in columns 5, 15 and 40, numbers in 25 and 50
    constexpr size_t kBegin[] = {4, 14, 24, 39, 49};
    constexpr size_t kLength[] = {8, 8, 12, 8, 12};
    std::vector<std::string_view> fields;
    for (int field = 0; field < 5; ++field) {
      if (kBegin[field] >= line_.size()) break;
      fields.push_back(Trim(line_.substr(kBegin[field], kLength[field])));
    }
    while (!fields.empty() && fields.back().empty()) fields.pop_back();
    return fields;
  }

  /// The code in columns 2 and 3 and what follows it.
  std::pair<std::string_view, std::vector<std::string_view>> CodeAndFields() const {
    std::vector<std::string_view> fields = Fields();
    if (format_ == MpsFormat::kFixed) return {Trim(line_.substr(0, 4)), fields};
    const std::string_view code = fields.empty() ? std::string_view() : fields[0];
    if (!fields.empty()) fields.erase(fields.begin());
    return {code, fields};
  }

  double Number(std::string_view text) const {
    if (!text.empty() && text[0] == '+') text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || std::isnan(value)) {
      Fail(fmt::format("\"{}\" is not a number", text));
    }
    return value;
  }

  double FiniteNumber(std::string_view text) const {
    const double value = Number(text);
    if (!std::isfinite(value)) Fail(fmt::format("\"{}\" must be finite", text));
    return value;
  }

  double BoundValue(std::string_view text) const {
    const double value = Number(text);
    if (value >= kInfiniteInFile) return kInfinity;
    return value <= -kInfiniteInFile ? -kInfinity : value;
  }

  int FindRow(std::string_view row) const {
    const auto found = rows_.find(row);
    if (found == rows_.end()) Fail(fmt::format("unknown row \"{}\"", row));
    return found->second;
  }

  // ---- sections

  void ReadSection() {
    const std::vector<std::string_view> words = SplitAtBlanks(line_);
    const std::string_view section = words[0];
    if (section == "NAME") {
      model_.name = words.size() > 1 ? std::string(words[1]) : "";
    } else if (section == "ROWS") {
      section_ = Section::kRows;
    } else if (section == "COLUMNS") {
      section_ = Section::kColumns;
    } else if (section == "RHS") {
      section_ = Section::kRhs;
    } else if (section == "RANGES") {
      section_ = Section::kRanges;
    } else if (section == "BOUNDS") {
      section_ = Section::kBounds;
    } else if (section == "OBJSENSE") {
      section_ = Section::kSense;
      if (words.size() > 1) ReadSense(words[1]);
    } else if (section == "ENDATA") {
      ended_ = true;
    } else {
      Fail(fmt::format("unknown section \"{}\"; known are NAME, OBJSENSE, ROWS, COLUMNS, RHS, RANGES, BOUNDS, ENDATA",
                       section));
    }
  }

  void ReadData() {
    switch (section_) {
      case Section::kNone:
        Fail("data before the first section");
      case Section::kRows:
        return ReadRow();
      case Section::kColumns:
        return ReadColumn();
      case Section::kRhs:
        return ReadRhs();
      case Section::kRanges:
        return ReadRange();
      case Section::kBounds:
        return ReadBound();
      case Section::kSense:
        return ReadSense(Trim(line_));
    }
  }

  void ReadSense(std::string_view typed) {
    std::string word(typed);
    for (char& letter : word) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    if (word == "MAX" || word == "MAXIMIZE" || word == "MAXIMISE") {
      model_.sense = LpSense::kMaximize;
    } else if (word == "MIN" || word == "MINIMIZE" || word == "MINIMISE") {
      model_.sense = LpSense::kMinimize;
    } else {
      Fail(fmt::format("the sense is \"{}\", but must be MAX or MIN", typed));
    }
  }

  void ReadRow() {
    const auto [code, fields] = CodeAndFields();
    if (fields.size() != 1 || code.size() != 1) Fail("a row needs its type (N, E, L or G) and its name");
    const char type = code[0];
    int row = kIgnoredRow;
    if (type == 'N') {
      if (!has_objective_) row = kObjectiveRow;
      has_objective_ = true;
    } else if (type == 'E' || type == 'L' || type == 'G') {
      row = model_.AddRow(type == 'L' ? -kInfinity : 0, type == 'G' ? kInfinity : 0, std::string(fields[0]));
      last_column_of_row_.push_back(-1);
      range_.push_back(std::nullopt);
      type_.push_back(type);
    } else {
      Fail(fmt::format("the row type is \"{}\", but must be N, E, L or G", code));
    }
    if (!rows_.emplace(fields[0], row).second) Fail(fmt::format("row \"{}\" stands here a second time", fields[0]));
  }

  void ReadColumn() {
    if (line_.find("'MARKER'") != std::string_view::npos) {
      in_integers_ = line_.find("'INTORG'") != std::string_view::npos;
      return;
    }
    const std::vector<std::string_view> fields = Fields();
    if (fields.size() != 3 && fields.size() != 5)
      Fail("a column needs its name and one or two pairs of row and number");
    if (model_.column_name.empty() || model_.column_name.back() != fields[0]) {
      const int column = model_.AddColumn(0, 0, kInfinity, {}, std::string(fields[0]));
      lower_is_given_.push_back(false);
      is_integer_.push_back(in_integers_);
      if (!columns_.emplace(fields[0], column).second) {
        Fail(fmt::format("the entries of column \"{}\" do not stand together", fields[0]));
      }
    }
    for (size_t field = 1; field < fields.size(); field += 2)
      AddEntry(FindRow(fields[field]), FiniteNumber(fields[field + 1]));
  }

  void AddEntry(int row, double value) {
    const int column = model_.num_columns() - 1;
    if (row == kIgnoredRow) return;
    int& last_column = row == kObjectiveRow ? last_column_of_objective_ : last_column_of_row_[static_cast<size_t>(row)];
    if (last_column == column) Fail("the column has two entries in the same row");
    last_column = column;
    if (row == kObjectiveRow) {
      model_.cost.back() = value;
    } else if (value != 0) {
      model_.index.push_back(row);
      model_.value.push_back(value);
      model_.start.back() = model_.num_entries();
    }
  }

  /// Calls `use(row, number)` for the pairs of a line of RHS or RANGES that belongs to the first set.
  template <class Use>
  void ReadPairs(std::optional<std::string>& first_set, const Use& use) {
    std::vector<std::string_view> fields = Fields();
    // the name of the set may be missing in free format
    if (fields.size() % 2 == 0) fields.insert(fields.begin(), "");
    if (fields.size() != 3 && fields.size() != 5) Fail("one or two pairs of row and number are needed");
    if (!first_set) first_set = std::string(fields[0]);
    if (*first_set != fields[0]) return;
    for (size_t field = 1; field < fields.size(); field += 2) use(FindRow(fields[field]), fields[field + 1]);
  }

  void ReadRhs() {
    ReadPairs(rhs_set_, [&](int row, std::string_view text) {
      if (row == kObjectiveRow) model_.objective_offset = -FiniteNumber(text);
      if (row < 0) return;
      const auto i = static_cast<size_t>(row);
      const double value = BoundValue(text);
      const bool can_be_met = (type_[i] == 'L' || value < kInfinity) && (type_[i] == 'G' || value > -kInfinity);
      if (!can_be_met) Fail(fmt::format("no {} row can meet {}; 1e20 and more are infinite", type_[i], text));
      if (type_[i] != 'L') model_.row_lower[i] = value;
      if (type_[i] != 'G') model_.row_upper[i] = value;
    });
  }

  void ReadRange() {
    ReadPairs(range_set_, [&](int row, std::string_view text) {
      if (row >= 0) range_[static_cast<size_t>(row)] = BoundValue(text);
    });
  }

  void ReadBound() {
    auto [code, fields] = CodeAndFields();
    const bool needs_value = code == "UP" || code == "LO" || code == "FX" || code == "UI" || code == "LI";
    const bool known = needs_value || code == "FR" || code == "MI" || code == "PL" || code == "BV";
    if (!known) Fail(fmt::format("the bound type is \"{}\", but must be UP, LO, FX, FR, MI, PL or BV", code));
    // the name of the set may be missing in free format
    const size_t num_fields = needs_value ? 3 : 2;
    if (fields.size() + 1 == num_fields) fields.insert(fields.begin(), "");
    if (fields.size() < num_fields || fields.size() > 3)
      Fail("a bound needs its type, a column and, but for FR, MI, PL and BV, a number");
    if (!bound_set_) bound_set_ = std::string(fields[0]);
    if (*bound_set_ != fields[0]) return;
    const auto found = columns_.find(fields[1]);
    if (found == columns_.end()) Fail(fmt::format("unknown column \"{}\"", fields[1]));
    const double value = needs_value ? BoundValue(fields[2]) : 0;
    const bool can_be_met = code == "UP" || code == "UI" ? value > -kInfinity
                            : code == "FX"               ? std::isfinite(value)
                                                         : value < kInfinity;
    if (!can_be_met)
      Fail(fmt::format("no column can meet the bound {} {}; 1e20 and more are infinite", code, fields[2]));
    SetBound(code, static_cast<size_t>(found->second), value);
  }

  void SetBound(std::string_view code, size_t column, double value) {
    double& lower = model_.lower[column];
    double& upper = model_.upper[column];
    if (code == "UI" || code == "LI" || code == "BV") is_integer_[column] = true;
    if (code == "UP" || code == "UI") {
      upper = value;
      // an old convention: a negative upper bound alone takes the lower bound zero away
      if (value < 0 && !lower_is_given_[column]) lower = -kInfinity;
    } else if (code == "LO" || code == "LI") {
      lower = value;
      lower_is_given_[column] = true;
    } else if (code == "FX") {
      lower = upper = value;
      lower_is_given_[column] = true;
    } else if (code == "FR") {
      lower = -kInfinity;
      upper = kInfinity;
    } else if (code == "MI") {
      lower = -kInfinity;
      lower_is_given_[column] = true;
    } else if (code == "PL") {
      upper = kInfinity;
    } else {  // BV
      lower = 0;
      upper = 1;
    }
  }

  /// A range r turns E into [b, b + r] or, r < 0, [b + r, b]; L into [b - |r|, b]; G into [b, b + |r|].
  void FinishBounds() {
    for (size_t i = 0; i < range_.size(); ++i) {
      if (!range_[i]) continue;
      const double size = std::abs(*range_[i]);
      const bool downwards = type_[i] == 'L' || (type_[i] == 'E' && *range_[i] < 0);
      if (!std::isfinite(downwards ? model_.row_upper[i] : model_.row_lower[i])) continue;  // no bound to begin from
      if (downwards) {
        model_.row_lower[i] = model_.row_upper[i] - size;
      } else {
        model_.row_upper[i] = model_.row_lower[i] + size;
      }
    }
  }

  std::string_view text_;
  const std::string& name_;
  MpsFormat format_;
  size_t position_ = 0;
  std::string_view line_;
  int line_number_ = 0;
  bool ended_ = false;

  LpModel model_;
  Section section_ = Section::kNone;
  NameIndex rows_, columns_;
  bool has_objective_ = false;
  std::vector<char> type_;                    // E, L or G  (num_rows)
  std::vector<std::optional<double>> range_;  // (num_rows)
  std::vector<int> last_column_of_row_;       // (num_rows)
  int last_column_of_objective_ = -1;
  std::vector<bool> lower_is_given_;  // (num_columns)
  std::vector<bool> is_integer_;      // (num_columns)
  bool in_integers_ = false;          // between the markers INTORG and INTEND
  std::optional<std::string> rhs_set_, range_set_, bound_set_;
};

}  // namespace

LpModel ParseMps(std::string_view text, const std::string& name) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  // names with blanks make a fixed file unreadable as a free one, never the other way round
  try {
    return MpsParser(text, name, MpsFormat::kFree).Parse();
  } catch (const DataError& free_error) {
    try {
      return MpsParser(text, name, MpsFormat::kFixed).Parse();
    } catch (const DataError&) {
      throw free_error;
    }
  }
}

LpModel ReadMps(const std::filesystem::path& file) { return ParseMps(ReadFile(file), file.string()); }

}  // namespace restock
