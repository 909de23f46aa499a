#include "experiments/build_info.h"

#include <boost/version.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "agents/learner.h"
#include "common/file.h"
#include "experiments/sales_fingerprint.h"
#include "restock_build_info.h"

namespace restock {

std::string VersionText() { return fmt::format("restock {} (commit {})", build_info::kVersion, build_info::kCommit); }

namespace {

// What every run is made with.
nlohmann::ordered_json ProgramAndLibraries() {
  const auto version = [](int major, int minor, int patch) { return fmt::format("{}.{}.{}", major, minor, patch); };
  return {{"version", build_info::kVersion},
          {"commit", build_info::kCommit},
          {"compiler", build_info::kCompiler},
          {"flags", build_info::kFlags},
          {"libraries",
           {{"eigen", version(EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION)},
            {"boost", version(BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)},
            {"libtorch", build_info::kTorchVersion}}}};
}

}  // namespace

void WriteBuildInfo(const ExperimentConfig& config, const DemandHistory& sales,
                    const std::map<std::string, double>& seconds, const RunDirectory& run) {
  nlohmann::ordered_json json = ProgramAndLibraries();
  json["device"] = config.device != "cpu" && HasCuda() ? "cuda" : "cpu";
  json["threads"] = config.threads;
  json["seed"] = config.seed;
  json["training_seeds"] = config.training.seeds;
  json["sales"] = ToJson(FingerprintOf(sales));
  json["seconds"] = seconds;
  WriteFileAtomically(run.build(), json.dump(1) + "\n");
}

void WriteBuildInfo(uint64_t seed, int num_threads, const std::map<std::string, double>& seconds,
                    const RunDirectory& run) {
  nlohmann::ordered_json json = ProgramAndLibraries();
  json["device"] = "cpu";
  json["threads"] = num_threads;
  json["seed"] = seed;
  json["seconds"] = seconds;
  WriteFileAtomically(run.build(), json.dump(1) + "\n");
}

}  // namespace restock
