#include "common/progress.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <exception>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/text.h"

namespace restock {
namespace {

using std::chrono::steady_clock;

constexpr auto kRedrawEvery = std::chrono::milliseconds(100);
constexpr int kBarWidth = 20;
constexpr const char* kClearLine = "\r\033[K";

std::atomic<bool> is_quiet = false;

double SecondsSince(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

size_t TerminalWidth() {
  winsize size = {};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

std::string ProgressLine(std::string_view stage, int64_t done, int64_t total, double seconds, std::string_view note) {
  std::string line(stage);
  if (total > 0) {
    const double share = std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0);
    const int filled = static_cast<int>(share * kBarWidth);
    line += fmt::format("  {:#<{}}{:.<{}}  {:3.0f} %", "", filled, "", kBarWidth - filled, 100 * share);
    if (share > 0) line += fmt::format("  eta {}", FormatDuration(seconds * (1 - share) / share));
  }
  if (!note.empty()) line += fmt::format("  {}", note);
  return line;
}

Progress::Progress(std::string stage, int64_t total)
    : stage_(std::move(stage)),
      total_(total),
      start_(steady_clock::now()),
      drawn_(start_),
      is_terminal_(::isatty(STDERR_FILENO) == 1),
      num_exceptions_(std::uncaught_exceptions()) {}

Progress::~Progress() {
  if (is_quiet) return;
  const bool has_failed = std::uncaught_exceptions() > num_exceptions_;
  if (is_terminal_) std::fputs(kClearLine, stderr);
  if (!has_failed) {
    const std::string note = note_.empty() ? "" : "  " + note_;
    std::fputs(fmt::format("{}  {:.1f} s{}\n", stage_, SecondsSince(start_), note).c_str(), stderr);
  }
  std::fflush(stderr);
}

void Progress::Advance(int64_t done, const std::string& note) {
  const std::lock_guard lock(mutex_);
  done_ = std::max(done_, done);
  note_ = note;
  const auto now = steady_clock::now();
  if (is_quiet || !is_terminal_ || now - drawn_ < kRedrawEvery) return;
  drawn_ = now;
  const std::string line = ProgressLine(stage_, done_, total_, SecondsSince(start_), note_);
  std::fputs((kClearLine + line.substr(0, TerminalWidth() - 1)).c_str(),
             stderr);  // a line that wraps cannot be cleared
  std::fflush(stderr);
}

void Progress::SetQuiet(bool quiet) { is_quiet = quiet; }

}  // namespace restock
