#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace restock {

/// Threads that belong to one vector environment and share its blocks in every step; nothing is allocated to give them
/// work. Each begins with its own part of the blocks, the same in every step, since what it wrote last may still be in
/// its cache; who is done helps the others. So which thread takes which block is open, and the work must not depend on
/// it.
class BlockWorkers {
 public:
  /// The caller of Run() is one of `num_threads` >= 1.
  explicit BlockWorkers(int num_threads);
  ~BlockWorkers();
  BlockWorkers(const BlockWorkers&) = delete;
  BlockWorkers& operator=(const BlockWorkers&) = delete;

  int num_threads() const { return static_cast<int>(threads_.size()) + 1; }

  /// Calls `work(block, worker)` for each block 0 ... num_blocks - 1; `worker` is below num_threads() and used by one
  /// thread at a time. Passes the first exception on when all have stopped.
  template <class Work>
  void Run(int num_blocks, const Work& work) {
    RunAny(
        num_blocks, [](const void* any, int block, int worker) { (*static_cast<const Work*>(any))(block, worker); },
        &work);
  }

 private:
  using Call = void (*)(const void* work, int block, int worker);

  void RunAny(int num_blocks, Call call, const void* work);
  void Serve(int worker);
  void TakeBlocks(int worker);

  struct alignas(64) Part {
    std::atomic<int> next = 0;  // block that nobody has begun
    int end = 0;
  };

  std::vector<Part> parts_;  // by worker
  std::vector<std::thread> threads_;
  Call call_ = nullptr;
  const void* work_ = nullptr;
  std::atomic<int> num_busy_ = 0;    // helpers that have not finished this round
  std::atomic<uint32_t> round_ = 0;  // a new one wakes the helpers
  bool is_closing_ = false;          // read after round_ has changed
  std::mutex error_mutex_;
  std::exception_ptr error_;
};

}  // namespace restock
