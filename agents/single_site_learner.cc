#include "agents/single_site_learner.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "agents/path_block.h"
#include "agents/policy_file.h"

namespace restock {

SingleSiteLearner::SingleSiteLearner(const Plan& plan, const TrainingWorld& world, const Random& random,
                                     int num_threads)
    : site_(*world.network, world.train),
      model_(site_.MakeModel(plan.name, plan.hidden_layers, plan.activation)),
      optimizer_(model_.network.parameters().size()),
      random_(random),
      num_threads_(num_threads),
      planned_updates_(plan.num_updates),
      select_every_(plan.select_every),
      roundings_(plan.roundings),
      network_(world.network),
      demand_(world.train),
      selection_(world, std::make_shared<NetworkPolicy>(model_), num_threads),
      last_selection_cost_(NAN) {
  // small outputs around the mean demand: large ones have made learning diverge
  RandomStream stream = random.Stream("network").At(0);
  const float order_the_mean = std::log(std::exp(1.f) - 1.f);
  Initialize(/*output_gain=*/0.05, order_the_mean, stream, model_.network);
}

UpdateMetrics SingleSiteLearner::Update() {
  const std::vector<float> kept(model_.network.parameters().begin(), model_.network.parameters().end());
  const AdamState kept_optimizer = optimizer_;
  bool learned = Learn();
  for (const float weight : model_.network.parameters()) learned = learned && std::isfinite(weight);
  if (!learned) {
    model_.network.SetParameters(kept);
    optimizer_ = kept_optimizer;
  }
  ++num_updates_;
  if (num_updates_ % select_every_ == 0 || num_updates_ == planned_updates_) last_selection_cost_ = Select();

  UpdateMetrics metrics{.num_periods = num_periods_,
                        .values = {{"mean_cost", mean_cost_},
                                   {"selection_cost", last_selection_cost_},
                                   {"best_selection_cost", selection_.best_cost()}},
                        .diverged = !learned};
  std::ranges::copy(values(), std::back_inserter(metrics.values));
  return metrics;
}

void SingleSiteLearner::Draw(int64_t first_path, int num_periods, int period, std::span<float> demand) const {
  for (size_t first = 0; first < demand.size(); first += kBlockSize) {
    const PathBlock block(*demand_, (first_path + static_cast<int64_t>(first)) / kBlockSize, num_periods);
    demand_->Demand(block.PeriodAt(period), block.scenarios, *network_, demand.data() + first);
  }
}

// The cost with the rounding that suits the network best.
double SingleSiteLearner::Select() {
  double least = INFINITY;
  for (const double rounding : roundings_) {
    NetworkModel candidate = model_;
    candidate.rounding = static_cast<float>(rounding);
    least = std::min(least, selection_.Offer(std::make_shared<NetworkPolicy>(candidate)));
  }
  return least;
}

void SingleSiteLearner::Save(const std::filesystem::path& file) const {
  SectionFileWriter writer("restock " + name() + " learner");
  const std::array<int64_t, 2> counters = {num_updates_, num_periods_};
  writer.AddValues("counters", counters.data(), counters.size());
  writer.AddValues("selection cost", &last_selection_cost_, 1);
  AddModel(model_, "model/", writer);
  optimizer_.Save(writer);
  selection_.Save(writer);
  SaveMore(writer);
  writer.Write(file);
}

void SingleSiteLearner::Load(const std::filesystem::path& file) {
  const SectionFileReader reader(file, "restock " + name() + " learner");
  const std::vector<int64_t> counters = reader.GetValues<int64_t>("counters");
  const NetworkModel model = ReadModel("model/", reader);
  if (counters.size() != 2 || model.network.sizes() != model_.network.sizes())
    throw DataError(file.string() + ": was saved by a learner of another shape.");
  optimizer_.Load(reader);
  num_updates_ = static_cast<int>(counters[0]);
  num_periods_ = counters[1];
  last_selection_cost_ = reader.GetValues<double>("selection cost").at(0);
  model_ = model;
  selection_.Load(reader);
  LoadMore(reader);
}

}  // namespace restock
