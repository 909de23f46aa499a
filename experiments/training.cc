#include "experiments/training.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>

#include <fmt/format.h>

#include "common/cpu_time.h"
#include "common/parallel.h"
#include "common/progress.h"

namespace restock {
namespace {

constexpr int64_t kProgressSteps = 1000;  // of each job

struct TrainedPolicies {
  std::shared_ptr<const Policy> untrained;
  std::shared_ptr<const Policy> trained;
  double seconds = 0;  // CPU time of training it
};

int NumThreads(const TrainingPlan& plan) {
  if (plan.num_threads > 0) return plan.num_threads;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// Updates a learner until its plan is done; `on_update` is told after each one.
template <class OnUpdate>
void Train(Learner& learner, size_t job, const std::filesystem::path& checkpoint, int checkpoint_every, MetricsLog& log,
           OnUpdate on_update) {
  if (std::filesystem::exists(checkpoint)) {
    learner.Load(checkpoint);
    log.Restore(job, learner.num_updates());
  }
  while (learner.num_updates() < learner.planned_updates()) {
    const UpdateMetrics metrics = learner.Update();
    log.Add(job, learner.num_updates(), metrics);
    on_update(metrics);
    if (learner.num_updates() % checkpoint_every == 0 || learner.num_updates() == learner.planned_updates()) {
      log.Write();
      learner.Save(checkpoint);
    }
  }
}

std::string CostNote(const TrainingJob& job, const UpdateMetrics& metrics) {
  for (const auto& [name, value] : metrics.values) {
    if (name == "mean_cost") return fmt::format("{} cost {:.4g}", job.name(), value);
  }
  return job.name();
}

}  // namespace

std::vector<NamedPolicy> TrainAgents(const TrainingPlan& plan, const TrainingWorld& world, const Random& random,
                                     const RunDirectory& run) {
  std::vector<TrainingJob> jobs;
  for (const AgentConfig& agent : plan.agents) {
    for (const int seed : plan.training.seeds) jobs.push_back({agent.name, seed});
  }
  if (jobs.empty()) return {};

  // one learner per job; they share nothing but the log
  const int num_threads = NumThreads(plan);
  const int threads_per_job = std::max(1, num_threads / static_cast<int>(jobs.size()));
  std::vector<TrainedPolicies> policies(jobs.size());
  const double program_start = ProgramCpuSeconds();
  MetricsLog log(run, jobs);
  Progress progress("training", static_cast<int64_t>(jobs.size()) * kProgressSteps);
  std::vector<std::atomic<int64_t>> steps(jobs.size());
  ParallelFor(static_cast<int>(jobs.size()), num_threads, [&](int i) {
    const auto job = static_cast<size_t>(i);
    const AgentConfig& agent = plan.agents[job / plan.training.seeds.size()];
    const double start = ThreadCpuSeconds();
    const Random stream = random.Stream(agent.name).Child(static_cast<uint64_t>(jobs[job].seed));
    const auto learner = MakeLearner(agent, world, stream, threads_per_job);
    policies[job].untrained = learner->policy();
    const auto checkpoint = run.checkpoints() / (jobs[job].name() + ".bin");
    Train(*learner, job, checkpoint, plan.training.checkpoint_every, log, [&](const UpdateMetrics& metrics) {
      steps[job] = kProgressSteps * learner->num_updates() / learner->planned_updates();
      progress.Advance(std::accumulate(steps.begin(), steps.end(), int64_t{0}), CostNote(jobs[job], metrics));
    });
    policies[job].trained = learner->policy();
    policies[job].seconds = ThreadCpuSeconds() - start;
  });
  log.Write();
  // a job of several threads cannot be told from those beside it
  const double mean_seconds = (ProgramCpuSeconds() - program_start) / static_cast<double>(jobs.size());
  for (TrainedPolicies& of_job : policies) {
    if (threads_per_job > 1) of_job.seconds = mean_seconds;
  }

  std::vector<NamedPolicy> named;
  for (size_t job = 0; job < jobs.size(); ++job) {
    named.push_back({.name = jobs[job].agent,
                     .seed = jobs[job].seed,
                     .policy = policies[job].trained,
                     .training_seconds = policies[job].seconds});
  }
  for (size_t job = 0; job < jobs.size(); ++job) {
    named.push_back(
        {.name = jobs[job].agent + "_untrained", .seed = jobs[job].seed, .policy = policies[job].untrained});
  }
  return named;
}

}  // namespace restock
