#include "agents/networks.h"

#include <gtest/gtest.h>

#include "common/torch/bridge.h"
#include "common/torch/device.h"

namespace restock {
namespace {

using Sizes = std::vector<int>;

TEST(NetworksTest, FastNetworkComputesWhatLibTorchComputes) {
  UseOneThread();
  RandomStream random(2, 0);
  const auto number = [&] { return static_cast<float>(random.Normal()); };
  const Eigen::MatrixXf inputs = Eigen::MatrixXf::NullaryExpr(1000, 37, [&] { return 3 * number(); });
  for (const Activation activation : {Activation::kTanh, Activation::kElu, Activation::kRelu}) {
    const Mlp network(Sizes{37, 64, 48, 5}, activation, /*output_gain=*/1.0, Random(1));
    // biases as they are after learning, not zero
    std::vector<float> weights = ToFloats(network->flat);
    for (float& weight : weights) weight += 0.1f * number();
    network->flat.detach().copy_(ToTensor(weights, network->flat.sizes()));

    Eigen::MatrixXf fast(1000, 5);
    network->ToFastNetwork().Evaluate(inputs, fast);
    const Eigen::MatrixXf slow = ToMatrix(network->forward(ToTensor(inputs)));
    EXPECT_LT((fast - slow).cwiseAbs().maxCoeff(), 1e-5 * (1 + slow.cwiseAbs().maxCoeff()));
    EXPECT_GT(slow.cwiseAbs().maxCoeff(), 1);
  }
}

TEST(NetworksTest, FirstWeightsDependOnTheSeedAlone) {
  const Mlp network(Sizes{3, 4, 2}, Activation::kTanh, 0.01, Random(1));
  const Mlp same(Sizes{3, 4, 2}, Activation::kTanh, 0.01, Random(1));
  const Mlp other(Sizes{3, 4, 2}, Activation::kTanh, 0.01, Random(2));
  EXPECT_TRUE(network->flat.equal(same->flat));
  EXPECT_FALSE(network->flat.equal(other->flat));
}

}  // namespace
}  // namespace restock
