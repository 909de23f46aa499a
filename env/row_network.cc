#include "env/row_network.h"

#include <algorithm>

namespace restock {

void RowNetwork::IndexLists::Append(const std::vector<int>& list) {
  entries.insert(entries.end(), list.begin(), list.end());
  begin.push_back(static_cast<int>(entries.size()));
}

RowNetwork::RowNetwork(const Network& network) : network_(network) {
  for (int site = 0; site < network.num_sites(); ++site) {
    const auto i = static_cast<size_t>(site);
    if (network.IsSupplier(site)) suppliers_.push_back(site);
    std::vector<int> immediate;
    std::copy_if(network.lanes_into[i].begin(), network.lanes_into[i].end(), std::back_inserter(immediate),
                 [&](int lane) { return At(network.lead_time, lane) == 0; });
    lanes_into_.Append(network.lanes_into[i]);
    immediate_lanes_into_.Append(immediate);
    lanes_out_of_.Append(network.lanes_out_of[i]);
  }
  for (int location = 0; location < network.num_locations(); ++location) {
    sites_at_.Append(network.sites_at[static_cast<size_t>(location)]);
    if (storage_capacity(location) < kUnlimited && overflow_cost(location) > 0) limited_locations_.push_back(location);
  }
}

}  // namespace restock
