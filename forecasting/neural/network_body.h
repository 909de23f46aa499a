#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <Eigen/Core>

namespace restock {

/// Learned numbers by the names that LibTorch gives them: matrices, and vectors as columns.
using NamedMatrices = std::map<std::string, Eigen::MatrixXf>;

/// How large a network's body is.
struct BodySize {
  int num_inputs = 0;
  int hidden_size = 0;
  int num_layers = 0;
};

/// The part of a network that reads the past, along paths and without LibTorch: one step for each period that is seen.
/// Its twin for learning is the BodyModule in the same file; a test holds the two equal.
class NetworkBody {
 public:
  virtual ~NetworkBody() = default;
  /// What the inputs of a period are multiplied with first. Paths share most inputs, so the caller multiplies.
  const Eigen::MatrixXf& input_weights() const { return *input_weights_; }  // (num_units, num_inputs)
  const Eigen::MatrixXf& input_bias() const { return *input_bias_; }        // (num_units, 1)
  /// Numbers that a path carries from one period to the next; they begin as zeros.
  virtual int state_size() const = 0;
  /// Reads one period. `units`: input weights * inputs + bias, may be overwritten (num_units, num_paths). `state`
  /// (state_size, num_paths) moves on; `hidden` (hidden_size, num_paths) is what the network makes of all it has seen.
  virtual void Step(Eigen::MatrixXf& units, Eigen::MatrixXf& state, Eigen::MatrixXf& hidden) const = 0;

 protected:
  /// Keeps references into `weights`.
  NetworkBody(const NamedMatrices& weights, const std::string& input_weights, const std::string& input_bias)
      : input_weights_(&weights.at(input_weights)), input_bias_(&weights.at(input_bias)) {}

 private:
  const Eigen::MatrixXf* input_weights_;
  const Eigen::MatrixXf* input_bias_;
};

class BodyModule;  // body_module.h, the twin for learning

/// Every network: its name in configurations, the end of the names of the two functions that make it, and its file. A
/// new network is one line here.
#define RESTOCK_NETWORKS(NETWORK)                                                  \
  NETWORK(lstm, Lstm)                                /* lstm.cc */                 \
  NETWORK(gru, Gru)                                  /* gru.cc */                  \
  NETWORK(mlp, Mlp)                                  /* mlp.cc */                  \
  NETWORK(temporal_convolution, TemporalConvolution) /* temporal_convolution.cc */ \
  NETWORK(transformer, Transformer)                  /* transformer.cc */

#define RESTOCK_DECLARE_NETWORK(name, Name)                                                   \
  std::unique_ptr<NetworkBody> Make##Name##Body(const NamedMatrices& weights, BodySize size); \
  std::shared_ptr<BodyModule> Make##Name##Module(BodySize size); /* with LibTorch only */
RESTOCK_NETWORKS(RESTOCK_DECLARE_NETWORK)
#undef RESTOCK_DECLARE_NETWORK

/// What configurations may name: lstm, gru, ...
std::vector<std::string> NetworkNames();
/// The body of that name. `weights` are those of its module and must outlive it.
std::unique_ptr<NetworkBody> MakeNetworkBody(const std::string& name, const NamedMatrices& weights, BodySize size);

}  // namespace restock
