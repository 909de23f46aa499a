#include "agents/onnx_export.h"

#include <string>
#include <vector>

#include "agents/onnx_graph.h"
#include "common/check.h"
#include "common/file.h"

namespace restock {
namespace {

std::vector<float> ToVector(const Eigen::RowVectorXf& row) { return {row.data(), row.data() + row.size()}; }

// Everything below mirrors SiteFeatures, FastNetwork, NetworkPolicy and LevelDecoder, in this order.
class PolicyGraph {
 public:
  explicit PolicyGraph(const NetworkPolicy& policy)
      : policy_(policy),
        model_(policy.model()),
        graph_("restock_policy"),
        observation_(graph_.Input("observation", policy.features().num_features())) {
    const std::string outputs = Network(Normalize(Encode()));
    std::string order, level;
    if (model_.head == Head::kOrder) {
      order = DirectOrder(outputs);
      level = Add(graph_.Columns(observation_, {policy_.decoder().position()}), order);
    } else {
      const std::string action = Action(outputs);
      level = Level(action);
      order = Order(action, level);
    }
    graph_.Output(graph_.Node("Squeeze", {order, graph_.Integers({1})}), "order");
    graph_.Output(graph_.Node("Squeeze", {level, graph_.Integers({1})}), "level");
    Describe();
  }

  std::string Serialize() const { return graph_.Serialize(); }

 private:
  std::string Feature(const std::string& name) {
    return graph_.Columns(observation_, {policy_.features().Column(name)});
  }
  std::string Add(const std::string& a, const std::string& b) { return graph_.Node("Add", {a, b}); }
  std::string Subtract(const std::string& a, const std::string& b) { return graph_.Node("Sub", {a, b}); }
  std::string Multiply(const std::string& a, const std::string& b) { return graph_.Node("Mul", {a, b}); }
  std::string Divide(const std::string& a, const std::string& b) { return graph_.Node("Div", {a, b}); }
  std::string AtLeast(const std::string& a, const std::string& low) { return graph_.Node("Max", {a, low}); }
  std::string AtMost(const std::string& a, const std::string& high) { return graph_.Node("Min", {a, high}); }

  // (N, num_inputs), not yet normalised
  std::string Encode() {
    const std::string mean = Feature("forecast_mean");
    const std::string zero = Subtract(mean, mean);
    const std::string one = Add(zero, graph_.Scalar(1));
    const std::string scale = Add(mean, graph_.Scalar(SiteFeatures::kScaleOffset));
    const std::string spread =
        AtLeast(Subtract(Feature("forecast_q0.9"), mean), graph_.Scalar(SiteFeatures::kMinSpread));
    const std::string money =
        AtLeast(Add(Feature("holding_cost"), Feature("stockout_cost")), graph_.Scalar(SiteFeatures::kMinMoney));
    const std::string row = graph_.Node("Concat", {observation_, zero, one, scale, spread, money}, {{"axis", 1}});

    std::vector<int64_t> plus, minus, over;
    std::vector<bool> logarithm;
    std::vector<float> low, high;
    for (const InputFormula& formula : policy_.features().formulas()) {
      plus.push_back(formula.plus);
      minus.push_back(formula.minus);
      over.push_back(formula.over);
      logarithm.push_back(formula.logarithm);
      low.push_back(formula.low);
      high.push_back(formula.high);
    }
    const std::string ratio =
        Divide(Subtract(graph_.Columns(row, plus), graph_.Columns(row, minus)), graph_.Columns(row, over));
    const std::string logarithms = graph_.Node("Log", {AtLeast(ratio, graph_.Scalar(SiteFeatures::kMinLogarithm))});
    const std::string value = graph_.Node("Where", {graph_.Booleans(logarithm), logarithms, ratio});
    return AtMost(AtLeast(value, graph_.Row(low)), graph_.Row(high));
  }

  std::string Normalize(const std::string& inputs) {
    const std::string centred = Subtract(inputs, graph_.Row(ToVector(model_.input_mean)));
    const std::string scaled = Multiply(centred, graph_.Row(ToVector(model_.input_scale)));
    return AtMost(AtLeast(scaled, graph_.Scalar(-NetworkModel::kInputLimit)), graph_.Scalar(NetworkModel::kInputLimit));
  }

  // (N, num_outputs)
  std::string Network(std::string values) {
    const FastNetwork& network = model_.network;
    const char* const activation = network.activation() == Activation::kTanh  ? "Tanh"
                                   : network.activation() == Activation::kElu ? "Elu"
                                                                              : "Relu";
    for (int layer = 0; layer < network.num_layers(); ++layer) {
      const auto weights = network.weights(layer);
      const std::string matrix =
          graph_.Floats({weights.data(), weights.data() + weights.size()}, {weights.rows(), weights.cols()});
      const std::string bias = graph_.Floats(ToVector(network.bias(layer)), {weights.rows()});
      values = graph_.Node("Gemm", {values, matrix, bias}, {{"transB", 1}});
      if (layer + 1 < network.num_layers()) values = graph_.Node(activation, {values});
    }
    return values;
  }

