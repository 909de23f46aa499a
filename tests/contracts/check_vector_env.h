#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "common/random.h"
#include "env/vector_env.h"

namespace restock {

/// What every vector environment promises, whatever network and demand it has. `make` builds the same environment each
/// time.
class VectorEnvContract {
 public:
  VectorEnvContract(std::function<VectorEnv()> make, AutoReset auto_reset)
      : make_(std::move(make)), auto_reset_(auto_reset), env_(make_()), batch_(env_.MakeBatch()) {}

  void Check() {
    CheckShapes();
    CheckEpisode();
    CheckStrangeOrders();
    CheckRepetition();
    CheckSaveAndLoad();
  }

 private:
  // orders that depend on nothing but their place
  std::vector<float> Orders(int period) const {
    const EnvSpec& spec = env_.spec();
    std::vector<float> orders(static_cast<size_t>(spec.num_blocks * spec.num_lanes * kBlockSize));
    RandomStream random = Random(17).At(static_cast<uint64_t>(period));
    for (float& order : orders) order = static_cast<float>(random.UniformInt(10));
    return orders;
  }

  static bool AllFinite(const AlignedVector& values) {
    return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
  }

  void CheckShapes() {
    const EnvSpec& spec = env_.spec();
    ASSERT_GE(spec.num_blocks * kBlockSize, spec.num_envs);
    ASSERT_LT((spec.num_blocks - 1) * kBlockSize, spec.num_envs);
    ASSERT_GT(spec.num_periods, 0);
    ASSERT_GT(spec.num_features(), 0);
    const auto rows = static_cast<size_t>(spec.num_blocks) * static_cast<size_t>(spec.block_rows());
    EXPECT_EQ(batch_.observation.size(), rows * static_cast<size_t>(spec.num_features()));
    EXPECT_EQ(batch_.final_observation.size(), batch_.observation.size());
    EXPECT_EQ(batch_.site_cost.size(), rows);
    EXPECT_EQ(batch_.reward.size(), static_cast<size_t>(spec.num_blocks * kBlockSize));
    EXPECT_EQ(batch_.outcome.size(), static_cast<size_t>(spec.num_blocks));
    EXPECT_EQ(batch_.Observation(spec, 0).rows(), spec.block_rows());
    EXPECT_EQ(batch_.Observation(spec, 0).cols(), spec.num_features());
  }

  // truncated at the time limit and only there, never terminated; the reward is minus the costs, nothing in a step that
  // only resets
  void CheckEpisode() {
    const EnvSpec& spec = env_.spec();
    const int num_steps = spec.num_periods + (auto_reset_ == AutoReset::kNextStep ? 1 : 0);  // of an episode
    env_.Reset(1, batch_);
    EXPECT_TRUE(AllFinite(batch_.observation));
    for (int step = 0; step < 2 * num_steps; ++step) {
      const int period = step % num_steps;
      EXPECT_EQ(env_.period(), period);
      env_.Step(Orders(step), batch_);
      const bool is_last = period + 1 == spec.num_periods;
      for (const uint8_t truncated : batch_.truncated) ASSERT_EQ(truncated, is_last);
      for (const uint8_t terminated : batch_.terminated) ASSERT_EQ(terminated, 0);
      ASSERT_TRUE(AllFinite(batch_.observation));
      ASSERT_TRUE(AllFinite(batch_.reward));
      ASSERT_TRUE(AllFinite(batch_.final_observation));
      CheckRewards();
      if (period < spec.num_periods) continue;
      for (const float reward : batch_.reward) ASSERT_EQ(reward, 0);
    }
  }

  void CheckRewards() {
    const EnvSpec& spec = env_.spec();
    for (int block = 0; block < spec.num_blocks; ++block) {
      for (int env = 0; env < kBlockSize; ++env) {
        double by_kind = 0, by_site = 0, size = 1;
        for (int kind = 0; kind < kNumCostKinds; ++kind)
          by_kind += batch_.outcome[static_cast<size_t>(block)].cost[static_cast<size_t>(kind * kBlockSize + env)];
        for (int site = 0; site < spec.num_sites; ++site) {
          const float cost = batch_.site_cost[static_cast<size_t>(block * spec.block_rows() + site * kBlockSize + env)];
          by_site += cost;
          size += std::abs(cost);
        }
        const double reward = batch_.reward[static_cast<size_t>(block * kBlockSize + env)];
        ASSERT_NEAR(reward, -by_kind, 1e-5 * size);
        ASSERT_NEAR(reward, -by_site, 1e-5 * size);
      }
    }
  }

  void CheckStrangeOrders() {
    for (const float strange : {-3.f, std::nanf(""), std::numeric_limits<float>::infinity(), 0.49f, 1e30f}) {
      env_.Reset(1, batch_);
      env_.Step(std::vector<float>(Orders(0).size(), strange), batch_);
      EXPECT_TRUE(AllFinite(batch_.observation)) << strange;
      EXPECT_TRUE(AllFinite(batch_.reward)) << strange;
    }
  }

  /// Observations and rewards of some periods, bit by bit.
  static std::vector<float> Record(VectorEnv& env, StepBatch& batch, int first_period, int num_periods,
                                   const VectorEnvContract& contract) {
    std::vector<float> record;
    for (int period = first_period; period < first_period + num_periods; ++period) {
      env.Step(contract.Orders(period), batch);
      record.insert(record.end(), batch.observation.begin(), batch.observation.end());
      record.insert(record.end(), batch.reward.begin(), batch.reward.end());
      record.insert(record.end(), batch.site_cost.begin(), batch.site_cost.end());
    }
    return record;
  }

  void CheckRepetition() {
    const int num_periods = env_.spec().num_periods + 2;
    VectorEnv other = make_();
    StepBatch other_batch = other.MakeBatch();
    env_.Reset(5, batch_);
    other.Reset(5, other_batch);
    EXPECT_EQ(batch_.observation, other_batch.observation);
    EXPECT_EQ(Record(env_, batch_, 0, num_periods, *this), Record(other, other_batch, 0, num_periods, *this));
    env_.Reset(5, batch_);
    other.Reset(6, other_batch);
    EXPECT_NE(Record(env_, batch_, 0, num_periods, *this), Record(other, other_batch, 0, num_periods, *this))
        << "the seed changes nothing";
  }

  void CheckSaveAndLoad() {
    const int num_periods = env_.spec().num_periods + 2;
    env_.Reset(5, batch_);
    Record(env_, batch_, 0, 3, *this);
    const std::string saved = env_.Save();
    VectorEnv other = make_();
    StepBatch other_batch = other.MakeBatch();
    other.Load(saved);
    other.Observe(other_batch);
    EXPECT_EQ(batch_.observation, other_batch.observation);
    EXPECT_EQ(Record(env_, batch_, 3, num_periods, *this), Record(other, other_batch, 3, num_periods, *this));
    EXPECT_THROW(other.Load(saved.substr(0, saved.size() - 1)), DataError);
    EXPECT_THROW(other.Load(saved + "x"), DataError);
    EXPECT_THROW(other.Load(""), DataError);
  }

  std::function<VectorEnv()> make_;
  AutoReset auto_reset_;
  VectorEnv env_;
  StepBatch batch_;
};

inline void CheckVectorEnv(std::function<VectorEnv()> make, AutoReset auto_reset = AutoReset::kSameStep) {
  VectorEnvContract(std::move(make), auto_reset).Check();
}

}  // namespace restock
