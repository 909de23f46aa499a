#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/nn/modules/rnn.h>

#include "common/distributions.h"
#include "common/file.h"
#include "common/progress.h"
#include "common/torch/bridge.h"
#include "forecasting/backtest.h"
#include "forecasting/explanation.h"
#include "forecasting/forecaster_config.h"
#include "forecasting/neural/augmentation.h"
#include "forecasting/neural/count_probability.h"
#include "forecasting/neural/forecaster.h"
#include "forecasting/neural/integrated_gradients.h"
#include "forecasting/neural/likelihood.h"
#include "forecasting/neural/loss.h"
#include "forecasting/neural/lstm_layer.h"
#include "forecasting/neural/paths.h"
#include "forecasting/neural/quantile_grid.h"
#include "forecasting/seasonal_level.h"
#include "tests/forecasting/check_forecaster.h"
#include "tests/forecasting/test_histories.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

constexpr int kHorizon = 7;

NeuralConfig SmallConfig() {
  NeuralConfig config;
  config.hidden_size = 12;
  config.head_size = 10;
  config.num_updates = 60;
  config.device = "cpu";
  return config;
}

class NeuralTest : public ::testing::Test {
 protected:
  NeuralTest() { Progress::SetQuiet(true); }
  TemporaryFolder folder_;
};

/// A small network of that name.
NeuralConfig SmallConfig(const std::string& network) {
  NeuralConfig config = DefaultNeuralConfig(network);
  config.hidden_size = 12;
  config.head_size = 10;
  config.num_updates = 20;
  config.device = "cpu";
  return config;
}

class NetworkTest : public NeuralTest, public ::testing::WithParamInterface<std::string> {};

TEST_P(NetworkTest, KeepsTheContract) {
  const NeuralConfig config = SmallConfig(GetParam());
  CheckForecaster([&] { return std::make_unique<NeuralForecaster>(config, kHorizon, Random(1)); },
                  GeneratedHistory(2, 3, 70), folder_ / "network");
}

// Completeness (Sundararajan, Taly & Yan 2017, proposition 1), and the network that is explained is the one that
// forecasts.
TEST_P(NetworkTest, IntegratedGradientsAddUpToTheForecast) {
  const DemandHistory history = GeneratedHistory(2, 3, 70);
  NeuralForecaster forecaster(SmallConfig(GetParam()), kHorizon, Random(1));
  forecaster.Fit(history);
  for (const int series : {0, 4}) {
    const GradientAttribution found = IntegratedGradients(forecaster, history, series, 10, 256);
    EXPECT_NEAR(found.value, forecaster.Predict(history, 10).mean.col(series).sum(), 1e-3 * found.value);
    double sum = 0;
    for (const double contribution : found.contribution) sum += contribution;
    EXPECT_NEAR(sum, found.value - found.baseline, 5e-3 * (1 + found.value));
    EXPECT_NE(sum, 0);
  }
}

