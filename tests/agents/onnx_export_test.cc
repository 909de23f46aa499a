#include "agents/onnx_export.h"

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "agents/simulate.h"
#include "common/file.h"
#include "tests/agents/learning_worlds.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

/// What a policy saw and decided, row by row.
class Recorder : public SimulationObserver {
 public:
  explicit Recorder(const NetworkPolicy& policy) : policy_(policy) {}
  void OnDecision(const VectorEnv& env, const StepBatch& before, std::span<const float>) override {
    for (int block = 0; block < env.spec().num_blocks; ++block) {
      const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows =
          before.Observation(env.spec(), block);
      Eigen::ArrayXf wanted(rows.rows());
      policy_.Decide(rows, wanted);
      const Eigen::ArrayXf level = policy_.OrderUpToLevels(rows);
      Append({rows.data(), static_cast<size_t>(rows.size())}, states);
      Append({wanted.data(), static_cast<size_t>(wanted.size())}, orders);
      Append({level.data(), static_cast<size_t>(level.size())}, levels);
    }
  }
  void OnOutcome(int, const VectorEnv&, const StepBatch&) override {}

  std::string states, orders, levels;  // as bytes

 private:
  static void Append(std::span<const float> values, std::string& bytes) {
    bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  }
  const NetworkPolicy& policy_;
};

std::string Python() {
  const char* python = std::getenv("RESTOCK_PYTHON");
  return python != nullptr ? python : "python3";
}

bool Succeeds(const std::string& command) { return std::system(command.c_str()) == 0; }

TEST(OnnxExportTest, WritesAModelThatTheCheckerAccepts) {
  const TemporaryFolder folder;
  for (const Head head : {Head::kOrdinal, Head::kDiscrete}) {
    ExportOnnx(NetworkPolicy(RandomModel(*SmallWorld().network, head, Activation::kTanh, 1)), folder / "policy.onnx");
    EXPECT_GT(ReadFile(folder / "policy.onnx").size(), 1000u);
  }
}

TEST(OnnxExportTest, DecidesInOnnxRuntimeWhatThePolicyDecides) {
  if (!Succeeds(Python() + " -c 'import onnxruntime' 2>/dev/null")) {
    GTEST_SKIP()
        << "needs ONNX Runtime for Python: pip install onnxruntime numpy; RESTOCK_PYTHON names the interpreter";
  }
  const TrainingWorld world = SmallWorld();
  const std::shared_ptr<const DemandSource> demand =
      MakeScenarioSource(ForeseenPoisson(*world.network, 5, 384, 10, 20));
  for (const Head head : {Head::kOrdinal, Head::kDiscrete}) {
    for (const Activation activation : {Activation::kTanh, Activation::kElu, Activation::kRelu}) {
      const TemporaryFolder folder;
      const NetworkPolicy policy(RandomModel(*world.network, head, activation, 11));
      Recorder recorder(policy);
      Simulate(policy, world.network, demand, demand->num_scenarios(), 1, recorder);
      ExportOnnx(policy, folder / "policy.onnx");
      WriteFileAtomically(folder / "states.f32", recorder.states);
      WriteFileAtomically(folder / "orders.f32", recorder.orders);
      WriteFileAtomically(folder / "levels.f32", recorder.levels);
      EXPECT_TRUE(Succeeds(Python() + " benchmarks/peers/check_onnx.py " + folder.path().string()));
    }
  }
}

}  // namespace
}  // namespace restock
