#include "agents/replay_buffer.h"

#include <algorithm>
#include <array>
#include <string>

#include "common/check.h"

namespace restock {
namespace {

void Restore(const SectionFileReader& file, const std::string& name, float* values, Eigen::Index count) {
  const std::vector<float> saved = file.GetValues<float>(name);
  if (std::ssize(saved) != count) throw DataError("section " + name + " has another size than this learner's.");
  std::ranges::copy(saved, values);
}

}  // namespace

ReplayBuffer::ReplayBuffer(int capacity, int num_inputs)
    : capacity_(capacity),
      inputs_(Inputs::Zero(capacity, num_inputs)),
      next_inputs_(Inputs::Zero(capacity, num_inputs)) {
  for (auto* values : {&action_, &cost_, &discount_}) values->resize(static_cast<size_t>(capacity));
}

int ReplayBuffer::Start(const Eigen::Ref<const Eigen::RowVectorXf>& inputs, float action) {
  const int place = next_;
  next_ = (next_ + 1) % capacity_;
  size_ = std::min(size_ + 1, capacity_);
  inputs_.row(place) = inputs;
  action_[static_cast<size_t>(place)] = action;
  cost_[static_cast<size_t>(place)] = 0;
  discount_[static_cast<size_t>(place)] = 1;
  return place;
}

void ReplayBuffer::AddCost(int place, float cost, float discount) {
  const auto index = static_cast<size_t>(place);
  cost_[index] += discount_[index] * cost;
  discount_[index] *= discount;
}

ReplayBuffer::Sample ReplayBuffer::Draw(int count, RandomStream& stream) const {
  RESTOCK_CHECK_GT(size_, 0);
  Sample sample;
  sample.inputs.resize(count, inputs_.cols());
  sample.next_inputs.resize(count, inputs_.cols());
  for (int i = 0; i < count; ++i) {
    const int place = stream.UniformInt(size_);
    sample.inputs.row(i) = inputs_.row(place);
    sample.next_inputs.row(i) = next_inputs_.row(place);
    sample.action.push_back(action_[static_cast<size_t>(place)]);
    sample.cost.push_back(cost_[static_cast<size_t>(place)]);
    sample.discount.push_back(discount_[static_cast<size_t>(place)]);
  }
  return sample;
}

void ReplayBuffer::Save(SectionFileWriter& file) const {
  const std::array<int, 2> numbers = {size_, next_};
  file.AddValues("replay/numbers", numbers.data(), numbers.size());
  file.AddValues("replay/inputs", inputs_.data(), static_cast<size_t>(inputs_.size()));
  file.AddValues("replay/next inputs", next_inputs_.data(), static_cast<size_t>(next_inputs_.size()));
  file.AddValues("replay/action", action_.data(), action_.size());
  file.AddValues("replay/cost", cost_.data(), cost_.size());
  file.AddValues("replay/discount", discount_.data(), discount_.size());
}

void ReplayBuffer::Load(const SectionFileReader& file) {
  const std::vector<int> numbers = file.GetValues<int>("replay/numbers");
  if (numbers.size() != 2 || numbers[0] < 0 || numbers[0] > capacity_ || numbers[1] < 0 || numbers[1] >= capacity_) {
    throw DataError("section replay/numbers is out of range.");
  }
  Restore(file, "replay/inputs", inputs_.data(), inputs_.size());
  Restore(file, "replay/next inputs", next_inputs_.data(), next_inputs_.size());
  Restore(file, "replay/action", action_.data(), capacity_);
  Restore(file, "replay/cost", cost_.data(), capacity_);
  Restore(file, "replay/discount", discount_.data(), capacity_);
  size_ = numbers[0];
  next_ = numbers[1];
}

}  // namespace restock
