#pragma once

#include <string>
#include <vector>

namespace restock {

/// What only some sites, lanes or locations of a network have: each feature is a list of entries, empty where nothing
/// has it. Names of equations as in docs/model.md.

/// How a site that cannot ship all that is ordered from it divides what it has.
enum class Rationing {
  kProportional,   // every lane gets the same share of its order
  kInTurn,         // lane after lane, by priority and then by order in the network, as long as there is something
  kLeastShortage,  // the largest unfilled order is served first, so that the largest shortage becomes least
};
struct RationingRule {
  int site = 0;
  Rationing rule = Rationing::kProportional;
};

/// The most units that a site ships in a period, on all its lanes together: a factory's capacity.
struct ShippingCapacity {
  int site = 0;
  float units = 0;  // [unit/period]
};

/// Stock by age. A unit can be sold in `shelf_life` periods, counted anew from its receipt at the site; then it is
/// wasted. Shipments take the oldest units.
struct Perishable {
  int site = 0;
  int shelf_life = 1;         // m  [period]
  bool sells_newest = false;  // to the site's own customers: newest units first (LIFO), otherwise oldest first (FIFO)
  float waste_cost = 0;       // per unit wasted  [money/unit]
};

/// A site without stock of its own sells what stands at `host`, after the host's own customers and after channels that
/// come earlier in the list.
struct Channel {
  int site = 0;
  int host = 0;
  bool sells_newest = false;  // of a perishable
};

/// Demand that remembers stock-outs: a sentiment s moves by a factor each period; of the potential demand, a share
/// s / most comes.
struct Goodwill {
  int site = 0;
  float after_stockout = 1;  // factor after a period with unmet demand
  float otherwise = 1;
  float least = 0;
  float most = 1;
};

/// A lane that nobody orders on: unmet customers each accept with this probability to be served at once from what is
/// left at the lane's origin.
struct EmergencyLane {
  int lane = 0;
  float acceptance = 1;
};

/// A lane from customers back to the site that served them: each unit sold comes back with this probability, a lead
/// time later. Its origin is kCustomers.
struct ReturnLane {
  int lane = 0;
  float share = 0;
};

/// Of what outside supply ships on a lane, each unit is good with this probability; the others are neither sent nor
/// paid.
struct LaneYield {
  int lane = 0;
  float share = 1;
};

/// What is ordered and not shipped costs `cost` a unit and period; where it waits it is part of the next order.
struct UnfilledOrders {
  int lane = 0;
  bool waits = false;
  float cost = 0;  // [money/unit/period]
};

/// An order takes effect some periods after it was placed.
struct OrderDelay {
  int lane = 0;
  int periods = 1;
  float initial = 0;  // in each of these periods, ordered before the start  [unit]
};

/// Orders come in packs and have a minimum.
struct OrderSizes {
  int lane = 0;
  float pack = 1;     // whole multiples of it, rounded to the nearest  [unit]
  float minimum = 0;  // what is below half of it is not ordered, the rest is raised to it  [unit]
};

/// Goods under way cost money.
struct PipelineCost {
  int lane = 0;
  float cost = 0;  // g: per unit under way at period end  [money/unit/period]
};

/// A lane whose lead time is not always the same. `Network::lead_time` holds the longest.
struct VariableLeadTime {
  int lane = 0;
  std::vector<double> probability;  // of 0, 1, 2, ... periods; empty: always the shortest that the calendar allows
  bool may_cross = true;            // a later order may overtake an earlier one
  std::vector<bool> receives;       // on which phases of a cycle goods are received; empty: always
  int shortest = 0;                 // before the wait for a receiving day, where there are no probabilities
};

/// A supplier of several lanes that breaks down and comes back: a Markov chain with two states.
struct Disruption {
  std::vector<int> lanes;
  double failure = 0;   // probability that one that works fails in the next period
  double recovery = 1;  // probability that one that is down works in the next period
};

/// The sum over lanes of weight times order is at most `limit` in a period: capacities of suppliers and docks, budgets.
/// Every lane gets the same share of its order.
struct JointLimit {
  std::string name;
  std::vector<int> lanes;
  std::vector<float> weight;  // by lane of the list: volume, or money per unit
  float limit = 0;
};

/// Goods of several lanes travel together: each vehicle that is begun costs the same.
struct Vehicles {
  std::vector<int> lanes;
  std::vector<float> weight;  // volume per unit, by lane of the list
  float size = 1;             // volume of a vehicle
  float cost = 0;             // [money/vehicle]
};

}  // namespace restock