// Through all that a configuration wraps around a network: contributions add up to what the forecast differs by.
TEST_F(NeuralTest, GradientsExplainTheForecastOfAConfiguration) {
  DemandHistory history = GeneratedHistory(2, 3, 90);
  history.demand(80, 0) = 1000;  // which cleaning takes out
  history.demand.col(5).setConstant(kUnknown);
  history.sales.col(5).setConstant(kUnknown);
  for (int period = 5; period < 97; period += 7) {
    history.calendar.closed.resize(97);
    history.calendar.closed[static_cast<size_t>(period)] = true;
    if (period < 90) history.demand.row(period).setConstant(kUnknown);
  }
  for (const std::string settings : {"{model: lstm, horizon: 7}", "{model: lstm, horizon: 7, paths: copula}"}) {
    ForecasterConfig config = ReadForecasterConfig(ParseConfig(settings, "test.yaml"));
    config.neural["lstm"] = SmallConfig("lstm");
    config.cleaning.replace_outliers = true;
    const auto forecaster = MakeForecaster(config, Random(1));
    forecaster->Fit(history);
    ExplainConfig explain{.method = ExplanationMethod::kIntegratedGradients, .items = {}};
    explain.items = {history.series[0].warehouse + "/" + history.series[0].sku};
    const auto explanations = ExplainForecasts(explain, *forecaster, history, 7, Random(1));
    ASSERT_EQ(explanations.size(), 1u);
    const ForecastExplanation& explanation = explanations.front();
    const double total = forecaster->Predict(history, 7).mean.cast<double>().col(0).sum();
    EXPECT_NEAR(explanation.forecast, total, 1e-3 * total);
    double sum = explanation.baseline;
    for (const InputContribution& input : explanation.inputs) sum += input.contribution;
    EXPECT_NEAR(sum, explanation.forecast, 0.01 * total);
    EXPECT_GT(std::abs(explanation.forecast - explanation.baseline), 0);

    // a new product is forecast by others, of which the network knows nothing
    explain.items = {history.series[5].warehouse + "/" + history.series[5].sku};
    EXPECT_THROW(ExplainForecasts(explain, *forecaster, history, 7, Random(1)), ConfigError);
  }
}

