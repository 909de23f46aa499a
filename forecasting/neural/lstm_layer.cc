#include "forecasting/neural/lstm_layer.h"

#include <Eigen/Core>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/types.h>

namespace restock {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// A period's rows are its batch, so that each gate is one stretch of memory. LibTorch's rows are Eigen's columns.
using Matrix = Eigen::Map<Eigen::MatrixXf>;  // (rows, cols), stored as a tensor (cols, rows)
using RowMatrix = Eigen::Matrix<float, -1, -1, Eigen::RowMajor>;
using Rows = Eigen::Map<RowMatrix>;  // (rows, cols), stored as a tensor (rows, cols)

/// A tensor of three dimensions by its periods.
struct Periods {
  explicit Periods(const Tensor& tensor)
      : data(tensor.data_ptr<float>()), first(tensor.size(1)), second(tensor.size(2)) {}
  Matrix Columns(int64_t period) const { return {data + period * first * second, second, first}; }
  Rows AsRows(int64_t period) const { return {data + period * first * second, first, second}; }

  float* data;
  int64_t first, second;
};

class LstmFunction : public torch::autograd::Function<LstmFunction> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& given_inputs, const Tensor& input,
                        const Tensor& recurrent, const Tensor& bias) {
    const Tensor inputs = given_inputs.contiguous();
    const int64_t num_periods = inputs.size(0), batch = inputs.size(1), hidden_size = recurrent.size(1);
    const auto make = [&](int64_t rows) { return torch::empty({num_periods, rows, batch}, inputs.options()); };
    const Tensor gates = make(4 * hidden_size), cell = make(hidden_size), cell_tanh = make(hidden_size);
    const Tensor hidden = make(hidden_size);
    const Periods x(inputs), g(gates), c(cell), u(cell_tanh), h(hidden);
    const Matrix w(input.data_ptr<float>(), input.size(1), input.size(0));
    const Matrix r(recurrent.data_ptr<float>(), recurrent.size(1), recurrent.size(0));
    const Eigen::Map<const Eigen::RowVectorXf> b(bias.data_ptr<float>(), bias.size(0));
    for (int64_t period = 0; period < num_periods; ++period) {
      // i, f, g, o = W x + b + U h
      Matrix all = g.Columns(period);
      all.rowwise() = b;
      all.noalias() += x.AsRows(period) * w;
      if (period > 0) all.noalias() += h.Columns(period - 1) * r;
      auto sigmoids = all.leftCols(2 * hidden_size).array();
      sigmoids = sigmoids.logistic();
      auto candidate = all.middleCols(2 * hidden_size, hidden_size).array();
      candidate = candidate.tanh();
      auto output = all.rightCols(hidden_size).array();
      output = output.logistic();

      // c' = f c + i g;   h' = o tanh(c')
      auto cells = c.Columns(period).array();
      cells = all.leftCols(hidden_size).array() * candidate;
      if (period > 0) cells += all.middleCols(hidden_size, hidden_size).array() * c.Columns(period - 1).array();
      u.Columns(period).array() = cells.tanh();
      h.Columns(period).array() = output * u.Columns(period).array();
    }
    context->save_for_backward({inputs, input, recurrent, gates, cell, cell_tanh, hidden});
    return hidden.transpose(1, 2);
  }

  static variable_list backward(AutogradContext* context, variable_list of_outputs) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &inputs = saved[0], &input = saved[1], &recurrent = saved[2];
    const Tensor of_hidden = of_outputs[0].transpose(1, 2).contiguous();
    const Tensor of_inputs = torch::empty_like(inputs);
    const Tensor of_input = torch::zeros_like(input), of_recurrent = torch::zeros_like(recurrent);
    const Tensor of_bias = torch::zeros({input.size(0)}, input.options());
    const Periods x(inputs), g(saved[3]), c(saved[4]), u(saved[5]), h(saved[6]), dh(of_hidden), dx(of_inputs);
    const int64_t num_periods = inputs.size(0), batch = inputs.size(1), size = recurrent.size(1);
    const Matrix w(input.data_ptr<float>(), input.size(1), input.size(0));
    const Matrix r(recurrent.data_ptr<float>(), size, 4 * size);
    Matrix dw(of_input.data_ptr<float>(), w.rows(), w.cols()), dr(of_recurrent.data_ptr<float>(), r.rows(), r.cols());
    Eigen::Map<Eigen::RowVectorXf> db(of_bias.data_ptr<float>(), 4 * size);

    Eigen::MatrixXf dg(batch, 4 * size), dc = Eigen::MatrixXf::Zero(batch, size), dh_now(batch, size);
    for (int64_t period = num_periods - 1; period >= 0; --period) {
      // of h and c, which the period after has read, too
      dh_now = dh.Columns(period);
      if (period + 1 < num_periods) dh_now.noalias() += dg * r.transpose();
      const auto all = g.Columns(period);
      const auto i = all.leftCols(size).array(), f = all.middleCols(size, size).array();
      const auto candidate = all.middleCols(2 * size, size).array(), o = all.rightCols(size).array();
      const auto tanh_c = u.Columns(period).array();
      dc.array() += dh_now.array() * o * (1 - tanh_c.square());

      // of the gates before their sigmoid and tanh
      dg.leftCols(size).array() = dc.array() * candidate * i * (1 - i);
      if (period > 0) {
        dg.middleCols(size, size).array() = dc.array() * c.Columns(period - 1).array() * f * (1 - f);
      } else {
        dg.middleCols(size, size).setZero();
      }
      dg.middleCols(2 * size, size).array() = dc.array() * i * (1 - candidate.square());
      dg.rightCols(size).array() = dh_now.array() * tanh_c * o * (1 - o);
      dc.array() *= f;

      // of what the gates have read
      dx.AsRows(period).noalias() = dg * w.transpose();
      dw.noalias() += x.AsRows(period).transpose() * dg;
      if (period > 0) dr.noalias() += h.Columns(period - 1).transpose() * dg;
      db += dg.colwise().sum();
    }
    return {of_inputs, of_input, of_recurrent, of_bias};
  }
};

}  // namespace

Tensor LstmLayer(const Tensor& inputs, const Tensor& input, const Tensor& recurrent, const Tensor& bias) {
  return LstmFunction::apply(inputs, input, recurrent, bias);
}

}  // namespace restock
