#include <cmath>
#include <string>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "common/file.h"
#include "optimization/lp_file.h"
#include "optimization/lp_lexer.h"

namespace restock {
namespace {

constexpr int kTermsPerLine = 6;

/// The name with what the format allows alone, unlike all before it.
std::string AllowedName(std::string name, std::unordered_set<std::string>& taken) {
  for (char& letter : name) {
    if (!IsLpNameCharacter(letter)) letter = '_';
  }
  if (name.empty() || !IsLpNameStart(name[0]) || IsLpKeyword(name)) name.insert(0, "_");
  const std::string wanted = name;
  for (int number = 2; !taken.insert(name).second; ++number) name = fmt::format("{}_{}", wanted, number);
  return name;
}

class LpWriter {
 public:
  explicit LpWriter(const LpModel& model) : model_(model) {
    std::unordered_set<std::string> taken;
    for (int column = 0; column < model.num_columns(); ++column) {
      column_name_.push_back(AllowedName(model.ColumnName(column), taken));
    }
    taken.clear();
    for (int row = 0; row < model.num_rows(); ++row) row_name_.push_back(AllowedName(model.RowName(row), taken));
  }

  std::string Write() {
    if (!model_.name.empty() && model_.name.find('\n') == std::string::npos) {
      text_ += fmt::format("\\Problem name: {}\n", model_.name);
    }
    WriteObjective();
    WriteConstraints();
    WriteBounds();
    return text_ + "End\n";
  }

 private:
  /// All columns, also those without cost, so that they keep their order.
  void WriteObjective() {
    text_ += model_.sense == LpSense::kMaximize ? "Maximize\n objective:" : "Minimize\n objective:";
    for (int column = 0; column < model_.num_columns(); ++column) {
      WriteTerm(model_.cost[static_cast<size_t>(column)], column, column);
    }
    if (model_.objective_offset != 0) {
      text_ += fmt::format(" {} {}", model_.objective_offset < 0 ? '-' : '+', std::abs(model_.objective_offset));
    }
    text_ += '\n';
  }

  void WriteTerm(double coefficient, int column, int terms_before) {
    if (terms_before > 0 && terms_before % kTermsPerLine == 0) text_ += "\n ";
    text_ += fmt::format(" {} {} {}", std::signbit(coefficient) ? '-' : '+', std::abs(coefficient),
                         column_name_[static_cast<size_t>(column)]);
  }

  void WriteConstraints() {
    // the matrix row by row
    std::vector<std::vector<std::pair<int, double>>> rows(model_.row_lower.size());
    for (int column = 0; column < model_.num_columns(); ++column) {
      const auto j = static_cast<size_t>(column);
      for (auto k = static_cast<size_t>(model_.start[j]); k < static_cast<size_t>(model_.start[j + 1]); ++k) {
        rows[static_cast<size_t>(model_.index[k])].emplace_back(column, model_.value[k]);
      }
    }

    text_ += "Subject To\n";
    for (size_t i = 0; i < rows.size(); ++i) {
      const double lower = model_.row_lower[i], upper = model_.row_upper[i];
      const bool is_range = lower > -kInfinity && upper < kInfinity && lower != upper;
      text_ += fmt::format(" {}:", row_name_[i]);
      if (model_.num_columns() == 0) {
        text_ += fmt::format(" {} <= 0 <= {}\n", lower, upper);
        continue;
      }
      if (is_range) text_ += fmt::format(" {} <=", lower);
      int num_terms = 0;
      for (const auto& [column, coefficient] : rows[i]) WriteTerm(coefficient, column, num_terms++);
      if (rows[i].empty()) text_ += " 0 " + column_name_[0];
      if (lower == upper) {
        text_ += fmt::format(" = {}\n", upper);
      } else if (upper < kInfinity) {
        text_ += fmt::format(" <= {}\n", upper);
      } else {
        text_ += lower > -kInfinity ? fmt::format(" >= {}\n", lower) : " >= -1e30\n";
      }
    }
  }

  void WriteBounds() {
    text_ += "Bounds\n";
    for (size_t j = 0; j < column_name_.size(); ++j) {
      const double lower = model_.lower[j], upper = model_.upper[j];
      if (lower == -kInfinity && upper == kInfinity) {
        text_ += fmt::format(" {} free\n", column_name_[j]);
      } else if (lower == upper) {
        text_ += fmt::format(" {} = {}\n", column_name_[j], lower);
      } else if (upper < kInfinity) {
        text_ += lower > -kInfinity ? fmt::format(" {} <= {} <= {}\n", lower, column_name_[j], upper)
                                    : fmt::format(" -inf <= {} <= {}\n", column_name_[j], upper);
      } else if (lower != 0) {
        text_ += fmt::format(" {} >= {}\n", column_name_[j], lower);
      }
    }
  }

  const LpModel& model_;
  std::vector<std::string> column_name_, row_name_;
  std::string text_;
};

}  // namespace

std::string FormatLp(const LpModel& model) { return LpWriter(model).Write(); }

void WriteLp(const LpModel& model, const std::filesystem::path& file) { WriteFileAtomically(file, FormatLp(model)); }

}  // namespace restock
