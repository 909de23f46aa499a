#include "agents/joint_pathwise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "agents/joint_policy.h"
#include "agents/learner_suits.h"
#include "agents/network_gradient.h"
#include "agents/network_policy.h"
#include "agents/path_block.h"
#include "agents/policy_file.h"
#include "agents/selection.h"
#include "agents/tape_world.h"
#include "common/error.h"
#include "common/parallel.h"
#include "env/chance_source.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

/// The tape's state, by place.
struct TapeStateRows {
  const TapeState& state;
  TapeValue on_hand(int site) const { return state.on_hand[Index(site)]; }
  TapeValue backorders(int site) const { return state.backorders[Index(site)]; }
  TapeValue in_transit(int lane, int ahead) const { return state.in_transit[Index(lane)][Index(ahead - 1)]; }
  TapeValue age(int entry, int left) const { return state.age[Index(entry)][Index(left - 1)]; }
  TapeValue owed(int entry) const { return state.owed[Index(entry)]; }
  TapeValue delayed_order(int entry, int ahead) const { return state.delayed_orders[Index(entry)][Index(ahead)]; }
  TapeValue goodwill(int entry) const { return state.goodwill[Index(entry)]; }
};

/// What the way back along a block of paths needs of a period.
struct PeriodTrace {
  NetworkTrace network;
  std::vector<TapeValue> inputs;  // of the state
  std::vector<TapeValue> orders;  // as they leave the network  (lanes of the model)
};

/// What a unit at each site has cost on its cheapest way there.  [money/unit]
std::vector<float> LandedCost(const Network& network) {
  std::vector<float> cost(Index(network.num_sites()), 0.f);
  const auto& downstream_first = network.sites_downstream_first;
  for (auto site = downstream_first.rbegin(); site != downstream_first.rend(); ++site) {
    float least = kUnlimited;
    for (const int lane : network.lanes_into[Index(*site)]) {
      if (!network.takes_orders[Index(lane)] || network.is_transfer[Index(lane)]) continue;
      const int origin = network.lane_origin[Index(lane)];
      least = std::min(least, network.unit_cost[Index(lane)] + (origin >= 0 ? cost[Index(origin)] : 0.f));
    }
    if (least < kUnlimited) cost[Index(*site)] = least;
  }
  return cost;
}

/// The rows that chance decides besides demand, on a tape.
class TapeChance {
 public:
  TapeChance(const Network& network, const DemandSource& demand)
      : network_(network),
        demand_(demand),
        source_(network, demand.chance()),
        is_needed_(!network.variable_lead_times.empty() || !network.disruptions.empty()) {}

  struct Rows {
    std::vector<TapeValue> demand, lead_time, supply;
    Exogenous<TapeRows> view() { return {TapeRows(demand), TapeRows(lead_time), TapeRows(supply), {}}; }
  };
  Rows Draw(int period, std::span<const int> scenarios, Tape& tape) const {
    AlignedVector demand(Index(network_.num_sites()) * kBlockSize);
    demand_.Demand(period, scenarios, network_, demand.data());
    Rows rows{.demand = OnTape(demand.data(), Index(network_.num_sites()), tape), .lead_time = {}, .supply = {}};
    if (!is_needed_) return rows;
    std::array<int, kBlockSize> shared;
    std::ranges::transform(scenarios, shared.begin(), [&](int scenario) { return demand_.ChanceScenario(scenario); });
    ChanceSource::Scratch scratch = source_.MakeScratch();
    Exogenous<restock::Rows> drawn{.demand = {demand.data()}};
    source_.Draw(period, demand_.first_phase() + period, shared, scratch, drawn);
    rows.lead_time = OnTape(scratch.lead_time.data(), network_.variable_lead_times.size(), tape);
    rows.supply = OnTape(scratch.supply.data(), network_.disruptions.size(), tape);
    return rows;
  }

 private:
  static std::vector<TapeValue> OnTape(const float* rows, size_t count, Tape& tape) {
    std::vector<TapeValue> values;
    for (size_t i = 0; i < count; ++i) values.push_back(tape.Constant(RowValue::Load(rows + i * kBlockSize)));
    return values;
  }

  const Network& network_;
  const DemandSource& demand_;
  ChanceSource source_;
  bool is_needed_;
};

constexpr float kPartOfUnit = 0.01f;

// Whole units but for a little on the side where the order came from: there costs have their kinks at whole units, and
// so a slope is what a unit more, or a unit less, costs.
Eigen::ArrayXf NearlyWhole(const Eigen::ArrayXf& order) {
  const Eigen::ArrayXf whole = (order + 0.5f).floor();
  return whole + kPartOfUnit * (order - whole);
}

