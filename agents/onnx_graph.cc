#include "agents/onnx_graph.h"

#include <onnx/checker.h>

#include "common/check.h"

namespace restock {
namespace {

constexpr int kOpset = 17;
constexpr int kIrVersion = 8;

}  // namespace

OnnxGraph::OnnxGraph(const std::string& name) {
  model_.set_ir_version(kIrVersion);
  model_.set_producer_name("restock");
  onnx::OperatorSetIdProto* opset = model_.add_opset_import();
  opset->set_domain("");
  opset->set_version(kOpset);
  model_.mutable_graph()->set_name(name);
}

std::string OnnxGraph::Input(const std::string& name, int num_columns) {
  onnx::ValueInfoProto* input = model_.mutable_graph()->add_input();
  input->set_name(name);
  onnx::TypeProto::Tensor* type = input->mutable_type()->mutable_tensor_type();
  type->set_elem_type(onnx::TensorProto::FLOAT);
  type->mutable_shape()->add_dim()->set_dim_param("N");
  type->mutable_shape()->add_dim()->set_dim_value(num_columns);
  return name;
}

void OnnxGraph::Output(const std::string& value, const std::string& name) {
  onnx::NodeProto* node = model_.mutable_graph()->add_node();
  node->set_op_type("Identity");
  node->set_name(name);
  node->add_input(value);
  node->add_output(name);
  onnx::ValueInfoProto* output = model_.mutable_graph()->add_output();
  output->set_name(name);
  onnx::TypeProto::Tensor* type = output->mutable_type()->mutable_tensor_type();
  type->set_elem_type(onnx::TensorProto::FLOAT);
  type->mutable_shape()->add_dim()->set_dim_param("N");
}

std::string OnnxGraph::Node(const std::string& op, const std::vector<std::string>& inputs) {
  return Node(op, inputs, {});
}

std::string OnnxGraph::Node(const std::string& op, const std::vector<std::string>& inputs,
                            const std::vector<std::pair<std::string, int64_t>>& attributes) {
  const std::string name = NewName();
  onnx::NodeProto* node = model_.mutable_graph()->add_node();
  node->set_op_type(op);
  node->set_name(op + " " + name);
  for (const std::string& input : inputs) node->add_input(input);
  node->add_output(name);
  for (const auto& [key, value] : attributes) {
    onnx::AttributeProto* attribute = node->add_attribute();
    attribute->set_name(key);
    attribute->set_type(onnx::AttributeProto::INT);
    attribute->set_i(value);
  }
  return name;
}

onnx::TensorProto& OnnxGraph::NewConstant(const std::vector<int64_t>& shape, onnx::TensorProto::DataType type) {
  onnx::TensorProto& tensor = *model_.mutable_graph()->add_initializer();
  tensor.set_name(NewName());
  tensor.set_data_type(type);
  for (const int64_t size : shape) tensor.add_dims(size);
  return tensor;
}

std::string OnnxGraph::Scalar(float value) { return Floats({value}, {}); }

std::string OnnxGraph::Row(const std::vector<float>& values) {
  return Floats(values, {1, static_cast<int64_t>(values.size())});
}

std::string OnnxGraph::Floats(const std::vector<float>& values, const std::vector<int64_t>& shape) {
  onnx::TensorProto& tensor = NewConstant(shape, onnx::TensorProto::FLOAT);
  for (const float value : values) tensor.add_float_data(value);
  return tensor.name();
}

std::string OnnxGraph::Integers(const std::vector<int64_t>& values) {
  onnx::TensorProto& tensor = NewConstant({static_cast<int64_t>(values.size())}, onnx::TensorProto::INT64);
  for (const int64_t value : values) tensor.add_int64_data(value);
  return tensor.name();
}

std::string OnnxGraph::Booleans(const std::vector<bool>& values) {
  onnx::TensorProto& tensor = NewConstant({1, static_cast<int64_t>(values.size())}, onnx::TensorProto::BOOL);
  for (const bool value : values) tensor.add_int32_data(value ? 1 : 0);
  return tensor.name();
}

std::string OnnxGraph::Columns(const std::string& matrix, const std::vector<int64_t>& indices) {
  return Node("Gather", {matrix, Integers(indices)}, {{"axis", 1}});
}

void OnnxGraph::SetMetadata(const std::string& key, const std::string& value) {
  onnx::StringStringEntryProto* entry = model_.add_metadata_props();
  entry->set_key(key);
  entry->set_value(value);
}

std::string OnnxGraph::Serialize() const {
  try {
    onnx::checker::check_model(model_);
  } catch (const onnx::checker::ValidationError& error) {
    CheckFailed(__FILE__, __LINE__, std::string("ONNX refuses the model: ") + error.what());
  }
  return model_.SerializeAsString();
}

}  // namespace restock
