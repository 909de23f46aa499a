#include "env/network_state.h"

#include <algorithm>
#include <cstring>
#include <utility>

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

// Lanes of the same lead time have their slots side by side, so that a period reads and writes a few whole stretches of
// memory.
void NetworkState::AddRings(const std::vector<int>& lead_times, int& num_rows, Layout& layout) {
  layout.pipeline_row.resize(lead_times.size());
  layout.row_step.resize(static_cast<size_t>(*std::max_element(lead_times.begin(), lead_times.end())) + 1);
  for (size_t lead_time = 1; lead_time < layout.row_step.size(); ++lead_time) {
    const int first_row = num_rows;
    for (size_t lane = 0; lane < lead_times.size(); ++lane)
      if (lead_times[lane] == static_cast<int>(lead_time)) layout.pipeline_row[lane] = num_rows++;
    layout.row_step[lead_time] = num_rows - first_row;
    num_rows = first_row + layout.row_step[lead_time] * static_cast<int>(lead_time);
  }
}

NetworkState::NetworkState(const Network& network) {
  auto layout = std::make_shared<Layout>();
  layout->num_sites = network.num_sites();
  layout->lead_time = network.lead_time;
  int num_rows = 2 * network.num_sites();
  const auto take = [&num_rows](int count) { return std::exchange(num_rows, num_rows + count); };
  AddRings(network.lead_time, num_rows, *layout);
  for (const Perishable& entry : network.perishables) {
    layout->perishable_site.push_back(entry.site);
    layout->shelf_life.push_back(entry.shelf_life);
    layout->age_row.push_back(take(entry.shelf_life));
  }
  for (const OrderDelay& entry : network.order_delays) {
    layout->delay.push_back(entry.periods);
    layout->delay_row.push_back(take(entry.periods));
    layout->longest_ring = std::max(layout->longest_ring, entry.periods);
  }
  layout->num_goodwill = static_cast<int>(network.goodwill.size());
  layout->goodwill_row = take(layout->num_goodwill);
  layout->owed_row = take(static_cast<int>(network.unfilled_orders.size()));
  now_.resize(static_cast<size_t>(std::max(layout->longest_ring, network.max_lead_time()) + 1));
  values_.resize(static_cast<size_t>(num_rows) * kBlockSize);
  layout_ = std::move(layout);
  Clear();
}

void NetworkState::Freshen() {
  for (size_t i = 0; i < layout_->age_row.size(); ++i) {
    const int entry = static_cast<int>(i);
    for (int left = 1; left < layout_->shelf_life[i]; ++left) age(entry, left).setZero();
    age(entry, layout_->shelf_life[i]) = on_hand(layout_->perishable_site[i]);
  }
}

void NetworkState::MoveClock() {
  for (size_t size = 1; size < now_.size(); ++size)
    now_[size] = now_[size] + 1 < static_cast<int>(size) ? now_[size] + 1 : 0;
}

void NetworkState::Clear() {
  std::fill(values_.begin(), values_.end(), 0.f);
  std::fill(now_.begin(), now_.end(), 0);
  for (int entry = 0; entry < layout_->num_goodwill; ++entry) goodwill(entry).setOnes();
}

void NetworkState::Start(const Network& network) {
  const auto at = [](const std::vector<float>& values, int i) { return values[static_cast<size_t>(i)]; };
  Clear();
  for (int site = 0; site < network.num_sites(); ++site)
    if (network.HostOf(site) == site) on_hand(site) = at(network.initial_on_hand, site);
  Freshen();

  // what was ordered before; the last place is that of the order to come, unless something is received before it
  const int num_missing = network.receives_after_shipping ? 0 : 1;
  for (int lane = 0; lane < network.num_lanes(); ++lane)
    for (int ahead = 1; ahead <= layout_->lead_time[static_cast<size_t>(lane)] - num_missing; ++ahead)
      in_transit(lane, ahead) = at(network.initial_in_transit, lane);
  for (size_t entry = 0; entry < network.order_delays.size(); ++entry)
    for (int ahead = 0; ahead < network.order_delays[entry].periods; ++ahead)
      delayed_order(static_cast<int>(entry), ahead) = network.order_delays[entry].initial;
}

void NetworkState::Save(std::string& bytes) const {
  Append(values_, bytes);
  Append(now_, bytes);
}

void NetworkState::Load(std::string_view& bytes) {
  TakeFront(bytes, values_);
  std::vector<int> now(now_.size());
  TakeFront(bytes, now);
  for (size_t size = 0; size < now.size(); ++size)
    if (now[size] < 0 || now[size] >= std::max(static_cast<int>(size), 1))
      throw DataError("the saved environments are damaged: a clock stands where there is no place.");
  now_ = std::move(now);
}

}  // namespace restock
