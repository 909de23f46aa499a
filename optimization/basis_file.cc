#include "optimization/basis_file.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "common/check.h"
#include "common/error.h"
#include "common/file.h"
#include "common/text.h"

namespace restock {
namespace {

std::string WithoutBlanks(std::string name) {
  std::ranges::replace_if(
      name, [](char letter) { return letter == ' ' || letter == '\t'; }, '_');
  return name;
}

/// Where a variable stands that has left the basis, as far as its bounds allow.
BasisStatus Nonbasic(bool at_upper, double lower, double upper) {
  if (lower == -kInfinity && upper == kInfinity) return BasisStatus::kFree;
  if (lower == -kInfinity) return BasisStatus::kAtUpper;
  return at_upper && upper < kInfinity ? BasisStatus::kAtUpper : BasisStatus::kAtLower;
}

class BasisParser {
 public:
  BasisParser(const LpModel& model, std::string_view text, const std::string& name)
      : model_(model), text_(text), name_(name) {
    for (int row = 0; row < model.num_rows(); ++row) rows_.emplace(WithoutBlanks(model.RowName(row)), row);
    for (int column = 0; column < model.num_columns(); ++column) {
      columns_.emplace(WithoutBlanks(model.ColumnName(column)), column);
    }
    basis_.row.assign(model.row_lower.size(), BasisStatus::kBasic);
    for (size_t j = 0; j < model.cost.size(); ++j) {
      basis_.column.push_back(Nonbasic(false, model.lower[j], model.upper[j]));
    }
    row_is_named_.resize(model.row_lower.size());
    column_is_named_.resize(model.cost.size());
  }

  LpBasis Parse() {
    while (NextLine()) {
      std::vector<std::string> words = Split(line_, ' ');
      std::erase(words, "");
      if (words.empty() || words[0].starts_with('*') || (words[0] == "NAME" && line_[0] == 'N')) continue;
      if (words[0] == "ENDATA") return std::move(basis_);
      ReadEntry(words);
    }
    if (line_number_ == 0) throw DataError(name_ + ": the file is empty.");
    Fail("the file ends without ENDATA; it seems to be cut off");
  }

 private:
  bool NextLine() {
    if (position_ >= text_.size()) return false;
    const size_t end = std::min(text_.find('\n', position_), text_.size());
    line_ = text_.substr(position_, end - position_);
    std::ranges::replace_if(
        line_, [](char letter) { return letter == '\t' || letter == '\r'; }, ' ');
    position_ = end + 1;
    ++line_number_;
    return true;
  }

  [[noreturn]] void Fail(const std::string& what) const {
    throw DataError(fmt::format("{}:{}: {}.", name_, line_number_, what));
  }

  void ReadEntry(const std::vector<std::string>& words) {
    const std::string& code = words[0];
    const bool has_row = code == "XU" || code == "XL";
    if (!has_row && code != "UL" && code != "LL") {
      Fail(fmt::format("the code is {}, but must be XU, XL, UL or LL", Quote(code)));
    }
    if (words.size() != (has_row ? 3 : 2)) {
      Fail(has_row ? code + " needs the name of a column and that of a row" : code + " needs the name of a column");
    }
    const size_t j = Find(columns_, column_is_named_, words[1], "column");
    if (!has_row) {
      basis_.column[j] = Nonbasic(code == "UL", model_.lower[j], model_.upper[j]);
      return;
    }
    const size_t i = Find(rows_, row_is_named_, words[2], "row");
    basis_.column[j] = BasisStatus::kBasic;
    basis_.row[i] = Nonbasic(code == "XU", model_.row_lower[i], model_.row_upper[i]);
  }

  using NameIndex = std::unordered_map<std::string, int>;

  size_t Find(const NameIndex& index, std::vector<bool>& is_named, const std::string& name,
              std::string_view what) const {
    const auto found = index.find(name);
    if (found == index.end()) {
      Fail(fmt::format("unknown {} {}; the basis must be that of a model with the same names", what, Quote(name)));
    }
    const auto place = static_cast<size_t>(found->second);
    if (is_named[place]) Fail(fmt::format("{} {} stands here a second time", what, Quote(name)));
    is_named[place] = true;
    return place;
  }

  const LpModel& model_;
  std::string_view text_;
  const std::string& name_;
  size_t position_ = 0;
  std::string line_;
  int line_number_ = 0;
  NameIndex rows_, columns_;
  std::vector<bool> row_is_named_, column_is_named_;
  LpBasis basis_;
};

}  // namespace

LpBasis ParseBasis(const LpModel& model, std::string_view text, const std::string& name) {
  return BasisParser(model, text, name).Parse();
}

LpBasis ReadBasis(const LpModel& model, const std::filesystem::path& file) {
  return ParseBasis(model, ReadFile(file), file.string());
}

std::string FormatBasis(const LpModel& model, const LpBasis& basis) {
  RESTOCK_CHECK_EQ(basis.column.size(), model.cost.size());
  RESTOCK_CHECK_EQ(basis.row.size(), model.row_lower.size());
  std::string text = fmt::format("NAME {}\n", WithoutBlanks(model.name));
  int row = 0;  // each basic column is paired with a row that is not basic
  for (int column = 0; column < model.num_columns(); ++column) {
    const std::string name = WithoutBlanks(model.ColumnName(column));
    const BasisStatus status = basis.column[static_cast<size_t>(column)];
    if (status == BasisStatus::kAtUpper) text += fmt::format(" UL {}\n", name);
    if (status != BasisStatus::kBasic) continue;
    while (row < model.num_rows() && basis.row[static_cast<size_t>(row)] == BasisStatus::kBasic) ++row;
    RESTOCK_CHECK(row < model.num_rows());
    const bool at_upper = basis.row[static_cast<size_t>(row)] == BasisStatus::kAtUpper;
    text += fmt::format(" {} {} {}\n", at_upper ? "XU" : "XL", name, WithoutBlanks(model.RowName(row++)));
  }
  return text + "ENDATA\n";
}

void WriteBasis(const LpModel& model, const LpBasis& basis, const std::filesystem::path& file) {
  WriteFileAtomically(file, FormatBasis(model, basis));
}

}  // namespace restock
