#include "optimization/lp_file.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/error.h"
#include "common/file.h"
#include "common/text.h"
#include "optimization/lp_lexer.h"
#include "optimization/mps_file.h"

namespace restock {
namespace {

/// constant + sum of coefficient * column
struct Expression {
  double constant = 0;
  std::vector<std::pair<int, double>> terms;  // column, coefficient
};

/// lower <= expression <= upper, as a constraint or a bound says it.
struct Comparison {
  Expression expression;
  std::optional<double> lower, upper;
};

class LpParser {
 public:
  LpParser(std::string_view text, const std::string& name) : lexer_(text, name) {}

  LpModel Parse() {
    ReadObjective();
    while (lexer_.section != LpSection::kEnd) ReadSection();
    for (size_t j = 0; j < entries_.size(); ++j) {
      model_.AddColumn(cost_[j], lower_[j], upper_[j], entries_[j], std::move(names_[j]));
    }
    model_.num_relaxed_integers = static_cast<int>(std::count(is_integer_.begin(), is_integer_.end(), true));
    return std::move(model_);
  }

 private:
  // ---- sections

  void ReadObjective() {
    if (lexer_.token != LpToken::kSection ||
        (lexer_.section != LpSection::kMinimize && lexer_.section != LpSection::kMaximize)) {
      lexer_.Fail("the file must begin with Minimize or Maximize");
    }
    model_.sense = lexer_.section == LpSection::kMaximize ? LpSense::kMaximize : LpSense::kMinimize;
    lexer_.Next();
    SkipLabel();
    const Expression objective = ReadExpression(/*may_create=*/true);
    model_.objective_offset = objective.constant;
    if (!std::isfinite(objective.constant)) lexer_.Fail("the constant of the objective must be finite");
    for (const auto& [column, coefficient] : objective.terms) cost_[static_cast<size_t>(column)] += coefficient;
    ExpectSection("the objective");
  }

  void ReadSection() {
    const LpSection section = lexer_.section;
    if (section == LpSection::kEndOfText) lexer_.Fail("the file ends without End; it seems to be cut off");
    if (section == LpSection::kMinimize || section == LpSection::kMaximize) lexer_.Fail("a second objective");
    if (section == LpSection::kNotLinear) {
      lexer_.Fail(fmt::format("section {} is not linear and cannot be solved", Quote(lexer_.text)));
    }
    lexer_.Next();
    while (lexer_.token != LpToken::kSection) {
      statement_line_ = lexer_.line;
      if (section == LpSection::kConstraints) {
        ReadConstraint();
      } else if (section == LpSection::kBounds) {
        ReadBound();
      } else {
        ReadInteger(section == LpSection::kBinary);
      }
    }
  }

  void ReadConstraint() {
    std::string label = SkipLabel();
    if (!label.empty() && !row_is_named_.emplace(label, true).second) {
      FailInStatement(fmt::format("constraint {} stands here a second time", Quote(label)));
    }
    const Comparison read = ReadComparison(/*may_create=*/true);
    if (!read.lower && !read.upper) FailInStatement("a constraint needs <=, >= or = and a number");
    const double constant = read.expression.constant;
    const double lower = read.lower.value_or(-kInfinity) - constant;
    const double upper = read.upper.value_or(kInfinity) - constant;
    if (!(lower < kInfinity && upper > -kInfinity)) FailInStatement("no row can meet this; 1e20 and more are infinite");
    const int row = model_.AddRow(lower, upper, std::move(label));
    for (const auto& [column, coefficient] : read.expression.terms) {
      std::vector<LpEntry>& entries = entries_[static_cast<size_t>(column)];
      if (!entries.empty() && entries.back().row == row) {
        entries.back().value += coefficient;
      } else {
        entries.push_back({row, coefficient});
      }
    }
  }

