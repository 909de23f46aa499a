#include "agents/replay_buffer.h"

#include <algorithm>

#include "common/check.h"

namespace restock {
namespace {

constexpr int kMostTries = 64;  // to find a decision where an order was possible

void Restore(const SectionFileReader& file, const std::string& name, float* values, size_t count) {
  const std::vector<float> saved = file.GetValues<float>(name);
  if (saved.size() != count) throw DataError("section " + name + " has another size than this learner's.");
  std::ranges::copy(saved, values);
}

}  // namespace

ReplayBuffer::ReplayBuffer(int num_rounds, int num_periods, int rows_per_round, int num_inputs)
    : num_rounds_(num_rounds),
      num_periods_(num_periods),
      rows_per_round_(rows_per_round),
      inputs_(Inputs::Zero(Place(num_rounds, 0, 0), num_inputs)) {
  for (auto* values : {&action_, &cost_, &decides_}) values->resize(static_cast<size_t>(inputs_.rows()));
}

void ReplayBuffer::StartRound() {
  present_ = (present_ + 1) % num_rounds_;
  num_rounds_filled_ = std::min(num_rounds_filled_ + 1, num_rounds_);
}

void ReplayBuffer::Record(int period, int row, float action, float cost, bool decides) {
  const auto place = static_cast<size_t>(Place(present_, period, row));
  action_[place] = action;
  cost_[place] = cost;
  decides_[place] = decides ? 1.f : 0.f;
}

ReplayBuffer::Sample ReplayBuffer::Draw(int size, int num_steps, float discount, RandomStream& stream) const {
  RESTOCK_CHECK(!is_empty());
  Sample sample;
  sample.inputs.resize(size, inputs_.cols());
  sample.next_inputs.resize(size, inputs_.cols());
  for (int i = 0; i < size; ++i) {
    // a decision
    int period = 0, first = 0, place = 0;
    for (int tries = 0; tries < kMostTries; ++tries) {
      const int round = stream.UniformInt(num_rounds_filled_);
      period = stream.UniformInt(num_periods_);
      first = Place(round, 0, stream.UniformInt(rows_per_round_));
      place = first + period * rows_per_round_;
      if (decides_[static_cast<size_t>(place)] > 0) break;
    }

    // what came of it
    const int end = std::min(period + num_steps, num_periods_);
    float cost = 0;
    float factor = 1;
    for (int t = period; t < end; ++t, factor *= discount)
      cost += factor * cost_[static_cast<size_t>(first + t * rows_per_round_)];
    const int next = first + end * rows_per_round_;

    sample.inputs.row(i) = inputs_.row(place);
    sample.next_inputs.row(i) = inputs_.row(next);
    sample.action.push_back(action_[static_cast<size_t>(place)]);
    sample.cost.push_back(cost);
    sample.discount.push_back(factor);
  }
  return sample;
}

void ReplayBuffer::Save(SectionFileWriter& file) const {
  const int numbers[] = {num_rounds_filled_, present_};
  file.AddValues("replay/numbers", numbers, 2);
  file.AddValues("replay/inputs", inputs_.data(), static_cast<size_t>(inputs_.size()));
  file.AddValues("replay/action", action_.data(), action_.size());
  file.AddValues("replay/cost", cost_.data(), cost_.size());
  file.AddValues("replay/decides", decides_.data(), decides_.size());
}

void ReplayBuffer::Load(const SectionFileReader& file) {
  const std::vector<int> numbers = file.GetValues<int>("replay/numbers");
  if (numbers.size() != 2 || numbers[0] < 0 || numbers[0] > num_rounds_ || numbers[1] < -1 ||
      numbers[1] >= num_rounds_) {
    throw DataError("section replay/numbers is out of range.");
  }
  num_rounds_filled_ = numbers[0];
  present_ = numbers[1];
  Restore(file, "replay/inputs", inputs_.data(), static_cast<size_t>(inputs_.size()));
  Restore(file, "replay/action", action_.data(), action_.size());
  Restore(file, "replay/cost", cost_.data(), cost_.size());
  Restore(file, "replay/decides", decides_.data(), decides_.size());
}

}  // namespace restock
