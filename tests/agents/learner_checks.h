#pragma once

#include <cmath>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "agents/joint_policy.h"
#include "agents/learner.h"
#include "agents/network_policy.h"
#include "agents/simulate.h"
#include "common/file.h"
#include "tests/agents/learning_worlds.h"
#include "tests/temporary_folder.h"

namespace restock {

/// Metrics bit by bit: NaN equals itself.
inline std::vector<uint64_t> Bits(const UpdateMetrics& metrics) {
  std::vector<uint64_t> bits = {static_cast<uint64_t>(metrics.num_periods), metrics.diverged};
  for (const auto& [name, value] : metrics.values) {
    bits.emplace_back();
    std::memcpy(&bits.back(), &value, sizeof(value));
  }
  return bits;
}

/// Training that is interrupted, saved, loaded by a new learner and gone on with ends with the same bits as one that is
/// not; so do 1 and 2 threads.
inline void CheckExactResume(const std::function<std::unique_ptr<Learner>(int num_threads)>& make) {
  const TemporaryFolder folder;
  const auto whole = make(1);
  std::vector<std::vector<uint64_t>> expected;
  for (int update = 0; update < 10; ++update) expected.push_back(Bits(whole->Update()));
  whole->Save(folder / "whole");

  for (const int num_threads : {1, 2}) {
    const auto first = make(num_threads);
    for (int update = 0; update < 5; ++update)
      EXPECT_EQ(Bits(first->Update()), expected[static_cast<size_t>(update)]) << update;
    first->Save(folder / "half");
    const auto second = make(num_threads);
    second->Load(folder / "half");
    EXPECT_EQ(second->num_updates(), 5);
    for (int update = 5; update < 10; ++update)
      EXPECT_EQ(Bits(second->Update()), expected[static_cast<size_t>(update)]) << update;
    second->Save(folder / "resumed");
    EXPECT_EQ(ReadFile(folder / "resumed"), ReadFile(folder / "whole")) << num_threads << " threads";
  }
}

/// A damaged or foreign checkpoint is refused, whatever it says.
inline void CheckDamagedCheckpoints(Learner& learner) {
  const TemporaryFolder folder;
  learner.Save(folder / "good");
  const std::string good = ReadFile(folder / "good");
  RandomStream random(1, 0);
  for (int i = 0; i < 40; ++i) {
    std::string damaged = good;
    damaged[static_cast<size_t>(random.UniformInt(static_cast<int>(good.size())))] ^=
        static_cast<char>(1 << random.UniformInt(8));
    WriteFileAtomically(folder / "bad", damaged);
    EXPECT_THROW(learner.Load(folder / "bad"), DataError);
  }
  WriteFileAtomically(folder / "bad", good.substr(0, good.size() / 2));
  EXPECT_THROW(learner.Load(folder / "bad"), DataError);
}

inline std::span<const float> WeightsOf(const Policy& policy) {
  const auto* joint = dynamic_cast<const JointPolicy*>(&policy);
  return joint ? joint->model().network.parameters()
               : dynamic_cast<const NetworkPolicy&>(policy).model().network.parameters();
}

/// A learning rate that no learner stands is reported, and what acts stays finite.
inline void CheckDivergence(Learner& learner) {
  bool diverged = false;
  for (int update = 0; update < 3; ++update) diverged = learner.Update().diverged || diverged;
  EXPECT_TRUE(diverged);
  for (const float weight : WeightsOf(*learner.policy())) ASSERT_TRUE(std::isfinite(weight));
}

/// One site without lead time, lost sales, Poisson demand of mean 10, h = 1, p = 9: every period is a newsvendor
/// problem. S* = 14 is the smallest S whose distribution function reaches p / (p + h) = 0.9.
inline TrainingWorld NewsvendorWorld() {
  TrainingWorld world;
  world.network = OneSite({.holding_cost = 1, .stockout_cost = 9, .initial_on_hand = 14});
  world.train = MakeScenarioSource(ForeseenPoisson(*world.network, 1, 512, 20, 10));
  world.select = MakeScenarioSource(ForeseenPoisson(*world.network, 2, 512, 20, 10));
  return world;
}

/// Expected cost of a period that starts with `level` units.
inline double NewsvendorCost(int level) {
  double cost = 0;
  for (int demand = 0; demand < 100; ++demand) {
    const double probability = CountDistribution{10, 0}.Probability(demand);
    cost += probability * (std::max(0, level - demand) + 9.0 * std::max(0, demand - level));
  }
  return cost;
}

/// Trains to the end and compares with the optimum on demand that nobody has seen.
inline void CheckNewsvendor(Learner& learner, const TrainingWorld& world) {
  constexpr int kOptimalLevel = 14;
  ASSERT_LT(NewsvendorCost(kOptimalLevel), NewsvendorCost(kOptimalLevel - 1));
  ASSERT_LT(NewsvendorCost(kOptimalLevel), NewsvendorCost(kOptimalLevel + 1));
  const double optimum = NewsvendorCost(kOptimalLevel);
  const std::shared_ptr<const DemandSource> unseen =
      MakeScenarioSource(ForeseenPoisson(*world.network, 3, 4096, 20, 10));
  const auto cost = [&] { return SiteCosts(*learner.policy(), world.network, unseen, 2).sum(); };

  const double untrained = cost();
  EXPECT_GT(untrained, 1.1 * optimum) << "the untrained policy leaves nothing to learn";
  while (learner.num_updates() < learner.planned_updates()) EXPECT_FALSE(learner.Update().diverged);
  EXPECT_LT(cost(), 1.02 * optimum);
  EXPECT_GT(cost(), 0.98 * optimum);
}

}  // namespace restock
