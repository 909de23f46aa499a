#pragma once

#include <cstdio>
#include <string>

#include <sys/wait.h>

namespace restock {

/// What a command ended with.
struct Result {
  int exit_code = -1;
  std::string output;  // standard output and error together
};

/// Runs `restock` quietly, in `folder`.
inline Result Command(const std::string& arguments, const std::string& folder = ".") {
  Result result;
  FILE* pipe = popen(("cd '" + folder + "' && " + RESTOCK_COMMAND + " --quiet " + arguments + " 2>&1").c_str(), "r");
  for (int byte = fgetc(pipe); byte != EOF; byte = fgetc(pipe)) result.output.push_back(static_cast<char>(byte));
  const int status = pclose(pipe);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace restock
