#include "agents/fast_network.h"

#include <array>

#include <gtest/gtest.h>

#include "common/random.h"

namespace restock {
namespace {

// hidden = relu(1 * 2 - 3 * 1 + 0.5, 2 * 2 + 1 * 1 - 1) = (0, 4);  output = 5 * 0 - 2 * 4 + 1 = -7
TEST(FastNetworkTest, ComputesWhatIsWorkedByHand) {
  FastNetwork network({2, 2, 1}, Activation::kRelu);
  network.SetParameters(std::array{1.f, -3.f, 2.f, 1.f, 0.5f, -1.f, 5.f, -2.f, 1.f});
  Eigen::MatrixXf inputs(1, 2), outputs(1, 1);
  inputs << 2, 1;
  network.Evaluate(inputs, outputs);
  EXPECT_FLOAT_EQ(outputs(0, 0), -7);
}

TEST(FastNetworkTest, ActivatesAsNamed) {
  for (const auto& [activation, expected] : {std::pair{Activation::kTanh, std::tanh(-0.5f)},
                                             {Activation::kElu, std::exp(-0.5f) - 1},
                                             {Activation::kRelu, 0.f}}) {
    FastNetwork network({1, 1, 1}, activation);
    network.SetParameters(std::array{1.f, 0.f, 1.f, 0.f});
    Eigen::MatrixXf outputs(1, 1);
    network.Evaluate(Eigen::MatrixXf::Constant(1, 1, -0.5f), outputs);
    EXPECT_NEAR(outputs(0, 0), expected, 1e-6);
  }
}

TEST(FastNetworkTest, GivesARowTheSameValueInAnyBlock) {
  RandomStream random(1, 0);
  FastNetwork network({7, 16, 16, 3}, Activation::kTanh);
  std::vector<float> weights(network.parameters().size());
  for (float& weight : weights) weight = static_cast<float>(random.Normal() / 4);
  network.SetParameters(weights);
  Eigen::MatrixXf inputs(700, 7), together(700, 3);
  for (float& input : inputs.reshaped()) input = static_cast<float>(random.Normal());
  network.Evaluate(inputs, together);
  for (const int row : {0, 63, 64, 255, 256, 511, 699}) {
    Eigen::MatrixXf alone(1, 3);
    network.Evaluate(inputs.row(row), alone);
    EXPECT_LT((alone - together.row(row)).cwiseAbs().maxCoeff(), 1e-6) << row;
  }
}

}  // namespace
}  // namespace restock