  // (N, 1)
  std::string Action(const std::string& outputs) {
    const auto middle = static_cast<float>(model_.grid.middle());
    if (model_.head == Head::kOrdinal) return Add(outputs, graph_.Scalar(middle));

    std::vector<float> penalty;
    for (int k = 0; k < model_.grid.num_actions(); ++k) {
      const float distance = static_cast<float>(k) - middle;
      penalty.push_back(model_.curvature * distance * distance);
    }
    const std::string best =
        graph_.Node("ArgMax", {Subtract(outputs, graph_.Row(penalty))}, {{"axis", 1}, {"keepdims", 1}});
    return graph_.Node("Cast", {best}, {{"to", onnx::TensorProto::FLOAT}});
  }

  // (N, 1)
  std::string Level(const std::string& action) {
    const LevelGrid& grid = model_.grid;
    const LevelDecoder& decoder = policy_.decoder();
    const auto& scores = LevelDecoder::kScores;
    const auto quantile = [&](int index) { return graph_.Columns(observation_, {decoder.quantile(index)}); };
    const auto highest_action = static_cast<float>(grid.num_actions() - 1);
    const std::string clipped = AtMost(AtLeast(action, graph_.Scalar(1)), graph_.Scalar(highest_action));
    const std::string rule =
        Add(Multiply(Feature("has_own_demand"), graph_.Scalar(model_.store_score - model_.central_score)),
            graph_.Scalar(model_.central_score));
    const std::string distance = Subtract(clipped, graph_.Scalar(static_cast<float>(grid.middle())));
    const std::string score = Add(rule, Multiply(distance, graph_.Scalar(grid.step)));

    // below the median, between the quantiles, above the highest
    const std::string low_slope = Divide(Subtract(quantile(1), quantile(0)), graph_.Scalar(scores[1]));
    std::string level = Add(quantile(0), Multiply(AtMost(score, graph_.Scalar(0)), low_slope));
    for (int i = 0; i + 1 < LevelDecoder::kNumQuantiles; ++i) {
      const std::string width = graph_.Scalar(scores[static_cast<size_t>(i + 1)] - scores[static_cast<size_t>(i)]);
      const std::string inside =
          AtMost(AtLeast(Subtract(score, graph_.Scalar(scores[static_cast<size_t>(i)])), graph_.Scalar(0)), width);
      level = Add(level, Multiply(inside, Divide(Subtract(quantile(i + 1), quantile(i)), width)));
    }
    const std::string highest = graph_.Scalar(scores.back());
    const std::string high_slope = Divide(Subtract(quantile(LevelDecoder::kNumQuantiles - 1), quantile(0)), highest);
    level = Add(level, Multiply(AtLeast(Subtract(score, highest), graph_.Scalar(0)), high_slope));

    return AtLeast(level, graph_.Scalar(0));
  }

  // (N, 1)
  std::string Order(const std::string& action, const std::string& level) {
    const LevelDecoder& decoder = policy_.decoder();
    const std::string gap = Subtract(level, graph_.Columns(observation_, {decoder.position()}));
    const std::string wanted = AtLeast(graph_.Node("Round", {gap}), graph_.Scalar(0));
    const std::string orders = graph_.Node("GreaterOrEqual", {action, graph_.Scalar(0.5f)});
    return graph_.Node("Where", {graph_.Node("And", {orders, IsOpen()}), wanted, graph_.Scalar(0)});
  }

  // (N, 1)
  std::string DirectOrder(const std::string& outputs) {
    const std::string units = Multiply(Feature("forecast_next"), graph_.Node("Softplus", {outputs}));
    const std::string whole = graph_.Node("Floor", {Add(units, graph_.Scalar(model_.rounding))});
    return graph_.Node("Where", {IsOpen(), whole, graph_.Scalar(0)});
  }

  // (N, 1)
  std::string IsOpen() {
    const std::string closed_for = graph_.Columns(observation_, {policy_.decoder().periods_to_next_order()});
    return graph_.Node("Less", {closed_for, graph_.Scalar(0.5f)});
  }

  void Describe() {
    std::string features;
    for (const std::string& name : model_.features) features += (features.empty() ? "" : ",") + name;
    graph_.SetMetadata("features", features);
    graph_.SetMetadata("policy", model_.name);
    graph_.SetDescription(
        "observation: one row per site, features in units, periods and money. order: whole units wanted, before "
        "network feasibility.");
  }

  const NetworkPolicy& policy_;
  const NetworkModel& model_;
  OnnxGraph graph_;
  std::string observation_;
};

}  // namespace

void ExportOnnx(const NetworkPolicy& policy, const std::filesystem::path& file) {
  WriteFileAtomically(file, PolicyGraph(policy).Serialize());
}

}  // namespace restock
