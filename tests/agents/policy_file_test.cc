#include "agents/policy_file.h"

#include <gtest/gtest.h>

#include "common/file.h"
#include "tests/agents/learning_worlds.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

class PolicyFileTest : public ::testing::Test {
 protected:
  NetworkModel MakeModel(Head head) const { return RandomModel(*SmallWorld().network, head, Activation::kElu, 7); }
  std::filesystem::path file() const { return folder_ / "ppo.policy"; }

 private:
  TemporaryFolder folder_;
};

TEST_F(PolicyFileTest, ComesBackAsItWas) {
  for (const Head head : {Head::kOrdinal, Head::kDiscrete}) {
    const NetworkPolicy policy(MakeModel(head));
    SavePolicy(policy, file());
    const NetworkModel& saved = policy.model();
    const auto loaded_policy = LoadPolicy(file());
    const auto* network_policy = dynamic_cast<const NetworkPolicy*>(loaded_policy.get());
    ASSERT_TRUE(network_policy);
    const NetworkModel& loaded = network_policy->model();
    EXPECT_EQ(loaded.name, saved.name);
    EXPECT_EQ(loaded.features, saved.features);
    EXPECT_EQ(loaded.input_mean, saved.input_mean);
    EXPECT_EQ(loaded.input_scale, saved.input_scale);
    EXPECT_EQ(loaded.network.sizes(), saved.network.sizes());
    EXPECT_EQ(loaded.network.activation(), saved.network.activation());
    EXPECT_TRUE(std::ranges::equal(loaded.network.parameters(), saved.network.parameters()));
    EXPECT_EQ(loaded.head, saved.head);
    EXPECT_EQ(loaded.grid.reach, saved.grid.reach);
    EXPECT_EQ(loaded.store_score, saved.store_score);
    EXPECT_EQ(loaded.central_score, saved.central_score);
    EXPECT_EQ(loaded.curvature, saved.curvature);
  }
}

TEST_F(PolicyFileTest, RefusesDamagedFiles) {
  SavePolicy(NetworkPolicy(MakeModel(Head::kOrdinal)), file());
  const std::string good = ReadFile(file());
  RandomStream random(1, 0);
  for (int i = 0; i < 500; ++i) {
    std::string damaged = good;
    if (i % 5 == 0) {
      damaged.resize(static_cast<size_t>(random.UniformInt(static_cast<int>(good.size()))));
    } else {
      damaged[static_cast<size_t>(random.UniformInt(static_cast<int>(good.size())))] ^=
          static_cast<char>(1 << random.UniformInt(8));
    }
    WriteFileAtomically(file(), damaged);
    EXPECT_THROW(LoadPolicy(file()), DataError) << "case " << i;
  }
  EXPECT_THROW(LoadPolicy(file().parent_path() / "missing.policy"), DataError);
}

TEST_F(PolicyFileTest, RefusesPartsThatDoNotFit) {
  const auto refuses = [&](const auto& change) {
    NetworkModel model = MakeModel(Head::kDiscrete);
    change(model);
    SectionFileWriter writer("restock policy");
    AddModel(model, "", writer);
    writer.Write(file());
    EXPECT_THROW(LoadPolicy(file()), DataError);
  };
  refuses([](NetworkModel& model) {
    model.features.pop_back();
    model.features.front() = "unknown";
  });
  refuses([](NetworkModel& model) { model.input_mean.conservativeResize(3); });
  refuses([](NetworkModel& model) { model.input_scale[0] = NAN; });
  refuses([](NetworkModel& model) { model.grid.reach = 3; });
  refuses([](NetworkModel& model) { model.grid.step = 0; });
  refuses([](NetworkModel& model) { model.network = FastNetwork({5, 3}, Activation::kTanh); });
}

}  // namespace
}  // namespace restock
