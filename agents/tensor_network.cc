#include "agents/tensor_network.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>

#include "env/row_network.h"
#include "env/thinning.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

std::vector<int> Range(size_t size) {
  std::vector<int> range(size);
  std::iota(range.begin(), range.end(), 0);
  return range;
}

/// Divides a sequence into as few groups as its order allows: those of a group touch nothing in common.  `touched`: by
/// element, numbers of what it touches
std::vector<std::vector<int>> GroupsInTurn(const std::vector<std::vector<int>>& touched) {
  std::vector<std::vector<int>> groups;
  std::map<int, size_t> next;  // group of the next element that touches it
  for (size_t element = 0; element < touched.size(); ++element) {
    size_t group = 0;
    for (const int one : touched[element]) group = std::max(group, next[one]);
    for (const int one : touched[element]) next[one] = group + 1;
    groups.resize(std::max(groups.size(), group + 1));
    groups[group].push_back(static_cast<int>(element));
  }
  return groups;
}

template <class Entry, class T>
std::vector<T> FieldOf(const std::vector<Entry>& entries, T Entry::*field) {
  std::vector<T> values;
  for (const Entry& entry : entries) values.push_back(entry.*field);
  return values;
}

template <class T>
std::vector<T> Chosen(const std::vector<T>& values, const std::vector<int>& indices) {
  std::vector<T> chosen;
  for (const int index : indices) chosen.push_back(values[Index(index)]);
  return chosen;
}

std::vector<float> AsFloats(const std::vector<bool>& values) { return {values.begin(), values.end()}; }

/// The binomial quantiles of thinning.h, computed on the host.  All tensors: (places, environments)
torch::Tensor ThinCounts(const torch::Tensor& count, const torch::Tensor& probability, const torch::Tensor& uniform) {
  const auto on_host = [](const torch::Tensor& tensor) {
    return tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
  };
  const torch::Tensor counts = on_host(count);
  const torch::Tensor probabilities = on_host(probability.expand_as(count));
  const torch::Tensor uniforms = on_host(uniform);
  const torch::Tensor thinned = torch::empty_like(counts);
  for (int64_t first = 0; first < counts.numel(); first += kBlockSize) {
    const auto size = static_cast<size_t>(std::min<int64_t>(kBlockSize, counts.numel() - first));
    const auto row_at = [&](const torch::Tensor& from) {
      float row[kBlockSize] = {};
      std::copy_n(from.data_ptr<float>() + first, size, row);
      return RowValue::Load(row);
    };
    float row[kBlockSize];
    Thin(row_at(counts), row_at(probabilities), row_at(uniforms)).Store(row);
    std::copy_n(row, size, thinned.data_ptr<float>() + first);
  }
  return thinned.to(count.options());
}

}  // namespace

TensorNetwork::TensorNetwork(const Network& network, const TensorWorldConfig& config)
    : network_(network), config_(config), uses_(network) {
  const auto any_above_zero = [](const std::vector<float>& values) {
    return std::ranges::any_of(values, [](float value) { return value > 0; });
  };
  has_backorders_ = any_above_zero(network.backorder_share);
  has_order_costs_ = any_above_zero(network.order_cost);
  has_prices_ = any_above_zero(network.price);
  holding_cost_ = Column(network.holding_cost);
  stockout_cost_ = Column(network.stockout_cost);
  price_ = Column(network.price);
  volume_ = Column(network.volume);
  ReadLanes();
  ReadSuppliers();
  ReadLocations();
  ReadChances();
  ReadChannels();
  ReadPerishables();
}

