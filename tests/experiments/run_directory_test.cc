#include "experiments/run_directory.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "common/file.h"
#include "experiments/metrics_log.h"
#include "experiments/saved_run.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

TEST(RunDirectoryTest, ANewRunNeedsAnEmptyFolder) {
  const TemporaryFolder folder;
  const RunDirectory run = RunDirectory::Create(folder.path() / "run", /*resume=*/false);
  EXPECT_TRUE(std::filesystem::is_directory(run.checkpoints()));
  WriteFileAtomically(run.forecaster() / "forecaster.bin", "of another run");
  EXPECT_THROW(RunDirectory::Create(folder.path() / "run", false), ConfigError);
  WriteFileAtomically(run.config(), "seed: 1\n");
  EXPECT_THROW(RunDirectory::Create(folder.path() / "run", false), ConfigError);
  EXPECT_NO_THROW(RunDirectory::Create(folder.path() / "run", true));
}

TEST(RunDirectoryTest, OnlyARunCanBeResumedOrOpened) {
  const TemporaryFolder folder;
  EXPECT_THROW(RunDirectory::Create(folder.path() / "run", /*resume=*/true), ConfigError);
  EXPECT_THROW(RunDirectory::Open(folder.path()), DataError);
}

// Names as WriteFileAtomically gives them to files that it has not finished.
TEST(RunDirectoryTest, WhatAKilledRunLeftHalfWrittenGoes) {
  const TemporaryFolder folder;
  const RunDirectory run = RunDirectory::Create(folder.path() / "run", /*resume=*/false);
  const auto in_config = run.path() / ".config.yaml.4711-0.tmp", in_policy = run.policy() / ".ppo-1.bin.4711-12.tmp";
  const auto of_user = run.path() / ".notes.tmp";

  // killed at its very start: a fresh run begins as in an empty folder
  std::ofstream(in_config) << "seed:";
  EXPECT_NO_THROW(RunDirectory::Create(run.path(), false));
  EXPECT_FALSE(std::filesystem::exists(in_config));

  // killed later: resumed; what is not ours stays
  WriteFileAtomically(run.config(), "seed: 1\n");
  for (const auto& file : {in_config, in_policy, of_user}) std::ofstream(file) << "half";
  EXPECT_NO_THROW(RunDirectory::Create(run.path(), true));
  EXPECT_FALSE(std::filesystem::exists(in_config));
  EXPECT_FALSE(std::filesystem::exists(in_policy));
  EXPECT_TRUE(std::filesystem::exists(of_user));
  EXPECT_TRUE(std::filesystem::exists(run.config()));
}

TEST(RunDirectoryTest, AFolderOfOthersIsNotTouched) {
  const TemporaryFolder folder;
  const auto half = folder / ".sales.csv.1-0.tmp";
  std::ofstream(half) << "half";
  std::ofstream(folder / "sales.csv") << "date";
  EXPECT_THROW(RunDirectory::Create(folder.path(), false), ConfigError);
  EXPECT_THROW(RunDirectory::Create(folder / "sales.csv", false), ConfigError);
  EXPECT_TRUE(std::filesystem::exists(half));
}

UpdateMetrics Metrics(double cost) { return {.num_periods = 64, .values = {{"mean_cost", cost}}, .diverged = false}; }

TEST(MetricsLogTest, OrdersLinesByJobWhoeverIsFaster) {
  const TemporaryFolder folder;
  const RunDirectory run = RunDirectory::Create(folder.path() / "run", false);
  MetricsLog log(run, {{"ppo", 1}, {"ppo", 2}});
  log.Add(1, 1, Metrics(5));
  log.Add(0, 1, Metrics(4));
  log.Add(1, 2, Metrics(3.5));
  log.Write();
  EXPECT_EQ(ReadFile(run.metrics()),
            "{\"agent\":\"ppo\",\"seed\":1,\"update\":1,\"num_periods\":64,\"mean_cost\":4.0}\n"
            "{\"agent\":\"ppo\",\"seed\":2,\"update\":1,\"num_periods\":64,\"mean_cost\":5.0}\n"
            "{\"agent\":\"ppo\",\"seed\":2,\"update\":2,\"num_periods\":64,\"mean_cost\":3.5}\n");
}