  void ReadBound() {
    const Comparison read = ReadComparison(/*may_create=*/false);
    const Expression& expression = read.expression;
    if (expression.terms.size() != 1 || expression.terms[0].second != 1 || expression.constant != 0) {
      FailInStatement("a bound is of one column, as in 0 <= x <= 4; sums belong to the constraints");
    }
    const auto j = static_cast<size_t>(expression.terms[0].first);
    if (!read.lower && !read.upper) {
      if (lexer_.token != LpToken::kName || !IsLpFreeWord(lexer_.text)) {
        FailInStatement("a bound needs <=, >= or = and a number, or the word free");
      }
      lexer_.Next();
      lower_[j] = -kInfinity;
      upper_[j] = kInfinity;
    }
    if (read.lower) lower_[j] = *read.lower;
    if (read.upper) upper_[j] = *read.upper;
    if (!(lower_[j] < kInfinity && upper_[j] > -kInfinity)) {
      FailInStatement("no column can meet this bound; 1e20 and more are infinite");
    }
  }

  void ReadInteger(bool is_binary) {
    if (lexer_.token != LpToken::kName) lexer_.Fail(fmt::format("{} is not a name", Quote(lexer_.text)));
    const auto j = static_cast<size_t>(FindColumn(/*may_create=*/false));
    lexer_.Next();
    is_integer_[j] = true;
    if (!is_binary) return;
    lower_[j] = 0;
    upper_[j] = 1;
  }

  // ---- parts of them

  /// `number <= expression <= number`, either side alone, or none.
  Comparison ReadComparison(bool may_create) {
    Comparison read;
    read.expression = ReadExpression(may_create);
    bool has_left = false;
    if (read.expression.terms.empty()) {
      const double left = read.expression.constant;
      const LpToken sign = lexer_.token;
      if (!SkipSign()) lexer_.Fail(fmt::format("<=, >= or = must follow here, not {}", Quote(lexer_.text)));
      read.expression = ReadExpression(may_create);
      // 3 <= x is x >= 3
      Compare(sign == LpToken::kLess      ? LpToken::kGreater
              : sign == LpToken::kGreater ? LpToken::kLess
                                          : sign,
              left, read);
      has_left = true;
    }
    const LpToken sign = lexer_.token;
    if (!SkipSign()) return read;
    if (has_left && (sign == LpToken::kEqual || (read.lower && read.upper))) {
      FailInStatement("a range is written as 1 <= x + y <= 5");
    }
    Compare(sign, ReadSide(), read);
    return read;
  }

  bool SkipSign() {
    return lexer_.Skip(LpToken::kLess) || lexer_.Skip(LpToken::kGreater) || lexer_.Skip(LpToken::kEqual);
  }

  void Compare(LpToken sign, double side, Comparison& read) const {
    if (std::isnan(side)) FailInStatement("the right-hand side is not a number");
    if ((sign == LpToken::kLess && read.upper) || (sign == LpToken::kGreater && read.lower)) {
      FailInStatement("the same side is bounded twice; a range is written as 1 <= x + y <= 5");
    }
    if (sign != LpToken::kLess) read.lower = side;
    if (sign != LpToken::kGreater) read.upper = side;
  }

  double ReadSide() {
    double sign = 1;
    while (lexer_.token == LpToken::kPlus || lexer_.token == LpToken::kMinus) {
      if (lexer_.token == LpToken::kMinus) sign = -sign;
      lexer_.Next();
    }
    if (lexer_.token != LpToken::kNumber) {
      lexer_.Fail(fmt::format("{} stands where a number must stand; columns belong to the left of the sign",
                              Quote(lexer_.text)));
    }
    const double side = sign * lexer_.number;
    lexer_.Next();
    return side;
  }