class JointPathwise : public Learner {
 public:
  JointPathwise(const PathwiseConfig& config, const TrainingWorld& world, const Random& random, int num_threads)
      : config_(config),
        world_(world),
        num_threads_(num_threads),
        num_periods_of_path_(world.horizon > 0 ? world.horizon : config.num_periods),
        chance_(*world.network, *world.train),
        model_(MakeJointModel("pathwise", *world.network, *world.train, world.horizon, config.hidden_layers,
                              config.activation)),
        optimizer_(model_.network.parameters().size()),
        selection_(world, std::make_shared<JointPolicy>(model_), num_threads),
        last_selection_cost_(NAN) {
    const Network& network = *world.network;
    if (!world.train->has_fixed_forecasts() && world.train->num_periods() < num_periods_of_path_)
      throw ConfigError("agents.pathwise.num_periods must be at most " + std::to_string(world.train->num_periods()) +
                        ", the periods of the demand that it learns from, which changes over time.");
    // small outputs around the mean demand: large ones have made learning diverge
    RandomStream stream = random.Stream("network").At(0);
    const float order_the_mean = std::log(std::exp(1.f) - 1.f);
    Initialize(/*output_gain=*/0.05, order_the_mean, stream, model_.network);

    // what is left at the end is worth what it cost, or what the episode pays back
    unit_value_ = world.horizon > 0 ? network.unit_value : LandedCost(network);
    NetworkState start(network);
    start.Start(network);
    start_.assign(Index(config.num_paths / kBlockSize), start);
    cost_scale_ = CostScale();
  }

  const std::string& name() const override { return model_.name; }
  int num_updates() const override { return num_updates_; }
  int planned_updates() const override { return config_.num_updates; }
  std::shared_ptr<const Policy> policy() const override { return selection_.best(); }

  UpdateMetrics Update() override {
    const std::vector<float> kept(model_.network.parameters().begin(), model_.network.parameters().end());
    const AdamState kept_optimizer = optimizer_;
    const std::vector<NetworkState> kept_start = start_;
    bool learned = Learn();
    for (const float weight : model_.network.parameters()) learned = learned && std::isfinite(weight);
    if (!learned) {
      model_.network.SetParameters(kept);
      optimizer_ = kept_optimizer;
      start_ = kept_start;
    }
    ++num_updates_;
    if (num_updates_ % config_.select_every == 0 || num_updates_ == config_.num_updates)
      last_selection_cost_ = Select();
    return {.num_periods = num_periods_,
            .values = {{"mean_cost", mean_cost_},
                       {"selection_cost", last_selection_cost_},
                       {"best_selection_cost", selection_.best_cost()},
                       {"learning_rate", learning_rate_}},
            .diverged = !learned};
  }

  void Save(const std::filesystem::path& file) const override {
    SectionFileWriter writer("restock " + name() + " learner");
    const std::array<int64_t, 2> counters = {num_updates_, num_periods_};
    writer.AddValues("counters", counters.data(), counters.size());
    writer.AddValues("selection cost", &last_selection_cost_, 1);
    AddModel(model_, "model/", writer);
    optimizer_.Save(writer);
    std::string states;
    for (const NetworkState& state : start_) state.Save(states);
    writer.Add("start states", states);
    selection_.Save(writer);
    writer.Write(file);
  }

  void Load(const std::filesystem::path& file) override {
    const SectionFileReader reader(file, "restock " + name() + " learner");
    const std::vector<int64_t> counters = reader.GetValues<int64_t>("counters");
    const JointModel model = ReadJointModel("model/", reader);
    if (counters.size() != 2 || model.network.sizes() != model_.network.sizes())
      throw DataError(file.string() + ": was saved by a learner of another shape.");
    optimizer_.Load(reader);
    num_updates_ = static_cast<int>(counters[0]);
    num_periods_ = counters[1];
    last_selection_cost_ = reader.GetValues<double>("selection cost").at(0);
    model_ = model;
    std::string_view states = reader.Get("start states");
    for (NetworkState& state : start_) state.Load(states);
    if (!states.empty()) throw DataError(file.string() + ": was saved with more paths.");
    selection_.Load(reader);
  }

 private:
  bool is_endless() const { return world_.horizon == 0; }
  bool OrdersWholeUnits(double progress) const {
    return !world_.network->is_divisible && progress >= 1 - config_.whole_units_share;
  }

  // What a period of demand is about worth, so that one limit for gradients suits all problems.  [money/period]
  double CostScale() const {
    const Network& network = *world_.network;
    double sum = 0;
    for (size_t i = 0; i < model_.lanes.size(); ++i) {
      const size_t site = Index(network.lane_destination[Index(model_.lanes[i])]);
      sum += model_.order_scale[i] * (network.holding_cost[site] + network.stockout_cost[site]);
    }
    return std::max(sum, 1e-6);
  }

