#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <vector>

// Debian's headers are made with these settings
#define ONNX_ML 1
#define ONNX_NAMESPACE onnx
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <onnx/onnx_pb.h>
#pragma GCC diagnostic pop

namespace restock {

/// Writes an ONNX graph (opset 17, IR 8) node by node; values are known by their names.
///
///   OnnxGraph graph("policy");
///   const auto x = graph.Input("observation", {"N", "num_features"}, num_features);
///   graph.Output(graph.Node("Tanh", {x}), "order");
class OnnxGraph {
 public:
  explicit OnnxGraph(const std::string& name);

  /// A matrix of floats with any number of rows.
  std::string Input(const std::string& name, int num_columns);
  /// Makes `value` the graph's output `name`, a vector of floats, one per row.
  void Output(const std::string& value, const std::string& name);
  /// Adds a node with one output, whose name it returns.
  std::string Node(const std::string& op, const std::vector<std::string>& inputs);
  std::string Node(const std::string& op, const std::vector<std::string>& inputs,
                   const std::vector<std::pair<std::string, int64_t>>& attributes);

  std::string Scalar(float value);
  std::string Floats(const std::vector<float>& values, const std::vector<int64_t>& shape);
  std::string Row(const std::vector<float>& values);  // (1, n)
  std::string Integers(const std::vector<int64_t>& values);
  std::string Booleans(const std::vector<bool>& values);  // (1, n)

  /// The columns of a matrix that have these indices.
  std::string Columns(const std::string& matrix, const std::vector<int64_t>& indices);

  /// What is not part of the computation: texts under a key, and the description.
  void SetMetadata(const std::string& key, const std::string& value);
  void SetDescription(const std::string& text) { model_.mutable_graph()->set_doc_string(text); }

  /// Lets ONNX's own checker look at it; the model as bytes. A model that it refuses is a broken promise of ours.
  std::string Serialize() const;

 private:
  std::string NewName() { return "v" + std::to_string(++num_names_); }
  onnx::TensorProto& NewConstant(const std::vector<int64_t>& shape, onnx::TensorProto::DataType type);

  onnx::ModelProto model_;
  int num_names_ = 0;
};

}  // namespace restock