void TensorNetwork::ReadLanes() {
  const Network& network = network_;
  unit_cost_ = Column(network.unit_cost);
  order_cost_ = Column(network.order_cost);
  destination_ = Indices(network.lane_destination);
  std::vector<int> origin = network.lane_origin;
  std::vector<float> is_next_period;
  std::vector<int> from_sites;
  std::vector<int> periods = network.lead_time;
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    const bool is_variable = network.HasVariableLeadTime(lane);
    if (origin[Index(lane)] != kOutside) from_sites.push_back(lane);
    is_next_period.push_back(network.lead_time[Index(lane)] == 1 && !is_variable ? 1.f : 0.f);
    origin[Index(lane)] = std::max(origin[Index(lane)], 0);
    if (is_variable) periods[Index(lane)] = 0;
  }
  origin_ = Indices(origin);
  lanes_from_sites_ = PlacesOf(from_sites);
  origins_of_those_ = Origin(lanes_from_sites_);
  is_next_period_ = Column(is_next_period);
  lead_times_ = GroupByPeriods(periods);

  // lanes with features
  order_delays_ = GroupByPeriods(FieldOf(network.order_delays, &OrderDelay::periods));
  delayed_lanes_ = PlacesOf(FieldOf(network.order_delays, &OrderDelay::lane));
  unfilled_lanes_ = PlacesOf(FieldOf(network.unfilled_orders, &UnfilledOrders::lane));
  unfilled_rule_ = {Column(AsFloats(FieldOf(network.unfilled_orders, &UnfilledOrders::waits))),
                    Column(FieldOf(network.unfilled_orders, &UnfilledOrders::cost))};
  pipeline_lanes_ = PlacesOf(FieldOf(network.pipeline_costs, &PipelineCost::lane));
  pipeline_cost_ = Column(FieldOf(network.pipeline_costs, &PipelineCost::cost));
  variable_lanes_ = PlacesOf(FieldOf(network.variable_lead_times, &VariableLeadTime::lane));
  for (const VariableLeadTime& entry : network.variable_lead_times)
    longest_variable_lead_time_ = std::max(longest_variable_lead_time_, network.lead_time[Index(entry.lane)]);
  for (const JointLimit& limit : network.joint_limits) limits_.push_back({PlacesOf(limit.lanes), Column(limit.weight)});
  for (const Vehicles& vehicles : network.vehicles)
    vehicles_.push_back({PlacesOf(vehicles.lanes), Column(vehicles.weight)});
}

void TensorNetwork::ReadSuppliers() {
  std::vector<int> stocking, suppliers, in_turn, by_shortage;
  for (int site = 0; site < network_.num_sites(); ++site) {
    if (network_.HostOf(site) == site) stocking.push_back(site);
    if (network_.IsSupplier(site)) suppliers.push_back(site);
  }
  for (const RationingRule& rule : network_.rationing) {
    if (!network_.IsSupplier(rule.site)) continue;
    if (rule.rule == Rationing::kInTurn) in_turn.push_back(rule.site);
    if (rule.rule == Rationing::kLeastShortage) by_shortage.push_back(rule.site);
  }
  std::vector<float> capacity(Index(network_.num_sites()), kUnlimited);
  for (const ShippingCapacity& entry : network_.shipping_capacities) capacity[Index(entry.site)] = entry.units;

  shipping_capacity_ = Column(capacity);
  stocking_sites_ = SitesWithSums(stocking);
  has_suppliers_ = !suppliers.empty();
  suppliers_ = SitesWithSums(suppliers);
  suppliers_in_turn_ = SitesWithSums(in_turn);
  suppliers_by_shortage_ = SitesWithSums(by_shortage);
  lanes_in_turn_ = LanesInTurn(in_turn);
  lanes_by_shortage_ = LanesInTurn(by_shortage);
  most_lanes_by_shortage_ = static_cast<int>(lanes_by_shortage_.size());
}

void TensorNetwork::ReadLocations() {
  const auto& refusing = network_.refusing_locations;
  for (int number = 0; number < network_.num_locations(); ++number) {
    const auto& sites = network_.sites_at[Index(number)];
    const bool refuses = std::find(refusing.begin(), refusing.end(), number) != refusing.end();
    const bool can_cost =
        network_.storage_capacity[Index(number)] < kUnlimited && network_.overflow_cost[Index(number)] > 0;
    if (sites.empty() || !(refuses || can_cost)) continue;
    const Location location{number, SitesWithSums(sites)};
    if (!refuses) limited_locations_.push_back(location);
    if (refuses && location.sites.sums->lanes_into.num_terms > 0) refusing_locations_.push_back(location);
  }
}

