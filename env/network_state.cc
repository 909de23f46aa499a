#include "env/network_state.h"

#include <algorithm>
#include <cstring>

#include "common/error.h"

namespace restock {
namespace {

template <class Vector>
void Append(const Vector& values, std::string& bytes) {
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0]));
}

template <class Vector>
void TakeFront(std::string_view& bytes, Vector& values) {
  const size_t size = values.size() * sizeof(values[0]);
  if (bytes.size() < size) throw DataError("the saved environments are cut short or belong to another network.");
  std::memcpy(values.data(), bytes.data(), size);
  bytes.remove_prefix(size);
}

}  // namespace

NetworkState::NetworkState(const Network& network) : now_(static_cast<size_t>(network.max_lead_time() + 1)) {
  auto layout = std::make_shared<Layout>();
  layout->num_sites = network.num_sites();
  layout->lead_time = network.lead_time;
  int num_rows = 2 * network.num_sites();
  for (const int lead_time : network.lead_time) {
    layout->pipeline_row.push_back(num_rows);
    num_rows += lead_time;
  }
  layout_ = std::move(layout);
  values_.resize(static_cast<size_t>(num_rows) * kBlockSize);
}

void NetworkState::MoveClock() {
  for (size_t lead_time = 1; lead_time < now_.size(); ++lead_time)
    now_[lead_time] = now_[lead_time] + 1 < static_cast<int>(lead_time) ? now_[lead_time] + 1 : 0;
}

void NetworkState::Clear() {
  std::fill(values_.begin(), values_.end(), 0.f);
  std::fill(now_.begin(), now_.end(), 0);
}

void NetworkState::Save(std::string& bytes) const {
  Append(values_, bytes);
  Append(now_, bytes);
}

void NetworkState::Load(std::string_view& bytes) {
  TakeFront(bytes, values_);
  TakeFront(bytes, now_);
}

}  // namespace restock
