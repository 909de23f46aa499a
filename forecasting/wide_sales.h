#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/calendar.h"
#include "common/csv.h"

namespace restock {

/// A wide sales file, a series in each row and a period in each column, read as if it were tidy: a row per series and
/// period, with the columns `date` and `demand` beside those that name the series. Empty cells are no rows. The columns
/// of periods are called by their dates (2011-01-29) or numbered as in the M5 competition (Makridakis, Spiliotis &
/// Assimakopoulos 2022): d_1, d_2, ... from `first_date` on.
class WideSales final : public TableReader {
 public:
  /// Throws DataError where the header names no period, or numbers them and there is no `first_date`.
  WideSales(const std::filesystem::path& file, std::optional<Date> first_date, int days_per_period);

  const std::vector<std::string>& header() const override { return header_; }
  bool NextRow() override;
  int line() const override { return csv_.line(); }
  std::string_view Text(int column) const override;
  std::string PlaceOf(int line) const override { return csv_.PlaceOf(line); }

 protected:
  std::string ColumnName(int column) const override;

 private:
  struct Period {
    int column = 0;    // of the file
    std::string date;  // YYYY-MM-DD
  };
  std::optional<Date> DateOf(const std::string& column, std::optional<Date> first_date, int days_per_period) const;

  CsvReader csv_;
  std::vector<std::string> header_;  // columns that name the series, then date and demand
  std::vector<int> named_;           // places of the former in the file
  std::vector<Period> periods_;
  size_t period_ = 0;  // whose cell is the current row
  bool has_row_ = false;
};

}  // namespace restock