  /// Terms up to the first that has no sign before it.
  Expression ReadExpression(bool may_create) {
    Expression expression;
    for (bool is_first = true;; is_first = false) {
      bool has_sign = false;
      double factor = 1;
      while (lexer_.token == LpToken::kPlus || lexer_.token == LpToken::kMinus) {
        if (lexer_.token == LpToken::kMinus) factor = -factor;
        has_sign = true;
        lexer_.Next();
      }
      const bool is_term = lexer_.token == LpToken::kNumber || lexer_.token == LpToken::kName;
      if (has_sign && !is_term) {
        lexer_.Fail(fmt::format("a number or a column must follow the sign, not {}", Quote(lexer_.text)));
      }
      if (!is_term || !(has_sign || is_first)) return expression;
      ReadTerm(factor, may_create, expression);
    }
  }

  void ReadTerm(double factor, bool may_create, Expression& expression) {
    if (lexer_.token == LpToken::kNumber) {
      factor *= lexer_.number;
      lexer_.Next();
      if (lexer_.token != LpToken::kName || lexer_.ColonFollows()) {
        expression.constant += factor;
        return;
      }
      if (!std::isfinite(factor)) lexer_.Fail(fmt::format("the coefficient of {} must be finite", Quote(lexer_.text)));
    }
    expression.terms.emplace_back(FindColumn(may_create), factor);
    lexer_.Next();
  }

  /// A label and its colon; "" where there is none.
  std::string SkipLabel() {
    if (lexer_.token != LpToken::kName || !lexer_.ColonFollows()) return {};
    std::string label(lexer_.text);
    lexer_.Next();
    lexer_.Next();
    return label;
  }

  int FindColumn(bool may_create) {
    const auto [found, is_new] = columns_.emplace(lexer_.text, static_cast<int>(names_.size()));
    if (!is_new) return found->second;
    if (!may_create) {
      lexer_.Fail(
          fmt::format("unknown column {}; it stands neither in the objective nor in a constraint", Quote(lexer_.text)));
    }
    names_.emplace_back(lexer_.text);
    cost_.push_back(0);
    lower_.push_back(0);
    upper_.push_back(kInfinity);
    is_integer_.push_back(false);
    entries_.emplace_back();
    return found->second;
  }

  /// For what shows only at the end of a constraint or bound, when the next line has been begun.
  [[noreturn]] void FailInStatement(const std::string& what) const { lexer_.Fail(what, statement_line_); }

  void ExpectSection(std::string_view after) const {
    if (lexer_.token == LpToken::kSection) return;
    lexer_.Fail(fmt::format("after {}, {} was not expected; terms need + or - between them, and Subject To a line",
                            after, Quote(lexer_.text)));
  }

  LpLexer lexer_;
  int statement_line_ = 0;
  LpModel model_;
  std::unordered_map<std::string, int> columns_;
  std::unordered_map<std::string, bool> row_is_named_;

  // columns  (num_columns)
  std::vector<std::string> names_;
  std::vector<double> cost_, lower_, upper_;
  std::vector<bool> is_integer_;
  std::vector<std::vector<LpEntry>> entries_;
};

bool EndsAsLp(const std::filesystem::path& file) { return file.extension() == ".lp" || file.extension() == ".LP"; }

}  // namespace

LpModel ParseLp(std::string_view text, const std::string& name) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.empty()) throw DataError(name + ": the file is empty.");
  LpModel model = LpParser(text, name).Parse();
  // the comment that CPLEX and others write first
  constexpr std::string_view kNameComment = "\\Problem name:";
  if (text.starts_with(kNameComment)) {
    const size_t end = std::min(text.find('\n'), text.size());
    model.name = Trim(text.substr(kNameComment.size(), end - kNameComment.size()));
  }
  return model;
}

LpModel ReadLp(const std::filesystem::path& file) { return ParseLp(ReadFile(file), file.string()); }

LpModel ReadLinearProgram(const std::filesystem::path& file) { return EndsAsLp(file) ? ReadLp(file) : ReadMps(file); }

void WriteLinearProgram(const LpModel& model, const std::filesystem::path& file) {
  EndsAsLp(file) ? WriteLp(model, file) : WriteMps(model, file);
}

}  // namespace restock
