#include "env/block_workers.h"

#include <chrono>
#include <utility>

#include "common/check.h"

namespace restock {
namespace {

constexpr std::chrono::microseconds kPatience(100);

// Steps follow each other closely, and to wake a thread that sleeps takes longer than a small step: a while of looking
// comes before sleep.
template <class T>
void WaitWhile(const std::atomic<T>& value, T old) {
  const auto start = std::chrono::steady_clock::now();
  while (value == old) {
    if (std::chrono::steady_clock::now() - start > kPatience) return value.wait(old);
    std::this_thread::yield();  // whoever has work comes first
  }
}

}  // namespace

BlockWorkers::BlockWorkers(int num_threads) : parts_(static_cast<size_t>(num_threads)) {
  RESTOCK_CHECK_GE(num_threads, 1);
  for (int worker = 1; worker < num_threads; ++worker) threads_.emplace_back([this, worker] { Serve(worker); });
}

BlockWorkers::~BlockWorkers() {
  is_closing_ = true;
  ++round_;
  round_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void BlockWorkers::RunAny(int num_blocks, Call call, const void* work) {
  // what the helpers read once they see the new round
  call_ = call;
  work_ = work;
  const auto blocks = static_cast<size_t>(num_blocks);
  for (size_t i = 0; i < parts_.size(); ++i) {
    parts_[i].next = static_cast<int>(blocks * i / parts_.size());
    parts_[i].end = static_cast<int>(blocks * (i + 1) / parts_.size());
  }
  num_busy_ = static_cast<int>(threads_.size());
  ++round_;
  round_.notify_all();

  // the caller is worker 0
  TakeBlocks(0);
  for (int busy = num_busy_; busy > 0; busy = num_busy_) WaitWhile(num_busy_, busy);
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void BlockWorkers::Serve(int worker) {
  for (uint32_t seen = 0;;) {
    WaitWhile(round_, seen);
    seen = round_;
    if (is_closing_) return;
    TakeBlocks(worker);
    if (--num_busy_ == 0) num_busy_.notify_all();
  }
}

void BlockWorkers::TakeBlocks(int worker) {
  try {
    for (size_t turn = 0; turn < parts_.size(); ++turn) {
      Part& part = parts_[(static_cast<size_t>(worker) + turn) % parts_.size()];
      for (int block = part.next++; block < part.end; block = part.next++) call_(work_, block, worker);
    }
  } catch (...) {
    const std::lock_guard lock(error_mutex_);
    if (!error_) error_ = std::current_exception();
  }
}

}  // namespace restock