void TensorNetwork::ReadChances() {
  std::vector<float> share = network_.backorder_share;
  std::vector<int> partial_sites;
  for (int site = 0; site < network_.num_sites(); ++site)
    if (share[Index(site)] > 0 && share[Index(site)] < 1) partial_sites.push_back(site);
  partial_backorders_ = SharesOf(uses_.partial_backorders, partial_sites, Chosen(share, partial_sites));
  for (const int site : partial_sites) share[Index(site)] = 0;
  backorder_share_ = Column(share);

  const auto& goodwill = network_.goodwill;
  goodwill_ = SharesOf(uses_.goodwill, FieldOf(goodwill, &Goodwill::site), {});
  goodwill_rule_ = {Column(FieldOf(goodwill, &Goodwill::after_stockout)),
                    Column(FieldOf(goodwill, &Goodwill::otherwise)), Column(FieldOf(goodwill, &Goodwill::least)),
                    Column(FieldOf(goodwill, &Goodwill::most))};
  yields_ =
      SharesOf(uses_.yield, FieldOf(network_.yields, &LaneYield::lane), FieldOf(network_.yields, &LaneYield::share));
  returns_ = SharesOf(uses_.returns, FieldOf(network_.return_lanes, &ReturnLane::lane),
                      FieldOf(network_.return_lanes, &ReturnLane::share));
  for (size_t supplier = 0; supplier < network_.disruptions.size(); ++supplier)
    disrupted_lanes_.emplace_back(PlacesOf({static_cast<int>(supplier)}),
                                  PlacesOf(network_.disruptions[supplier].lanes));
}

void TensorNetwork::ReadChannels() {
  std::vector<std::vector<int>> touched;
  const std::vector<int> sites = FieldOf(network_.channels, &Channel::site);
  const std::vector<int> hosts = FieldOf(network_.channels, &Channel::host);
  for (const int host : hosts) touched.push_back({host});
  for (const std::vector<int>& group : GroupsInTurn(touched))
    channels_.emplace_back(PlacesOf(Chosen(sites, group)), PlacesOf(Chosen(hosts, group)));

  touched.clear();
  const std::vector<int> lanes = FieldOf(network_.emergency_lanes, &EmergencyLane::lane);
  const std::vector<int> origins = Chosen(network_.lane_origin, lanes);
  for (const int lane : lanes)
    touched.push_back({network_.lane_origin[Index(lane)], network_.lane_destination[Index(lane)]});
  for (const std::vector<int>& group : GroupsInTurn(touched)) {
    std::vector<int> uses;
    for (const int entry : group) uses.push_back(uses_.emergency + entry);
    emergencies_.push_back({PlacesOf(uses), PlacesOf(Chosen(lanes, group)), PlacesOf(Chosen(origins, group)),
                            Column(Chosen(FieldOf(network_.emergency_lanes, &EmergencyLane::acceptance), group))});
  }
}

void TensorNetwork::ReadPerishables() {
  std::map<int, std::vector<int>> entries_by_shelf_life;
  for (size_t entry = 0; entry < network_.perishables.size(); ++entry)
    entries_by_shelf_life[network_.perishables[entry].shelf_life].push_back(static_cast<int>(entry));
  for (const auto& [shelf_life, entries] : entries_by_shelf_life) {
    const std::vector<Perishable> group = Chosen(network_.perishables, entries);
    std::vector<std::vector<int>> newest_channels;
    for (const Perishable& perishable : group) {
      newest_channels.emplace_back();
      for (const Channel& channel : network_.channels)
        if (channel.host == perishable.site && channel.sells_newest) newest_channels.back().push_back(channel.site);
    }
    const Places sites = SitesWithSums(FieldOf(group, &Perishable::site));
    sums_.back().newest_channels = SumsOver(newest_channels, network_.num_sites());
    perishables_.push_back({{Indices(entries), sites.sums},
                            sites,
                            shelf_life,
                            {Column(AsFloats(FieldOf(group, &Perishable::sells_newest))),
                             Column(FieldOf(group, &Perishable::waste_cost))}});
  }
}

torch::Tensor TensorNetwork::Indices(const std::vector<int>& indices) const {
  return torch::tensor(std::vector<int64_t>(indices.begin(), indices.end()), torch::kLong).to(config_.device);
}

