#include "common/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <limits>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace restock {
namespace {

/// One call of ParallelFor: threads claim the next index until none is left.
class Job {
 public:
  Job(int count, const std::function<void(int)>& work) : count_(count), work_(work) {}

  void Run() {
    for (int index = next_++; index < count_; index = next_++) {
      try {
        if (index < failed_index_) work_(index);
      } catch (...) {
        KeepFirstError(index, std::current_exception());
      }
      if (++num_done_ == count_) num_done_.notify_all();
    }
  }

  void WaitAndRethrow() {
    for (int done = num_done_; done < count_; done = num_done_) num_done_.wait(done);
    if (error_) std::rethrow_exception(std::move(error_));  // threads that still hold the job let it go unseen
  }

 private:
  // the error of the lowest index, as a plain loop would give: lower indices are never skipped
  void KeepFirstError(int index, std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    if (index >= failed_index_) return;
    failed_index_ = index;
    error_ = std::move(error);
  }

  const int count_;
  const std::function<void(int)>& work_;  // alive until the last index is done; not used after
  std::atomic<int> next_ = 0;
  std::atomic<int> num_done_ = 0;
  std::atomic<int> failed_index_ = std::numeric_limits<int>::max();
  std::mutex mutex_;
  std::exception_ptr error_;
};

thread_local bool is_worker = false;

/// Threads that wait for jobs; started when first needed, joined at the end of the program.
class WorkerPool {
 public:
  ~WorkerPool() {
    {
      const std::lock_guard lock(mutex_);
      is_closing_ = true;
    }
    wake_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  /// Asks `num_helpers` threads to help with the job. One that comes too late finds nothing to do.
  void Offer(const std::shared_ptr<Job>& job, int num_helpers) {
    {
      const std::lock_guard lock(mutex_);
      while (static_cast<int>(workers_.size()) < num_helpers) workers_.emplace_back([this] { Serve(); });
      jobs_.insert(jobs_.end(), static_cast<size_t>(num_helpers), job);
    }
    wake_.notify_all();
  }

 private:
  void Serve() {
    is_worker = true;
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return is_closing_ || !jobs_.empty(); });
      if (is_closing_) return;
      const std::shared_ptr<Job> job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job->Run();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Job>> jobs_;
  std::vector<std::thread> workers_;
  bool is_closing_ = false;
};

}  // namespace

int NumberOfThreads(int wanted) {
  if (wanted > 0) return wanted;
  static const int num_cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));  // 0: not known
  return num_cores;
}

void ParallelFor(int count, int num_threads, const std::function<void(int)>& work) {
  num_threads = std::min(NumberOfThreads(num_threads), count);

  // a loop within a loop stays on its thread: all threads are busy already
  if (num_threads <= 1 || is_worker) {
    for (int index = 0; index < count; ++index) work(index);
    return;
  }

  static WorkerPool pool;
  const auto job = std::make_shared<Job>(count, work);
  pool.Offer(job, num_threads - 1);
  job->Run();
  job->WaitAndRethrow();
}

}  // namespace restock