// The network that acts is written in Eigen, the one that learns in LibTorch: they must be the same function.
TEST_P(NetworkTest, EigenAndLibTorchSayTheSame) {
  const DemandHistory history = GeneratedHistory(2, 4, 90);
  const NeuralFeatures features(history);
  NeuralConfig config = SmallConfig(GetParam());
  for (const int num_layers : {config.num_layers, config.num_layers + 1}) {
    config.num_layers = num_layers;
    NeuralModule net(config, "negative_binomial", features);
    net.Initialize(Random(3));
    const NeuralWeights weights = net.ToWeights(kHorizon);
    const NeuralSequences data(features, history);
    const NeuralBatchMaker batches(features, history, data, kHorizon);
    const NeuralTensors batch(batches.Make({0, 3, 5}, 0, 90, false), torch::kCPU);
    const torch::NoGradGuard no_grad;
    const torch::Tensor shared = net.SharedUnits(batch);
    for (const int origin : {1, 20, 45, 90}) {
      const auto model = StartNeural(weights, features, history, origin, 1);
      StepDistributions steps;
      model->Predict(3, kHorizon, steps);
      for (const int step : {0, 6}) {
        const NetworkOutputs at = net.Predict(batch, shared, origin - 1, step);
        const double log_mean = (at.log_base[0][1] + at.outputs[0][1][0]).item<double>();
        const double dispersion = at.outputs[0][1][1].exp().item<double>();
        const double mean = steps.mean(0, step);
        EXPECT_NEAR(std::log(mean), log_mean, 2e-5) << origin << " " << step;
        EXPECT_NEAR((steps.variance(0, step) - mean) / (mean * mean), dispersion, 2e-4 * (1 + 1 / mean));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, NetworkTest, ::testing::ValuesIn(NetworkNames()),
                         [](const auto& info) { return info.param; });

TEST_F(NeuralTest, AugmentationScalesDemandAndItsLevelAlike) {
  const DemandHistory history = GeneratedHistory(1, 4, 60);
  const NeuralFeatures features(history);
  const NeuralSequences data(features, history);
  const NeuralBatch before = NeuralBatchMaker(features, history, data, kHorizon).Make({0, 1, 2, 3}, 5, 40, false);
  NeuralBatch after = before;
  RandomStream stream = Random(1).Stream("augmentation").At(0);
  ScaleDemand(1, stream, after);
  for (size_t series = 0; series < 4; ++series) {
    const float log_factor = after.level[series] - before.level[series];
    EXPECT_LE(std::abs(log_factor), std::log(2.f) + 1e-5f);
    EXPECT_GT(std::abs(log_factor), 1e-4f);
    for (size_t row = series; row < before.target.size(); row += 4)
      EXPECT_EQ(after.target[row], std::round(before.target[row] * std::exp(log_factor)));
    for (size_t row = series; row < before.level.size(); row += 4) {
      const size_t input = row * static_cast<size_t>(before.num_inputs);
      EXPECT_NEAR(after.level[row] - before.level[row], log_factor, 1e-5);
      EXPECT_EQ(after.inputs[input], before.inputs[input]);  // relative to the level
      EXPECT_NEAR((after.inputs[input + 3] - before.inputs[input + 3]) / kLogLevelScale, log_factor, 1e-5);
    }
  }
  const auto first_loss = [&](double augmentation) {
    NeuralConfig config = SmallConfig();
    config.num_updates = 20;
    config.augmentation = augmentation;
    NeuralForecaster forecaster(config, kHorizon, Random(1));
    forecaster.Fit(history);
    return forecaster.metrics().front().training_loss;
  };
  EXPECT_NE(first_loss(1), first_loss(0));
  EXPECT_EQ(first_loss(1), first_loss(1));
}

// The layer whose gradients are written by hand is LibTorch's own.
TEST_F(NeuralTest, LstmLayerAndItsGradientsAreThoseOfLibTorch) {
  torch::manual_seed(1);
  torch::nn::LSTM lstm(torch::nn::LSTMOptions(5, 12));
  const torch::Tensor inputs = torch::randn({9, 7, 5}, torch::requires_grad());
  const torch::Tensor weight = torch::randn({9, 7, 12});
  std::vector<torch::Tensor> variables = lstm->parameters();
  variables.push_back(inputs);
  const torch::Tensor theirs = std::get<0>(lstm->forward(inputs));
  const auto their_gradients = torch::autograd::grad({(theirs * weight).sum()}, variables);
  const torch::Tensor ours = LstmLayer(inputs, variables[0], variables[1], variables[2] + variables[3]);
  const auto our_gradients = torch::autograd::grad({(ours * weight).sum()}, variables);
  EXPECT_LT((ours - theirs).abs().max().item<double>(), 2e-6);
  for (size_t i = 0; i < variables.size(); ++i)
    EXPECT_LT((our_gradients[i] - their_gradients[i]).abs().max().item<double>(), 2e-5) << i;
}

// With LibTorch's gamma function, in double precision: small and large means, dispersions, and counts, some not whole.
TEST_F(NeuralTest, CountProbabilityAndItsGradientsAreThoseOfTheGammaFunction) {
  const torch::Tensor target = torch::tensor({0.f, 1.f, 2.5f, 40.f, 3000.f}).view({5, 1, 1});
  const torch::Tensor log_mean = torch::tensor({-4.f, 0.f, 3.f, 8.f}, torch::requires_grad());
  const torch::Tensor log_dispersion = torch::tensor({-6.f, -2.f, 0.f, 3.f}, torch::requires_grad());
  const torch::Tensor m = log_mean.view({1, 4, 1}).expand({5, 4, 4});
  const torch::Tensor a = log_dispersion.view({1, 1, 4}).expand({5, 4, 4});
  const torch::Tensor ours = LogCountProbability(target.expand({5, 4, 4}), m, a);
  const torch::Tensor y = target.to(torch::kDouble), r = (-a).to(torch::kDouble).exp();
  const torch::Tensor mean = m.to(torch::kDouble).exp();
  const torch::Tensor theirs = torch::lgamma(y + r) - torch::lgamma(r) - torch::lgamma(y + 1) +
                               r * torch::log(r / (r + mean)) + y * torch::log(mean / (r + mean));
  const auto near = [](const torch::Tensor& one, const torch::Tensor& other) {
    return ((one - other).abs() / (1 + other.abs())).max().item<double>();
  };
  EXPECT_LT(near(ours, theirs), 1e-3);  // the logarithms of large factorials are subtracted in float
  for (int i = 0; i < 5; ++i) {
    const auto our_gradients = torch::autograd::grad({ours[i].sum()}, {log_mean, log_dispersion}, {}, true);
    const auto their_gradients = torch::autograd::grad({theirs[i].sum()}, {log_mean, log_dispersion}, {}, true);
    for (size_t of = 0; of < 2; ++of) EXPECT_LT(near(our_gradients[of], their_gradients[of]), 2e-4) << i;
  }
}

class LikelihoodTest : public NeuralTest, public ::testing::WithParamInterface<std::string> {};

// The loss that is learned from belongs to the distribution that forecasts.
TEST_P(LikelihoodTest, TheLossIsThatOfTheDistribution) {
  const std::string name = GetParam();
  const auto likelihood = MakeLikelihood(name);
  std::vector<float> outputs = likelihood->FirstOutputs();
  const auto num_outputs = static_cast<int64_t>(outputs.size());
  for (const float base : {0.3f, 4.f, 60.f}) {
    for (float& output : outputs) output += 0.1f;
    StepDistributions steps;
    steps.mean.resize(1, 1);
    steps.variance.resize(1, 1);
    const Eigen::ArrayXf log_base = Eigen::ArrayXf::Constant(1, std::log(base));
    likelihood->SetDistribution(Eigen::Map<const Eigen::VectorXf>(outputs.data(), num_outputs), log_base, 0, steps);
    const auto loss_of = [&](const std::string& loss, float demand) {
      return LossOf(loss, ToTensor(outputs, {1, num_outputs}), ToTensor(log_base.matrix()).view({1}),
                    torch::full({1}, demand))
          .item<double>();
    };
    for (const float demand : {0.f, 1.f, 3.f, 70.f}) {
      const double probability = likelihood->Probability(steps, 0, 0, demand) -
                                 (demand > 0 ? likelihood->Probability(steps, 0, 0, demand - 1) : 0);
      const double m = steps.mean(0, 0);
      if (name == "negative_binomial" || name == "zero_inflated") {
        if (probability < 1e-4) continue;
        EXPECT_NEAR(loss_of(name, demand), -std::log(probability), 1e-3 + 1e-6 / probability) << demand;
      } else if (name == "tweedie" || name == "huber") {
        // the mean's part, beside the likelihood of the dispersion
        const double of_mean = loss_of(name, demand) - loss_of("negative_binomial", demand);
        const double error = std::abs(m - demand) / (base + 1);
        const double expected = name == "tweedie" ? 2 * std::sqrt(m) + 2 * demand / std::sqrt(m)
                                : error < 1       ? error * error / 2
                                                  : error - 0.5;
        EXPECT_NEAR(of_mean, expected, 1e-4 * (1 + expected)) << demand;
      } else if (name == "student_t") {
        if (demand == 0) continue;  // what lies below counts as zero
        const double density = (likelihood->Probability(steps, 0, 0, demand - 0.49f) -
                                likelihood->Probability(steps, 0, 0, demand - 0.51f)) /
                               0.02;
        EXPECT_NEAR(std::exp(-loss_of(name, demand)), density, 0.02 * density + 1e-4) << demand;
      } else {
        double loss = 0;
        for (const float level : kGridLevels) {
          const double difference = demand - likelihood->Quantile(steps, 0, 0, level);
          loss += 2 * std::max(level * difference, (level - 1) * difference) / (base + 1) / kNumGridLevels;
        }
        EXPECT_NEAR(loss_of(name, demand), loss, 1e-4 * (1 + loss)) << demand;
      }
    }
  }
}

TEST_P(LikelihoodTest, QuantilesAndMomentsFitTogether) {
  const auto likelihood = MakeLikelihood(GetParam());
  const std::vector<float> outputs = likelihood->FirstOutputs();
  for (const float base : {0.5f, 30.f}) {
    StepDistributions steps;
    steps.mean.resize(1, 1);
    steps.variance.resize(1, 1);
    likelihood->SetDistribution(
        Eigen::Map<const Eigen::VectorXf>(outputs.data(), static_cast<Eigen::Index>(outputs.size())),
        Eigen::ArrayXf::Constant(1, std::log(base)), 0, steps);
    double sum = 0, before = 0;
    constexpr int kDraws = 4000;
    for (int i = 0; i < kDraws; ++i) {
      const float probability = (static_cast<float>(i) + 0.5f) / kDraws;
      const double quantile = likelihood->Quantile(steps, 0, 0, probability);
      EXPECT_GE(quantile, before);
      EXPECT_GE(likelihood->Probability(steps, 0, 0, static_cast<float>(std::ceil(quantile))), probability - 1e-4);
      before = quantile;
      sum += quantile;
    }
    EXPECT_NEAR(sum / kDraws, steps.mean(0, 0), 0.02 * steps.mean(0, 0)) << base;
  }
}

TEST_P(LikelihoodTest, Learns) {
  const DemandHistory history = GeneratedHistory(2, 4, 90);
  NeuralConfig config = SmallConfig("gru");
  config.likelihood = GetParam();
  config.num_updates = 100;
  const NeuralTraining training = TrainNeural(config, kHorizon, NeuralFeatures(history), history, Random(1));
  EXPECT_EQ(training.weights.likelihood, GetParam());
  EXPECT_LT(training.metrics.back().training_loss, training.metrics.front().training_loss);
  CheckForecaster([&] { return std::make_unique<NeuralForecaster>(config, kHorizon, Random(1)); }, history,
                  folder_ / "likelihood");
}

INSTANTIATE_TEST_SUITE_P(Likelihoods, LikelihoodTest, ::testing::ValuesIn(LikelihoodNames()),
                         [](const auto& info) { return info.param; });

// A chain that knows other products starts where the first one ended.
TEST_F(NeuralTest, StartsFromAFittedNetwork) {
  NeuralConfig config = SmallConfig();
  config.num_updates = 200;
  NeuralForecaster first(config, kHorizon, Random(1));
  first.Fit(GeneratedHistory(2, 6, 90, /*seed=*/3));
  first.Save(folder_ / "first");
  const DemandHistory history = GeneratedHistory(2, 9, 90, /*seed=*/4);
  config.num_updates = 20;
  const NeuralFeatures features(history);
  const double alone = TrainNeural(config, kHorizon, features, history, Random(1)).metrics.front().validation_loss;
  config.start_from = folder_ / "first";
  const double from_first = TrainNeural(config, kHorizon, features, history, Random(1)).metrics.front().validation_loss;
  EXPECT_LT(from_first, alone);
  config.hidden_size = 13;
  EXPECT_THROW(TrainNeural(config, kHorizon, features, history, Random(1)), DataError);
}

TEST_F(NeuralTest, DropoutChangesTheFitAndIsRepeatable) {
  const DemandHistory history = GeneratedHistory(2, 3, 70);
  const NeuralFeatures features(history);
  NeuralConfig config = SmallConfig();
  config.num_updates = 20;
  const auto fit = [&] {
    return TrainNeural(config, kHorizon, features, history, Random(1)).weights.head.at("out.weight");
  };
  const Eigen::MatrixXf without = fit();
  config.dropout = 0.3;
  const Eigen::MatrixXf with = fit();
  EXPECT_NE(with, without);
  EXPECT_EQ(with, fit());
}

TEST_F(NeuralTest, EveryUpdateCounts) {
  const DemandHistory history = GeneratedHistory(2, 3, 60);
  const NeuralFeatures features(history);
  NeuralConfig config = SmallConfig();
  config.finish_share = 0;
  std::vector<Eigen::MatrixXf> weights;
  for (const int num_updates : {1, 19, 20, 27}) {
    config.num_updates = num_updates;
    const NeuralTraining training = TrainNeural(config, kHorizon, features, history, Random(1));
    ASSERT_FALSE(training.metrics.empty());
    EXPECT_EQ(training.metrics.back().update, num_updates);
    for (const Eigen::MatrixXf& of_fewer : weights)
      EXPECT_NE(training.weights.head.at("out.weight"), of_fewer) << num_updates;
    weights.push_back(training.weights.head.at("out.weight"));
  }
}

// Shops may be closed for the last weeks, longer than the validation part is: what came before decides.
TEST_F(NeuralTest, WeeksWithoutKnownDemandDoNotDecideWhenToStop) {
  DemandHistory history = GeneratedHistory(2, 3, 70);
  history.demand.bottomRows(21).setConstant(kUnknown);
  const NeuralTraining training = TrainNeural(SmallConfig(), kHorizon, NeuralFeatures(history), history, Random(1));
  ASSERT_GE(training.metrics.size(), 2u);
  EXPECT_GT(training.metrics[0].validation_loss, 1);
  EXPECT_LT(training.metrics[1].validation_loss, training.metrics[0].validation_loss);
}

TEST_F(NeuralTest, WithoutKnownDemandToDecideByAllUpdatesAreMade) {
  DemandHistory history = GeneratedHistory(2, 3, 35);
  history.demand.topRows(28).setConstant(kUnknown);
  NeuralConfig config = SmallConfig();
  config.num_updates = 140;  // the patience ends after 100 updates without gain
  const NeuralTraining training = TrainNeural(config, kHorizon, NeuralFeatures(history), history, Random(1));
  EXPECT_EQ(training.metrics.back().update, 140);
  EXPECT_LT(training.metrics.back().training_loss, training.metrics.front().training_loss);
}

TEST_F(NeuralTest, ManyPathsAreManyTimesOnePath) {
  const DemandHistory history = GeneratedHistory(2, 3, 60);
  NeuralConfig config = SmallConfig();
  config.num_updates = 5;
  NeuralForecaster forecaster(config, kHorizon, Random(1));
  forecaster.Fit(history);
  const auto many = StartNeural(forecaster.weights(), forecaster.features(), history, 60, 5);
  const auto one = StartNeural(forecaster.weights(), forecaster.features(), history, 60, 1);
  for (int period = 0; period < 4; ++period) {
    const Eigen::RowVectorXf demand = Eigen::RowVectorXf::LinSpaced(6, 0, static_cast<float>(10 + period));
    Eigen::MatrixXf on_paths = demand.replicate(5, 1);
    on_paths.topRows(4).array() += 3;  // the others go another way
    many->Observe(on_paths);
    one->Observe(demand);
  }
  StepDistributions of_many, of_one;
  many->Predict(2, 9, of_many);
  one->Predict(2, 9, of_one);
  EXPECT_TRUE(of_many.mean.row(4).isApprox(of_one.mean.row(0), 1e-5f));
  EXPECT_TRUE(of_many.variance.row(4).isApprox(of_one.variance.row(0), 1e-4f));
  EXPECT_FALSE(of_many.mean.row(0).isApprox(of_one.mean.row(0), 1e-3f));
}

TEST_F(NeuralTest, AnInterruptedFitGoesOnToTheSameBits) {
  const DemandHistory history = GeneratedHistory(2, 3, 60);
  NeuralForecaster straight(SmallConfig(), kHorizon, Random(1));
  straight.Fit(history);
  straight.Save(folder_ / "straight");

  TrainNeural(SmallConfig(), kHorizon, NeuralFeatures(history), history, Random(1), folder_ / "checkpoint",
              /*max_updates=*/27);
  ASSERT_TRUE(std::filesystem::exists(folder_ / "checkpoint"));
  NeuralForecaster resumed(SmallConfig(), kHorizon, Random(1));
  Forecaster& forecaster = resumed;
  forecaster.FitResumable(history, folder_ / "checkpoint");
  forecaster.Save(folder_ / "resumed");

  EXPECT_EQ(ReadFile(folder_ / "straight"), ReadFile(folder_ / "resumed"));
  ASSERT_EQ(straight.metrics().size(), resumed.metrics().size());
  for (size_t i = 0; i < straight.metrics().size(); ++i) {
    EXPECT_EQ(straight.metrics()[i].training_loss, resumed.metrics()[i].training_loss);
    EXPECT_EQ(straight.metrics()[i].validation_loss, resumed.metrics()[i].validation_loss);
  }

  // a finished fit is not begun again
  NeuralForecaster again(SmallConfig(), kHorizon, Random(1));
  again.FitResumable(history, folder_ / "checkpoint");
  again.Save(folder_ / "again");
  EXPECT_EQ(ReadFile(folder_ / "straight"), ReadFile(folder_ / "again"));
}

TEST_F(NeuralTest, AddsZerosWhereTheDataHaveThem) {
  // half of the days sell nothing, the others about fifty: no negative binomial looks like that
  Eigen::MatrixXf demand(84, 4);
  RandomStream stream = Random(3).At(0);
  for (float& value : demand.reshaped()) value = stream.Uniform() < 0.5 ? 0.f : static_cast<float>(stream.Poisson(50));
  NeuralConfig config = SmallConfig();
  config.num_updates = 160;
  NeuralForecaster forecaster(config, kHorizon, Random(1));
  forecaster.Fit(HistoryOf(demand));
  EXPECT_EQ(forecaster.weights().likelihood, "zero_inflated");
  const Forecast forecast = forecaster.Predict(HistoryOf(demand), 1);
  EXPECT_EQ(forecast.quantiles[3].maxCoeff(), 0);   // 0.2
  EXPECT_GT(forecast.quantiles[9].minCoeff(), 30);  // 0.8
}

TEST_F(NeuralTest, SurvivesOddHistories) {
  NeuralConfig config = SmallConfig();
  config.num_updates = 20;
  for (const float value : {0.f, 7.f, 1e6f}) {
    Eigen::MatrixXf demand = Eigen::MatrixXf::Constant(40, 3, value);
    demand.col(1).setConstant(kUnknown);
    NeuralForecaster forecaster(config, kHorizon, Random(1));
    forecaster.Fit(HistoryOf(demand));
    const Forecast forecast = forecaster.Predict(HistoryOf(demand), kHorizon);
    EXPECT_TRUE(forecast.mean.allFinite()) << value;
    EXPECT_TRUE(forecast.quantiles.back().allFinite()) << value;
  }
  NeuralForecaster forecaster(config, kHorizon, Random(1));
  EXPECT_THROW(forecaster.Fit(HistoryOf(Eigen::MatrixXf::Ones(10, 2))), DataError);
}

TEST_F(NeuralTest, RefusesOtherSeriesThanItsOwn) {
  NeuralConfig config = SmallConfig();
  config.num_updates = 2;
  NeuralForecaster forecaster(config, kHorizon, Random(1));
  forecaster.Fit(GeneratedHistory(2, 3, 60));
  EXPECT_THROW(forecaster.Predict(GeneratedHistory(3, 3, 60), 7), DataError);
}

// Promotions are known ahead and lift demand: the LSTM can know that, the classical models cannot.
TEST_F(NeuralTest, BeatsTheClassicalModelsOnGeneratedDemand) {
  const DemandHistory history = GeneratedHistory(3, 8, 126, /*seed=*/5);
  ForecasterConfig config;
  config.neural["lstm"].num_updates = 120;
  config.neural["lstm"].device = "cpu";
  const auto results = RunBacktest({.num_origins = 1, .horizon = 14}, config, history, Random(1));
  ASSERT_EQ(results.size(), 3u);
  EXPECT_LT(results[0].scores.weighted_quantile_loss, 0.97 * results[1].scores.weighted_quantile_loss);
  EXPECT_LT(results[0].scores.weighted_quantile_loss, 0.97 * results[2].scores.weighted_quantile_loss);
}

}  // namespace
}  // namespace restock