TensorNetwork::Value TensorNetwork::Column(const std::vector<float>& values) const {
  if (values.empty()) return {};
  return Value(torch::tensor(values).to(options()).unsqueeze(1));
}

Places TensorNetwork::SitesWithSums(const std::vector<int>& sites) {
  const auto lanes_into = [&](auto counts) {
    std::vector<std::vector<int>> lists;
    for (const int site : sites) {
      lists.emplace_back();
      std::ranges::copy_if(network_.lanes_into[Index(site)], std::back_inserter(lists.back()), counts);
    }
    return SumsOver(lists, network_.num_lanes());
  };
  SiteSums sums;
  sums.lanes_into = lanes_into([](int) { return true; });
  sums.immediate_lanes_into =
      lanes_into([&](int lane) { return network_.takes_orders[Index(lane)] && network_.lead_time[Index(lane)] == 0; });
  sums.emergency_lanes_into =
      lanes_into([&](int lane) { return !network_.takes_orders[Index(lane)] && network_.lead_time[Index(lane)] == 0; });
  sums.lanes_out_of = SumsOver(Chosen(network_.lanes_out_of, sites), network_.num_lanes());
  sums_.push_back(std::move(sums));
  const bool is_all = sites == Range(Index(network_.num_sites()));
  return {is_all ? torch::Tensor() : Indices(sites), &sums_.back()};
}

TensorSums TensorNetwork::SumsOver(const std::vector<std::vector<int>>& lists, int num_rows) const {
  std::vector<std::pair<int, int>> terms;  // row, position of its sum
  for (size_t sum = 0; sum < lists.size(); ++sum)
    for (const int row : lists[sum]) terms.emplace_back(row, static_cast<int>(sum));
  std::sort(terms.begin(), terms.end());
  std::vector<int> rows, into;
  for (const auto& [row, sum] : terms) {
    rows.push_back(row);
    into.push_back(sum);
  }
  TensorSums sums;
  sums.num_terms = static_cast<int64_t>(rows.size());
  sums.num_sums = static_cast<int64_t>(lists.size());
  if (rows != Range(Index(num_rows))) sums.terms = PlacesOf(rows);
  if (into != Range(lists.size())) sums.into = Indices(into);
  return sums;
}

TensorNetwork::Shares TensorNetwork::SharesOf(int first_use, const std::vector<int>& places,
                                              const std::vector<float>& shares) const {
  std::vector<int> uses = Range(places.size());
  for (int& use : uses) use += first_use;
  return {PlacesOf(uses), PlacesOf(places), Column(shares)};
}

TensorNetwork::Pairs TensorNetwork::LanesInTurn(const std::vector<int>& suppliers) const {
  std::vector<int> lanes, origins;
  std::vector<std::vector<int>> touched;
  for (const int site : suppliers) {
    for (const int lane : network_.lanes_out_of[Index(site)]) {
      lanes.push_back(lane);
      origins.push_back(site);
      touched.push_back({site});
    }
  }
  Pairs pairs;
  for (const std::vector<int>& group : GroupsInTurn(touched))
    pairs.emplace_back(PlacesOf(Chosen(lanes, group)), PlacesOf(Chosen(origins, group)));
  return pairs;
}

std::vector<TensorNetwork::LeadTimeGroup> TensorNetwork::GroupByPeriods(const std::vector<int>& periods) const {
  std::map<int, std::vector<int>> groups;
  for (size_t i = 0; i < periods.size(); ++i)
    if (periods[i] > 0) groups[periods[i]].push_back(static_cast<int>(i));
  std::vector<LeadTimeGroup> result;
  for (const auto& [length, members] : groups)
    result.push_back({length, members.size() == periods.size() ? Places{} : PlacesOf(members)});
  return result;
}

TensorNetwork::Value TensorNetwork::Whole(const Value& units) const {
  if (network_.is_divisible || units.IsZero()) return units;
  const Value whole = Floor(units * kJustAboveOne);
  return config_.straight_through ? PassGradient(units, whole) : whole;
}

TensorNetwork::Value TensorNetwork::WholeAbove(const Value& units) const {
  if (network_.is_divisible || units.IsZero()) return units;
  const Value whole = Ceil(units);
  return config_.straight_through ? PassGradient(units, whole) : whole;
}

