// The Python module restock._core: class Simulator, whose arrays are views of its memory.

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "common/error.h"
#include "python/simulator.h"

namespace py = pybind11;

namespace restock {
namespace {

using Orders = py::array_t<float, py::array::c_style | py::array::forcecast>;

using Shape = std::vector<py::ssize_t>;
Shape ByEnv(const EnvSpec& spec) { return {spec.num_envs}; }
Shape BySite(const EnvSpec& spec) { return {spec.num_envs, spec.num_sites}; }
Shape ByLane(const EnvSpec& spec) { return {spec.num_envs, spec.num_lanes}; }
Shape ByFeature(const EnvSpec& spec) { return {spec.num_envs, spec.num_sites, spec.num_features()}; }

/// Numbers, and flags of one byte.
py::dtype TypeOf(std::span<float>) { return py::dtype::of<float>(); }
py::dtype TypeOf(std::span<uint8_t>) { return py::dtype::of<bool>(); }

/// The property that is an array over the simulator's memory, which it keeps alive; None where nothing is kept.
template <class T>
auto ArrayProperty(std::span<T> (Simulator::*values)(), Shape (*shape)(const EnvSpec&)) {
  return [values, shape](const py::object& object) -> py::object {
    auto& simulator = object.cast<Simulator&>();
    const std::span<T> memory = (simulator.*values)();
    if (memory.empty()) return py::none();
    return py::array(TypeOf(memory), shape(simulator.spec()), memory.data(), object);
  };
}

py::dict CostViews(const py::object& object) {
  auto& simulator = object.cast<Simulator&>();
  py::dict views;
  if (!simulator.keeps_outcomes()) return views;
  const Shape strides = {kNumCostKinds * static_cast<py::ssize_t>(sizeof(float))};
  for (size_t kind = 0; kind < kNumCostKinds; ++kind)
    views[kCostNames[kind]] =
        py::array(py::dtype::of<float>(), ByEnv(simulator.spec()), strides, simulator.cost().data() + kind, object);
  return views;
}

bool Step(Simulator& simulator, const Orders& orders) {
  const EnvSpec& spec = simulator.spec();
  if (orders.ndim() != 2 || orders.shape(0) != spec.num_envs || orders.shape(1) != spec.num_lanes)
    throw py::value_error(
        fmt::format("orders must have the shape (num_envs, num_lanes) = ({}, {}).", spec.num_envs, spec.num_lanes));
  const std::span<const float> values(orders.data(), static_cast<size_t>(orders.size()));
  const py::gil_scoped_release others_may_run;
  return simulator.Step(values);
}

std::vector<std::string> SiteNames(const Simulator& simulator) {
  std::vector<std::string> names;
  for (int site = 0; site < simulator.spec().num_sites; ++site) names.push_back(simulator.network().SiteName(site));
  return names;
}

std::vector<std::string> LaneNames(const Simulator& simulator) {
  std::vector<std::string> names;
  for (int lane = 0; lane < simulator.spec().num_lanes; ++lane) names.push_back(simulator.network().LaneName(lane));
  return names;
}

std::unique_ptr<Simulator> Make(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                                int num_envs, int num_periods, AutoReset auto_reset,
                                const std::vector<std::string>& features, bool outcomes, bool credit_leftovers,
                                float initial_stock_spread, int num_threads) {
  return std::make_unique<Simulator>(file, overrides,
                                     VectorEnvConfig{.num_envs = num_envs,
                                                     .num_periods = num_periods,
                                                     .initial_stock_spread = initial_stock_spread,
                                                     .credit_leftovers = credit_leftovers,
                                                     .keep_outcomes = outcomes,
                                                     .num_threads = num_threads,
                                                     .features = features,
                                                     .auto_reset = auto_reset});
}

}  // namespace

PYBIND11_MODULE(_core, module) {
  module.doc() = "The simulator of Restock: many copies of a supply network stepped as one batch.";
  py::register_exception_translator([](std::exception_ptr error) {
    try {
      if (error) std::rethrow_exception(error);
    } catch (const InputError& input) {
      PyErr_SetString(PyExc_ValueError, input.what());
    }
  });

  py::enum_<AutoReset>(module, "AutoReset", "When the next episode begins.")
      .value("SAME_STEP", AutoReset::kSameStep, "in the step that ends an episode")
      .value("NEXT_STEP", AutoReset::kNextStep, "in the step after it, which ignores its orders");

  py::class_<Simulator>(module, "Simulator",
                        "A problem file as a batch of environments.\n\n"
                        "All arrays are views of the simulator's own memory, written anew by every reset and step: "
                        "copy what you want to keep. Not to be used by two threads at once.")
      .def(py::init(&Make), py::arg("file"), py::arg("overrides") = std::vector<std::string>(), py::kw_only(),
           py::arg("num_envs") = 1, py::arg("num_periods") = 100, py::arg("auto_reset") = AutoReset::kNextStep,
           py::arg("features") = std::vector<std::string>(), py::arg("outcomes") = false,
           py::arg("credit_leftovers") = true, py::arg("initial_stock_spread") = 0.f, py::arg("num_threads") = 1)
      .def("reset", &Simulator::Reset, py::arg("seed"), py::call_guard<py::gil_scoped_release>(),
           "Starts an episode in every environment; the same seed gives the same episodes.")
      .def("step", &Step, py::arg("orders"),
           "Orders wanted units, (num_envs, num_lanes), and lets a period pass. Tells whether the episode ended.")
      .def("save", [](const Simulator& simulator) { return py::bytes(simulator.Save()); })
      .def("load", &Simulator::Load, py::arg("saved"), "Goes on from what save() gave.")

      .def_property_readonly("num_envs", [](const Simulator& simulator) { return simulator.spec().num_envs; })
      .def_property_readonly("num_periods", [](const Simulator& simulator) { return simulator.spec().num_periods; })
      .def_property_readonly("features", [](const Simulator& simulator) { return simulator.spec().features; })
      .def_property_readonly("sites", &SiteNames)
      .def_property_readonly("lanes", &LaneNames)
      .def_property_readonly("period", &Simulator::period, "Of the episode; num_periods: it has ended.")
      .def_property_readonly("most_sensible_orders", &Simulator::MostSensibleOrders,
                             "By lane: ten periods of mean demand below it, at most its capacity.")

      .def_property_readonly("observation", ArrayProperty(&Simulator::observation, ByFeature),
                             "(num_envs, num_sites, num_features)")
      .def_property_readonly("final_observation", ArrayProperty(&Simulator::final_observation, ByFeature),
                             "Of the last end of an episode, where the reset is in the same step; else None.")
      .def_property_readonly("reward", ArrayProperty(&Simulator::reward, ByEnv), "Minus the period's cost, (num_envs)")
      .def_property_readonly("terminated", ArrayProperty(&Simulator::terminated, ByEnv), "(num_envs)")
      .def_property_readonly("truncated", ArrayProperty(&Simulator::truncated, ByEnv), "(num_envs)")
      // with outcomes=True, else None
      .def_property_readonly("demand", ArrayProperty(&Simulator::demand, BySite),
                             "Units asked for, (num_envs, num_sites)")
      .def_property_readonly("sold", ArrayProperty(&Simulator::sold, BySite),
                             "Units served at once, (num_envs, num_sites)")
      .def_property_readonly("shipped", ArrayProperty(&Simulator::shipped, ByLane), "(num_envs, num_lanes)")
      .def_property_readonly("cost", &CostViews, "By kind, (num_envs) each; empty without outcomes.");
}

}  // namespace restock
