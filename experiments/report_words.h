#pragma once

#include <string>
#include <string_view>

#include "experiments/report_files.h"
#include "experiments/report_rows.h"

namespace restock {

/// How a policy, a demand set or a forecaster is called before people: `forecast_quantile` is "Order up to forecast
/// quantile".
std::string PolicyLabel(std::string_view name);
std::string SetLabel(std::string_view name);
std::string ModelLabel(std::string_view name);
/// A network before any training.
bool IsUntrained(std::string_view name);
/// What a policy does, in a sentence; empty for one that is not known.
std::string PolicyDescription(std::string_view name);

/// 0.123 -> `12.3 %`, with a sign where `with_sign`; "–" for NaN.
std::string Percent(double share, bool with_sign = false);
/// `1,234 CNY`
std::string Money(double amount, const std::string& currency);

/// The names that a run counts in, with words where it is silent.
struct RunUnits {
  std::string currency = "money";
  std::string unit = "units";
  std::string period = "period";
};
RunUnits UnitsOf(const RunFiles& run);

/// `95 % interval`
std::string IntervalLabel(const nlohmann::json& summary);
/// `-4.2 % (-5.1 to -3.3)`; "–" where there is none.
std::string DifferenceCell(const RelativeDifference& difference);
/// `costs 4.2 % less than RULE (INTERVAL_LABEL: 3.3 % to 5.1 % less)`, and what that proves: "The interval excludes
/// zero, ...".
std::string DifferenceWords(const RelativeDifference& difference, const std::string& rule,
                            const std::string& interval_label);
std::string Verdict(const RelativeDifference& difference);

}  // namespace restock
