#include "experiments/report_words.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "experiments/svg_axis.h"

namespace restock {

namespace {

struct KnownName {
  const char* name;
  const char* label;
  const char* description;
};

constexpr KnownName kPolicies[] = {
    {"base_stock", "Base stock",
     "Each site has one fixed level, found by simulation; every order fills stock and what is on the way up to it."},
    {"forecast_quantile", "Forecast quantile",
     "Every order fills up to a quantile of the demand forecast until the next order can arrive; the quantile is found "
     "by simulation."},
    {"capped_base_stock", "Capped base stock",
     "Orders fill stock and what is on the way up to a level, but no order is larger than the cap."},
    {"installation_base_stock", "Installation base stock",
     "Each site has one level for its own stock and what is on the way to it, whatever the sites that it feeds have."},
    {"echelon_base_stock", "Echelon base stock",
     "Each site has one level for what it has, and all that it feeds have, and what is on the way to any of them."},
    {"reorder_point", "Reorder point (s, S)",
     "Where stock and what is on the way are down to s or below, an order fills them up to S."},
    {"single_index", "Single index",
     "Two suppliers, two levels, both of the stock with all that is on the way: the fast supplier fills up to S_e, the "
     "slow one up to S_r."},
    {"dual_index", "Dual index",
     "Two suppliers, two levels: the fast one fills what will be there in time up to S_e, the slow one all that is on "
     "the way up to S_r."},
    {"capped_dual_index", "Capped dual index", "Dual index, with no order to the slow supplier larger than the cap."},
    {"tailored_base_surge", "Tailored base-surge",
     "The slow supplier sends q_r in every period, the fast one fills up to S_e what will be there in time."},
    {"lp", "Rolling LP",
     "Every period a linear program plans the whole network on the expected demand, and its first orders are placed."},
    {"stochastic_lp", "Stochastic LP",
     "Every period a linear program plans the whole network on several demand paths about the forecast at once, with "
     "the "
     "same orders today for all of them."},
    {"multistage_lp", "Multistage LP",
     "Every period a linear program plans the whole network on a tree of demand paths: orders answer to demand as it "
     "becomes known, step by step."},
    {"ppo", "PPO", "A neural network, trained by trial in the simulator with proximal policy optimisation."},
    {"dqn", "DQN", "A neural network, trained by trial in the simulator with deep Q-learning."},
    {"pathwise", "Pathwise", "A neural network, trained by the slope of the cost along simulated paths."},
    {"policy_iteration", "Policy iteration",
     "A neural network that learned which orders cost least in simulations of what follows them."},
};

constexpr KnownName kSets[] = {
    {"scenarios", "Sampled scenarios", ""},
    {"held_out", "Held-out demand", ""},
    {"held_out_uncensored", "Held-out demand, days without stock-outs only", ""},
};

constexpr KnownName kModels[] = {
    {"lstm", "LSTM", ""},
    {"gru", "GRU", ""},
    {"mlp", "Multi-layer perceptron", ""},
    {"seasonal_naive", "Seasonal naive", ""},
    {"exponential_smoothing", "Exponential smoothing", ""},
    {"holt_winters", "Holt-Winters", ""},
    {"ets", "ETS", ""},
    {"arima", "ARIMA", ""},
    {"sba", "SBA", ""},
    {"tsb", "TSB", ""},
    {"adida", "ADIDA", ""},
};

template <size_t size>
const KnownName* Find(const KnownName (&names)[size], std::string_view name) {
  const auto found =
      std::find_if(std::begin(names), std::end(names), [&](const KnownName& known) { return name == known.name; });
  return found == std::end(names) ? nullptr : found;
}

/// `my_model` -> `My model`
std::string Readable(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

template <size_t size>
std::string LabelOf(const KnownName (&names)[size], std::string_view name) {
  const KnownName* known = Find(names, name);
  return known ? known->label : Readable(name);
}

/// ppo_untrained -> ppo
std::string_view WithoutUntrained(std::string_view name) {
  constexpr std::string_view kUntrained = "_untrained";
  return name.ends_with(kUntrained) ? name.substr(0, name.size() - kUntrained.size()) : name;
}

}  // namespace

bool IsUntrained(std::string_view name) { return WithoutUntrained(name) != name; }

std::string PolicyLabel(std::string_view name) {
  return LabelOf(kPolicies, WithoutUntrained(name)) + (IsUntrained(name) ? ", untrained" : "");
}

std::string SetLabel(std::string_view name) { return LabelOf(kSets, name); }
std::string ModelLabel(std::string_view name) { return LabelOf(kModels, name); }

std::string PolicyDescription(std::string_view name) {
  if (IsUntrained(name)) return "The same network before any training: what learning starts from.";
  const KnownName* known = Find(kPolicies, name);
  return known ? known->description : "";
}

std::string Percent(double share, bool with_sign) {
  if (!std::isfinite(share)) return "–";
  const double percent = 100 * share;
  if (std::abs(percent) < 0.005) return "0.0 %";
  const int decimals = std::abs(percent) >= 1000 ? 0 : std::abs(percent) < 0.995 ? 2 : 1;
  return with_sign ? fmt::format("{:+.{}f} %", percent, decimals) : fmt::format("{:.{}f} %", percent, decimals);
}

std::string Money(double amount, const std::string& currency) {
  return std::isfinite(amount) ? FormatNumber(amount) + " " + currency : "–";
}

RunUnits UnitsOf(const RunFiles& run) {
  RunUnits units;
  const auto take = [&](const char* key, std::string& value) {
    if (const std::string text = TextAt(run.summary, key); !text.empty()) value = text;
  };
  take("currency", units.currency);
  take("unit", units.unit);
  take("period", units.period);
  return units;
}

std::string IntervalLabel(const nlohmann::json& summary) {
  const double confidence = NumberAt(summary, "confidence");
  return fmt::format("{:.4g} % interval", std::isfinite(confidence) ? 100 * confidence : 95);
}

std::string DifferenceCell(const RelativeDifference& difference) {
  if (!difference.IsKnown()) return "–";
  if (!difference.HasInterval()) return Percent(difference.mean, true);
  const auto end = [](double share) {
    const std::string percent = Percent(share, true);
    return percent.substr(0, percent.rfind(' '));
  };
  return fmt::format("{} ({} to {})", Percent(difference.mean, true), end(difference.low), end(difference.high));
}

std::string DifferenceWords(const RelativeDifference& difference, const std::string& rule,
                            const std::string& interval_label) {
  const auto side = [](double share) { return std::string(share < 0 ? "less" : "more"); };
  const auto size = [](double share) { return Percent(std::abs(share)); };
  const auto [mean, low, high, money] = difference;
  const std::string amount = difference.IsNegligible() ? "practically the same as " + rule
                                                       : fmt::format("{} {} than {}", size(mean), side(mean), rule);
  if (!difference.HasInterval()) return fmt::format("costs {}", amount);
  const std::string interval = side(low) != side(high) ? fmt::format("{} less to {} more", size(low), size(high))
                                                       : fmt::format("{} to {} {}", size(low < 0 ? high : low),
                                                                     size(low < 0 ? low : high), side(low));
  return fmt::format("costs {} ({}: {})", amount, interval_label, interval);
}

std::string Verdict(const RelativeDifference& difference) {
  if (!difference.HasInterval()) return "One figure only: how much of it is chance is not known.";
  if (difference.IsNegligible()) return "That is too small to matter: the rule does as well.";
  if (difference.IsCheaper()) return "The interval excludes zero: the saving is more than chance.";
  if (difference.IsDearer()) return "The interval excludes zero: it is dearer by more than chance.";
  return "The interval includes zero: this may be chance, and proves neither a saving nor a loss.";
}

}  // namespace restock