  // --- learning ------------------------------------------------------------------------------------------------------

  bool Learn() {
    mean_cost_ = 0;
    for (int step = 0; step < config_.steps_per_update; ++step) {
      const int number = num_updates_ * config_.steps_per_update + step;
      const double done = number / (static_cast<double>(config_.num_updates) * config_.steps_per_update);
      learning_rate_ = 0.5 * config_.learning_rate * (1 + std::cos(std::numbers::pi * done));
      std::vector<float> gradient(model_.network.parameters().size());
      orders_whole_units_ = OrdersWholeUnits(done);
      mean_cost_ += CostAndGradient(number, gradient) * cost_scale_ / config_.steps_per_update;
      if (!optimizer_.Step(gradient, learning_rate_, config_.max_gradient_norm, model_.network)) return false;
    }
    num_periods_ += int64_t{config_.steps_per_update} * config_.num_paths * num_periods_of_path_;
    return std::isfinite(mean_cost_);
  }

  // The mean cost per period, in cost scales, on paths that no step has seen before, and its gradient by the weights.
  double CostAndGradient(int step, std::span<float> gradient) {
    const auto num_blocks = static_cast<int>(start_.size());
    std::vector<std::vector<float>> gradients(start_.size(), std::vector<float>(gradient.size()));
    std::vector<double> costs(start_.size());
    ParallelFor(num_blocks, num_threads_, [&](int block) {
      costs[Index(block)] = OfBlock(int64_t{step} * num_blocks + block, start_[Index(block)], gradients[Index(block)]);
    });
    double cost = 0;
    for (size_t block = 0; block < start_.size(); ++block) {
      cost += costs[block];
      for (size_t i = 0; i < gradient.size(); ++i) gradient[i] += gradients[block][i];
    }
    return cost;
  }

  // The share of a block of paths in both.
  double OfBlock(int64_t number, NetworkState& start, std::span<float> gradient) const {
    static thread_local Tape tape;  // keeps its memory
    tape.Clear();
    const Network& network = *world_.network;
    const PathBlock block(*world_.train, number, num_periods_of_path_);
    const auto weight =
        static_cast<float>(1 / (static_cast<double>(config_.num_paths) * num_periods_of_path_ * cost_scale_));

    // forward: the paths that demand and orders make
    TapeWorld simulator(network);
    TapeState state(network, start, tape);
    std::vector<PeriodTrace> trace(Index(num_periods_of_path_));
    std::vector<TapeValue> costs;
    for (int period = 0; period < num_periods_of_path_; ++period) {
      // the next paths begin where these are halfway, so that no warm-up is wasted
      if (is_endless() && period == num_periods_of_path_ / 2) state.Write(network, start);
      PeriodTrace& now = trace[Index(period)];
      Encode(block, period, state, now);
      TraceForward(model_.network, now.network);
      std::vector<TapeValue> orders = Orders(now, tape);
      TapeChance::Rows chance = chance_.Draw(block.PeriodAt(period), block.scenarios, tape);
      costs.push_back(simulator.Step(orders, chance.view(), state));
    }

    // backward
    double cost = 0;
    for (const TapeValue& of_period : costs) {
      cost += weight * SumOf(of_period);
      if (!of_period.is_number()) tape.AddSlope(of_period.node(), RowValue(weight));
    }
    CreditLeftovers(state, -weight);
    for (int period = num_periods_of_path_ - 1; period >= 0; --period) {
      PeriodTrace& now = trace[Index(period)];
      tape.GoBack(now.orders.front().node());
      const bool is_learned_from = !is_endless() || period < num_periods_of_path_ - config_.last_periods;
      if (is_learned_from) BackThroughPolicy(now, tape, gradient);
    }
    return cost;
  }

  static double SumOf(const TapeValue& value) {
    AlignedVector row(kBlockSize);
    value.row().Store(row.data());
    double sum = 0;
    for (const float one : row) sum += one;
    return sum;
  }

  void Encode(const PathBlock& block, int period, const TapeState& state, PeriodTrace& now) const {
    now.network.resize(1);
    now.network[0].resize(kBlockSize, model_.network.num_inputs());
    for (int i = 0; i < model_.network.num_inputs(); ++i) {
      const JointInput& input = model_.inputs[Index(i)];
      float* const column = now.network[0].col(i).data();
      if (input.IsOfState()) {
        now.inputs.push_back(StateInput<TapeValue>(input, *world_.network, TapeStateRows{state}));
        ((now.inputs.back().row() - input.mean) * input.scale).Store(column);
      } else {
        MomentInput(input, model_.horizon, block.PeriodAt(period), block.scenarios, *world_.train, *world_.network)
            .Store(column);
      }
    }
  }

