#include "experiments/run_directory.h"

namespace restock {

RunDirectory RunDirectory::Create(const std::filesystem::path& path, bool resume) {
  const RunDirectory run(path);
  const bool exists = std::filesystem::exists(run.config());
  if (exists && !resume) {
    throw ConfigError(path.string() + ": holds a run already. Go on with it by --resume, or choose another --out.");
  }
  if (!exists && resume) throw ConfigError(path.string() + ": holds no run that could be resumed (no config.yaml).");
  if (!exists && std::filesystem::exists(path) && !std::filesystem::is_empty(path)) {
    throw ConfigError(path.string() + ": is not an empty folder. Choose another --out.");
  }
  for (const auto& folder : {run.checkpoints(), run.forecaster(), run.policy()}) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw ConfigError(folder.string() + ": cannot be made (" + error.message() + "). Choose another --out.");
  }
  return run;
}

RunDirectory RunDirectory::Open(const std::filesystem::path& path) {
  RunDirectory run(path);
  if (!std::filesystem::exists(run.config())) {
    throw DataError(path.string() + ": is no run directory (no config.yaml). Make one with: restock run CONFIG --out " +
                    path.string());
  }
  return run;
}

std::filesystem::path NextRunDirectory(std::string_view name) {
  for (int number = 1;; ++number) {
    const std::filesystem::path path =
        std::filesystem::path("runs") / (std::string(name) + "-" + std::to_string(number));
    if (!std::filesystem::exists(path)) return path;
  }
}

}  // namespace restock