TensorNetwork::Value TensorNetwork::Thin(const Value& count, const Value& probability, const TensorRows& uniform,
                                         const Places& use) const {
  if (network_.is_divisible || config_.thin_to_mean) return ThinToMean(count, probability);
  return Value(ThinCounts(count.tensor(), probability.tensor(), Value(uniform(use)).tensor()));
}

TensorNetwork::Value TensorNetwork::AddUp(const TensorSums& sums, const Value& terms) {
  if (terms.IsZero() || !sums.into.defined()) return terms;
  const torch::Tensor& values = terms.tensor();
  if (sums.num_sums == 1) return Value(values.sum(0, /*keepdim=*/true));
  return Value(torch::zeros({sums.num_sums, values.size(1)}, values.options()).index_add(0, sums.into, values));
}

Places TensorNetwork::Destination(const Places& lanes) const { return {RowsOf(destination_, lanes)}; }

void TensorStateView::AddTo(Queue& queue, int ahead, int64_t num_rows, const Places& places, const Value& units) const {
  if (units.IsZero()) return;
  if (queue.size() < Index(ahead)) queue.resize(Index(ahead));
  torch::Tensor& place = queue[Index(ahead - 1)];
  if (!place.defined() && places.IsAll()) {
    place = units.tensor().expand({num_rows, state_.num_envs()});
    return;
  }
  if (!place.defined()) place = torch::zeros({num_rows, state_.num_envs()}, network_.options());
  TensorRef(place, places) += units;
}

TensorStateView::Value TensorStateView::Delay(const Places&, const Value& orders) const {
  // an order of now takes effect one step of the clock less ahead than it is filed
  const int64_t num_rows = orders.tensor().size(0);
  for (const TensorNetwork::LeadTimeGroup& group : network_.order_delays())
    AddTo(state_.delayed_orders, group.periods + 1, num_rows, group.places,
          Value(RowsOf(orders.tensor(), group.places)));
  const torch::Tensor& due = state_.delayed_orders.front();
  return due.defined() ? Value(due) : Value(torch::zeros_like(orders.tensor()));
}

TensorStateView::Value TensorStateView::SendAndReceive(const Places& lanes, const Value& units) const {
  const int later =
      network_.ReceivesAfterShipping() ? 1 : 0;  // what is sent now is not received before the clock moves
  for (const TensorNetwork::LeadTimeGroup& group : network_.lead_times())
    AddTo(state_.in_transit, group.periods + later, units.tensor().size(0), group.places,
          Value(RowsOf(units.tensor(), group.places)));
  return network_.ReceivesAfterShipping() ? Value() : Receive(lanes);
}

TensorStateView::Value TensorStateView::Receive(const Places&) const {
  return state_.in_transit.empty() ? Value() : Value(std::exchange(state_.in_transit.front(), {}));
}

void TensorStateView::SendAt(const Places& lanes, const Value& units, const Value& periods) const {
  const int later = network_.ReceivesAfterShipping() ? 1 : 0;
  for (int ahead = 1; ahead <= network_.longest_variable_lead_time(); ++ahead)
    AddTo(state_.in_transit, ahead + later, network_.num_lanes(), lanes,
          units * IsEqual(periods, static_cast<float>(ahead)));
}

TensorStateView::Value TensorStateView::Due(const Places& lanes, const Value& units) const {
  const Value sent = units * network_.IsNextPeriod(lanes);
  const bool none_before = state_.in_transit.empty() || !state_.in_transit.front().defined();
  return none_before ? sent : Value(RowsOf(state_.in_transit.front(), lanes)) + sent;
}

TensorStateView::Value TensorStateView::UnderWay(const Places& lanes) const {
  Value sum;
  for (const torch::Tensor& due : state_.in_transit)
    if (due.defined()) sum = sum + Value(RowsOf(due, lanes));
  return sum;
}

void TensorStateView::MoveClock() const {
  for (Queue* queue : {&state_.in_transit, &state_.delayed_orders})
    if (!queue->empty()) queue->erase(queue->begin());
}

}  // namespace restock