  // By lane of the network, within its capacity.
  std::vector<TapeValue> Orders(PeriodTrace& now, Tape& tape) const {
    std::vector<TapeValue> orders(Index(world_.network->num_lanes()));
    for (size_t i = 0; i < model_.lanes.size(); ++i) {
      const Eigen::ArrayXf order =
          model_.order_scale[i] * Softplus(now.network.back().col(static_cast<Eigen::Index>(i)).array());
      const Eigen::ArrayXf placed = orders_whole_units_ ? NearlyWhole(order) : order;
      now.orders.push_back(tape.Variable(RowValue::Load(placed.data())));
    }
    for (size_t i = 0; i < model_.lanes.size(); ++i)
      orders[Index(model_.lanes[i])] = Min(now.orders[i], world_.network->lane_capacity[Index(model_.lanes[i])]);
    return orders;
  }

  void CreditLeftovers(const TapeState& state, float weight) const {
    const Network& network = *world_.network;
    const auto credit = [&](const TapeValue& units, int site) {
      const float value = unit_value_[Index(site)];
      if (!units.is_number() && value != 0) units.tape().AddSlope(units.node(), RowValue(weight * value));
    };
    for (int site = 0; site < network.num_sites(); ++site) {
      credit(state.on_hand[Index(site)], site);
      if (!is_endless()) continue;
      // who waits will be served
      const TapeValue& waiting = state.backorders[Index(site)];
      const float value = unit_value_[Index(site)];
      if (!waiting.is_number()) waiting.tape().AddSlope(waiting.node(), RowValue(-weight * value));
    }
    for (int lane = 0; lane < network.num_lanes(); ++lane)
      for (const TapeValue& units : state.in_transit[Index(lane)]) credit(units, network.lane_destination[Index(lane)]);
  }

  void BackThroughPolicy(PeriodTrace& now, Tape& tape, std::span<float> gradient) const {
    Eigen::MatrixXf slope(kBlockSize, model_.network.num_outputs());
    for (int i = 0; i < model_.network.num_outputs(); ++i) {
      tape.slope(now.orders[Index(i)].node()).Store(slope.col(i).data());
      const auto sigmoid = 1.f / (1.f + (-now.network.back().col(i).array()).exp());
      slope.col(i).array() *= model_.order_scale[Index(i)] * sigmoid;
    }
    TraceBackward(model_.network, now.network, slope, gradient);
    for (int i = 0; i < std::ssize(now.inputs); ++i) {  // those of the state come first
      const TapeValue& input = now.inputs[Index(i)];
      if (!input.is_number())
        tape.AddSlope(input.node(), RowValue::Load(slope.col(i).data()) * model_.inputs[Index(i)].scale);
    }
  }

  // The cost with the rounding that suits the network best, one for all lanes.
  double Select() {
    if (world_.network->is_divisible) return selection_.Offer(std::make_shared<JointPolicy>(model_));
    double least = INFINITY;
    for (const double rounding : config_.roundings) {
      JointModel candidate = model_;
      std::ranges::fill(candidate.rounding, static_cast<float>(rounding));
      least = std::min(least, selection_.Offer(std::make_shared<JointPolicy>(candidate)));
    }
    if (num_updates_ == config_.num_updates) RoundEachLane();
    return least;
  }

  // Lane by lane the rounding that suits the best network, the others as they are.
  void RoundEachLane() {
    for (size_t lane = 0; lane < model_.lanes.size(); ++lane) {
      const JointModel best = dynamic_cast<const JointPolicy&>(*selection_.best()).model();
      for (const double rounding : config_.roundings) {
        JointModel candidate = best;
        candidate.rounding[lane] = static_cast<float>(rounding);
        if (candidate.rounding[lane] != best.rounding[lane]) selection_.Offer(std::make_shared<JointPolicy>(candidate));
      }
    }
  }

  PathwiseConfig config_;
  TrainingWorld world_;
  int num_threads_;
  int num_periods_of_path_;
  TapeChance chance_;
  JointModel model_;
  AdamState optimizer_;
  Selection selection_;
  std::vector<float> unit_value_;    // of what is left at the end of a path  (site)
  std::vector<NetworkState> start_;  // of the next step's paths  (block)
  double cost_scale_ = 1;
  bool orders_whole_units_ = false;  // in this step
  double learning_rate_ = 0;
  double mean_cost_ = 0;  // of the last update  [money/period]
  double last_selection_cost_;
  int64_t num_periods_ = 0;  // environment periods seen so far
  int num_updates_ = 0;
};

}  // namespace

std::unique_ptr<Learner> MakeJointPathwise(const PathwiseConfig& config, const TrainingWorld& world,
                                           const Random& random, int num_threads) {
  CheckPathwise(*world.network);
  return std::make_unique<JointPathwise>(config, world, random, num_threads);
}

}  // namespace restock
