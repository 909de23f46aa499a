#include "experiments/run_directory.h"

#include <algorithm>
#include <array>

#include "common/error.h"
#include "common/file.h"

namespace restock {
namespace {

namespace fs = std::filesystem;

// Whether a folder holds nothing but what a run that was killed at its very start leaves: empty folders of a run, and
// files that were never finished.
bool IsAbandonedStart(const RunDirectory& run) {
  const std::array folders = {run.checkpoints(), run.forecaster(), run.policy()};
  return std::ranges::all_of(fs::directory_iterator(run.path()), [&](const fs::directory_entry& entry) {
    if (std::ranges::find(folders, entry.path()) == folders.end()) return IsTemporaryFile(entry.path());
    return entry.is_directory() && fs::is_empty(entry.path());
  });
}

}  // namespace

RunDirectory RunDirectory::Create(const fs::path& path, bool resume) {
  const RunDirectory run(path);
  const bool exists = fs::exists(run.config());
  if (exists && !resume) {
    throw ConfigError(path.string() + ": holds a run already. Go on with it by: restock run " + path.string() +
                      " --resume, or choose another --out.");
  }
  if (!exists && resume) throw ConfigError(path.string() + ": holds no run that could be resumed (no config.yaml).");
  if (fs::exists(path)) {
    if (!fs::is_directory(path)) throw ConfigError(path.string() + ": is a file. Choose another --out.");
    if (!exists && !IsAbandonedStart(run))
      throw ConfigError(path.string() + ": is not an empty folder. Choose another --out.");
    RemoveTemporaryFiles(path);
  }
  for (const auto& folder : {run.checkpoints(), run.forecaster(), run.policy()}) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw ConfigError(folder.string() + ": cannot be made (" + error.message() + "). Choose another --out.");
  }
  return run;
}

RunDirectory RunDirectory::Open(const fs::path& path) {
  RunDirectory run(path);
  if (!fs::exists(run.config())) {
    throw DataError(path.string() + ": is no run directory (no config.yaml). Make one with: restock run CONFIG --out " +
                    path.string());
  }
  return run;
}

bool RunDirectory::IsTrained() const { return fs::exists(policies()); }

bool RunDirectory::IsFinished() const {
  const std::array files = {policies(), evaluation(), summary(), traces(), build(), report()};
  return std::ranges::all_of(files, [](const fs::path& file) { return fs::exists(file); });
}

void RunDirectory::RemoveCheckpoints() const {
  for (const auto& entry : fs::directory_iterator(checkpoints())) fs::remove(entry.path());
}

void RunDirectory::RemoveEmptyFolders() const {
  for (const fs::path& folder : {checkpoints(), forecaster(), policy()})
    if (fs::is_directory(folder) && fs::is_empty(folder)) fs::remove(folder);
}

fs::path NextRunDirectory(std::string_view name) {
  if (name.empty() || name.find('/') != std::string_view::npos)
    throw ConfigError("name: " + std::string(name) +
                      " is no name of a folder in runs/: leave out every /, or say --out.");
  for (int number = 1;; ++number) {
    const fs::path path = fs::path("runs") / (std::string(name) + "-" + std::to_string(number));
    if (!fs::exists(path)) return path;
  }
}

}  // namespace restock
