#include "agents/network_gradient.h"

#include <cmath>
#include <utility>

#include "common/check.h"
#include "common/error.h"

namespace restock {
namespace {

constexpr double kMeanDecay = 0.9;      // beta_1
constexpr double kSquareDecay = 0.999;  // beta_2
constexpr double kEpsilon = 1e-8;

void Activate(Activation activation, Eigen::MatrixXf& values) {
  auto array = values.array();
  if (activation == Activation::kTanh) array = array.tanh();
  if (activation == Activation::kElu) array = array.max(0.f) + (array.min(0.f).exp() - 1.f);
  if (activation == Activation::kRelu) array = array.max(0.f);
}

// Times the derivative of the activation, told from what it gave.
void TimesDerivative(Activation activation, const Eigen::MatrixXf& given, Eigen::MatrixXf& slope) {
  const auto value = given.array();
  if (activation == Activation::kTanh) slope.array() *= 1.f - value.square();
  if (activation == Activation::kElu) slope.array() *= 1.f + value.min(0.f);
  if (activation == Activation::kRelu) slope.array() *= (value > 0.f).cast<float>();
}

}  // namespace

void TraceForward(const FastNetwork& network, NetworkTrace& trace) {
  trace.resize(static_cast<size_t>(network.num_layers()) + 1);
  for (int layer = 0; layer < network.num_layers(); ++layer) {
    const Eigen::MatrixXf& values = trace[static_cast<size_t>(layer)];
    Eigen::MatrixXf& next = trace[static_cast<size_t>(layer) + 1];
    next.noalias() = values * network.weights(layer).transpose();
    next.rowwise() += network.bias(layer);
    if (layer + 1 < network.num_layers()) Activate(network.activation(), next);
  }
}

void TraceBackward(const FastNetwork& network, const NetworkTrace& trace, Eigen::MatrixXf& slope,
                   std::span<float> gradient) {
  using Weights = Eigen::Map<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
  RESTOCK_CHECK_EQ(gradient.size(), network.parameters().size());
  float* end = gradient.data() + gradient.size();
  for (int layer = network.num_layers() - 1; layer >= 0; --layer) {
    if (layer + 1 < network.num_layers())
      TimesDerivative(network.activation(), trace[static_cast<size_t>(layer) + 1], slope);
    const Eigen::Index outputs = slope.cols(), inputs = network.weights(layer).cols();
    float* const first = end - outputs * (inputs + 1);
    Weights(first, outputs, inputs).noalias() += slope.transpose() * trace[static_cast<size_t>(layer)];
    Eigen::Map<Eigen::RowVectorXf>(first + outputs * inputs, outputs) += slope.colwise().sum();
    slope = slope * network.weights(layer);
    end = first;
  }
}

bool AdamState::Step(std::span<const float> gradient, double learning_rate, double max_norm, FastNetwork& network) {
  using Values = Eigen::Map<Eigen::ArrayXf>;
  const auto size = static_cast<Eigen::Index>(gradient.size());
  const Eigen::Map<const Eigen::ArrayXf> raw(gradient.data(), size);
  const double norm = std::sqrt(raw.cast<double>().square().sum());
  if (!std::isfinite(norm)) return false;
  const Eigen::ArrayXf clipped = raw * static_cast<float>(norm > max_norm ? max_norm / norm : 1.0);

  ++num_steps;
  Values m(mean.data(), size), v(square.data(), size);
  m += static_cast<float>(1 - kMeanDecay) * (clipped - m);
  v += static_cast<float>(1 - kSquareDecay) * (clipped.square() - v);
  const auto steps = static_cast<double>(num_steps);
  const double size_of_step = learning_rate / (1 - std::pow(kMeanDecay, steps));
  const double correction = 1 / std::sqrt(1 - std::pow(kSquareDecay, steps));
  Eigen::ArrayXf parameters = Eigen::Map<const Eigen::ArrayXf>(network.parameters().data(), size);
  parameters -=
      static_cast<float>(size_of_step) * m / (v.sqrt() * static_cast<float>(correction) + static_cast<float>(kEpsilon));
  network.SetParameters({parameters.data(), gradient.size()});
  return true;
}

void AdamState::Save(SectionFileWriter& file) const {
  file.AddValues("adam/steps", &num_steps, 1);
  file.AddValues("adam/mean", mean.data(), mean.size());
  file.AddValues("adam/square", square.data(), square.size());
}

void AdamState::Load(const SectionFileReader& file) {
  const std::vector<int64_t> steps = file.GetValues<int64_t>("adam/steps");
  std::vector<float> new_mean = file.GetValues<float>("adam/mean"), new_square = file.GetValues<float>("adam/square");
  if (steps.size() != 1 || new_mean.size() != mean.size() || new_square.size() != square.size())
    throw DataError("the optimiser was saved for a network of another shape.");
  num_steps = steps.front();
  mean = std::move(new_mean);
  square = std::move(new_square);
}

void Initialize(double output_gain, float output_bias, RandomStream& random, FastNetwork& network) {
  std::vector<float> parameters;
  for (int layer = 0; layer < network.num_layers(); ++layer) {
    const bool is_last = layer + 1 == network.num_layers();
    const auto inputs = static_cast<double>(network.weights(layer).cols());
    const double deviation = (is_last ? output_gain : 1.0) * std::sqrt(2 / inputs);
    for (Eigen::Index i = 0; i < network.weights(layer).size(); ++i)
      parameters.push_back(static_cast<float>(deviation * random.Normal()));
    for (Eigen::Index i = 0; i < network.bias(layer).size(); ++i) parameters.push_back(is_last ? output_bias : 0.f);
  }
  network.SetParameters(parameters);
}

}  // namespace restock