TEST(MetricsLogTest, AResumedRunForgetsWhatItsCheckpointDoesNotKnow) {
  const TemporaryFolder folder;
  const RunDirectory run = RunDirectory::Create(folder.path() / "run", false);
  std::string uninterrupted;
  {
    MetricsLog log(run, {{"ppo", 1}});
    for (int update = 1; update <= 3; ++update) log.Add(0, update, Metrics(10.0 - update));
    log.Write();
    uninterrupted = ReadFile(run.metrics());
  }
  MetricsLog log(run, {{"ppo", 1}});
  log.Restore(0, /*num_updates=*/2);
  log.Add(0, 3, Metrics(7));
  log.Write();
  EXPECT_EQ(ReadFile(run.metrics()), uninterrupted);
}

TEST(MetricsLogTest, DivergencesAreReported) {
  const TemporaryFolder folder;
  const RunDirectory run = RunDirectory::Create(folder.path() / "run", false);
  MetricsLog log(run, {{"dqn", 7}});
  UpdateMetrics diverged = Metrics(std::nan(""));
  diverged.diverged = true;
  log.Add(0, 1, Metrics(2));
  log.Add(0, 2, diverged);
  log.Write();
  EXPECT_EQ(ReadDivergences(run).dump(), R"([{"agent":"dqn","seed":7,"update":2}])");
}

TEST(SavedRunTest, TheNetworkComesBackAsItWas) {
  Network network;
  network.location_name = {"central", "north"};
  network.storage_capacity = {kUnlimited, 12.5f};
  network.overflow_cost = {0, 0.1f};
  network.site_sku = {"milk", "milk"};
  network.site_location = {0, 1};
  network.site_series = {kNoSeries, 0};
  network.holding_cost = {0.1f, 0.2f};
  network.stockout_cost = {0, 3};
  network.backorder_share = {0, 1};
  network.volume = {1, 1};
  network.unit_value = {2, 2};
  network.initial_on_hand = {5, 4};
  network.lane_origin = {kOutside, 0};
  network.lane_destination = {0, 1};
  network.lead_time = {3, 1};
  network.unit_cost = {2, 0};
  network.order_cost = {0, 0};
  network.lane_capacity = {kUnlimited, 100};
  network.lane_calendar = {0, 1};
  network.calendars = {OrderCalendar(), {7, {true, false, true, false, true, false, false}}};
  network.Validate();

  const TemporaryFolder folder;
  SaveNetwork(network, {{"north", "milk", "dairy"}}, folder.path() / "network.json");
  std::vector<Series> series;
  const auto loaded = LoadNetwork(folder.path() / "network.json", series);
  EXPECT_EQ(series, (std::vector<Series>{{"north", "milk", "dairy"}}));
  EXPECT_EQ(loaded->holding_cost, network.holding_cost);
  EXPECT_EQ(loaded->storage_capacity, network.storage_capacity);
  EXPECT_EQ(loaded->lane_capacity, network.lane_capacity);
  EXPECT_EQ(loaded->lead_time, network.lead_time);
  EXPECT_EQ(loaded->calendars[1].open, network.calendars[1].open);
  EXPECT_EQ(loaded->echelon, network.echelon);

  WriteFileAtomically(folder.path() / "network.json", "{\"schema\": 1");
  EXPECT_THROW(LoadNetwork(folder.path() / "network.json", series), DataError);
}

TEST(RunDirectoryTest, TakesNoPathForAName) {
  EXPECT_THROW(NextRunDirectory("../elsewhere"), ConfigError);
  EXPECT_THROW(NextRunDirectory(""), ConfigError);
  EXPECT_EQ(NextRunDirectory("no_such_run_yet").filename(), "no_such_run_yet-1");
}

}  // namespace
}  // namespace restock
