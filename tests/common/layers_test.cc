#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/file.h"

namespace restock {
namespace {

// Which folder may include which; a folder may always include itself. Tests run in the root of the repository.
const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"common", {}},
    {"common/torch", {"common"}},
    {"env", {"common"}},
    {"python", {"common", "env"}},
    {"optimization/simplex", {"common"}},
    {"optimization", {"common", "env", "optimization/simplex"}},
    {"forecasting", {"common", "common/torch"}},
    {"agents", {"common", "common/torch", "env", "optimization", "optimization/simplex"}},
    {"experiments", {"common", "env", "optimization", "optimization/simplex", "forecasting", "agents"}},
};
const std::set<std::string> kMayUseTorch = {"common/torch", "forecasting", "agents"};

struct Include {
  std::string file;    // agents/ppo.cc
  std::string header;  // env/network.h, torch/torch.h
};

/// The longest known folder that the path begins with, or nothing for what is not ours. The linear program and its
/// answer, which the simplex solves and gives, belong to the simplex, which knows nothing of supply networks.
std::string FolderOf(const std::string& path) {
  for (const char* name : {"optimization/lp_model.", "optimization/lp_solution.", "optimization/mps_file."})
    if (path.starts_with(name)) return "optimization/simplex";
  std::string found;
  for (const auto& [folder, unused] : kMayInclude)
    if (path.starts_with(folder + "/") && folder.size() > found.size()) found = folder;
  return found;
}

bool IsTorch(const std::string& header) {
  return header.starts_with("torch/") || header.starts_with("ATen/") || header.starts_with("c10/") ||
         header.starts_with("caffe2/");
}

std::vector<Include> AllIncludes() {
  static const std::regex kInclude("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]");
  std::vector<Include> includes;
  for (const char* top : {"common", "env", "python", "optimization", "forecasting", "agents", "experiments"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(top)) {
      const auto extension = entry.path().extension();
      if (extension != ".h" && extension != ".cc") continue;
      std::istringstream lines(ReadFile(entry.path()));
      std::smatch match;
      for (std::string line; std::getline(lines, line);)
        if (std::regex_search(line, match, kInclude)) includes.push_back({entry.path().string(), match[1]});
    }
  }
  return includes;
}

/// Headers that include LibTorch, themselves or through other headers of ours.
std::set<std::string> HeadersWithTorch(const std::vector<Include>& includes) {
  std::set<std::string> found;
  for (size_t size_before = 1; size_before != found.size();) {
    size_before = found.size();
    for (const Include& include : includes)
      if (include.file.ends_with(".h") && (IsTorch(include.header) || found.contains(include.header)))
        found.insert(include.file);
    if (found.empty()) break;
  }
  return found;
}

class LayersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists("common/error.h")) GTEST_SKIP() << "run this test in the root of the repository";
    includes_ = AllIncludes();
    ASSERT_GT(includes_.size(), 50u);
  }

  std::vector<Include> includes_;
};

TEST_F(LayersTest, AFolderIncludesOnlyWhatStandsBelowIt) {
  for (const auto& [file, header] : includes_) {
    const std::string from = FolderOf(file);
    const std::string to = FolderOf(header);
    ASSERT_NE(from, "") << file;
    EXPECT_FALSE(header.starts_with("tests/") || header.starts_with("benchmarks/") || header.starts_with(".."))
        << file << " includes " << header;
    if (to.empty() || to == from) continue;
    EXPECT_TRUE(kMayInclude.at(from).contains(to))
        << file << " includes " << header << ", but " << from << " must not know " << to;
  }
}

TEST_F(LayersTest, OursAreIncludedByTheirPathFromTheRoot) {
  for (const auto& [file, header] : includes_) {
    const auto beside = std::filesystem::path(file).parent_path() / header;
    EXPECT_FALSE(FolderOf(header).empty() && std::filesystem::exists(beside)) << file << " includes " << header;
  }
}

TEST_F(LayersTest, OnlyForecastingAndAgentsUseLibTorch) {
  for (const auto& [file, header] : includes_) {
    if (!IsTorch(header)) continue;
    EXPECT_TRUE(kMayUseTorch.contains(FolderOf(file))) << file << " includes " << header;
  }
}

// A header that brings LibTorch in may be included only within its folder, or it belongs to common/torch; so that
// nobody above or beside compiles LibTorch without knowing.
TEST_F(LayersTest, LibTorchStaysOutOfPublicHeaders) {
  const std::set<std::string> with_torch = HeadersWithTorch(includes_);
  for (const auto& [file, header] : includes_) {
    if (!with_torch.contains(header) || FolderOf(header) == "common/torch") continue;
    EXPECT_EQ(FolderOf(file), FolderOf(header)) << file << " includes " << header << ", which includes LibTorch";
  }
  for (const char* header :
       {"forecasting/forecaster.h", "forecasting/scenarios.h", "agents/policy.h", "agents/learner.h"})
    EXPECT_FALSE(with_torch.contains(header)) << header << " is public and includes LibTorch";
}

TEST_F(LayersTest, EveryHeaderIsGuarded) {
  std::set<std::string> headers;
  for (const Include& include : includes_)
    if (include.file.ends_with(".h")) headers.insert(include.file);
  for (const std::string& header : headers) EXPECT_TRUE(ReadFile(header).starts_with("#pragma once\n")) << header;
}

}  // namespace
}  // namespace restock
